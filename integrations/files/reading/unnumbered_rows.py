"""Find out, or ask, which rows without a number are one document.

Rows that follow one another with the same data of the document are one voucher of accounts where they balance together
and nowhere before. Sales don't balance: they are asked about, but where each row says 0, as SAG's text has it that a
document of its own asks for its number.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from integrations.erp.fields.parsing import FieldError, parse
from integrations.files.reading.cell_values import converter_of
from integrations.files.reading.cells import InputCell, TableRow, display_text, is_empty
from integrations.files.reading.grouping import DocumentKeys
from integrations.files.reading.import_targets import ImportTarget, attribute_of
from integrations.files.reading.notations import Settled
from integrations.files.reading.questions import SurveyQuestion
from integrations.files.reading.reading_plan import ReadingPlan
from integrations.files.reading.unnumbered import UNNUMBERED_LABELS, UnnumberedRows

_SIGNS = {"lines.debit": 1, "lines.credit": -1, "lines.signed_amount": 1, "lines.amount": 1}
_EACH_IS_ONE = (
    "Las filas sin número (0) entran cada una como un documento. Si las seguidas son las líneas de uno solo, dígalo en "
    "«Filas sin número» (o con --unnumbered together)."
)
Balance = Callable[[Sequence[InputCell]], Decimal]


def balance_of(columns: Mapping[int, ImportTarget], plan: ReadingPlan) -> Balance | None:
    """A function from a row to its debit less its credit, in pesos; None where the table has no entries.

    A cell that is no amount counts as zero: its document is told anyway.
    """
    by_attribute = {attribute_of(target): place for place, target in columns.items()}
    names = [name for name in _SIGNS if name in by_attribute]
    if "lines.account" not in by_attribute or not names:
        return None
    side = by_attribute.get("lines.side")
    readers = [(by_attribute[name], _SIGNS[name], _reader(columns, by_attribute[name], plan)) for name in names]

    def balance(cells: Sequence[InputCell]) -> Decimal:
        width = len(cells)
        total = sum((sign * read(cells[place]) for place, sign, read in readers if place < width), Decimal(0))
        is_credit = side is not None and side < width and display_text(cells[side]).strip().upper() == "C"
        return -total if is_credit else total

    return balance


def _reader(columns: Mapping[int, ImportTarget], place: int, plan: ReadingPlan) -> Callable[[InputCell], Decimal]:
    field = columns[place].field
    convert = converter_of(field, plan.form_of(place), plan.dates)

    def read(cell: InputCell) -> Decimal:
        try:
            value = Decimal(0) if is_empty(cell) else parse(field, convert(cell))
        except FieldError:
            return Decimal(0)
        return value if isinstance(value, Decimal) else Decimal(0)

    return read


def document_keys(columns: Mapping[int, ImportTarget], plan: ReadingPlan) -> DocumentKeys:
    """The keys of the rows of a table, by a plan."""
    return DocumentKeys(plan.kind, columns, plan.unnumbered, balance_of(columns, plan))


@dataclass(frozen=True)
class SettledRows:
    """What was settled, and how many documents there are by it."""

    settled: Settled
    count: int


def settle_unnumbered(
    rows: Iterable[TableRow],
    columns: Mapping[int, ImportTarget],
    plan: ReadingPlan,
    seen: DocumentKeys,
    remembered: ReadingPlan,
) -> SettledRows:
    """Which rows are one document; `seen` has read the table already, each row apart."""
    if plan.unnumbered:
        return SettledRows(Settled(plan), _counts(rows, document_keys(columns, plan))[0])
    if not seen.joined_blank and not seen.joined_zero:
        return SettledRows(Settled(plan), seen.count)
    if balance_of(columns, plan) is not None:
        return _settle_entries(rows, columns, plan, remembered)
    if seen.joined_blank:
        return SettledRows(_asked(plan, remembered, (UnnumberedRows.TOGETHER, UnnumberedRows.APART)), seen.count)
    return SettledRows(Settled(plan.found(unnumbered=UnnumberedRows.APART), notices=[_EACH_IS_ONE]), seen.count)


def _settle_entries(
    rows: Iterable[TableRow], columns: Mapping[int, ImportTarget], plan: ReadingPlan, remembered: ReadingPlan
) -> SettledRows:
    ways = (UnnumberedRows.TOGETHER, UnnumberedRows.BALANCED)
    keys = [document_keys(columns, plan.found(unnumbered=way)) for way in ways]
    counts = dict(zip(ways, _counts(rows, *keys), strict=True))
    together = counts[UnnumberedRows.TOGETHER]
    if together == counts[UnnumberedRows.BALANCED]:
        return SettledRows(Settled(plan.found(unnumbered=UnnumberedRows.TOGETHER)), together)
    return SettledRows(_asked(plan, remembered, tuple(counts), counts), together)


def _counts(rows: Iterable[TableRow], *keys: DocumentKeys) -> list[int]:
    """How many documents the rows are by each of the keys."""
    for row in rows:
        for each in keys:
            each.see(row.cells)
    return [each.count for each in keys]


def _asked(
    plan: ReadingPlan,
    remembered: ReadingPlan,
    ways: Sequence[UnnumberedRows],
    counts: Mapping[UnnumberedRows, int] | None = None,
) -> Settled:
    if remembered.unnumbered in ways:
        return Settled(plan.found(unnumbered=remembered.unnumbered))
    text = "Hay filas seguidas sin número con los mismos datos del documento: diga cuáles son uno solo."
    choices = tuple((way.value, _label(way, counts or {})) for way in ways)
    return Settled(plan, [SurveyQuestion("unnumbered", text, choices)])


def _label(way: UnnumberedRows, counts: Mapping[UnnumberedRows, int]) -> str:
    return f"{UNNUMBERED_LABELS[way]} ({counts[way]} en el archivo)" if way in counts else UNNUMBERED_LABELS[way]
