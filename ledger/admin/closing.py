"""«¿Está todo octubre en Siigo?»: the page of a month's close."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from integrations.admin.badges import moment
from integrations.admin.exporting import number_of
from integrations.admin.filters import DOUBTFUL, MISSING
from integrations.admin.staff_admin import StaffAdmin
from integrations.choices import Status, Target
from integrations.erp.fields.money import money
from integrations.models import Company
from ledger.closing import GROUPED_BY, CountAndTotal, MonthClose, MonthLine, close_of

MONTHS = ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
          "noviembre", "diciembre")  # fmt: skip
_CHOSEN = {
    "here": "",
    "there": Status.SYNCED.value,
    "missing": MISSING,
    "doubtful": DOUBTFUL,
    "changed": Status.CHANGED.value,
    "untyped": MISSING,
    "excluded": Status.EXCLUDED.value,
}
"""Column of the page → what the list's filter of the ERP calls it."""


_OF_ANY_KIND = {
    (target, bucket): {f"{columns[0]}{lookup}": ""}
    for target, columns in GROUPED_BY.items()
    for bucket, lookup in (("missing", "__gt"), ("untyped", "__exact"))
}
"""What tells the two apart in the list of all kinds: some kind, or none."""


class MonthForm(forms.Form):
    """Which month of whom, beside which ERP."""

    company = forms.ModelChoiceField(Company.objects.all(), label="Empresa", empty_label=None)
    month = forms.TypedChoiceField(choices=list(enumerate(MONTHS, 1)), coerce=int, label="Mes")
    year = forms.IntegerField(min_value=1900, max_value=2199, label="Año", widget=forms.NumberInput(attrs={"size": 5}))
    target = forms.ChoiceField(choices=Target.choices, label="ERP")


def may_see(request: HttpRequest) -> bool:
    """Whoever sees the movements sees what is missing of them."""
    return bool(request.user.has_perm("ledger.view_movement"))


def urls(movement_admin: StaffAdmin) -> list[URLPattern]:
    def wired(request: HttpRequest) -> HttpResponse:
        return page(movement_admin, request)

    return [path("cierre/", movement_admin.admin_site.admin_view(wired), name="ledger_movement_close")]


def page(movement_admin: StaffAdmin, request: HttpRequest) -> HttpResponse:
    """The month before this one, until another is chosen."""
    if not movement_admin.has_view_permission(request):
        raise PermissionDenied
    start = _start()
    form = MonthForm({**start, **request.GET.dict()}) if start["company"] else None
    context = {**movement_admin.admin_site.each_context(request), "title": "Cierre del mes", "form": form}
    if form is not None and form.is_valid():
        given = form.cleaned_data
        first = date(given["year"], given["month"], 1)
        last = first.replace(day=monthrange(first.year, first.month)[1])
        context |= _shown(close_of(given["company"], first, last, Target(given["target"])))
    return render(request, "admin/month_close.html", context)


def _start() -> dict[str, Any]:
    today = timezone.localdate()
    year, month = (today.year, today.month - 1) if today.month > 1 else (today.year - 1, 12)
    company = Company.objects.order_by("pk").values_list("pk", flat=True).first()
    return {"company": company, "month": month, "year": year, "target": Target.SIIGO.value}


@dataclass(frozen=True)
class Cell:
    """A number of the page, under its heading, and the list behind it. `note` is a line below it."""

    heading: str
    amount: CountAndTotal
    url: str
    note: str = ""

    @property
    def count(self) -> str:
        return number_of(self.amount.count)


def _shown(close: MonthClose) -> dict[str, Any]:
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


def _cells(close: MonthClose, line: MonthLine) -> list[Cell]:
    read = f"{number_of(line.read_back)} {'leído' if line.read_back == 1 else 'leídos'} de vuelta"
    return [
        Cell(
            heading,
            getattr(line, name),
            _url(close, line, name, chosen),
            read if name == "there" and line.read_back else "",
        )
        for heading, (name, chosen) in zip(_headings(close.target), _CHOSEN.items(), strict=True)
    ]


def _url(close: MonthClose, line: MonthLine, bucket: str, chosen: str) -> str:
    asked = {"date_desde": f"{close.first:%d/%m/%Y}", "date_hasta": f"{close.last:%d/%m/%Y}"}
    for name, value in line.code.items():
        asked[f"{name}__isnull" if value is None else f"{name}__exact"] = "True" if value is None else str(value)
    if not line.code:
        asked |= _OF_ANY_KIND.get((close.target, bucket), {})
    return _list(asked | ({close.target.value: chosen} if chosen else {}), close)


def _list(asked: dict[str, str], close: MonthClose) -> str:
    return f"{reverse('admin:ledger_movement_changelist')}?{urlencode({**asked, 'company__exact': close.company.pk})}"


def verdict(close: MonthClose, month: str) -> str:
    """One plain sentence: yes, or what is missing; and what was not counted."""
    total, erp = close.total, close.target.label
    going = total.here.count - total.excluded.count - total.untyped.count
    if not total.here.count:
        return f"No hay movimientos de {month} en {close.company}."
    if not going:
        return f"Ningún movimiento de {month} va a {erp}.{_not_counted(close)}"
    if close.is_complete:
        told = f"Sí: {_documents(going)} de {month} {'está' if going == 1 else 'están'} en {erp}."
    else:
        told = f"No: de {number_of(going)} movimientos de {month}, {_lacking(close)}."
    return told + _not_counted(close)


def _lacking(close: MonthClose) -> str:
    total = close.total
    parts = [
        (total.missing, "falta", "faltan"),
        (total.doubtful, "está en duda", "están en duda"),
        (total.changed, "se modificó después de enviar", "se modificaron después de enviar"),
    ]
    told = [
        f"{number_of(a.count)} {one if a.count == 1 else many} ({money(a.pesos)})" for a, one, many in parts if a.count
    ]
    return " y ".join([", ".join(told[:-1]), told[-1]] if len(told) > 1 else told)


def _not_counted(close: MonthClose) -> str:
    count = close.total.untyped.count
    kind = {Target.SIIGO: "tipo de comprobante de Siigo", Target.SAG: "fuente de SAG"}[close.target]
    if count == 1:
        return f" Otro no tiene {kind} y no se cuenta."
    return f" Otros {number_of(count)} no tienen {kind} y no se cuentan." if count else ""


def _documents(count: int) -> str:
    return "el único movimiento" if count == 1 else f"los {number_of(count)} movimientos"


def evidence(close: MonthClose) -> str:
    """What "there" rests on, and since when."""
    erp, total = close.target.label, close.total
    if not total.there.count:
        return f"{erp} todavía no ha confirmado ninguno."
    first, last = moment(close.proven_from), moment(close.proven_until)
    told = f"{erp} los confirmó " + (f"el {first}." if first == last else f"entre el {first} y el {last}.")
    if close.read_at is None:
        return f"{told} Ninguno se ha leído de vuelta: la prueba es la respuesta de {erp}."
    read = f"{number_of(total.read_back)} {'se leyó' if total.read_back == 1 else 'se leyeron'} de vuelta y"
    equal = "estaba igual" if total.read_back == 1 else "estaban iguales"
    return f"{told} De ellos, {read} {equal}; la última lectura fue el {moment(close.read_at)}."
