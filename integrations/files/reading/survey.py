"""One look over a whole table before its records are read: its columns, its formats, and what must be asked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice, zip_longest

from integrations.choices import Kind
from integrations.erp.fields.spec import ValueType
from integrations.files.errors import FileError
from integrations.files.reading.attached_digits import AttachedDigitsSeen
from integrations.files.reading.blank_cells import BlankCells, BlankColumn
from integrations.files.reading.cells import InputCell, InputTable, TableRow, display_text, is_empty
from integrations.files.reading.column_matching import Candidates, known_heading, likely_kinds
from integrations.files.reading.column_survey import survey_columns
from integrations.files.reading.content_rows import ContentRows
from integrations.files.reading.file_shapes import ADVICE, FileShape, shape_of
from integrations.files.reading.grouping import DocumentKeys
from integrations.files.reading.headings import LAST_HEADING_ROW, heading_names, heading_row
from integrations.files.reading.hidden_rows import hidden_columns_notices
from integrations.files.reading.import_targets import ImportTarget, attribute_of
from integrations.files.reading.left_out_rows import LeftOut, LeftOutRows
from integrations.files.reading.lost_zeros import LostZeros
from integrations.files.reading.notations import Settled, serial_notices, settle_dates, settle_numbers
from integrations.files.reading.odd_rows import OddRows
from integrations.files.reading.questions import SurveyQuestion
from integrations.files.reading.reading_plan import ReadingPlan
from integrations.files.reading.totals_rows import ControlTotal, ControlTotals
from integrations.files.reading.two_amounts import NegativeAmounts
from integrations.files.reading.unnumbered_rows import settle_unnumbered
from integrations.files.reading.untitled_columns import UntitledColumns
from integrations.files.reading.written_values import WrittenValues

_ROWS_AT_ONCE = 100
"""Surveyed column by column: a value that many of these rows repeat is looked at once."""
_SAMPLES = 4
_MAX_SAMPLE = 60
"""Characters."""


@dataclass
class TableSurvey:
    """What was found out about a table. `plan` is complete where `questions` is empty."""

    plan: ReadingPlan
    headings: list[str]
    columns: dict[int, ImportTarget] = field(default_factory=dict)
    questions: list[SurveyQuestion] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    row_count: int = 0
    number_samples: dict[int, list[str]] = field(default_factory=dict)
    """Column → some of its values as written, those that contradict each other first; `date_samples` likewise."""
    date_samples: dict[int, list[str]] = field(default_factory=dict)
    samples: list[list[str]] = field(default_factory=list)
    """The first values of each column."""
    scattered: frozenset[int] = frozenset()
    """Hashes of the keys of documents whose rows do not follow one another."""
    blanks: list[BlankColumn] = field(default_factory=list)
    """Columns with empty cells in which one value may stand."""
    control_totals: list[ControlTotal] = field(default_factory=list)
    """What the table's own rows of totals say."""

    open: dict[int, Candidates] = field(default_factory=dict)
    """Columns that may be several fields: a person says which."""
    near: dict[int, ImportTarget] = field(default_factory=dict)
    """Columns that are not read → the field that their heading is spelled like."""
    unmapped: list[int] = field(default_factory=list)
    """The columns with a heading that are not read."""
    shape: FileShape = FileShape.OTHER
    document_count: int = 0


def survey_table(table: InputTable, plan: ReadingPlan, remembered: ReadingPlan | None = None) -> TableSurvey:
    """Read a table once and find out what its plan leaves open.

    `remembered` is what a person said of an earlier file with the same headings.

    Raises: FileError where it has no headings, or no rows under them.
    """
    plan = plan.without_seen()
    heading = _find_heading(table, plan)
    survey = TableSurvey(plan.changed(heading=heading.number), heading_names(heading.cells))
    _find_kind(survey)
    _map_columns(survey)
    _survey_rows(table, survey, remembered or ReadingPlan())
    return survey


def _find_kind(survey: TableSurvey) -> None:
    if survey.plan.kind:
        return
    kinds = likely_kinds(survey.headings)
    if not kinds:
        raise FileError(
            "No se reconoce ninguna columna. Revise que los títulos estén en una fila, como en la plantilla."
        )
    survey.plan = survey.plan.changed(kind=kinds[0].value)
    if len(kinds) > 1:
        choices = tuple((kind.value, kind.label) for kind in kinds)
        survey.questions.append(SurveyQuestion("kind", "Las columnas sirven para varios tipos: diga cuál es.", choices))


def _find_heading(table: InputTable, plan: ReadingPlan) -> TableRow:
    rows = list(islice(table.rows(), LAST_HEADING_ROW))
    if plan.heading:
        heading = next((row for row in rows if row.number == plan.heading), None)
    else:
        heading = heading_row(rows, known_heading([Kind(plan.kind)] if plan.kind else Kind))
    if heading is None:
        raise FileError("El archivo no tiene una fila con los títulos de las columnas.")
    return heading


def _map_columns(survey: TableSurvey) -> None:
    """Give the columns their import targets."""
    found = survey_columns(survey.plan, survey.headings)
    survey.plan, survey.columns, survey.open, survey.near = found.plan, found.columns, found.open, found.near
    survey.questions += found.questions
    survey.unmapped = found.unmapped
    attributes = {attribute_of(target) for target in found.columns.values()}
    survey.shape = shape_of(survey.headings, survey.plan.kind, attributes)


class _RowEvidence:
    """What the rows of a table show, collected in one reading."""

    def __init__(self, survey: TableSurvey, row_width: int) -> None:
        numbers = _columns_of(survey, ValueType.INTEGER, ValueType.DECIMAL)
        self.written = WrittenValues(numbers, _columns_of(survey, ValueType.DATE))
        self.zeros, self.keys = LostZeros(survey.columns), DocumentKeys(survey.plan.kind, survey.columns)
        self.negatives, self.totals = NegativeAmounts(survey.columns), ControlTotals()
        self.attached_digits = AttachedDigitsSeen(_tax_id_columns(survey))
        self._left_out = LeftOutRows(survey.plan.kind, survey.columns)
        self.untitled, self._odd = UntitledColumns(survey.headings), OddRows(len(survey.headings), row_width)
        self.blanks = BlankCells(survey.plan.kind, survey.columns, survey.plan.goes_to)

    def see(self, rows: Sequence[TableRow]) -> None:
        """Collect some rows; those that can be read in two ways say only where their documents stand."""
        self._see_columns([row.cells for row in rows if not self._odd.reason(row)])
        for row in rows:
            why = self._left_out.why(row)
            if why is None:
                self.totals.see_document(row)
                self.keys.see(row.cells)
                self.blanks.see(row)
            elif why is LeftOut.TOTALS:
                self.totals.see_totals(row)

    def _see_columns(self, rows: Iterable[Sequence[InputCell]]) -> None:
        columns = [dict.fromkeys(column) for column in zip_longest(*rows)]
        self.written.see(columns)
        self.untitled.see(columns)
        self.zeros.see(columns)
        self.negatives.see(columns)
        self.attached_digits.see(columns)


def _survey_rows(table: InputTable, survey: TableSurvey, remembered: ReadingPlan) -> None:
    content = ContentRows(table, survey.plan.heading, survey.plan.hidden_rows)
    evidence, content_rows = _RowEvidence(survey, table.row_width), iter(content)
    while rows := list(islice(content_rows, _ROWS_AT_ONCE)):
        _keep_samples(survey, rows[: max(0, _SAMPLES - survey.row_count)])
        survey.row_count += len(rows)
        evidence.see(rows)
    if not survey.row_count:
        raise FileError("El archivo no trae filas debajo de los títulos.")
    survey.scattered = evidence.keys.scattered()
    survey.notices += [*content.notices(), *evidence.untitled.notices(), *evidence.zeros.notices(survey.headings)]
    survey.notices += hidden_columns_notices(survey.headings, table.description.hidden_columns, survey.columns)
    survey.questions += content.questions()
    survey.document_count = evidence.keys.count
    survey.blanks = evidence.blanks.columns(survey.headings)
    _settle_formats(survey, evidence.written, remembered)
    _settle_choice(survey, evidence.negatives.question(survey.headings), remembered)
    _settle_choice(survey, evidence.attached_digits.question(survey.headings), remembered)
    _settle_unnumbered(table, survey, evidence.keys, remembered)
    _tell_unmapped(survey)
    forms = {place: survey.plan.form_of(place) for place in survey.columns}
    survey.control_totals = evidence.totals.totals(survey.headings, survey.columns, forms)


def _keep_samples(survey: TableSurvey, rows: Sequence[TableRow]) -> None:
    while len(survey.samples) < len(survey.headings):
        survey.samples.append([])
    for row in rows:
        for samples, cell in zip(survey.samples, row.cells, strict=False):
            if not is_empty(cell):
                samples.append(display_text(cell)[:_MAX_SAMPLE])


def _tax_id_columns(survey: TableSurvey) -> list[int]:
    """The columns of NITs; the code of a salesperson may be anything."""
    fields = ((place, target.field) for place, target in survey.columns.items())
    return [place for place, field in fields if field.is_tax_id and not field.coded]


def _columns_of(survey: TableSurvey, *forms: ValueType) -> list[int]:
    return [column for column, target in survey.columns.items() if target.field.value_type in forms]


def _settle_formats(survey: TableSurvey, written: WrittenValues, remembered: ReadingPlan) -> None:
    evidence, dates = written.number_evidence(), written.date_evidence()
    survey.number_samples = {
        place: _samples((*evidence[place].examples, evidence[place].either), patterns.values())
        for place, patterns in written.numbers.items()
    }
    survey.date_samples = {place: _samples(dates.all_examples, texts) for place, texts in written.dates.items()}
    _take(survey, settle_numbers(survey.plan, survey.headings, evidence, remembered))
    _take(survey, settle_dates(survey.plan, dates, remembered))
    survey.notices += serial_notices(text for texts in written.dates.values() for text in texts)


def _settle_choice(survey: TableSurvey, question: SurveyQuestion | None, remembered: ReadingPlan) -> None:
    """Take what was said of an earlier file, or ask, where the plan leaves it open."""
    if question is None or getattr(survey.plan, question.about):
        return
    if chosen := getattr(remembered, question.about):
        survey.plan = survey.plan.found(**{question.about: chosen})
    else:
        survey.questions.append(question)


def _settle_unnumbered(table: InputTable, survey: TableSurvey, seen: DocumentKeys, remembered: ReadingPlan) -> None:
    """Which rows without a number are one document, once it is known what their numbers are."""
    is_open = any(question.about == "numbers" for question in survey.questions)
    if is_open or not seen.has_lines or survey.shape in ADVICE:
        return
    content = ContentRows(table, survey.plan.heading, survey.plan.hidden_rows)
    rows = LeftOutRows(survey.plan.kind, survey.columns).rest(iter(content), [])
    found = settle_unnumbered(rows, survey.columns, survey.plan, seen, remembered)
    survey.document_count = found.count
    _take(survey, found.settled)


def _tell_unmapped(survey: TableSurvey) -> None:
    names = [
        f"{survey.headings[place]} (¿es «{survey.near[place].label}»?)"
        if place in survey.near
        else survey.headings[place]
        for place in survey.unmapped
        if place not in survey.open
    ]
    if names:
        survey.notices.append(f"Columnas que no se importan: {', '.join(names)}.")


def _take(survey: TableSurvey, settled: Settled) -> None:
    survey.plan = settled.plan
    survey.questions += settled.questions
    survey.notices += settled.notices


def _samples(examples: Iterable[str], texts: Iterable[str]) -> list[str]:
    """Some of a column's texts, those that are examples of something first."""
    written = {text.strip(): None for text in texts if text.strip()}
    first = [text for text in examples if text.strip() in written]
    return list(dict.fromkeys([*(text.strip() for text in first), *written]))[:_SAMPLES]
