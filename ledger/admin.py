"""Movements as staff see them: the list, the voucher with its lines and payments, one line in full."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, ClassVar
from uuid import uuid4

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from integrations import standing
from integrations.admin.badges import NOTHING, clipped, day, pesos
from integrations.admin.filters import SavedView, date_range, distinct_filter, status_filter
from integrations.admin.generic import AnyInlineFormSet, AnyTabularInline
from integrations.admin.inputs import DecimalInput
from integrations.admin.records import RecordAdmin, RecordForm, StaffAdmin, number_facts
from integrations.admin.site import site
from integrations.admin.sparse import SparseForm, sparse_form, sparse_sections
from integrations.choices import Target
from integrations.fields.money import money
from integrations.sag import fields as sag
from integrations.siigo import fields as siigo
from ledger import services
from ledger.models import Movement, MovementLine, MovementPayment

_ACCOUNTING = ("account", "description", "tax_id", "cost_center", "debit", "credit")
_GOODS = ("article", "description", "warehouse", "quantity", "unit_price", "discount_percentage", "vat_percentage")
_EVERYTHING = ("account", "article", "description", "tax_id", "cost_center", "debit", "credit", "quantity",
               "unit_price", "vat_percentage", "warehouse")  # fmt: skip


class LineForm(SparseForm):
    """A line with its amount in one of two columns, as a voucher is read."""

    debit = DecimalInput(label="débito", grouped=True, required=False, min_value=0, max_digits=20, decimal_places=2)
    credit = DecimalInput(label="crédito", grouped=True, required=False, min_value=0, max_digits=20, decimal_places=2)

    class Meta:
        model = MovementLine
        exclude = ("movement", "position", "side", "amount", "siigo", "sag")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        column = {"D": "debit", "C": "credit"}.get(self.instance.side)
        if column:
            self.initial[column] = self.instance.amount

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("debit") and cleaned.get("credit"):
            raise ValidationError("Una línea va al débito o al crédito, no a los dos.")
        return cleaned

    def _post_clean(self) -> None:
        super()._post_clean()
        if {"debit", "credit"} & set(self.changed_data):
            self._set_amount(self.cleaned_data.get("debit"), self.cleaned_data.get("credit"))

    def _set_amount(self, debit: Decimal | None, credit: Decimal | None) -> None:
        line = self.instance
        # A zero is an amount too; an empty column is none.
        line.side, line.amount = ("C", credit) if credit or debit is None else ("D", debit)
        if line.amount is None:
            line.side = ""


class PositionedFormSet(AnyInlineFormSet):
    """Numbers new rows after the last one: nobody types a position."""

    def save_new(self, form: Any, commit: bool = True) -> Any:
        if not hasattr(self, "_last"):
            kept = self.model._default_manager.filter(movement=self.instance)
            self._last = max(kept.values_list("position", flat=True), default=0)
        self._last += 1
        form.instance.position = self._last
        return super().save_new(form, commit)


class PartInline(AnyTabularInline):
    """Rows of a voucher. Their boxes have no label of their own, so each says its column aloud."""

    formset = PositionedFormSet
    formfield_overrides = StaffAdmin.formfield_overrides

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 0 if obj else 2

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **number_facts(db_field), **kwargs)
        if field is not None:
            field.widget.attrs["aria-label"] = str(field.label)
        return field


class LineInline(PartInline):
    """The lines: accounting columns, columns of goods, or both, after what the voucher has."""

    model = MovementLine
    form = LineForm
    template = "admin/lines_inline.html"
    readonly_fields = ("line", "more")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Sequence[str]:
        return ("line", *_columns(obj), "more")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        for name in ("debit", "credit"):
            formset.form.base_fields[name].widget.attrs["aria-label"] = name == "debit" and "débito" or "crédito"
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
        count = len(line.siigo) + len(line.sag)
        title = f"Todos los datos de la línea {line.position}"
        return format_html('<a href="{}" title="{}" aria-label="{}">Más{}</a>', url, title, title,
                           f" ({count})" if count else "")  # fmt: skip


def _columns(movement: Movement | None) -> tuple[str, ...]:
    if movement is None or movement.pk is None:
        return _EVERYTHING
    kept = set(movement.lines.values_list("account", "article"))
    if kept and not any(article for _, article in kept):
        return _ACCOUNTING
    if kept and not any(account for account, _ in kept):
        return _GOODS
    return _EVERYTHING


class PaymentInline(PartInline):
    """Means of payment of a point-of-sale invoice."""

    model = MovementPayment
    fields = ("method", "amount", "transaction_code")
    classes = ("collapse",)

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 0


MovementForm = sparse_form(RecordForm, [sag.MOVEMENT, sag.OTHER_DATA])


class VoidedFilter(admin.SimpleListFilter):
    title = "Anulado"
    parameter_name = "anulado"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("si", "Sí"), ("no", "No")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(voided=self.value() == "si") if self.value() else queryset


@admin.register(Movement, site=site)
class MovementAdmin(RecordAdmin):
    """Accounting vouchers."""

    menu_group, menu_order, menu_count = "Operación", 10, "movement"
    date_column = "date"
    send_order = ("date", "pk")
    form = MovementForm
    inlines = (LineInline, PaymentInline)
    key_columns = ("voucher_type", "voucher_code", "source_code", "prefix", "number", "number2", "date",
                   "process_year")  # fmt: skip
    list_display = ("document_cell", "siigo_badge", "sag_badge", "date_cell", "party_cell", "total_cell",
                    "cost_center", "origin")  # fmt: skip
    list_display_links = ("document_cell",)
    list_filter = (
        SavedView,
        date_range("date", "Fecha"),
        distinct_filter("voucher_type", "Tipo de comprobante"),
        distinct_filter("source_code", "Fuente"),
        status_filter(Target.SIIGO),
        status_filter(Target.SAG),
        distinct_filter("cost_center", "Centro de costo"),
        distinct_filter("origin", "Origen"),
        VoidedFilter,
    )
    search_fields = ("number__startswith", "number2", "tax_id__startswith", "third_party_name", "order_reference")
    search_help_text = "Busque por consecutivo (FE-1131 o 1131), NIT, nombre o referencia."
    empty_text = "Todavía no hay movimientos. Importe un archivo o agregue uno."
    readonly_fields = ("totals",)

    @admin.display(description="Documento", ordering="number")
    def document_cell(self, movement: Movement) -> SafeString:
        voided = format_html('<span class="debajo">Anulado</span>') if movement.voided else ""
        return format_html('<span class="documento">{}</span>{}', movement.document, voided)

    @admin.display(description="Fecha", ordering="date")
    def date_cell(self, movement: Movement) -> str:
        return day(movement.date)

    @admin.display(description="Tercero", ordering="third_party_name")
    def party_cell(self, movement: Movement) -> SafeString:
        return clipped(movement.third_party_name or movement.tax_id, movement.tax_id)

    @admin.display(description="Total", ordering="total")
    def total_cell(self, movement: Movement) -> SafeString:
        return pesos(movement.total)

    @admin.display(description="Totales")
    def totals(self, movement: Movement) -> str:
        if movement.pk is None:
            return "Se calculan al guardar."
        return (
            f"Total {money(movement.total)} · Débitos {money(movement.total_debit)} · "
            f"Créditos {money(movement.total_credit)} · Diferencia {money(movement.difference)}"
        )

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        prefix, dash, number = search_term.strip().partition("-")
        if dash and number.isdigit() and " " not in prefix:
            return queryset.filter(Q(prefix__iexact=prefix, number=number) | Q(number2__iexact=search_term)), False
        return super().get_search_results(request, queryset, search_term)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        document = [("voucher_type", "voucher_code", "source_code"), ("prefix", "number", "number2"),
                    ("date", "due_date", "process_year"), ("tax_id", "third_party_name")]  # fmt: skip
        return [
            ("Documento", {"fields": ["company", *document, "voided"]}),
            ("Clasificación", {"fields": [("salesperson", "cost_center"), ("currency", "exchange_rate"),
                                          "order_reference"]}),  # fmt: skip
            ("Valores y observaciones", {"fields": ["totals", "observations"]}),
            *sparse_sections(sag.MOVEMENT, obj, "SAG"),
            *sparse_sections(sag.OTHER_DATA, obj, "SAG"),
        ]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        if not change:
            form.instance.external_id = form.instance.external_id or uuid4().hex
        super().save_related(request, form, formsets, change)

    def finish_content(self, record: Any) -> None:
        services.recompute_totals(record)


LINE_FORM = sparse_form(LineForm, [siigo.MOVEMENT, sag.MOVEMENT_LINE])


@admin.register(MovementLine, site=site)
class MovementLineAdmin(StaffAdmin):
    """One line with all that the ERPs may take of it, reached from its voucher."""

    form = LINE_FORM
    change_form_template = "admin/line_change_form.html"
    _columns: ClassVar[list[Any]] = [
        ("account", "article"), "description", ("tax_id", "branch"), ("cost_center", "sub_cost_center"),
        ("debit", "credit"), ("salesperson", "withholding_base"), ("cross_document_number", "due_date"),
    ]  # fmt: skip
    _goods: ClassVar[list[Any]] = [
        ("quantity", "unit_price"), ("vat_percentage", "vat_amount"),
        ("discount_percentage", "second_discount_percentage"), ("size", "color", "lot"),
        ("warehouse", "origin_warehouse", "destination_warehouse"), "price_list",
    ]  # fmt: skip

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return [
            ("Línea", {"fields": self._columns}),
            ("Inventario y venta", {"fields": self._goods}),
            *sparse_sections(siigo.MOVEMENT, obj, "Siigo"),
            *sparse_sections(sag.MOVEMENT_LINE, obj, "SAG"),
        ]

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        line = super().get_object(request, object_id, from_field)
        if line is not None and request.method == "POST":
            standing.locked(line.movement.kind, [line.movement_id])
            line.refresh_from_db()
        return line

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not form.has_changed():
            return
        with standing.editing(obj.movement):
            obj.save()
            services.recompute_totals(obj.movement)

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return redirect("admin:ledger_movement_change", obj.movement_id)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponseBase:  # type: ignore[override]
        return redirect("admin:ledger_movement_changelist")
