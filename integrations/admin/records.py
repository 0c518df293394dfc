"""`RecordAdmin`: the list and the form of what an ERP may hold."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils.safestring import SafeString

from integrations.admin import (
    actions,
    bulk_deletion,
    correction_starts,
    exporting,
    record_form,
    record_pages,
    record_urls,
)
from integrations.admin.asked_ids import id_in
from integrations.admin.badges import record_badge
from integrations.admin.filters import ImportFilter
from integrations.admin.permissions import may_import
from integrations.admin.record_form import RecordForm
from integrations.admin.record_model_admin import RecordModelAdmin, connections_of
from integrations.admin.request_cache import read_once
from integrations.admin.typed_django import AnyModelForm
from integrations.choices import Status, Target
from integrations.models import Syncable
from integrations.payloads import filling
from integrations.payloads.filling import Filled
from integrations.payloads.judgement import after_edit
from integrations.standings import deletion, transitions, unblockings
from integrations.standings.grades import grades_of
from integrations.standings.transitions import StandingError


class RecordChangeList(ChangeList):
    """A list of records, read without the JSON columns that a list never shows."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        return super().get_queryset(request, exclude_parameters).defer("siigo", "sag")

    def get_results(self, request: HttpRequest) -> None:
        """The page's records, those that are sent with their grades by target: one query for all of them."""
        super().get_results(request)
        self.result_list = list(self.result_list)
        sent = [record for record in self.result_list if Status.SYNCED in (record.siigo_status, record.sag_status)]
        found = grades_of(self.model_admin.model.kind, [record.pk for record in sent]) if sent else {}
        for record in sent:
            record.grades = {target: found.get((record.pk, target)) for target in Target}


class RecordAdmin(RecordModelAdmin):
    """A kind of record that an ERP may hold: its state in each ERP as a column, and the actions that send it."""

    form: type[AnyModelForm] = RecordForm
    change_form_template = "admin/record_change_form.html"

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        asked = id_in(object_id)
        if asked is not None and self.is_saving(request):
            # The standings are locked first, as by every writer: the record can't change before it is saved.
            transitions.locked(self.model.kind, [asked])
        read = partial(super().get_object, request, object_id, from_field)
        # A page shows more than the form of its record: it is read once for all of them.
        return read_once(request, ("record", self.model.kind, object_id), read) if request.method == "GET" else read()

    # --- list

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return RecordChangeList

    def get_actions(self, request: HttpRequest) -> dict[str, tuple[Callable[..., Any], str, str]]:  # type: ignore[override]
        live = {connection.target for connection in connections_of(request)}
        offered: list[Any] = [
            action for target in self.targets(request) if target in live for action in actions.for_target(target)
        ]
        further = (correction_starts.correct_selected, exporting.export_selected, bulk_deletion.delete_selected)
        described: list[Any] = [(action, action.__name__, action.short_description) for action in (*offered, *further)]
        allowed = self._filter_actions_by_permissions(request, described)  # type: ignore[attr-defined]
        return {name: (action, name, title) for action, name, title in allowed}

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:  # type: ignore[override]
        live = {connection.target for connection in connections_of(request)}
        missing = [target.label for target in self.targets(request) if target not in live]
        context = {"missing_connections": missing, "may_import": may_import(request), **exporting.tool(self, request)}
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def get_list_display(self, request: HttpRequest) -> Any:
        hidden = {f"{target}_badge" for target in Target} - {f"{target}_badge" for target in self.targets(request)}
        return [name for name in super().get_list_display(request) if name not in hidden]

    def get_list_filter(self, request: HttpRequest) -> Any:
        hidden = set(Target.values) - {str(target) for target in self.targets(request)}
        chips = [*super().get_list_filter(request), ImportFilter]
        return [chip for chip in chips if getattr(chip, "parameter_name", "") not in hidden]

    @admin.display(description="Siigo", ordering="siigo_status")
    def siigo_badge(self, record: Syncable) -> SafeString:
        return record_badge(record, Target.SIIGO)

    @admin.display(description="SAG", ordering="sag_status")
    def sag_badge(self, record: Syncable) -> SafeString:
        return record_badge(record, Target.SAG)

    # --- form

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        always = super().get_readonly_fields(request, obj)
        if obj is None:
            return always
        columns = self.fixed_of(request, obj).columns & {column.name for column in self.opts.concrete_fields}
        return (*always, "company", *sorted(columns))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.fixed = frozenset(self.fixed_of(request, obj).sparse if obj is not None else ())
        return form

    def render_change_form(  # type: ignore[override]
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        record = kwargs.get("obj")
        if record is not None:
            context |= record_form.page_context(self, request, record, context)
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        return [*exporting.urls(self), *record_urls.urls(self), *super().get_urls()]

    def changeform_view(  # type: ignore[override]
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponseBase:
        context = dict(extra_context or {})
        if object_id and request.method == "GET":
            context |= record_pages.strip_context(self, request, object_id)
        return super().changeform_view(request, object_id, form_url, context)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Nothing yet: `save_related` writes the record and its parts under one lock of its standings."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        if change and not form.has_changed() and not any(formset.has_changed() for formset in formsets):
            for formset in formsets:
                formset.save(commit=False)  # writes nothing, but sets the lists of changes that Django logs
            return
        record = form.instance
        if not change:
            record.created_by = request.user
        with transitions.editing(record):
            record.save()
            super().save_related(request, form, formsets, change)
            filled = filling.fill_saved(record)
            self.finish_content(record)
        tell_filled(request, record, filled)
        judge_edited(request, record)

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        """With what the rules of the company filled in."""
        told: list[Any] = super().construct_change_message(request, form, formsets, add)
        filled = [f"por regla, {text}" for text in getattr(form.instance, FILLED, ())]
        return [*told, {"changed": {"fields": filled}}] if filled else told

    def finish_content(self, record: Any) -> None:
        """Compute what depends on the record's rows, as totals, before the edit ends."""

    def delete_view(  # type: ignore[override]
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        record = self.get_object(request, object_id)
        refused = deletion.why_it_stays(record) if record is not None and request.method == "GET" else ""
        try:
            if not refused:
                return super().delete_view(request, object_id, extra_context)
        except StandingError as reason:
            refused = str(reason)
        messages.error(request, refused)
        return redirect(record_pages.record_url(self.model.kind, int(object_id)))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        # Without the lines and payments, which are deleted with their document.
        return [str(record) for record in objs], {}, set(), []

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        deletion.delete(obj)


FILLED = "filled_by_rule"
"""Where a record that was just saved has what the rules of its company filled in, for the history."""


def tell_filled(request: HttpRequest, record: Syncable, filled: Sequence[Filled]) -> None:
    """Say what the rules filled in where the form was left empty, on the page and in the history of the record."""
    texts = [each.told() for each in filled]
    setattr(record, FILLED, texts)
    if texts:
        messages.info(request, f"Llenado por regla: {'; '.join(texts)}.")


def judge_edited(request: HttpRequest, record: Syncable) -> None:
    """Run the local checks after an edit; messages say which records can be sent now because of it."""
    passed = after_edit(record)
    erps = [row.get_target_display() for row in passed if row.record_id == record.pk]
    others = len({row.record_id for row in passed if row.record_id != record.pk})
    if erps:
        messages.success(request, f"Quedó listo para enviar a {' y a '.join(erps)}.")
    if others:
        messages.success(request, f"{unblockings.counted(others)} con este cambio.")
