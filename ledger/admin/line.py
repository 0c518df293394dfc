"""The page of one line of a movement, with every field that an ERP takes of it."""

from itertools import chain
from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect

from integrations.admin import local_problems
from integrations.admin.fixed_fields import places_of
from integrations.admin.line_errors import show_on
from integrations.admin.records import judge_edited, tell_filled
from integrations.admin.site import site
from integrations.admin.sparse_fieldsets import sparse_sections
from integrations.admin.sparse_forms import sparse_form
from integrations.admin.staff_admin import StaffAdmin
from integrations.erp.sag import fields as sag
from integrations.erp.siigo import fields as siigo
from integrations.payloads import filling
from integrations.selectors import siigo_line_errors
from integrations.standings import transitions
from ledger import totals
from ledger.admin.rows import NOT_TYPED, AmountColumns, is_fixed
from ledger.models import MovementLine


class FullLineForm(AmountColumns, sparse_form(siigo.MOVEMENT, sag.MOVEMENT_LINE)):  # type: ignore[misc]
    """A line with every field that an ERP takes of it."""

    class Meta:
        model = MovementLine
        exclude = NOT_TYPED

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        line = self.instance
        if line.pk and not self.is_bound:
            show_on(self, siigo_line_errors.of_line(siigo_line_errors.line_errors(line.movement), line.position))


@admin.register(MovementLine, site=site)
class MovementLineAdmin(StaffAdmin):
    """One line, reached from its movement. There is no list of lines."""

    forbidden = ("add", "delete")
    form = FullLineForm
    change_form_template = "admin/line_change_form.html"
    _columns: ClassVar[list[Any]] = [
        ("account", "article"),
        "description",
        ("tax_id", "branch"),
        ("cost_center", "sub_cost_center"),
        ("debit", "credit"),
        ("salesperson", "withholding_base"),
        ("cross_document_number", "due_date"),
    ]
    _goods: ClassVar[list[Any]] = [
        ("quantity", "unit_price"),
        ("vat_percentage", "vat_amount"),
        ("discount_percentage", "second_discount_percentage"),
        ("size", "color", "lot"),
        ("warehouse", "origin_warehouse", "destination_warehouse"),
        "price_list",
    ]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.is_fixed = obj is not None and is_fixed(request, obj.movement, "lines")
        return form

    def render_change_form(  # type: ignore[override]
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        line = kwargs.get("obj")
        if line is not None:
            form = context["adminform"].form
            found = local_problems.of_record(line.movement, places_of(request, line.movement))
            local_problems.show_on_line(form, chain(*found.values()), "lines")
            context["is_fixed"] = form.is_fixed
        return super().render_change_form(request, context, *args, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return [
            ("Línea", {"fields": self._columns}),
            ("Inventario y venta", {"fields": self._goods}),
            *sparse_sections(siigo.MOVEMENT, obj, "Siigo"),
            *sparse_sections(sag.MOVEMENT_LINE, obj, "SAG"),
        ]

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        line = super().get_object(request, object_id, from_field)
        if line is not None and self.is_saving(request):
            transitions.locked(line.movement.kind, [line.movement_id])
            line.refresh_from_db()
        return line

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not form.has_changed():
            return
        with transitions.editing(obj.movement):
            obj.save()
            filled = filling.fill_saved(obj.movement)
            totals.save_totals(obj.movement, obj.movement.lines.all())
        tell_filled(request, obj.movement, filled)
        judge_edited(request, obj.movement)

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        return redirect("admin:ledger_movement_change", obj.movement_id)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponseBase:  # type: ignore[override]
        return redirect("admin:ledger_movement_changelist")
