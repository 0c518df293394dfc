"""*Cierre del mes*: whether every movement of a month is in an ERP, and what is missing."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from integrations.admin.badges import moment
from integrations.admin.filters import DOUBTFUL, MISSING
from integrations.admin.permissions import has_permission
from integrations.admin.staff_admin import StaffAdmin
from integrations.admin.wording import grouped_number, listed
from integrations.choices import Status, Target
from integrations.erp.fields.money import money
from integrations.models import Company
from ledger.closing import GROUPED_BY, CountAndTotal, MonthClose, MonthLine, close_of

MONTHS = (
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
)
_STATUS_FILTERS = {
    "here": "",
    "there": Status.SYNCED.value,
    "missing": MISSING,
    "doubtful": DOUBTFUL,
    "changed": Status.CHANGED.value,
    "untyped": MISSING,
    "excluded": Status.EXCLUDED.value,
}
"""Column of the page → value of the list's filter by the state in the ERP."""


_OF_ANY_KIND = {
    (target, bucket): {f"{columns[0]}{lookup}": ""}
    for target, columns in GROUPED_BY.items()
    for bucket, lookup in (("missing", "__gt"), ("untyped", "__exact"))
}
"""The filter that separates «Faltan» from «Sin tipo», which have the same state, in the total of all kinds."""


class MonthForm(forms.Form):
    """A month, a company and an ERP."""

    company = forms.ModelChoiceField(Company.objects.all(), label="Empresa", empty_label=None)
    month = forms.TypedChoiceField(choices=list(enumerate(MONTHS, 1)), coerce=int, label="Mes")
    year = forms.IntegerField(min_value=1900, max_value=2199, label="Año", widget=forms.NumberInput(attrs={"size": 5}))
    target = forms.ChoiceField(choices=Target.choices, label="ERP")


may_see = has_permission("ledger.view_movement")


def urls(movement_admin: StaffAdmin) -> list[URLPattern]:
    """The URL of the page, to stand before Django's own in `get_urls`."""
    view = movement_admin.admin_site.admin_view(partial(page, movement_admin))
    return [path("cierre/", view, name="ledger_movement_close")]


def page(movement_admin: StaffAdmin, request: HttpRequest) -> HttpResponse:
    """The close of the month in the query string; of last month without one. Raises: PermissionDenied."""
    if not movement_admin.has_view_permission(request):
        raise PermissionDenied
    defaults = _defaults()
    form = MonthForm({**defaults, **request.GET.dict()}) if defaults["company"] else None
    context = {**movement_admin.admin_site.each_context(request), "title": "Cierre del mes", "form": form}
    if form is not None and form.is_valid():
        context |= _close_context(_close_chosen(form.cleaned_data))
    return render(request, "admin/month_close.html", context)


def _close_chosen(chosen: dict[str, Any]) -> MonthClose:
    """The close of the company, the month and the ERP of a valid `MonthForm`."""
    first = date(chosen["year"], chosen["month"], 1)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    return close_of(chosen["company"], first, last, Target(chosen["target"]))


def _defaults() -> dict[str, Any]:
    last_month = timezone.localdate().replace(day=1) - timedelta(days=1)
    company = Company.objects.order_by("pk").values_list("pk", flat=True).first()
    return {
        "company": company,
        "month": last_month.month,
        "year": last_month.year,
        "target": Target.SIIGO.value,
    }


@dataclass(frozen=True)
class MonthCloseCell:
    """A number of the page's table with the URL of the list that it counts. `note` is a line below it."""

    heading: str
    amount: CountAndTotal
    url: str
    note: str = ""

    @property
    def count(self) -> str:
        """«1.234»."""
        return grouped_number(self.amount.count)


def _close_context(close: MonthClose) -> dict[str, Any]:
    erp = close.target.label
    month = f"{MONTHS[close.first.month - 1]} de {close.first.year}"
    return {
        "title": f"¿Está todo {month} en {erp}?",
        "erp": erp,
        "close": close,
        "verdict": verdict(close, month),
        "headings": _headings(close.target),
        "rows": [(line.label or f"Sin tipo en {erp}", _cells(close, line)) for line in close.lines],
        "total": _cells(close, close.total),
        "evidence": evidence(close),
        "undated_url": _list({"date__isnull": "True"}, close),
        "asked_at": moment(timezone.now()),
    }


def _headings(target: Target) -> list[str]:
    return ["Aquí", f"En {target.label}", "Faltan", "En duda", "Modificados", "Sin tipo", "No aplica"]


def _cells(close: MonthClose, line: MonthLine) -> list[MonthCloseCell]:
    read = f"{grouped_number(line.read_back)} {'leído' if line.read_back == 1 else 'leídos'} de vuelta"
    notes = {"there": read if line.read_back else ""}
    return [
        MonthCloseCell(heading, getattr(line, name), _url(close, line, name, status), notes.get(name, ""))
        for heading, (name, status) in zip(_headings(close.target), _STATUS_FILTERS.items(), strict=True)
    ]


def _url(close: MonthClose, line: MonthLine, column: str, status: str) -> str:
    """The list of movements that one cell counts."""
    filters = {"date_desde": f"{close.first:%d/%m/%Y}", "date_hasta": f"{close.last:%d/%m/%Y}"}
    for name, value in line.code.items():
        filters[f"{name}__isnull" if value is None else f"{name}__exact"] = "True" if value is None else str(value)
    if not line.code:
        filters |= _OF_ANY_KIND.get((close.target, column), {})
    return _list(filters | ({close.target.value: status} if status else {}), close)


def _list(filters: dict[str, str], close: MonthClose) -> str:
    return f"{reverse('admin:ledger_movement_changelist')}?{urlencode({**filters, 'company__exact': close.company.pk})}"


def verdict(close: MonthClose, month: str) -> str:
    """The answer in Spanish: yes, or what is missing; then what was not counted."""
    total, erp = close.total, close.target.label
    expected = total.here.count - total.excluded.count - total.untyped.count
    if not total.here.count:
        return f"No hay movimientos de {month} en {close.company}."
    if not expected:
        return f"Ningún movimiento de {month} va a {erp}.{_not_counted(close)}"
    if not close.is_complete:
        return f"No: de {grouped_number(expected)} movimientos de {month}, {_lacking(close)}.{_not_counted(close)}"
    are = "está" if expected == 1 else "están"
    return f"Sí: {_documents(expected)} de {month} {are} en {erp}.{_not_counted(close)}"


def _lacking(close: MonthClose) -> str:
    total = close.total
    parts = [
        (total.missing, "falta", "faltan"),
        (total.doubtful, "está en duda", "están en duda"),
        (total.changed, "se modificó después de enviar", "se modificaron después de enviar"),
    ]
    return listed(
        f"{grouped_number(amount.count)} {singular if amount.count == 1 else plural} ({money(amount.pesos)})"
        for amount, singular, plural in parts
        if amount.count
    )


def _not_counted(close: MonthClose) -> str:
    count = close.total.untyped.count
    kind = {Target.SIIGO: "tipo de comprobante de Siigo", Target.SAG: "fuente de SAG"}[close.target]
    if count == 1:
        return f" Otro no tiene {kind} y no se cuenta."
    return f" Otros {grouped_number(count)} no tienen {kind} y no se cuentan." if count else ""


def _documents(count: int) -> str:
    return "el único movimiento" if count == 1 else f"los {grouped_number(count)} movimientos"


def evidence(close: MonthClose) -> str:
    """A sentence on when the ERP accepted the documents, and how many were read back from it since."""
    erp, total = close.target.label, close.total
    if not total.there.count:
        return f"{erp} todavía no ha confirmado ninguno."
    first, last = moment(close.proven_from), moment(close.proven_until)
    accepted = f"{erp} los confirmó " + (f"el {first}." if first == last else f"entre el {first} y el {last}.")
    if close.read_at is None:
        return f"{accepted} Ninguno se ha leído de vuelta: la prueba es la respuesta de {erp}."
    read = f"{grouped_number(total.read_back)} {'se leyó' if total.read_back == 1 else 'se leyeron'} de vuelta y"
    equal = "estaba igual" if total.read_back == 1 else "estaban iguales"
    return f"{accepted} De ellos, {read} {equal}; la última lectura fue el {moment(close.read_at)}."
