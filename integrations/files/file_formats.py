"""From a file to drafts: what it is, by its content and not only by its name."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from integrations.choices import Kind
from integrations.files import exported_table, sag_xml, siigo_json
from integrations.files.drafts import Draft
from integrations.files.errors import FileError
from integrations.files.json_reader import read_json
from integrations.files.read_limits import MOST_BYTES, what_it_is
from integrations.files.reading.cells import Facts, Table
from integrations.files.reading.csv_table import CsvTable
from integrations.files.reading.documents import Documents
from integrations.files.reading.reading_plan import Plan
from integrations.files.reading.sheets import book_table
from integrations.files.reading.survey import Question, Survey, look_over
from integrations.files.xml_reader import read_xml

FORMATS = ("csv", "xlsx", "json", "xml")
TABLES = ("csv", "xlsx")
_TEXTS = ("txt", "tsv")
"""What programs of accounting call a table with tabulators."""
_EXPECTED = "se espera un libro de Excel (.xlsx), un CSV, un JSON o un XML."
_BEGINNING_BYTES = 4096


class QuestionsError(FileError):
    """The file can be read in more than one way: what a person must say first."""

    def __init__(self, questions: list[Question]) -> None:
        super().__init__(" ".join(question.text for question in questions))
        self.questions = questions


@dataclass
class Opened:
    """A file that was understood: what it holds and its drafts, read lazily. Of a table also how it is read."""

    format: str
    kind: Kind
    drafts: Iterator[Draft]
    facts: Facts
    survey: Survey | None = None
    headings: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    """What was found out or left out; complete once every draft was taken."""


def open_file(
    path: Path, wanted_format: str | None = None, wanted_kind: Kind | str | None = None, plan: Plan | None = None
) -> Opened:
    """Read a file and find out what was not said.

    Raises: FileError where it can't be read, is not what it claims, or holds another kind of record;
    QuestionsError where only a person can tell how it is read.
    """
    format_name = wanted_format or guess_format(path)
    plan = (plan or Plan()).changed(kind=str(wanted_kind or (plan.kind if plan else "")))
    if format_name in TABLES:
        return open_table(table_of(path, format_name, plan), plan)
    opened = _open_whole(_read_whole(path), format_name)
    if wanted_kind is not None and opened.kind != wanted_kind:
        raise FileError(f"El archivo trae {opened.kind.label.lower()}s y se pidió {Kind(wanted_kind).label.lower()}s.")
    return opened


def table_of(path: Path, format_name: str, plan: Plan) -> Table:
    """The table of a CSV or XLSX file. Raises: FileError; QuestionsError where several sheets hold one."""
    _require_file(path)
    if format_name == "csv":
        return CsvTable(path, encoding=plan.encoding, separator=plan.separator)
    table, question = book_table(path, plan)
    if question is not None:
        raise QuestionsError([question])
    return table


def open_table(table: Table, plan: Plan) -> Opened:
    """Raises: FileError; QuestionsError where the table leaves something open."""
    headings = exported_table.headings_of(table)
    ours = exported_table.kind_of(headings)
    if ours is not None and plan.kind in ("", ours):
        documents = exported_table.OwnDocuments(ours, headings)
        return Opened(table.facts.format, ours, documents.of(table), table.facts, headings=headings)
    survey = look_over(table, plan)
    if survey.questions:
        raise QuestionsError(survey.questions)
    found = Documents(survey.plan, survey.headings)
    found.notices = survey.notices
    kind = Kind(survey.plan.kind)
    return Opened(
        table.facts.format, kind, found.of(table, survey), table.facts, survey, survey.headings, found.notices
    )


def guess_format(path: Path) -> str:
    """By the content; the name decides only between texts.

    Raises: FileError for what is none of the formats.
    """
    _require_file(path)
    with path.open("rb") as file:
        data = file.read(_BEGINNING_BYTES)
    told = what_it_is(data)
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    ending = path.suffix.lower().lstrip(".")
    if ending == "xlsx" and data[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        return "xlsx"
    if told:
        raise FileError(f"El archivo es {told}: {_EXPECTED}")
    if start == b"<":
        return "xml"
    if start in (b"{", b"["):
        return "json"
    if ending in FORMATS:
        return ending
    if ending in _TEXTS:
        return "csv"
    raise FileError(
        f"No se reconoce el archivo: {_EXPECTED} Si es un texto separado, póngale un nombre que termine en .csv."
    )


def _require_file(path: Path) -> None:
    try:
        with path.open("rb"):
            pass
    except OSError as unreadable:
        raise FileError(f"No se puede leer el archivo {path.name}: {unreadable.strerror or unreadable}.") from None


def _read_whole(path: Path) -> bytes:
    _require_file(path)
    if path.stat().st_size > MOST_BYTES:
        raise FileError(f"El archivo pesa más de {MOST_BYTES // 1024**2} MB. Divídalo o use CSV.")
    return path.read_bytes()


def _open_whole(data: bytes, format_name: str) -> Opened:
    if format_name == "json":
        return Opened("json", Kind.MOVEMENT, siigo_json.read(read_json(data)), Facts("json"))
    root = read_xml(data)
    kind = sag_xml.kind_of(root)
    return Opened("xml", kind or Kind.MOVEMENT, sag_xml.read(root), Facts("xml"))
