"""The pages of an import, one for each step: file, columns, review, progress and result."""

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString

from integrations.admin.badges import moment
from integrations.admin.site import site
from integrations.choices import Kind
from integrations.files.importing import column_answers, uploads
from integrations.files.importing.rejects import has_rejects, rejects_format
from integrations.files.reading.dates import ORDER_LABELS
from integrations.files.reading.numbers import FORMAT_LABELS
from integrations.models import Company, ImportFile, StagedDocument
from integrations.models.syncable import model_for

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
    """Whether the person may add and change records of a kind."""
    user: Any = request.user
    meta = model_for(kind)._meta
    return all(user.has_perm(f"{meta.app_label}.{verb}_{meta.model_name}") for verb in ("add", "change"))


def plural_of(kind: str) -> str:
    return str(model_for(kind)._meta.verbose_name_plural) if kind else "documentos"


def counted(kind: str, count: int) -> str:
    """«1 movimiento contable», «12 movimientos contables»."""
    name = str(model_for(kind)._meta.verbose_name) if kind and count == 1 else plural_of(kind)
    return f"{count} {name}"


def upload(request: HttpRequest, problem: str = "") -> HttpResponse:
    """The first step: which file."""
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
    """The page of an import as it stands."""
    context = {
        **_context(request, f"Importar {plural_of(file.kind)}"),
        "file": file,
        "badge": badge(file),
        "facts": [*file.shown.get("facts", []), *_story(file)],
        "before": uploads.imported_before(file),
        "may_import": may_import,
        "plural": plural_of(file.kind),
        "at": moment,
    }
    if context["before"]:
        context["before_at"] = f"{context['before'].created_at:%d/%m/%Y}"
    if file.state == _State.ASKING:
        return render(request, "admin/import_columns.html", context | _asking(file))
    if file.state == _State.REVIEW:
        return render(request, "admin/import_review.html", context | _review(request, file))
    return render(request, "admin/import_progress.html", context | _result(request, file))


def _context(request: HttpRequest, title: str) -> dict[str, Any]:
    return {**site.each_context(request), "title": title}


def _story(file: ImportFile) -> list[tuple[str, str]]:
    return [
        ("Empresa", str(file.company)),
        ("Usuario", str(file.requested_by or "–")),
        ("Fecha", moment(file.created_at)),
    ]


def _asking(file: ImportFile) -> dict[str, Any]:
    shown, open_about = file.shown, {one["about"] for one in file.shown.get("questions", [])}
    return {
        "step": 2,
        "questions": shown.get("questions", []),
        "notices": shown.get("notices", []),
        "columns": column_answers.columns_shown(file),
        "rooms": column_answers.offered(file.kind),
        "readings": [
            {"name": name, "label": _READING_LABELS[name], "choices": choices, "chosen": file.plan.get(name, "")}
            for name, choices in column_answers.readings_offered(file).items()
        ],
        "kinds": [(kind.value, plural_of(kind)) for kind in Kind],
        "numbers": _formats(file, "numbers", FORMAT_LABELS, open_about),
        "dates": _formats(file, "dates", ORDER_LABELS, open_about),
        "remembered": shown.get("remembered"),
    }


_OTHERWISE = {"numbers": "no es un número", "dates": "no es una fecha"}
_READING_LABELS = {"sheet": "Hoja", "encoding": "Codificación", "separator": "Separador"}


def _formats(file: ImportFile, name: str, labels: dict[Any, str], open_about: set[str]) -> dict[str, Any]:
    """The two ways to read the numbers, or the dates, each with what the values of the file would be."""
    samples = file.shown.get(name, [])
    offered = [(value.value, label) for value, label in labels.items()]
    if all(first == second for _, _, first, second in samples):
        offered = [("", "")]  # there is nothing to choose
    ways = [
        {"value": value, "label": label, "read": [(one[0], one[1], one[place]) for one in samples]}
        for place, (value, label) in enumerate(offered, 2)
    ]
    return {"ways": ways if samples else [], "chosen": file.plan.get(name) or "", "is_open": name in open_about,
            "otherwise": _OTHERWISE[name]}  # fmt: skip


def _review(request: HttpRequest, file: ImportFile) -> dict[str, Any]:
    return {
        "step": 3,
        "going": counted(file.kind, file.new + file.changed),
        "notices": file.shown.get("notices", []),
        **_documents(request, file),
    }


_REJECTS = {
    "xlsx": "Descargar filas con error (Excel)",
    "json": "Descargar documentos con error (JSON)",
    "xml": "Descargar documentos con error (XML)",
}


def _documents(request: HttpRequest, file: ImportFile) -> dict[str, Any]:
    tabs = [(name, label, getattr(file, verdict.value)) for name, label, verdict in _TABS]
    shown = [tab for tab in tabs if tab[2]]
    wanted = request.GET.get("ver") or (shown[0][0] if shown else "nuevos")
    verdict = next((verdict for name, _, verdict in _TABS if name == wanted), _Verdict.NEW)
    rows = file.documents.filter(verdict=verdict).defer("source")
    return {
        "tabs": shown,
        "tab": wanted,
        "page": Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("p")),
        "rejects": _REJECTS[rejects_format(file).key] if has_rejects(file) else "",
    }


def _result(request: HttpRequest, file: ImportFile) -> dict[str, Any]:
    told = progress_of(file)
    is_waiting = file.state in _WAITING
    step = 1 if file.state == _State.REFUSED else 4 if file.confirmed_at else 3
    context: dict[str, Any] = {"step": step, "progress": told, "is_waiting": is_waiting}
    if file.state == _State.DONE:
        context |= {
            "left": file.documents.filter(outcome="left").defer("source")[:ROWS_A_PAGE],
            **_documents(request, file),
        }
    return context


def progress_of(file: ImportFile) -> dict[str, Any]:
    """How far an import is, as `progress.js` wants it."""
    total, done = _extent(file)
    return {
        "state": file.state,
        "over": file.state not in _WAITING,
        "message": _sentence(file, total, done),
        "counts": {"total": total, "done": done, "wrong": file.wrong},
        "rows": [],
    }


def _extent(file: ImportFile) -> tuple[int, int]:
    if file.confirmed_at:
        return file.new + file.changed + (file.differing if file.over_sent else 0), file.done
    # The last row's number counts the headings too.
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
