"""The published Siigo request, or a bare list of its rows, as movements."""

from collections.abc import Iterator
from typing import Any

from integrations.choices import Kind
from integrations.erp.siigo.fields import MOVEMENT
from integrations.files.drafts import Draft, complete, fill, require
from integrations.files.errors import FileError
from integrations.files.reading.headings import CORRECTION_HEADING
from integrations.models.syncable import model_for

ORIGIN = "siigo_json"
OBLIGATORY = ("accounting_account", "debit_or_credit", "sequence_value")
OF_THE_VOUCHER = ("voucher_type", "voucher_code")
"""The least that a document needs to be one."""
_SHARED = ("voucher_type", "voucher_code", "document_number", "document_year", "document_month", "document_day")


def read(document: Any) -> Iterator[Draft]:
    """A draft for each voucher, its rows in the order of the list.

    A list of requests, one for each process year, is read as one after the other.
    Raises: FileError where the document is no list of movements.
    """
    before = 0
    for request in _requests(document):
        rows, year = _rows(request)
        for group in _vouchers(rows, before + 1):
            yield draft_of(group, year)
        before += len(rows)


def _requests(document: Any) -> list[Any]:
    several = isinstance(document, list) and all(isinstance(each, dict) and "data" in each for each in document)
    return document if several and document else [document]


def _rows(document: Any) -> tuple[list[Any], int | None]:
    year = None
    if isinstance(document, dict):
        if document.get("resource", "accounting_movements") != "accounting_movements":
            raise FileError(f"El archivo es de «{document['resource']}» y aquí se esperan movimientos contables.")
        data = document.get("data", document)
        params = data.get("params") if isinstance(data, dict) else None
        year = params.get("year") if isinstance(params, dict) else None
        document = data.get("list") if isinstance(data, dict) else None
    if not isinstance(document, list):
        raise FileError("El archivo JSON no trae la lista de movimientos («data.list» o una lista).")
    if not document:
        raise FileError("El archivo JSON no trae movimientos: la lista está vacía.")
    if year is not None and (isinstance(year, bool) or not isinstance(year, int) or not 1900 <= year <= 9999):
        raise FileError(f"El año de proceso «{year}» (params.year) no sirve: escriba un año como 2026.")
    return document, year


def _vouchers(rows: list[Any], first: int) -> Iterator[list[tuple[int, Any]]]:
    """Rows of one voucher together; without a number, a sequence that starts again starts another voucher."""
    numbered: dict[tuple[object, ...], list[tuple[int, Any]]] = {}
    last: tuple[object, ...] | None = None
    for row_number, row in enumerate(rows, first):
        key = _key(row) if isinstance(row, dict) else (row_number,)
        if isinstance(row, dict) and not row.get("document_number"):
            starts = key != (last or ())[: len(key)] or _starts_again(numbered[last or ()], row)
            key = (*key, row_number) if starts else (last or key)
            last = key
        numbered.setdefault(key, []).append((row_number, row))
    yield from numbered.values()


def _key(row: dict[str, Any]) -> tuple[object, ...]:
    return tuple(str(row.get(name, "")) for name in _SHARED)


def _starts_again(group: list[tuple[int, Any]], row: dict[str, Any]) -> bool:
    before, now = group[-1][1].get("sequence"), row.get("sequence")
    return isinstance(before, int) and isinstance(now, int) and now <= before


def draft_of(group: list[tuple[int, Any]], year: int | None) -> Draft:
    """One voucher of its numbered rows."""
    record: Any = model_for(Kind.MOVEMENT)()
    record.origin, record.process_year = ORIGIN, year
    draft = Draft(group[0][0], record, rows=group)
    sequences: dict[int, int] = {}
    for row_number, row in group:
        if isinstance(row, dict):
            _add_line(draft, row_number, row, sequences)
        else:
            draft.refuse(row_number, "", "la fila no es un objeto con campos.")
    return draft


def _add_line(draft: Draft, row_number: int, row: dict[str, Any], sequences: dict[int, int]) -> None:
    line = draft.new_part("lines")
    values = ((name, value) for name, value in row.items() if name != CORRECTION_HEADING)
    fill(draft, line, MOVEMENT, values, row=row_number)
    complete(draft, line, row=row_number)
    require(draft, line, MOVEMENT, (*OF_THE_VOUCHER, *OBLIGATORY), row=row_number)
    first = sequences.setdefault(line.position, row_number)
    if first != row_number:
        draft.refuse(
            row_number,
            "sequence",
            f"la secuencia {line.position} de este comprobante ya está en la fila {first}: el documento está dos "
            "veces en el archivo o la secuencia se repite.",
        )
