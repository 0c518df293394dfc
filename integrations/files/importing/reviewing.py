"""What an accountant sees of a staged file: its documents, chosen and in order, their sums, and what is wrong."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from integrations.files.identity_questions import from_data
from integrations.models import ImportFile, StagedDocument, StagedFault

_Verdict = StagedDocument.Verdict
_EXAMPLES = 3
_MOST_CAUSES = 50
_ORDERS: dict[str, tuple[str, ...]] = {
    "fila": ("position",),
    "documento": ("label",),
    "fecha": ("date",),
    "tercero": ("party", "tax_id"),
    "lineas": ("line_count",),
    "debito": ("debit",),
    "credito": ("credit",),
    "diferencia": ("difference",),
    "total": ("total",),
}
"""What the documents may be sorted by; with a dash before it, backwards."""


@dataclass(frozen=True)
class Choice:
    """Which documents of a file are shown, and how they are sorted. Empty: all of them, in the order of the file."""

    verdict: str = ""
    cause: str = ""
    text: str = ""
    order: str = ""


def documents(file: ImportFile, choice: Choice) -> "QuerySet[StagedDocument]":
    """The chosen documents, each with its `difference`: debits minus credits."""
    rows = file.documents.annotate(difference=F("debit") - F("credit")).defer("source")
    if choice.verdict:
        rows = rows.filter(verdict=choice.verdict)
    if choice.cause:
        rows = rows.filter(pk__in=file.faults.filter(cause=choice.cause).values("document"))
    if text := choice.text.strip():
        found = Q(label__icontains=text) | Q(party__icontains=text) | Q(tax_id__startswith=text)
        rows = rows.filter(found | Q(row=int(text)) if text.isdecimal() and len(text) < _MAX_DIGITS else found)
    columns = _ORDERS.get(choice.order.removeprefix("-"), ("position",))
    dash = "-" if choice.order.startswith("-") else ""
    return rows.order_by(*(f"{dash}{column}" for column in columns), "position")


_MAX_DIGITS = 10


@dataclass(frozen=True)
class Sums:
    """How many documents and lines, and their pesos."""

    count: int
    lines: int
    debit: Decimal
    credit: Decimal
    total: Decimal

    @property
    def difference(self) -> Decimal:
        """Debits minus credits."""
        return self.debit - self.credit


def sums(rows: "QuerySet[StagedDocument]") -> Sums:
    """The sums over all of these documents."""
    columns = ("line_count", "debit", "credit", "total")
    found = rows.order_by().aggregate(Count("pk"), **{column: Sum(column) for column in columns})
    return Sums(found["pk__count"], *(found[column] or Decimal(0) for column in columns))  # type: ignore[arg-type]


@dataclass(frozen=True)
class CauseOfFaults:
    """What is wrong with several documents in the same way. `target`: the ERP that asks for it; empty: the reading."""

    cause: str
    title: str
    target: str
    blocks: bool
    count: int
    examples: Sequence[tuple[str, str]]
    """(document, message) of the first ones."""


def causes(file: ImportFile) -> list[CauseOfFaults]:
    """What is wrong with the documents of a file, the most frequent first."""
    groups = file.faults.order_by().values("cause", "target").annotate(count=Count("document", distinct=True))
    found = []
    for group in groups.order_by("-count", "cause")[:_MOST_CAUSES]:
        first = list(file.faults.filter(cause=group["cause"]).select_related("document").order_by("pk")[:_EXAMPLES])
        examples = [(one.document.label or f"Fila {one.document.row}", one.message) for one in first]
        known = (group["cause"], first[0].title, group["target"], first[0].blocks)
        found.append(CauseOfFaults(*known, group["count"], examples))
    return found


def faults_of(rows: Sequence[StagedDocument]) -> dict[int, list[StagedFault]]:
    """Document → what is wrong with it."""
    found: dict[int, list[StagedFault]] = defaultdict(list)
    for fault in StagedFault.objects.filter(document__in=[row.pk for row in rows]).order_by("pk"):
        found[fault.document_id].append(fault)
    return found


EXPORTED = (
    "Fila",
    "Documento",
    "Fecha",
    "NIT",
    "Tercero",
    "Líneas",
    "Débito",
    "Crédito",
    "Diferencia",
    "Total",
    "Resultado",
    "Qué corregir",
    "Qué cambia",
)
_AT_ONCE = 500


def exported_rows(rows: "QuerySet[StagedDocument]") -> Iterator[list[Any]]:
    """The documents as rows of a table under `EXPORTED`."""
    chunk: list[StagedDocument] = []
    for row in rows.iterator(chunk_size=_AT_ONCE):
        chunk.append(row)
        if len(chunk) == _AT_ONCE:
            yield from _exported(chunk)
            chunk = []
    yield from _exported(chunk)


def _exported(chunk: Sequence[StagedDocument]) -> Iterator[list[Any]]:
    faults = faults_of(chunk)
    for row in chunk:
        told = [*(fault.message for fault in faults[row.pk])]
        if question := from_data(row.question):
            told.append(f"{row.label} {question.text()}")
        changes = "; ".join(f"{one['field']}: {one['old'] or 'vacío'} → {one['new']}" for one in row.changes)
        header = (row.row, row.label, row.date, row.tax_id, row.party, row.line_count)
        amounts = (row.debit, row.credit, row.debit - row.credit, row.total)
        yield [*header, *amounts, row.get_verdict_display(), " ".join(told), changes]
