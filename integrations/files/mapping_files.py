"""The code mappings («homologación») of a connection as a file, CSV or XLSX, both ways: kind, our code, the ERP's."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.db import transaction

from integrations.erp.fields.dialect import MAPPED_KINDS
from integrations.erp.fields.parsing import FieldError
from integrations.erp.fields.spec import Field, ValueType, WireType
from integrations.files.cell_text import escape_formula
from integrations.files.errors import FileError
from integrations.files.reading.cell_values import converter_of
from integrations.files.reading.cells import InputTable, TableRow, display_text, is_empty
from integrations.files.reading.content_rows import ContentRows
from integrations.files.reading.csv_table import CsvTable
from integrations.files.reading.hidden_rows import named_rows
from integrations.files.reading.odd_rows import OddRows
from integrations.files.reading.xlsx_table import XlsxTable
from integrations.files.spreadsheets import csv_pieces
from integrations.files.workbooks import WorkbookSheet, workbook
from integrations.models import CodeMapping, Connection
from integrations.standings import verdicts

HEADINGS = ("Tipo", "Código nuestro", "Código en el ERP")
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_BYTES = 5_000_000
_MAX_CHARACTERS = 60
_READ_TEXT = converter_of(Field("code", "Código", ValueType.TEXT, WireType.STRING), None, None)
_READ_OTHERWISE = ("'", '="')
"""How a text begins that a reader of tables would take for an escape."""
_KIND_OF = {label.casefold(): kind for kind, label in MAPPED_KINDS.items()} | {kind: kind for kind in MAPPED_KINDS}


def as_csv(connection: Connection) -> bytes:
    """The mappings as UTF-8 with its mark and semicolons: what a Spanish spreadsheet opens without asking."""
    return b"".join(csv_pieces(HEADINGS, _rows(connection), safe=escape_formula))


def as_xlsx(connection: Connection) -> bytes:
    """The mappings as a workbook whose codes are text cells, so that 05001 keeps its zero."""
    rows = [
        [escape_formula(text) if text.startswith(_READ_OTHERWISE) else text for text in row]
        for row in _rows(connection)
    ]
    with workbook([WorkbookSheet("Homologación", HEADINGS, rows)]) as file:
        return file.read()


def _rows(connection: Connection) -> list[tuple[str, str, str]]:
    rows = CodeMapping.objects.filter(connection=connection).values_list("kind", "code", "erp_code")
    return [(MAPPED_KINDS[kind], code, erp_code) for kind, code, erp_code in rows]


def take(connection: Connection, name: str, body: bytes) -> int:
    """Save every mapping of a file, over those of the same kind and code; all or none. Returns how many.

    `name` ends in `.xlsx` for a workbook; anything else is read as CSV.
    Raises: FileError, with the row that is wrong.
    """
    mappings = _read(name, body)
    with transaction.atomic():
        for (kind, code), erp_code in mappings.items():
            CodeMapping.objects.update_or_create({"erp_code": erp_code}, connection=connection, kind=kind, code=code)
        verdicts.forget(connection.company_id, connection.target)
    return len(mappings)


def _read(name: str, body: bytes) -> dict[tuple[str, str], str]:
    """(kind, our code) → the ERP's code."""
    if len(body) > MAX_BYTES:
        raise FileError("El archivo pesa más de 5 MB. Divídalo.")
    with NamedTemporaryFile(prefix="homologacion-") as file:
        file.write(body)
        file.flush()
        reader = XlsxTable if name.lower().endswith(".xlsx") else CsvTable
        return _without_contradictions(_checked(reader(Path(file.name))))


def _without_contradictions(rows: Iterator[tuple[int, str, str, str]]) -> dict[tuple[str, str], str]:
    first_rows: dict[tuple[str, str], int] = {}
    mappings: dict[tuple[str, str], str] = {}
    for number, kind, code, erp_code in rows:
        first = first_rows.setdefault((kind, code), number)
        if mappings.setdefault((kind, code), erp_code) != erp_code:
            raise FileError(f"Fila {number}: «{code}» ya está en la fila {first} con otro código. Deje una.")
    return mappings


def _checked(table: InputTable) -> Iterator[tuple[int, str, str, str]]:
    """(row, kind, our code, the ERP's code) of each row under the headings, by the rules of every table."""
    _require_headings(table)
    content, odd = ContentRows(table, 1), OddRows(len(HEADINGS), table.row_width)
    for row in content:
        if reason := odd.reason(row):
            raise FileError(f"Fila {row.number}: {reason}")
        yield (row.number, *_checked_row(row))
    if numbers := content.hidden_numbers:
        raise FileError(f"La hoja tiene filas ocultas ({named_rows(numbers)}). Muéstrelas o bórrelas.")


def _require_headings(table: InputTable) -> None:
    """Raises: FileError where the first row is a mapping already: it would be passed over."""
    first = next(table.rows(), TableRow(1, []))
    if any(display_text(cell).strip().casefold() in _KIND_OF for cell in first.cells[:1]):
        raise FileError(f"Falta la fila de títulos: {', '.join(HEADINGS)}.")


def _checked_row(row: TableRow) -> tuple[str, str, str]:
    kind, code, erp_code = (_text(row, place) for place in range(len(HEADINGS)))
    if kind.casefold() not in _KIND_OF:
        options = ", ".join(MAPPED_KINDS.values())
        raise FileError(f"Fila {row.number}, Tipo: «{kind}» no es uno de estos: {options}.")
    if not (code and erp_code) or max(len(code), len(erp_code)) > _MAX_CHARACTERS:
        raise FileError(f"Fila {row.number}: escriba los dos códigos, de hasta {_MAX_CHARACTERS} caracteres.")
    return _KIND_OF[kind.casefold()], code, erp_code


def _text(row: TableRow, place: int) -> str:
    """The text of a cell, read as that of any table. Raises: FileError for what is none, as an error of a formula."""
    cell = row.cells[place] if place < len(row.cells) else None
    try:
        return "" if is_empty(cell) else str(_READ_TEXT(cell))
    except FieldError as wrong:
        raise FileError(f"Fila {row.number}, {HEADINGS[place]}: {wrong}") from None
