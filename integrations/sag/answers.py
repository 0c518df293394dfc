"""Reading what SAG answers, with a strict parser of our own: by local name, whatever the order and the gaps.

zeep's own reading serves neither way: strict, it refuses the manual's printed failure; not strict, it takes a
truncated answer for OK. Here a cut body is never a success.
"""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from lxml import etree

from integrations.causes import Cause, first_match
from integrations.errors import NoAnswerError, QueryError
from integrations.receipts import Receipt, Reference, Verdict
from integrations.sag import causes

ERP = "SAG"
Row = dict[str, Any]
_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


def read_insertion(
    status: int, body: bytes, *, committed: bool = True, headers: Mapping[str, str] | None = None
) -> list[Receipt]:
    """One receipt for each `clsGenerales`; an answer without any is one that may exist."""
    if status in (401, 403):
        return [_receipt(causes.UNAUTHORIZED, status, body, "")]
    if status == 429:
        return [_throttled(status, body, headers or {})]
    try:
        result = _result(status, body, "insercionSagResult")
    except NoAnswerError:
        return [_receipt(causes.UNANSWERED, status, body, "")]
    found = [_one(element, status, body, committed=committed) for element in _named(result, "clsGenerales")]
    return found or [_receipt(causes.UNANSWERED, status, body, "")]


def _one(element: etree._Element, status: int, body: bytes, *, committed: bool) -> Receipt:
    said = {_local(child): _text(child) for child in element}
    message, state = said.get("s_mensaje", ""), said.get("s_estado", "").upper()
    # s_identificador is a NIT for clients and unknown for documents: it can't tell two documents apart.
    reference = Reference(said.get("s_num_documento", ""))
    if state == "OK" and committed:
        return Receipt(Verdict.ACCEPTED, f"SAG: {message or 'OK'}.", "", status, body, reference)
    if state == "OK":
        return _receipt(causes.UNCOMMITTED, status, body, message)
    if state != "FALLIDO":
        return _receipt(causes.UNANSWERED, status, body, message)
    return _receipt(first_match(causes.CAUSES, message) or causes.OTHER, status, body, message)


def _receipt(cause: Cause, status: int, body: bytes, said: str) -> Receipt:
    return Receipt(cause.verdict, cause.told(ERP, said), cause.code, status, body)


def _throttled(status: int, body: bytes, headers: Mapping[str, str]) -> Receipt:
    wait = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    cause = causes.THROTTLED
    return Receipt(
        cause.verdict,
        cause.told(ERP, ""),
        cause.code,
        status,
        body,
        retry_after_seconds=float(wait) if wait.isdigit() else None,
    )


def read_query(method: str, status: int, body: bytes) -> list[Row]:
    """The rows of a query, the same typed rows whichever of the three methods was asked.

    Raises: QueryError where SAG answered with its error row, NoAnswerError where nothing whole came.
    """
    if status in (401, 403):
        raise QueryError(causes.UNAUTHORIZED.told(ERP, ""))
    result = _result(status, body, f"{_OPERATION[method]}Result")
    rows = list(_READERS[method](result))
    _refuse_error_row(rows)
    return rows


_OPERATION = {"json": "consultaSagJson", "json2": "consultaSagJson2", "xml": "consultaSagXml"}


def _refuse_error_row(rows: list[Row]) -> None:
    """SAG answers errors as one row with `s_estado` and `s_mensaje` (`sag-notes`, section 2.3)."""
    if len(rows) != 1:
        return
    row = {name.lower(): value for name, value in rows[0].items()}
    if not {"s_estado", "s_mensaje"} <= row.keys() or str(row["s_estado"] or "").upper() in ("OK", "0", ""):
        return
    message = str(row["s_mensaje"] or "")
    cause = first_match(causes.CAUSES, message)
    raise QueryError(f"SAG respondió: «{message}».", ambiguous=cause is not None and cause.verdict is Verdict.AMBIGUOUS)


def _result(status: int, body: bytes, name: str) -> etree._Element:
    """The result element of a whole, well-formed SOAP answer."""
    if not 200 <= status < 300:
        raise NoAnswerError(f"SAG respondió con el código {status}.", status=status, body=body)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, recover=False, load_dtd=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError:
        raise NoAnswerError("SAG respondió algo que no se puede leer.", status=status, body=body) from None
    if b"<!DOCTYPE" in body[:1000] or _local(root) != "Envelope":
        raise NoAnswerError("SAG respondió algo que no es SOAP.", status=status, body=body)
    found = next(_named(root, name), None)
    if found is None:
        fault = next(_named(root, "faultstring"), None)
        told = f": {_text(fault)}" if fault is not None else ""
        raise NoAnswerError(f"SAG respondió con un error del servicio{told}.", status=status, body=body)
    return found


def _read_json(result: etree._Element) -> Iterator[Row]:
    try:
        rows = json.loads(_text(result) or "null", parse_float=Decimal)
    except (ValueError, RecursionError):
        raise NoAnswerError("SAG respondió la consulta incompleta.") from None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise NoAnswerError("SAG respondió la consulta con un formato desconocido.")
    for row in rows:
        yield {name: _clean(value) for name, value in row.items()}


def _read_pairs(result: etree._Element) -> Iterator[Row]:
    for element in result:
        row: Row = {}
        for pair in _named(element, "KeyValueOfstringanyType"):
            parts = {_local(child): child for child in pair}
            row[_text(parts["Key"])] = _typed(parts.get("Value"))
        yield row


def _read_xml(result: etree._Element) -> Iterator[Row]:
    """A .NET DataSet, as escaped text or as a node; a NULL column is absent, names are escaped."""
    if not len(result) and _text(result):
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
        try:
            result = etree.fromstring(_text(result).encode(), parser)
        except etree.XMLSyntaxError:
            raise NoAnswerError("SAG respondió la consulta incompleta.") from None
    for element in _named(result, "Consultas"):
        yield {_column(child): _guess(_text(child)) for child in element}


_READERS = {"json": _read_json, "json2": _read_pairs, "xml": _read_xml}


def _column(element: etree._Element) -> str:
    return _local(element).replace("_x0020_", " ")


def _typed(element: etree._Element | None) -> Any:
    """A WCF anyType by its `i:type`."""
    if element is None or element.get(_NIL) == "true":
        return None
    kind = element.get(_TYPE, "string").rpartition(":")[2]
    if kind in ("int", "long", "short", "byte", "unsignedInt"):
        return int(_text(element))
    if kind in ("decimal", "double", "float"):
        return _guess(_text(element))
    return _clean(_text(element))


def _guess(text: str) -> Any:
    """A DataSet's XML carries no types: a plain number reads as the JSON methods give it."""
    if not text or (len(text) > 1 and text[0] == "0" and text[1] != "."):
        return _clean(text)
    try:
        return int(text)
    except ValueError:
        pass
    try:
        number = Decimal(text)
    except InvalidOperation:
        return _clean(text)
    return number if number.is_finite() else _clean(text)


def _clean(value: Any) -> Any:
    """Columns of fixed width come padded with blanks (`sag-notes`, section 2.2)."""
    return value.strip() if isinstance(value, str) else value


def _named(element: etree._Element, name: str) -> Iterator[etree._Element]:
    return (found for found in element.iter() if isinstance(found.tag, str) and _local(found) == name)


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _text(element: etree._Element) -> str:
    return "" if element.get(_NIL) == "true" else (element.text or "").strip()
