"""The form of a record, and what its page tells around it: problems, what is fixed, and which buttons it has left."""

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
    """The form of a record. It carries the version it was opened with: an edit never buries another's."""

    bound_field_class = QuickBoundField
    fixed: frozenset[str] = frozenset()
    """Boxes that are shown and can't be changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.fixed & set(self.fields):
            self.fields[name].disabled = True

    @property
    def version_seen(self) -> str:
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


def told_around(
    record_admin: RecordModelAdmin, request: HttpRequest, record: Syncable, context: dict[str, Any]
) -> dict[str, Any]:
    """For the template. Puts what the local checks find beside the boxes of a form that nobody posted."""
    told: dict[str, Any] = {"fixed_because": record_admin.fixed_of(request, record).because, **_buttons_of(record)}
    if request.method == "GET":
        told["found"] = local_problems.of_record(record, places_of(request, record))
        formsets = [one.formset for one in context["inline_admin_formsets"]]
        local_problems.show(context["adminform"].form, formsets, chain(*told["found"].values()))
    return told


def _buttons_of(record: Syncable) -> dict[str, bool]:
    """Which of Django's own buttons a record still has."""
    shown = {"show_delete": deletion.why_it_stays(record) == ""}
    if record.is_annulled:
        shown |= dict.fromkeys(("show_save", "show_save_and_continue", "show_save_and_add_another"), False)
    return shown
