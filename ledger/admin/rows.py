"""The inline tables of a movement: its lines and its payments."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import count
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString

from integrations.admin.badges import NOTHING
from integrations.admin.line_errors import show_on
from integrations.admin.number_date_inputs import DecimalInput
from integrations.admin.site import site
from integrations.admin.sparse_forms import sparse_form
from integrations.admin.staff_admin import StaffAdmin, column_options
from integrations.admin.typed_django import AnyInlineFormSet, AnyModelForm, AnyTabularInline
from integrations.erp.sag import fields as sag
from integrations.selectors import siigo_line_errors
from ledger.admin import suggesting
from ledger.models import Movement, MovementLine, MovementPayment

_ACCOUNTING = ("account", "description", "tax_id", "cost_center", "debit", "credit")
_GOODS = ("article", "description", "warehouse", "quantity", "unit_price", "discount_percentage", "vat_percentage")
_EVERYTHING = (
    "account",
    "article",
    "description",
    "tax_id",
    "cost_center",
    "debit",
    "credit",
    "quantity",
    "unit_price",
    "vat_percentage",
    "warehouse",
)


def is_fixed(request: HttpRequest, movement: Movement | None, relation: str) -> bool:
    """Whether the rows of a relation can't be changed, because an ERP has the movement and takes no changes."""
    if movement is None or movement.pk is None:
        return False
    record_admin: Any = site._registry[Movement]
    return relation in record_admin.fixed_of(request, movement).parts


class PartForm(AnyModelForm):
    """The form of a row, with its fields disabled where `is_fixed`."""

    is_fixed = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_fixed:
            for name in self.fields:
                if name not in ("id", "movement", "DELETE"):
                    self.fields[name].disabled = True


class AmountColumns(PartForm):
    """The form of a line, with its amount in the column of its side: debit or credit."""

    debit = DecimalInput(label="Débito", grouped=True, required=False, min_value=0, max_digits=20, decimal_places=2)
    credit = DecimalInput(label="Crédito", grouped=True, required=False, min_value=0, max_digits=20, decimal_places=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        suggesting.offer(self.fields)
        column = {"D": "debit", "C": "credit"}.get(self.instance.side)
        if column:
            self.initial[column] = self.instance.amount

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("debit") and cleaned.get("credit"):
            raise ValidationError("Una línea va al débito o al crédito, no a los dos.")
        return cleaned

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if {"debit", "credit"} & set(self.changed_data):
            self._set_amount(self.cleaned_data.get("debit"), self.cleaned_data.get("credit"))

    def _set_amount(self, debit: Decimal | None, credit: Decimal | None) -> None:
        line = self.instance
        # A zero is an amount too; an empty column is none.
        line.side, line.amount = ("C", credit) if credit or debit is None else ("D", debit)
        if line.amount is None:
            line.side = ""


NOT_TYPED = ("movement", "position", "side", "amount", "siigo", "sag")


class LineForm(AmountColumns):
    """The form of a line in the inline table."""

    class Meta:
        model = MovementLine
        exclude = NOT_TYPED


class PositionedFormSet(AnyInlineFormSet):
    """Gives new rows the next position after the last one."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].widget.attrs["aria-label"] = "Eliminar la fila"

    def save_new(self, form: Any, commit: bool = True) -> Any:
        form.instance.position = next(self._positions)
        return super().save_new(form, commit)

    @cached_property
    def _positions(self) -> Iterator[int]:
        model: Any = self.model
        rows = model._default_manager.filter(movement=self.instance)
        return count(max(rows.values_list("position", flat=True), default=0) + 1)


class LineFormSet(PositionedFormSet):
    """The lines, each with Siigo's errors of the last attempt."""

    @cached_property
    def _line_errors(self) -> list[siigo_line_errors.LineError]:
        return siigo_line_errors.line_errors(self.instance) if self.instance.pk and not self.is_bound else []

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        form = super()._construct_form(i, **kwargs)  # type: ignore[misc]
        show_on(form, siigo_line_errors.of_line(self._line_errors, form.instance.position or 0))
        return form


class PartInline(AnyTabularInline):
    """Rows of a movement, with the label of its column as `aria-label` of each input: the table shows no labels."""

    formset = PositionedFormSet
    relation = ""
    formfield_overrides = StaffAdmin.formfield_overrides

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 0 if obj else 2

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_add_permission(request, obj) and not is_fixed(request, obj, self.relation)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and not is_fixed(request, obj, self.relation)

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset: Any = super().get_formset(request, obj, **kwargs)
        formset.form.is_fixed = is_fixed(request, obj, self.relation)
        return formset

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **column_options(db_field), **kwargs)
        if field is not None:
            field.widget.attrs["aria-label"] = str(field.label)
        return field


class LineInline(PartInline):
    """The lines, with the columns of accounting, those of goods, or both, depending on the lines that there are."""

    model = MovementLine
    relation = "lines"
    formset = LineFormSet
    form = LineForm
    template = "admin/lines_inline.html"
    readonly_fields = ("line", "more")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("line", *_columns(obj), "more")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        for name in ("debit", "credit"):
            field = formset.form.base_fields[name]
            field.widget.attrs["aria-label"] = str(field.label)
        if "description" in formset.form.base_fields:
            formset.form.base_fields["description"].widget = forms.TextInput(attrs={"aria-label": "descripción"})
        return formset

    @admin.display(description="N.º")
    def line(self, line: MovementLine) -> str:
        return str(line.position or "+")

    @admin.display(description="Más")
    def more(self, line: MovementLine) -> SafeString:
        if not line.pk:
            return NOTHING
        url = reverse("admin:ledger_movementline_change", args=[line.pk])
        filled = len(line.siigo) + len(line.sag)
        title = f"Todos los datos de la línea {line.position}"
        html = '<a href="{}" title="{}" aria-label="{}">Más{}</a>'
        return format_html(html, url, title, title, f" ({filled})" if filled else "")


def _columns(movement: Movement | None) -> tuple[str, ...]:
    if movement is None or movement.pk is None:
        return _EVERYTHING
    codes = set(movement.lines.values_list("account", "article"))
    if codes and not any(article for _, article in codes):
        return _ACCOUNTING
    if codes and not any(account for account, _ in codes):
        return _GOODS
    return _EVERYTHING


class PaymentForm(PartForm, sparse_form(sag.PAYMENT, compact=True)):  # type: ignore[misc]
    """The form of a payment, with every field that SAG takes of it."""

    class Meta:
        model = MovementPayment
        exclude = ("movement", "position", "sag")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.setdefault("aria-label", str(field.label))


class PaymentInline(PartInline):
    """The payments of a point-of-sale invoice."""

    model = MovementPayment
    relation = "payments"
    form = PaymentForm
    template = "admin/rows_inline.html"
    fields = ("method", "amount", "transaction_code", "sag__NumeroTransaccion", "sag__EsFacturaPos")
    classes = ("collapse",)

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 0
