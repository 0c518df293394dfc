"""*Deshacer importación*, and what may be done with what an import brought: see it, and send what is ready."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from integrations.admin import actions
from integrations.admin.permissions import may_on_kind, may_send
from integrations.admin.record_pages import list_url, record_url
from integrations.admin.site import site
from integrations.admin.wording import counted_records, grouped_number
from integrations.choices import Status, Target
from integrations.files.importing import undoing
from integrations.models import Connection, ImportedRecord, ImportFile
from integrations.models.syncable import model_for
from integrations.selectors import pages

_Outcome = ImportedRecord.Outcome


def may_undo(request: HttpRequest, file: ImportFile) -> bool:
    """Whether the person may delete and change what the import brought."""
    return bool(file.kind) and may_on_kind(request, file.kind, "delete", "change")


def result_context(request: HttpRequest, file: ImportFile) -> dict[str, Any]:
    """The buttons of a finished import: its records, what of them is ready for each ERP, and its undoing."""
    brought = file.records.count()
    done = undoing.outcome_counts(file) if file.state == ImportFile.State.UNDONE else {}
    left = brought - done.get(_Outcome.DELETED, 0)
    return {
        "brought": grouped_number(left) if left else "",
        "brought_url": f"{list_url(file.kind)}?importacion={file.pk}" if file.kind else "",
        "ready": _ready_by_erp(file) if may_send(request) else [],
        "may_undo": may_undo(request, file) and file.records.exclude(outcome__in=_UNDONE).exists(),
        "undone": {name.value: done.get(name, 0) for name in _Outcome} if done else {},
        "kept": file.records.filter(outcome=_Outcome.KEPT).count(),
    }


_UNDONE = (_Outcome.DELETED, _Outcome.RESTORED)


def _ready_by_erp(file: ImportFile) -> list[dict[str, str]]:
    """Each ERP with how many of the import are ready for it."""
    targets = Connection.objects.live().filter(company=file.company_id).values_list("target", flat=True)
    counts = [(Target(target), len(ready_ids(file, target))) for target in targets if file.kind]
    return [{"target": erp, "label": erp.label, "count": grouped_number(count)} for erp, count in counts if count]


def ready_ids(file: ImportFile, target: str) -> list[int]:
    """The keys of the import's records that are meant for an ERP, never left, and pass its checks."""
    model: Any = model_for(file.kind)
    brought = file.records.values("record_id")
    passed = pages.passes_checks(file.kind, target).filter(record_id__in=brought).values("record_id")
    ready = model._default_manager.filter(model.meant_for(target), pk__in=passed, **{f"{target}_status": Status.NEW})
    return list(ready.order_by("pk").values_list("pk", flat=True))


def send_ready(request: HttpRequest, file: ImportFile, target: str) -> HttpResponse:
    """Start a batch of what is ready for an ERP. Raises: PermissionDenied."""
    if not may_send(request):
        raise PermissionDenied
    ids = ready_ids(file, target)
    if not ids:
        messages.warning(request, "Ya no queda nada listo de esta importación.")
    started = actions.start_batch(request, model_for(file.kind), file.company, target, ids) if ids else None
    return started or redirect("admin:integrations_importfile_change", file.pk)


def page(request: HttpRequest, file: ImportFile) -> HttpResponse:
    """What undoing would do and leave; a POST does it. Raises: PermissionDenied."""
    if not may_undo(request, file):
        raise PermissionDenied
    with_edited = "editados" in (request.POST or request.GET)
    if request.method == "POST":
        if not undoing.request(file.pk, request.user, with_edited=with_edited):
            messages.error(request, "Esta importación ya no se puede deshacer.")
        return redirect("admin:integrations_importfile_change", file.pk)
    found = undoing.preview(file, with_edited=with_edited)
    stays = [
        (stay.reason, stay.count, [(name, record_url(file.kind, pk)) for name, pk in stay.examples])
        for stay in found.stays
    ]
    context = {
        **site.each_context(request),
        "title": "Deshacer importación",
        "file": file,
        "found": found,
        "deletes": counted_records(file.kind, found.deletes),
        "restores": counted_records(file.kind, found.restores),
        "stays": stays,
        "staying": sum(stay.count for stay in found.stays),
        "with_edited": with_edited,
        "back": reverse("admin:integrations_importfile_change", args=[file.pk]),
    }
    return render(request, "admin/import_undo.html", context)
