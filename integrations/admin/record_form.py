"""The form of a record, with the problems beside its fields, its fixed fields and the buttons that it still has."""

from itertools import chain
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest

from integrations.admin import local_problems
from integrations.admin.fixed_fields import places_of
from integrations.admin.quick_widgets import QuickBoundField
from integrations.admin.record_model_admin import RecordModelAdmin
from integrations.admin.typed_django import AnyModelForm
from integrations.models import Syncable
from integrations.standings import deletion


class RecordForm(AnyModelForm):
    """Carries the record's version, and refuses to save over a change that was made after it was opened."""

    bound_field_class = QuickBoundField
    fixed: frozenset[str] = frozenset()
    """Names of fields that are shown and can't be changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.fixed & set(self.fields):
            self.fields[name].disabled = True

    @property
    def version_seen(self) -> str:
        """The version of the record that the person edits, for a hidden input."""
        return str(self.data.get("version_seen", "") if self.is_bound else self.instance.version)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        seen = self.data.get("version_seen", "")
        if self.instance.pk and seen and seen != str(self.instance.version):
            raise ValidationError(
                "Otra persona o un archivo cambió este documento mientras usted lo editaba. "
                "Ábralo de nuevo para ver lo que tiene ahora y repita su cambio."
            )
        return cleaned


def page_context(
    record_admin: RecordModelAdmin, request: HttpRequest, record: Syncable, context: dict[str, Any]
) -> dict[str, Any]:
    """For the template of the form. On a GET it adds the problems of the local checks to the fields of the forms."""
    added: dict[str, Any] = {"fixed_because": record_admin.fixed_of(request, record).because, **_buttons_of(record)}
    added["saves_first"] = record_admin.has_change_permission(request, record) and not record.is_annulled
    if request.method == "GET":
        added["found"] = local_problems.of_record(record, places_of(request, record))
        formsets = [inline.formset for inline in context["inline_admin_formsets"]]
        local_problems.show(context["adminform"].form, formsets, chain(*added["found"].values()))
    return added


def _buttons_of(record: Syncable) -> dict[str, bool]:
    """Django's context of its submit row: an annulled record has no save buttons."""
    buttons = {"show_delete": deletion.why_it_stays(record) == ""}
    if record.is_annulled:
        buttons |= dict.fromkeys(("show_save", "show_save_and_continue", "show_save_and_add_another"), False)
    return buttons
