"""One look over a whole table before anything is read of it: its columns, its formats, and what must be asked."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, zip_longest
from typing import Any

from integrations.choices import Kind
from integrations.erp.fields.spec import ValueType
from integrations.files.errors import FileError
from integrations.files.reading.cells import Cell, Row, Table, is_empty, shown
from integrations.files.reading.dates import ORDER_LABELS, DateEvidence, is_serial, weigh_dates
from integrations.files.reading.grouping import Keys
from integrations.files.reading.headings import CORRECTION_HEADING, LAST_HEADING_ROW, folded, heading_row, letter_of
from integrations.files.reading.import_targets import PAYMENTS, Room, guessed_kinds, known_names, placed, rooms_of
from integrations.files.reading.lost_zeros import Zeros
from integrations.files.reading.numbers import FORMAT_LABELS, Evidence, shape, weigh
from integrations.files.reading.payments import without_half
from integrations.files.reading.reading_plan import Plan
from integrations.files.reading.required_columns import missing
from integrations.files.reading.typed_mapping import Typed, applied, room_named

_ROWS_AT_ONCE = 100
"""Looked over column by column: what many rows repeat is then looked at once."""
_MOST_FORMS = 500
_MOST_DAYS = 20_000
_SAMPLES = 3
_LONGEST_SAMPLE = 60


@dataclass(frozen=True)
class Question:
    """What only a person can say. `about` is a name of `Plan`; `choices` are (value, Spanish label)."""

    about: str
    text: str
    choices: tuple[tuple[str, str], ...] = ()


@dataclass
class Survey:
    """What a table shows of itself. `plan` is complete where `questions` is empty."""

    plan: Plan
    headings: list[str]
    columns: dict[int, Room]
    questions: list[Question] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    row_count: int = 0
    numbers: Evidence = field(default_factory=Evidence)
    dates: DateEvidence = field(default_factory=DateEvidence)
    number_samples: list[tuple[str, str]] = field(default_factory=list)
    """(heading, value as written): the ones that show the format best; `date_samples` likewise."""
    date_samples: list[tuple[str, str]] = field(default_factory=list)
    samples: list[list[str]] = field(default_factory=list)
    """The first values of each column."""
    repeated: frozenset[int] = frozenset()
    """Hashes of the keys whose rows do not stand together."""

    @property
    def unplaced(self) -> list[str]:
        """The headings whose column is not read."""
        return [
            name
            for column, name in enumerate(self.headings)
            if name and column not in self.columns and folded(name) != folded(CORRECTION_HEADING)
        ]


def look_over(table: Table, plan: Plan) -> Survey:
    """Read a table once and find out what its plan leaves open.

    Raises: FileError where it has no headings, or no rows under them.
    """
    heading = _heading(table, plan)
    headings = _names(heading.cells)
    plan = plan.changed(heading=heading.number)
    kinds = [Kind(plan.kind)] if plan.kind else guessed_kinds(headings)
    if not kinds:
        raise FileError(
            "No se reconoce ninguna columna. Revise que los títulos estén en una fila, como en la plantilla."
        )
    survey = Survey(plan.changed(kind=kinds[0].value), headings, {})
    if len(kinds) > 1:
        choices = tuple((kind.value, kind.label) for kind in kinds)
        survey.questions.append(Question("kind", "Las columnas sirven para varios tipos: diga cuál es.", choices))
    survey.columns = _columns(survey)
    _look(table, survey)
    return survey


def _heading(table: Table, plan: Plan) -> Row:
    first = list(islice(table.rows(), LAST_HEADING_ROW))
    if plan.heading:
        found = next((row for row in first if row.number == plan.heading), None)
    else:
        kinds = [Kind(plan.kind)] if plan.kind else list(Kind)
        found = heading_row(first, known_names(kinds))
    if found is None:
        raise FileError("El archivo no tiene una fila con los títulos de las columnas.")
    return found


def _names(cells: Sequence[Cell]) -> list[str]:
    names = [" ".join(shown(cell).split()) for cell in cells]
    while names and not names[-1]:
        names.pop()
    return names


def _columns(survey: Survey) -> dict[int, Room]:
    rooms = rooms_of(survey.plan.kind)
    chosen = survey.plan.columns
    if not chosen:
        found = placed(survey.headings, survey.plan.kind)
        typed = [Typed(*one) for one in survey.plan.typed]
        found = applied(typed, survey.headings, survey.plan.kind, found)
        if not any(one.name and room_named(one.name, survey.plan.kind).relation == PAYMENTS for one in typed):
            found = without_half(found)
        _ask_of_repeated(survey, found, {folded(one.heading) for one in typed})
        survey.plan = survey.plan.changed(columns={column: room.key for column, room in found.items()})
    else:
        found = {column: rooms[key] for column, key in chosen.items() if key in rooms}
    for label in missing(survey.plan.kind, found):
        survey.questions.append(Question("columns", f"Falta la columna «{label}»."))
    return found


def _ask_of_repeated(survey: Survey, found: dict[int, Room], answered: set[str]) -> None:
    places: dict[str, list[int]] = {}
    for column, name in enumerate(survey.headings):
        if name:
            places.setdefault(folded(name), []).append(column)
    for columns in places.values():
        read, left = [c for c in columns if c in found], [c for c in columns if c not in found]
        if read and left and not answered & {folded(survey.headings[columns[0]]), *map(_letter, columns)}:
            letters = " y ".join(letter_of(column) for column in columns)
            told = f"La columna «{survey.headings[columns[0]]}» está {len(columns)} veces ({letters}): diga cuál vale."
            survey.questions.append(Question("columns", told))


def _letter(column: int) -> str:
    return letter_of(column).casefold()


def content_rows(table: Table, heading: int) -> Iterator[Row]:
    """The rows below the headings that hold something."""
    for row in table.rows():
        if row.number > heading and not all(map(is_empty, row.cells)):
            yield row


def _look(table: Table, survey: Survey) -> None:
    written = _Written(_by_form(survey, ValueType.INTEGER, ValueType.DECIMAL), _by_form(survey, ValueType.DATE))
    zeros, keys = Zeros(survey.columns), Keys(survey.plan.kind, survey.columns)
    rows = (row.cells for row in content_rows(table, survey.plan.heading))
    while some := list(islice(rows, _ROWS_AT_ONCE)):
        _keep_samples(survey, some[: max(0, _SAMPLES - survey.row_count)])
        survey.row_count += len(some)
        columns = [dict.fromkeys(column) for column in zip_longest(*some)]
        written.see(columns)
        zeros.see(columns)
        for cells in some:
            keys.see(cells)
    if not survey.row_count:
        raise FileError("El archivo no trae filas debajo de los títulos.")
    survey.repeated = keys.scattered()
    survey.notices += zeros.told(survey.headings)
    _weigh_numbers(survey, written.numbers)
    _weigh_days(survey, written.days)
    if survey.unplaced:
        survey.notices.append(f"Columnas que no se importan: {', '.join(survey.unplaced)}.")


def _keep_samples(survey: Survey, rows: Sequence[Sequence[Cell]]) -> None:
    while len(survey.samples) < len(survey.headings):
        survey.samples.append([])
    for cells in rows:
        for kept, cell in zip(survey.samples, cells, strict=False):
            if not is_empty(cell):
                kept.append(shown(cell)[:_LONGEST_SAMPLE])


class _Written:
    """How numbers and days are written: column → shape → example, and column → the days as text."""

    def __init__(self, numbers: list[int], days: list[int]) -> None:
        self.numbers: dict[int, dict[str, str]] = {column: {} for column in numbers}
        self.days: dict[int, dict[str, None]] = {column: {} for column in days}

    def see(self, columns: Sequence[Iterable[Cell]]) -> None:
        """Note the cells of some rows, column by column."""
        for column, shapes in self.numbers.items():
            for text in _texts_of(columns, column):
                if not text.isdigit() and len(shapes) < _MOST_FORMS:
                    shapes.setdefault(shape(text), text)
        for column, days in self.days.items():
            for text in _texts_of(columns, column):
                if len(days) < _MOST_DAYS:
                    days[text] = None


def _texts_of(columns: Sequence[Iterable[Cell]], column: int) -> list[str]:
    return [cell for cell in columns[column] if isinstance(cell, str)] if column < len(columns) else []


def _by_form(survey: Survey, *forms: ValueType) -> list[int]:
    return [column for column, room in survey.columns.items() if room.field.value_type in forms]


@dataclass(frozen=True)
class _Matter:
    """What may be written in two ways: a name of `Plan`, its words, and the label of each way."""

    about: str
    name: str
    written: str
    asked: str
    labels: Mapping[Any, str]


_NUMBERS = _Matter(
    "numbers", "Números", "Los números están escritos", "diga cuál es la marca de los decimales", FORMAT_LABELS
)
_DATES = _Matter("dates", "Fechas", "Las fechas están escritas", "diga si va primero el día o el mes", ORDER_LABELS)


def _weigh_numbers(survey: Survey, seen: dict[int, dict[str, str]]) -> None:
    survey.numbers = weigh(pair for forms in seen.values() for pair in forms.items())
    survey.number_samples = _first_of(survey, {column: forms.values() for column, forms in seen.items()})
    _settle(survey, _NUMBERS, survey.numbers)


def _weigh_days(survey: Survey, dates: dict[int, dict[str, None]]) -> None:
    survey.dates = weigh_dates(text for days in dates.values() for text in days)
    survey.date_samples = _first_of(survey, dates)
    _settle(survey, _DATES, survey.dates)
    serial = next((text for days in dates.values() for text in days if is_serial(text)), "")
    if serial:
        survey.notices.append(f"Los números de cinco cifras, como «{serial}», se leen como fechas de Excel.")


def _first_of(survey: Survey, seen: Mapping[int, Iterable[str]]) -> list[tuple[str, str]]:
    return [(survey.headings[column], text) for column, texts in seen.items() for text in islice(texts, _SAMPLES)]


def _settle(survey: Survey, matter: _Matter, evidence: Evidence | DateEvidence) -> None:
    """Take the plan's word, or the evidence's; where neither has one, ask."""
    verdict = getattr(survey.plan, matter.about) or evidence.verdict
    if verdict is None:
        choices = tuple((way.value, label) for way, label in matter.labels.items())
        survey.questions.append(Question(matter.about, _told(matter, evidence), choices))
    survey.plan = survey.plan.changed(**{matter.about: verdict})
    if verdict in matter.labels:
        survey.notices.append(f"{matter.name}: {matter.labels[verdict].lower()}.")


def _told(matter: _Matter, evidence: Evidence | DateEvidence) -> str:
    one, other = evidence.ways
    if one and other:
        return f"{matter.written} de dos maneras («{one}» y «{other}»): {matter.asked}."
    return f"«{evidence.either}» puede leerse de dos maneras: {matter.asked}."
