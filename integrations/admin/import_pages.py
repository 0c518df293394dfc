"""The pages of an import, one for each step: file, columns, review, progress and result."""

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString

from integrations.admin.badges import moment
from integrations.admin.permissions import may_on_kind
from integrations.admin.site import site
from integrations.admin.wording import kind_name
from integrations.choices import Kind
from integrations.files.importing import column_answers, notation_choices, uploads
from integrations.files.importing.rejects import has_rejects, rejects_format
from integrations.models import Company, ImportFile, StagedDocument

ROWS_A_PAGE = 50
_State, _Verdict = ImportFile.State, StagedDocument.Verdict
_TABS = (
    ("con-error", "Con error", _Verdict.WRONG),
    ("distintos", "Ya enviados y distintos", _Verdict.DIFFERING),
    ("nuevos", "Nuevos", _Verdict.NEW),
    ("actualizados", "Actualizados", _Verdict.CHANGED),
    ("iguales", "Sin cambios", _Verdict.SAME),
)
_WAITING = (_State.LOOKING, _State.STAGING, _State.RUNNING)


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
        return render(request, "admin/import_columns.html", context | _asking(file))
    if file.state == _State.REVIEW:
        return render(request, "admin/import_review.html", context | _review(request, file))
    return render(request, "admin/import_progress.html", context | _result(request, file))


def _context(request: HttpRequest, title: str) -> dict[str, Any]:
    return {**site.each_context(request), "title": title}


def _facts(file: ImportFile) -> list[tuple[str, str]]:
    return [
        ("Empresa", str(file.company)),
        ("Usuario", str(file.requested_by or "–")),
        ("Fecha", moment(file.created_at)),
    ]


def _asking(file: ImportFile) -> dict[str, Any]:
    survey = file.shown
    questions = survey.get("questions", [])
    return {
        "step": 2,
        "questions": questions,
        "notices": survey.get("notices", []),
        "columns": column_answers.column_rows(file) if survey.get("samples") else [],
        "targets": column_answers.target_titles(file.kind),
        "readings": [
            {"name": name, "label": _READING_LABELS[name], "choices": choices, "chosen": file.plan.get(name, "")}
            for name, choices in column_answers.reading_choices(file).items()
        ],
        "kinds": [(kind.value, plural_of(kind)) for kind in Kind],
        "notations": [
            *notation_choices.number_groups(file),
            *notation_choices.date_groups(file),
            *notation_choices.hidden_groups(file),
        ],
        "remembered": survey.get("remembered"),
    }


_READING_LABELS = {"sheet": "Hoja", "encoding": "Codificación", "separator": "Separador"}


def _review(request: HttpRequest, file: ImportFile) -> dict[str, Any]:
    return {
        "step": 3,
        "going": _counted(file.kind, file.new + file.changed),
        "notices": file.shown.get("notices", []),
        **_documents(request, file),
    }


def _counted(kind: str, count: int) -> str:
    return f"{count} {kind_name(kind, count) if kind else plural_of(kind)}"


_REJECTS = {
    "xlsx": "Descargar filas con error (Excel)",
    "json": "Descargar documentos con error (JSON)",
    "xml": "Descargar documentos con error (XML)",
}


def _documents(request: HttpRequest, file: ImportFile) -> dict[str, Any]:
    tabs = [(name, label, getattr(file, verdict.value)) for name, label, verdict in _TABS]
    filled = [tab for tab in tabs if tab[2]]
    current = request.GET.get("ver") or (filled[0][0] if filled else "nuevos")
    verdict = next((verdict for name, _, verdict in _TABS if name == current), _Verdict.NEW)
    rows = file.documents.filter(verdict=verdict).defer("source")
    return {
        "tabs": filled,
        "tab": current,
        "page": Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("p")),
        "rejects": _REJECTS[rejects_format(file).key] if has_rejects(file) else "",
    }


def _result(request: HttpRequest, file: ImportFile) -> dict[str, Any]:
    step = 1 if file.state == _State.REFUSED else 4 if file.confirmed_at else 3
    context = {"step": step, "progress": progress_of(file), "is_waiting": file.state in _WAITING}
    if file.state != _State.DONE:
        return context
    left_out = file.documents.filter(outcome="left").defer("source")[:ROWS_A_PAGE]
    return context | {"left": left_out, **_documents(request, file)}


def progress_of(file: ImportFile) -> dict[str, Any]:
    """The progress of an import, in the shape that `progress.js` reads."""
    total, done = _extent(file)
    return {
        "state": file.state,
        "over": file.state not in _WAITING,
        "message": _sentence(file, total, done),
        "counts": {"total": total, "done": done, "wrong": file.wrong},
        "rows": [],
    }


def _extent(file: ImportFile) -> tuple[int, int]:
    """(total, done): records while importing, rows of the file before."""
    if file.confirmed_at:
        return file.new + file.changed + (file.differing if file.over_sent else 0), file.done
    # `rows_done` is the number of the last row read, which counts the headings too.
    return file.row_count, min(file.rows_done, file.row_count or file.rows_done)


def _sentence(file: ImportFile, total: int, done: int) -> str:
    plural = plural_of(file.kind)
    if file.state == _State.REFUSED:
        return f"No se importó nada. {file.message}"
    if file.state == _State.CANCELLED:
        return "Se canceló: no se importó nada."
    if file.state == _State.DONE:
        out = f" Quedaron por fuera {file.wrong} con error." if file.wrong else ""
        return f"Se importaron {done} de {total} {plural}.{out}"
    if file.state == _State.RUNNING:
        return f"Importando: {done} de {total} {plural}"
    return f"Revisando: fila {done} de {total}" if total else "Examinando el archivo…"
