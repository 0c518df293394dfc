"""The list and the form of movements."""

from functools import partial
from typing import Any
from uuid import uuid4

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from integrations.admin.badges import clipped, day, pesos
from integrations.admin.filters import SavedView, date_range, distinct_filter, status_filter
from integrations.admin.number_date_inputs import CodesInput, DocumentNumberInput
from integrations.admin.record_form import RecordForm
from integrations.admin.records import RecordAdmin
from integrations.admin.site import OwnPage, site
from integrations.admin.sparse_fieldsets import sparse_sections
from integrations.admin.sparse_forms import sparse_form
from integrations.admin.staff_admin import column_options
from integrations.choices import Target
from integrations.erp.fields.money import money
from integrations.erp.sag import fields as sag
from integrations.erp.tax_ids import shown
from integrations.pulls.offered_codes import source_codes
from ledger import totals
from ledger.admin import closing, duplicating, suggesting
from ledger.admin.rows import LineInline, PaymentInline
from ledger.models import Movement

ORIGINS = {"siigo_json": "Archivo de Siigo", "sag_xml": "Archivo de SAG", "manual": "A mano"}
"""Origin → its words on the pages; any other origin is shown as it is."""
_MOST_DIGITS = 18
"""Of a number that the database can look for."""


class MovementForm(RecordForm, sparse_form(sag.MOVEMENT, sag.OTHER_DATA)):  # type: ignore[misc]
    """The header of a movement."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "source_code" in self.fields:
            field = self.fields["source_code"]
            field.widget = CodesInput("fuentes", lambda: source_codes(self.instance.company_id))
            field.widget.attrs |= field.widget_attrs(field.widget)
        suggesting.offer(self.fields)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        typed = getattr(self.fields.get("number"), "prefix", "")
        given = cleaned.get("prefix") or ""
        if typed and given not in ("", typed):
            self.add_error("number", f"Trae el prefijo «{typed}» y en Prefijo dice «{given}». Deje uno de los dos.")
        elif typed:
            cleaned["prefix"] = typed
        return cleaned


class VoidedFilter(admin.SimpleListFilter):
    """The movements that were voided in the ERP, or the others."""

    title = "Anulado"
    parameter_name = "anulado"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("si", "Sí"), ("no", "No")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(voided=self.value() == "si") if self.value() else queryset


@admin.register(Movement, site=site)
class MovementAdmin(RecordAdmin):
    """The movements, with their lines and payments."""

    menu_group, menu_order = "Operación", 10
    own_pages = (OwnPage("Operación", 18, "Cierre del mes", "ledger_movement_close", "", closing.may_see),)
    date_column = "date"
    date_hierarchy = "date"
    is_document = True
    total_column = "total"
    send_order = ("date", "pk")
    form = MovementForm
    inlines = (LineInline, PaymentInline)
    key_columns = (
        "voucher_type",
        "voucher_code",
        "source_code",
        "prefix",
        "number",
        "number2",
        "date",
        "process_year",
    )
    list_display = (
        "document_cell",
        "siigo_badge",
        "sag_badge",
        "date_cell",
        "party_cell",
        "total_cell",
        "cost_center",
        "origin_cell",
    )
    list_display_links = ("document_cell",)
    list_filter = (
        SavedView,
        date_range("date", "Fecha"),
        distinct_filter("voucher_type", "Tipo de comprobante"),
        distinct_filter("source_code", "Fuente"),
        status_filter(Target.SIIGO),
        status_filter(Target.SAG),
        distinct_filter("cost_center", "Centro de costo"),
        distinct_filter("origin", "Origen", ORIGINS),
        VoidedFilter,
    )
    search_fields = ("number__startswith", "number2", "party_tax_id__startswith", "third_party_name", "order_reference")
    tax_id_columns = ("party_tax_id",)
    search_help_text = "Busque por número (FE-1131), NIT, nombre o referencia"
    empty_text = "Todavía no hay movimientos. Importe un archivo o agregue uno."
    readonly_fields = ("totals",)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name != "number" or field is None:
            return field
        return db_field.formfield(**{**column_options(db_field), "form_class": DocumentNumberInput})

    @admin.display(description="Documento", ordering="number")
    def document_cell(self, movement: Movement) -> SafeString:
        voided = "Anulado" if movement.voided else ""
        return format_html('<span class="documento">{}</span><span class="debajo">{}</span>', movement.document, voided)

    @admin.display(description="Fecha", ordering="date")
    def date_cell(self, movement: Movement) -> str:
        return day(movement.date)

    @admin.display(description="Tercero", ordering="third_party_name")
    def party_cell(self, movement: Movement) -> SafeString:
        name, tax_id = movement.third_party_name, movement.party_tax_id
        number = shown(tax_id)
        return clipped(number if name in ("", tax_id) else name, number if name not in ("", tax_id) else "")

    @admin.display(description="Origen", ordering="origin")
    def origin_cell(self, movement: Movement) -> str:
        return ORIGINS.get(movement.origin, movement.origin)

    @admin.display(description="Total", ordering="total")
    def total_cell(self, movement: Movement) -> SafeString:
        return pesos(movement.total)

    @admin.display(description="Totales")
    def totals(self, movement: Any) -> str:
        if movement.pk is None:
            return "Se calculan al guardar."
        return (
            f"Total {money(movement.total)} · Débitos {money(movement.total_debit)} · "
            f"Créditos {money(movement.total_credit)} · Diferencia {money(movement.difference)}"
        )

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        prefix, dash, number = search_term.strip().partition("-")
        if dash and number.isdigit() and " " not in prefix and len(number) <= _MOST_DIGITS:
            found = queryset.filter(Q(prefix__iexact=prefix, number=number) | Q(number2__iexact=search_term))
            return self.with_tax_ids(queryset, found, search_term), False
        return super().get_search_results(request, queryset, search_term)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        document = [
            ("voucher_type", "voucher_code", "source_code"),
            ("prefix", "number", "number2"),
            ("date", "due_date", "process_year"),
            ("tax_id", "third_party_name"),
        ]
        is_fixed = obj is not None and bool(self.fixed_of(request, obj).sparse)
        return [
            ("Documento", {"fields": ["company", *document]}),
            (
                "Clasificación",
                {"fields": [("salesperson", "cost_center"), ("currency", "exchange_rate"), "order_reference"]},
            ),
            ("Valores y observaciones", {"fields": ["totals", "observations"]}),
            *sparse_sections(sag.MOVEMENT, obj, "SAG", filled_only=is_fixed),
            *sparse_sections(sag.OTHER_DATA, obj, "SAG", filled_only=is_fixed),
        ]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        suggest, duplicate = partial(suggesting.answer, self), partial(duplicating.page, self)
        return [
            *closing.urls(self),
            path("sugerencias/<str:box>/", view(suggest), name="ledger_movement_suggest"),
            path("<int:pk>/duplicar/", view(duplicate), name="ledger_movement_duplicate"),
            *super().get_urls(),
        ]

    def copy_url(self, record: Any) -> str:
        return reverse("admin:ledger_movement_duplicate", args=[record.pk])

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        if not change:
            form.instance.external_id = form.instance.external_id or uuid4().hex
        super().save_related(request, form, formsets, change)

    def finish_content(self, record: Any) -> None:
        totals.save_totals(record, record.lines.all())
