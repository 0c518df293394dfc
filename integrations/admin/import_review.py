"""The review of an import, as an accountant reads it: its documents with their sums, faults by cause, and doubts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse

from integrations.admin.record_pages import record_url
from integrations.admin.wording import kind_name
from integrations.choices import Kind, Target
from integrations.files.identity_questions import from_data
from integrations.files.importing import answering, reviewing
from integrations.files.importing.control_totals import control_checks
from integrations.files.importing.rejects import has_rejects, rejects_format
from integrations.files.spreadsheets import csv_pieces, xlsx_file
from integrations.models import ImportFile, StagedDocument

ROWS_A_PAGE = 50
_Verdict = StagedDocument.Verdict
TABS = {
    "por-decidir": ("Por decidir", _Verdict.ASKED),
    "con-error": ("Con error", _Verdict.WRONG),
    "distintos": ("Ya enviados y distintos", _Verdict.DIFFERING),
    "nuevos": ("Nuevos", _Verdict.NEW),
    "actualizados": ("Actualizados", _Verdict.CHANGED),
    "iguales": ("Sin cambios", _Verdict.SAME),
}
"""Name in the URL → (label, verdict) of the documents that a tab shows."""
_ALL = "todos"
_COLUMNS = (
    ("fila", "Fila", True),
    ("fecha", "Fecha", False),
    ("documento", "Documento", False),
    ("tercero", "Tercero", False),
    ("lineas", "Líneas", True),
    ("debito", "Débito", True),
    ("credito", "Crédito", True),
    ("diferencia", "Diferencia", True),
    ("total", "Total", True),
)
"""(what it is sorted by, heading, whether it is of figures)."""
_OF_MASTERS = ("fila", "documento")
_REJECTS = {
    "xlsx": "Descargar filas con error (Excel)",
    "json": "Descargar documentos con error (JSON)",
    "xml": "Descargar documentos con error (XML)",
}


@dataclass(frozen=True)
class Heading:
    """A column of the table, with the link that sorts by it; `sorted` is that of ARIA, empty where it is not sorted."""

    label: str
    url: str
    is_figure: bool
    sorted: str


@dataclass(frozen=True)
class ShownDocument:
    """A document of the page: what stops it, what is only told, its doubt, and the choices that settle it."""

    document: StagedDocument
    blocking: Sequence[str]
    warnings: Sequence[str]
    question: str
    choices: Sequence[tuple[str, str]]
    links: Sequence[tuple[str, str]]
    """(name, address) of the records that it is or may be."""


def counted(kind: str, count: int) -> str:
    """«1 movimiento contable», «3 movimientos contables»."""
    return f"{count} {kind_name(kind, count) if kind else 'documentos'}"


def context(request: HttpRequest, file: ImportFile) -> dict[str, Any]:
    """What the page of the review shows beyond its documents."""
    undecided = answering.undecided_count(file)
    coming = file.new + file.changed + answering.coming_count(file)
    return {
        "going": counted(file.kind, coming),
        "coming": coming,
        "staying": file.wrong + undecided,
        "undecided": undecided,
        "topics": answering.open_topics(file),
        "notices": file.shown.get("notices", []),
        "controls": control_checks(file),
        **documents_context(request, file),
    }


def documents_context(request: HttpRequest, file: ImportFile) -> dict[str, Any]:
    """The table of documents as the address asks for it, its sums, and the faults by cause."""
    tabs = [(name, label, getattr(file, verdict.value)) for name, (label, verdict) in TABS.items()]
    tabs = [tab for tab in tabs if tab[2]]
    tab = request.GET.get("ver") or (_ALL if request.GET.get("causa") else tabs[0][0] if tabs else "nuevos")
    choice = _choice(request, tab)
    rows = reviewing.documents(file, choice)
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("p"))
    return {
        "tabs": [*tabs, *([(_ALL, "Todos", sum(count for *_, count in tabs))] if len(tabs) > 1 else [])],
        "tab": tab,
        "choice": choice,
        "page": page,
        "documents": list(_shown(file, list(page.object_list))),
        "headings": _headings(request, file.kind, choice),
        "is_movement": file.kind == Kind.MOVEMENT,
        "sums": reviewing.sums(rows),
        "causes": [_named(cause) for cause in reviewing.causes(file)],
        "query": _query(request, p=None),
        "rejects": _REJECTS[rejects_format(file).key] if has_rejects(file) else "",
    }


def _named(cause: reviewing.CauseOfFaults) -> dict[str, Any]:
    return {"cause": cause, "erp": Target(cause.target).label if cause.target else "Lectura"}


def _choice(request: HttpRequest, tab: str) -> reviewing.Choice:
    asked = {name: request.GET.get(name, "") for name in ("causa", "q", "o")}
    verdict = TABS[tab][1] if tab in TABS else ""
    return reviewing.Choice(verdict, asked["causa"], asked["q"], asked["o"])


def _shown(file: ImportFile, documents: Sequence[Any]) -> Iterator[ShownDocument]:
    faults = reviewing.faults_of(documents)
    for document in documents:
        question = from_data(document.question)
        labels = [(one.record_id, one.label) for one in question.candidates if one.record_id] if question else []
        links = [(label, record_url(file.kind, pk)) for pk, label in labels]
        if document.record_id:
            links = [(document.label, record_url(file.kind, document.record_id))]
        choices = question.choices() if question else []
        of_erps = [fault for fault in faults[document.pk] if fault.target]
        blocking = [fault.message for fault in of_erps if fault.blocks]
        warnings = [fault.message for fault in of_erps if not fault.blocks]
        yield ShownDocument(document, blocking, warnings, question.text() if question else "", choices, links)


def _headings(request: HttpRequest, kind: str, choice: reviewing.Choice) -> list[Heading]:
    shown = [column for column in _COLUMNS if kind == Kind.MOVEMENT or column[0] in _OF_MASTERS]
    return [_heading(request, choice.order, *column) for column in shown]


def _heading(request: HttpRequest, order: str, name: str, label: str, is_figure: bool) -> Heading:
    is_up, is_down = order == name, order == f"-{name}"
    url = _query(request, o=f"-{name}" if is_up else name, p=None)
    return Heading(label, url, is_figure, "ascending" if is_up else "descending" if is_down else "")


def _query(request: HttpRequest, **changes: str | None) -> str:
    """The address's own parameters with changes, as `?…`."""
    names = ("ver", "causa", "q", "o", "p")
    kept = {name: request.GET[name] for name in names if request.GET.get(name)} | changes
    return "?" + urlencode({name: value for name, value in kept.items() if value})


def export(request: HttpRequest, file: ImportFile, ending: str) -> HttpResponse | StreamingHttpResponse:
    """The chosen documents as a table. Raises: Http404 for another ending than csv and xlsx."""
    rows = reviewing.exported_rows(reviewing.documents(file, _choice(request, request.GET.get("ver", _ALL))))
    name = f"revision-{file.pk}.{ending}"
    if ending == "xlsx":
        return FileResponse(xlsx_file(reviewing.EXPORTED, rows), as_attachment=True, filename=name)
    if ending != "csv":
        raise Http404
    answer = StreamingHttpResponse(csv_pieces(reviewing.EXPORTED, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def save_answers(file: ImportFile, form: Any) -> str:
    """Save what was decided about documents that may be here. Returns what was done, in Spanish. Raises: FileError."""
    about = form.get("tema", "")
    if about:
        settled = answering.answer_all(file, about, form.get("todos", ""))
        return f"Quedaron decididos {settled}." if form.get("todos") else "Quedaron otra vez por decidir."
    answers = {int(name[1:]): value for name, value in form.items() if name[:1] == "d" and name[1:].isdecimal()}
    answering.answer_some(file, answers)
    return "Se guardó lo que decidió."
