"""*Numeración*: the consecutive numbers of each connection, and why some numbers of a series have no document."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from integrations.admin.badges import NOTHING
from integrations.admin.record_pages import record_url
from integrations.admin.site import site
from integrations.admin.staff_admin import StaffAdmin
from integrations.admin.typed_django import AnyModelForm
from integrations.dispatch import numbering
from integrations.models import NumberSeries

GAPS_SHOWN = 500


class SeriesForm(AnyModelForm):
    """The last number of a series may only grow: issued numbers are never issued again."""

    def clean_last_number(self) -> int:
        number: int = self.cleaned_data["last_number"]
        newest = self.instance.given.order_by("-number").first() if self.instance.pk else None
        if number < 0 or number >= numbering.HIGHEST_NUMBER:
            raise forms.ValidationError(f"Escriba un número de 0 a {numbering.HIGHEST_NUMBER - 1}.")
        if newest is not None and number < newest.number:
            raise forms.ValidationError(f"Ya se dio el número {newest.number}: escriba ese o uno mayor.")
        return number


@admin.register(NumberSeries, site=site)
class NumberSeriesAdmin(StaffAdmin):
    """One row for each series of consecutive numbers; an administrator may raise its last number."""

    menu_group, menu_order, forbidden = "Configuración", 60, ("delete",)
    form = SeriesForm
    list_display = ("series_name", "connection", "last_number", "gap_count")
    list_filter = ("connection", "voucher_type")
    list_select_related = ("connection__company",)
    fields = ("connection", ("voucher_type", "voucher_code", "process_year"), "last_number", "gaps")
    empty_text = "Todavía no hay numeraciones: se crean al confirmar el primer comprobante sin número."

    @admin.display(description="Comprobante", ordering="voucher_type")
    def series_name(self, series: NumberSeries) -> str:
        return str(series)

    @admin.display(description="Números sin documento")
    def gap_count(self, series: NumberSeries) -> int:
        return sum(gap.last - gap.first + 1 for gap in numbering.gaps(series))

    @admin.display(description="Números sin documento y qué pasó")
    def gaps(self, series: NumberSeries) -> SafeString:
        kinds = dict(series.given.values_list("record_id", "kind"))
        rows = []
        for gap in list(numbering.gaps(series))[:GAPS_SHOWN]:
            named = str(gap.first) if gap.first == gap.last else f"{gap.first} a {gap.last}"
            link = record_url(kinds[gap.record_id], gap.record_id) if gap.record_id in kinds and gap.record_id else ""
            number = format_html('<a href="{}">{}</a>', link, named) if link else named
            rows.append((number, gap.what))
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}: {}</li>", rows)) if rows else NOTHING

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        key = ("connection", "voucher_type", "voucher_code", "process_year")
        return (*key, "gaps") if obj else ("gaps",)
