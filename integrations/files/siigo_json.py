"""The published Siigo request, or a bare list of its rows, as movements."""

from collections.abc import Iterator
from typing import Any

from integrations.choices import Kind
from integrations.erp.siigo.fields import MOVEMENT
from integrations.files.doubtful_numbers import NUMERIC, number_converter
from integrations.files.drafts import Draft
from integrations.files.errors import FileError
from integrations.files.reading.headings import CORRECTION_HEADING
from integrations.files.reading.numbers import NumberFormat
from integrations.models.syncable import model_for

ORIGIN = "siigo_json"
REQUIRED_OF_LINE = ("accounting_account", "debit_or_credit", "sequence_value")
REQUIRED_OF_VOUCHER = ("voucher_type", "voucher_code")
"""Wire names without which a row is no line of a voucher."""
_VOUCHER_KEY = ("voucher_type", "voucher_code", "document_number", "document_year", "document_month", "document_day")


def number_texts(document: Any) -> Iterator[tuple[str, object]]:
    """(name, value) of every number of a document's rows. Raises: FileError, as `read`."""
    for request in _requests(document):
        for row in _rows(request)[0]:
            for name, value in row.items() if isinstance(row, dict) else ():
                field = MOVEMENT.by_spelling.get(name)
                if field is not None and field.value_type in NUMERIC:
                    yield name, value


def read(document: Any, numbers: NumberFormat | None = None) -> Iterator[Draft]:
    """A draft for each voucher of a parsed JSON document: a request, its list of rows, or a list of requests.

    `numbers` is how a person said that the numbers which are texts are read. Raises: FileError where the document is no
    list of movements.
    """
    row_count = 0
    for request in _requests(document):
        rows, year = _rows(request)
        for group in _vouchers(rows, row_count + 1):
            yield draft_of(group, year, numbers)
        row_count += len(rows)


def _requests(document: Any) -> list[Any]:
    is_list = isinstance(document, list) and all(
        isinstance(request, dict) and "data" in request for request in document
    )
    return document if is_list and document else [document]


def _rows(document: Any) -> tuple[list[Any], int | None]:
    """(the list of rows, the process year) of a request; a bare list of rows has no year."""
    rows, year = _unwrap(document) if isinstance(document, dict) else (document, None)
    if not isinstance(rows, list):
        raise FileError("El archivo JSON no trae la lista de movimientos («data.list» o una lista).")
    if not rows:
        raise FileError("El archivo JSON no trae movimientos: la lista está vacía.")
    if year is not None and (isinstance(year, bool) or not isinstance(year, int) or not 1900 <= year <= 9999):
        raise FileError(f"El año de proceso «{year}» (params.year) no sirve: escriba un año como 2026.")
    return rows, year


def _unwrap(request: dict[str, Any]) -> tuple[Any, Any]:
    """`data.list` and `data.params.year` of a request, as they are; None where they are not there."""
    if request.get("resource", "accounting_movements") != "accounting_movements":
        raise FileError(f"El archivo es de «{request['resource']}» y aquí se esperan movimientos contables.")
    data = request.get("data", request)
    if not isinstance(data, dict):
        return None, None
    params = data.get("params")
    return data.get("list"), params.get("year") if isinstance(params, dict) else None


def _vouchers(rows: list[Any], first: int) -> Iterator[list[tuple[int, Any]]]:
    """The numbered rows of each voucher; without a document number, a sequence that starts again is another voucher."""
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
    return tuple(str(row.get(name, "")) for name in _VOUCHER_KEY)


def _starts_again(group: list[tuple[int, Any]], row: dict[str, Any]) -> bool:
    last, sequence = group[-1][1].get("sequence"), row.get("sequence")
    return isinstance(last, int) and isinstance(sequence, int) and sequence <= last


def draft_of(group: list[tuple[int, Any]], year: int | None, numbers: NumberFormat | None = None) -> Draft:
    """The draft of one voucher from its numbered rows; `year` is the process year of its request."""
    record: Any = model_for(Kind.MOVEMENT)()
    record.origin, record.process_year = ORIGIN, year
    draft = Draft(group[0][0], record, rows=group, convert=number_converter(numbers))
    sequences: dict[int, int] = {}
    for row_number, row in group:
        if isinstance(row, dict):
            _add_line(draft, row_number, row, sequences)
        else:
            draft.refuse(row_number, "", "la fila no es un objeto con campos.")
    return draft


_REPEATED_SEQUENCE = (
    "la secuencia {} de este comprobante ya está en la fila {}: el documento está dos veces en el archivo "
    "o la secuencia se repite."
)


def _add_line(draft: Draft, row_number: int, row: dict[str, Any], sequences: dict[int, int]) -> None:
    line = draft.new_part("lines")
    values = ((name, value) for name, value in row.items() if name != CORRECTION_HEADING)
    draft.fill(line, MOVEMENT, values, row=row_number)
    draft.finish_dates(line, row=row_number)
    draft.require(line, MOVEMENT, (*REQUIRED_OF_VOUCHER, *REQUIRED_OF_LINE), row=row_number)
    first = sequences.setdefault(line.position, row_number)
    if first != row_number:
        draft.refuse(row_number, "sequence", _REPEATED_SEQUENCE.format(line.position, first))
