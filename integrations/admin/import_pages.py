"""The pages of an import, one for each step: file, columns, review, progress and result."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString

from integrations.admin import import_columns_page, import_review, import_undo
from integrations.admin.badges import moment
from integrations.admin.permissions import may_on_kind
from integrations.admin.site import site
from integrations.admin.wording import kind_name
from integrations.choices import Kind
from integrations.files.importing import answering, undoing, uploads
from integrations.models import Company, ImportFile

_LEFT_OUT_SHOWN = 50
_State = ImportFile.State


def may_write(request: HttpRequest, kind: str) -> bool:
    """Whether the person may import records of a kind: add and change them."""
    return may_on_kind(request, kind, "add", "change")


def plural_of(kind: str) -> str:
    """The plural name of a kind; «documentos» while a file's kind is not known."""
    return kind_name(kind) if kind else "documentos"


def upload(request: HttpRequest, problem: str = "") -> HttpResponse:
    """The first step: choose a file. `problem` is why the last one was refused."""
    kinds = [(kind.value, plural_of(kind)) for kind in Kind if may_write(request, kind)]
    context = {
        **_context(request, "Importar archivo"),
        "kinds": kinds,
        "companies": list(Company.objects.all()),
        "problem": problem,
        "step": 1,
    }
    return render(request, "admin/import_upload.html", context, status=400 if problem else 200)


def step(
    request: HttpRequest, file: ImportFile, badge: Callable[[ImportFile], SafeString], *, may_import: bool
) -> HttpResponse:
    """The page of an import in its present state."""
    before = uploads.previous_import(file)
    context = {
        **_context(request, f"Importar {plural_of(file.kind)}"),
        "file": file,
        "badge": badge(file),
        "facts": [*file.shown.get("facts", []), *_facts(file)],
        "before": before,
        "before_at": f"{before.created_at:%d/%m/%Y}" if before else "",
        "may_import": may_import,
        "plural": plural_of(file.kind),
        "at": moment,
    }
    if file.state == _State.ASKING:
        return render(request, "admin/import_columns.html", context | import_columns_page.context(file))
    if file.state == _State.REVIEW:
        return render(
            request, "admin/import_review.html", context | {"step": 3, **import_review.context(request, file)}
        )
    return render(request, "admin/import_progress.html", context | _result(request, file))


def _context(request: HttpRequest, title: str) -> dict[str, Any]:
    return {**site.each_context(request), "title": title}


def _facts(file: ImportFile) -> list[tuple[str, str]]:
    return [
        ("Empresa", str(file.company)),
        ("Usuario", str(file.requested_by or "–")),
        ("Fecha", moment(file.created_at)),
    ]


def _result(request: HttpRequest, file: ImportFile) -> dict[str, Any]:
    step = 1 if file.state == _State.REFUSED else 4 if file.confirmed_at else 3
    context = {"step": step, "progress": progress_of(file), "is_waiting": file.state in ImportFile.WORKING}
    context["cancel_label"] = _cancel_label(file)
    if file.state not in undoing.UNDOABLE:
        return context
    context |= import_undo.result_context(request, file)
    left_out = file.documents.filter(outcome="left").defer("source")[:_LEFT_OUT_SHOWN]
    return context | {"left": left_out, **import_review.documents_context(request, file)}


def _cancel_label(file: ImportFile) -> str:
    """The words of the button; empty where an undoing goes on, which is never left half done by a person."""
    if file.state == _State.UNDOING:
        return ""
    return "Cancelar lo que falta" if file.confirmed_at else "Cancelar"


def progress_of(file: ImportFile) -> dict[str, Any]:
    """The progress of an import, in the shape that `progress.js` reads."""
    total, done = _extent(file)
    return {
        "state": file.state,
        "over": file.state not in ImportFile.WORKING,
        "message": _sentence(file, total, done),
        "counts": {"total": total, "done": done, "wrong": file.wrong},
        "rows": [],
    }


def _extent(file: ImportFile) -> tuple[int, int]:
    """(total, done): records while importing, rows of the file before."""
    if file.confirmed_at:
        over_sent = file.differing if file.over_sent else 0
        return file.new + file.changed + over_sent + answering.coming_count(file), file.done
    # `rows_done` is the number of the last row read, which counts the headings too.
    return file.row_count, min(file.rows_done, file.row_count or file.rows_done)


def _sentence(file: ImportFile, total: int, done: int) -> str:
    plural = plural_of(file.kind)
    if file.state == _State.REFUSED:
        return f"No se importó nada. {file.message}"
    if file.state == _State.FAILED:
        return file.message
    if file.state == _State.CANCELLED:
        return "Se canceló: no se importó nada."
    if file.state == _State.DONE:
        return f"Se importaron {done} de {total} {plural}.{_left_out(file)}"
    if file.state in (_State.UNDOING, _State.UNDONE):
        return _undoing(file)
    if file.state == _State.RUNNING:
        return f"Importando: {done} de {total} {plural}"
    return f"Revisando: fila {done} de {total}" if total else "Examinando el archivo…"


def _left_out(file: ImportFile) -> str:
    wrong = f" Quedaron por fuera {file.wrong} con error." if file.wrong else ""
    undecided = answering.undecided_count(file)
    if not undecided:
        return wrong
    verb = "Quedó" if undecided == 1 else "Quedaron"
    return f"{wrong} {verb} {undecided} por decidir: para traerlos, importe el archivo otra vez y decida."


def _undoing(file: ImportFile) -> str:
    done = undoing.outcome_counts(file)
    told = f"se eliminaron {done['deleted']}, volvieron a como estaban {done['restored']} y se quedan {done['kept']}."
    if file.state == _State.UNDOING:
        return f"Deshaciendo la importación: {told}"
    return f"La importación se deshizo: {told}"
