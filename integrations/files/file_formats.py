"""From a file to drafts: its format is found by its content and not only by its name."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from integrations.choices import Kind
from integrations.files import exported_table, sag_xml, siigo_json
from integrations.files.doubtful_numbers import DoubtfulNumbers
from integrations.files.drafts import Draft
from integrations.files.errors import FileError
from integrations.files.json_reader import read_json
from integrations.files.read_limits import MAX_BYTES, binary_kind
from integrations.files.reading.cells import FileDescription, InputTable
from integrations.files.reading.content_rows import hidden_rows_questions
from integrations.files.reading.csv_table import CsvTable
from integrations.files.reading.documents import DocumentReader
from integrations.files.reading.file_shapes import told
from integrations.files.reading.numbers import NumberFormat
from integrations.files.reading.questions import SurveyQuestion
from integrations.files.reading.reading_plan import ReadingPlan
from integrations.files.reading.sheets import book_table
from integrations.files.reading.survey import TableSurvey, survey_table
from integrations.files.text_encoding import BLANKS
from integrations.files.xml_reader import read_xml

FORMATS = ("csv", "xlsx", "json", "xml")
TABLES = ("csv", "xlsx")
_CSV_ENDINGS = ("txt", "tsv")
"""What accounting programs call a table with tabulators."""
_BOOK_ENDINGS = ("xlsx", "xlsm")
"""A book with macros is read like any other; they are never run."""
_EXPECTED = "se espera un libro de Excel (.xlsx), un CSV, un JSON o un XML."
_FIRST_BYTES = 4096


class QuestionsError(FileError):
    """The file can be read in more than one way: `questions` are what a person must answer first."""

    def __init__(self, questions: list[SurveyQuestion], kind: str = "", told: str = "") -> None:
        """`kind` is that of the records, where it is known; `told` what the file seems to be, in words."""
        super().__init__(" ".join(question.text for question in questions))
        self.questions, self.kind, self.told = questions, kind, told


@dataclass
class OpenedFile:
    """A file that can be read: its format, the kind of its records, and their drafts, which are read lazily.

    Of a table also its survey, where it is none of our own, and its headings.
    """

    format: str
    kind: Kind
    drafts: Iterator[Draft]
    description: FileDescription
    survey: TableSurvey | None = None
    headings: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    """What was found out or left out, in Spanish; complete once every draft was read."""


def open_file(
    path: Path,
    format_name: str | None = None,
    kind: Kind | str | None = None,
    plan: ReadingPlan | None = None,
) -> OpenedFile:
    """Open a file of records; its format, kind and plan are found out where they are not given.

    Raises: FileError where it can't be read, is not what it claims, or holds another kind of record;
    QuestionsError where only a person can tell how it is read.
    """
    format_name = format_name or guess_format(path)
    plan = plan or ReadingPlan()
    plan = plan.changed(kind=str(kind or plan.kind))
    if format_name in TABLES:
        return read_table(open_table(path, format_name, plan), plan)
    opened = _parse(_read_whole(path), format_name, plan.numbers)
    if kind is not None and opened.kind != kind:
        raise FileError(f"El archivo trae {opened.kind.label.lower()}s y se pidió {Kind(kind).label.lower()}s.")
    return opened


def open_table(path: Path, format_name: str, plan: ReadingPlan) -> InputTable:
    """The table of a CSV or XLSX file.

    Raises: FileError; QuestionsError where several sheets hold one.
    """
    _require_readable(path)
    if format_name == "csv":
        return CsvTable(path, encoding=plan.encoding, separator=plan.separator)
    table, question = book_table(path, plan)
    if question is not None:
        raise QuestionsError([question])
    return table


def read_table(table: InputTable, plan: ReadingPlan) -> OpenedFile:
    """The records of a table, of our own export or of any other.

    Raises: FileError; QuestionsError where the table and the plan leave something open.
    """
    headings = exported_table.table_headings(table)
    exported = exported_table.reader_of(headings)
    if exported is not None and plan.kind in ("", exported.kind):
        return _read_exported(table, exported, plan, headings)
    return _read_surveyed(table, survey_table(table, plan))


def _read_exported(
    table: InputTable, exported: exported_table.ExportedTableReader, plan: ReadingPlan, headings: list[str]
) -> OpenedFile:
    if questions := hidden_rows_questions(table, 1, plan.hidden_rows):
        raise QuestionsError(questions, exported.kind)
    description, notices = table.description, list[str]()
    drafts = exported.drafts(table, plan.hidden_rows, notices)
    return OpenedFile(description.format, exported.kind, drafts, description, headings=headings, notices=notices)


def _read_surveyed(table: InputTable, survey: TableSurvey) -> OpenedFile:
    if survey.questions:
        raise QuestionsError(survey.questions, told=told(survey.shape, survey.document_count))
    reader = DocumentReader(survey.plan, survey.headings, survey.notices)
    kind, description, drafts = Kind(survey.plan.kind), table.description, reader.drafts(table, survey)
    return OpenedFile(description.format, kind, drafts, description, survey, survey.headings, survey.notices)


def guess_format(path: Path) -> str:
    """The format of a file, one of `FORMATS`, by its content; its name decides only between texts.

    Raises: FileError for anything else.
    """
    _require_readable(path)
    with path.open("rb") as file:
        data = file.read(_FIRST_BYTES)
    ending = path.suffix.lower().lstrip(".")
    if ending in _BOOK_ENDINGS and data[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        return "xlsx"
    if kind := binary_kind(data):
        raise FileError(f"El archivo es {kind}: {_EXPECTED}")
    by_first_character = {b"<": "xml", b"{": "json", b"[": "json"}
    found = by_first_character.get(data.lstrip(BLANKS)[:1]) or _format_by_ending(ending)
    if not found:
        raise FileError(
            f"No se reconoce el archivo: {_EXPECTED} Si es un texto separado, póngale un nombre que termine en .csv."
        )
    return found


def _format_by_ending(ending: str) -> str:
    return ending if ending in FORMATS else "csv" if ending in _CSV_ENDINGS else ""


def _require_readable(path: Path) -> None:
    try:
        with path.open("rb"):
            pass
    except OSError as unreadable:
        raise FileError(f"No se puede leer el archivo {path.name}: {unreadable.strerror or unreadable}.") from None


def _read_whole(path: Path) -> bytes:
    _require_readable(path)
    if path.stat().st_size > MAX_BYTES:
        raise FileError(f"El archivo pesa más de {MAX_BYTES // 1024**2} MB. Divídalo o use CSV.")
    return path.read_bytes()


def _parse(data: bytes, format_name: str, numbers: NumberFormat | None) -> OpenedFile:
    if format_name == "json":
        document = read_json(data)
        doubts = DoubtfulNumbers(siigo_json.number_texts(document), numbers)
        kind, drafts = Kind.MOVEMENT, siigo_json.read(document, numbers)
    else:
        root = read_xml(data)
        doubts = DoubtfulNumbers(sag_xml.number_texts(root), numbers)
        kind, drafts = sag_xml.kind_of(root) or Kind.MOVEMENT, sag_xml.read(root, numbers)
    if questions := doubts.questions():
        raise QuestionsError(questions, kind)
    return OpenedFile(format_name, kind, drafts, FileDescription(format_name), notices=doubts.notices())
