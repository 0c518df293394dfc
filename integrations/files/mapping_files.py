"""The code mappings («homologación») of a connection as a file, CSV or XLSX, both ways: kind, our code, the ERP's."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.db import transaction

from integrations.erp.fields.dialect import MAPPED_KINDS
from integrations.files.errors import FileError
from integrations.files.reading.cells import InputTable, TableRow, display_text
from integrations.files.reading.csv_table import CsvTable
from integrations.files.reading.xlsx_table import XlsxTable
from integrations.files.spreadsheets import csv_pieces
from integrations.files.workbooks import WorkbookSheet, workbook
from integrations.models import CodeMapping, Connection
from integrations.standings import verdicts

HEADINGS = ("Tipo", "Código nuestro", "Código en el ERP")
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_BYTES = 5_000_000
_MAX_CHARACTERS = 60
_KIND_OF = {label.casefold(): kind for kind, label in MAPPED_KINDS.items()} | {kind: kind for kind in MAPPED_KINDS}


def as_csv(connection: Connection) -> bytes:
    """The mappings as UTF-8 with its mark and semicolons: what a Spanish spreadsheet opens without asking."""
    return b"".join(csv_pieces(HEADINGS, _rows(connection), safe=None))


def as_xlsx(connection: Connection) -> bytes:
    """The mappings as a workbook whose codes are text cells, so that 05001 keeps its zero."""
    with workbook([WorkbookSheet("Homologación", HEADINGS, _rows(connection))]) as file:
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
        return {(kind, code): erp_code for kind, code, erp_code in _checked(reader(Path(file.name)))}


def _checked(table: InputTable) -> Iterator[tuple[str, str, str]]:
    for row in islice(table.rows(), 1, None):
        cells = [display_text(cell).strip() for cell in row.cells]
        if any(cells):
            yield _checked_row(row, cells)


def _checked_row(row: TableRow, cells: list[str]) -> tuple[str, str, str]:
    kind, code, erp_code = [*cells, "", "", ""][:3]
    if kind.casefold() not in _KIND_OF:
        options = ", ".join(MAPPED_KINDS.values())
        raise FileError(f"Fila {row.number}, Tipo: «{kind}» no es uno de estos: {options}.")
    if not (code and erp_code) or max(len(code), len(erp_code)) > _MAX_CHARACTERS:
        raise FileError(f"Fila {row.number}: escriba los dos códigos, de hasta {_MAX_CHARACTERS} caracteres.")
    return _KIND_OF[kind.casefold()], code, erp_code
