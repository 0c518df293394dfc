"""The homologación of a connection as a file, CSV or XLSX, both ways: kind, our code, the ERP's."""

import csv
import io
from collections.abc import Iterable, Sequence

import xlsxwriter  # type: ignore[import-untyped]
from django.db import transaction
from python_calamine import CalamineError, CalamineWorkbook

from integrations.erp.fields.dialect import MAPPED_KINDS
from integrations.models import CodeMapping, Connection
from integrations.standings import verdicts

HEADINGS = ("Tipo", "Código nuestro", "Código en el ERP")
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_BYTES = 5_000_000
_MOST_CHARACTERS = 60
_KIND_OF = {label.casefold(): kind for kind, label in MAPPED_KINDS.items()} | {kind: kind for kind in MAPPED_KINDS}


class MappingFileError(Exception):
    """A file that can't be taken, with the row and what to do, in Spanish."""


def as_csv(connection: Connection) -> bytes:
    """UTF-8 with its mark and semicolons: what a Spanish spreadsheet opens without asking."""
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows([HEADINGS, *_rows(connection)])
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(connection: Connection) -> bytes:
    """Codes are text cells, so that 05001 keeps its zero."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("Homologación")
        for number, row in enumerate([HEADINGS, *_rows(connection)]):
            for column, text in enumerate(row):
                sheet.write_string(number, column, text)
    return out.getvalue()


def _rows(connection: Connection) -> list[tuple[str, str, str]]:
    rows = CodeMapping.objects.filter(connection=connection).values_list("kind", "code", "erp_code")
    return [(MAPPED_KINDS[kind], code, erp_code) for kind, code, erp_code in rows]


def take(connection: Connection, name: str, body: bytes) -> int:
    """Keep every row of a file, over what the table had; how many. All or none.

    Raises: MappingFileError, with the row that is wrong.
    """
    if len(body) > MOST_BYTES:
        raise MappingFileError("El archivo pesa más de 5 MB. Divídalo.")
    rows = _read_xlsx(body) if name.lower().endswith(".xlsx") else _read_csv(body)
    found = {(kind, code): erp_code for kind, code, erp_code in _checked(rows)}
    with transaction.atomic():
        for (kind, code), erp_code in found.items():
            CodeMapping.objects.update_or_create(
                connection=connection, kind=kind, code=code, defaults={"erp_code": erp_code}
            )
        verdicts.forget(connection.company_id, connection.target)
    return len(found)


def _read_csv(body: bytes) -> list[Sequence[object]]:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("cp1252", "replace")
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def _read_xlsx(body: bytes) -> list[Sequence[object]]:
    try:
        return list(CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_index(0).to_python())
    except (CalamineError, IndexError):
        raise MappingFileError("El archivo no es un libro de Excel (.xlsx) que se pueda abrir.") from None


def _checked(rows: Iterable[Sequence[object]]) -> Iterable[tuple[str, str, str]]:
    for number, row in enumerate(rows, 1):
        cells = [_text(cell) for cell in row]
        if number == 1 or not any(cells):
            continue
        kind, code, erp_code = [*cells, "", "", ""][:3]
        if kind.casefold() not in _KIND_OF:
            options = ", ".join(MAPPED_KINDS.values())
            raise MappingFileError(f"Fila {number}, Tipo: «{kind}» no es uno de estos: {options}.")
        if not (code and erp_code) or max(len(code), len(erp_code)) > _MOST_CHARACTERS:
            raise MappingFileError(f"Fila {number}: escriba los dos códigos, de hasta {_MOST_CHARACTERS} caracteres.")
        yield _KIND_OF[kind.casefold()], code, erp_code


def _text(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
