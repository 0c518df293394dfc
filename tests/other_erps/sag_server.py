"""A SAG over SOAP, by its WSDL: envelopes written by hand, rows in the ways in which SQL Server and .NET print them."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

import simplejson
from lxml.etree import CDATA, Element, QName, SubElement, _Element, fromstring, tostring

from tests.other_erps.sag_records import Said, store
from tests.other_erps.sag_tables import SqlServerError, Tables

TOKEN = "t0k3n1"
_SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
_TEMPURI = "http://tempuri.org/"
_GENERAL = "http://schemas.datacontract.org/2004/07/ws.logica.general"
_CRASH = "Object reference not set to an instance of an object."
Row = list[tuple[str, Any]]


@dataclass(frozen=True)
class Manner:
    """How one installation writes the rows of a query."""

    dates: Callable[[str], str] = str
    numbers: Callable[[Decimal], Any] = lambda number: number
    whole: Callable[[int], Any] = lambda number: number
    """Of columns that hold no decimals."""
    columns: Callable[[str], str] = str
    is_reversed: bool = False
    extra: Row = field(default_factory=list)
    """Columns that nobody asked for."""


def _sql_server_date(date: str) -> str:
    return f"{date.replace('T', ' ')}.000"[:23]


def _date_in_words(date: str) -> str:
    return datetime.fromisoformat(date).strftime("%b %d %Y %I:%M%p")


def _net_date(date: str) -> str:
    milliseconds = datetime.fromisoformat(f"{date}-05:00").timestamp() * 1000
    return f"/Date({milliseconds:.0f}-0500)/"


def _day_first(date: str) -> str:
    return datetime.fromisoformat(date).strftime("%d/%m/%Y %H:%M:%S")


def _float_style(number: Decimal) -> str:
    """As CONVERT(VARCHAR, x, 2) of a FLOAT prints it: 1.5000000000000000e+004."""
    digits, exponent = f"{number:.16e}".split("e")
    return f"{digits}e{exponent[0]}{int(exponent[1:]):03}"


MANNERS = {
    "capitals, the last column first, one more": Manner(
        dates=_sql_server_date, columns=str.upper, is_reversed=True, extra=[("ROWSTAT", 0)]
    ),
    "mixed case, whole numbers with a point, dates in words": Manner(
        dates=_date_in_words, columns=str.title, whole=lambda number: Decimal(f"{number}.0")
    ),
    "numbers as texts with a comma, .NET's dates": Manner(
        dates=_net_date, whole=str, numbers=lambda number: str(number).replace(".", ",")
    ),
    "amounts as floats, the day first": Manner(dates=_day_first, numbers=_float_style),
}


class Sag:
    """A company's SAG with one fuente for orders, two warehouses and an empty list of parties and articles."""

    def __init__(self, manner: Manner | None = None) -> None:
        self.tables, self.manner, self.silent = Tables(), manner or Manner(), 0
        self.calls: list[str] = []
        order = {"k_n_clase_fuente": 4, "sc_tipo_dcto": "O", "nl_consecutivo": 4180, "sc_vendedor_obl": "N"}
        self.tables.insert("fuentes", k_sc_codigo_fuente="PD", sc_nombre="PEDIDO DE CLIENTE", **order)
        for code in ("01", "02"):
            self.tables.insert("bodegas", ss_codigo=code, ss_nombre=f"BODEGA {code}")

    def forget_last_document(self) -> None:
        """Its transaction was rolled back after all."""
        last = self.tables.one("SELECT MAX(ka_nl_movimiento) FROM movimientos")
        for table in ("movimientos_items", "movimientos_otros_datos", "movimientos"):
            self.tables.run(f"DELETE FROM {table} WHERE ka_nl_movimiento = ?", last)

    def is_write(self, headers: dict[str, str], body: bytes) -> bool:
        """Whether the request writes."""
        return "insercionSag" in headers.get("soapaction", "")

    def answer(self, headers: dict[str, str], body: bytes) -> tuple[int, str, bytes]:
        """The answer to one envelope."""
        operation = headers.get("soapaction", "").strip('"').rpartition("/")[2]
        (call,) = fromstring(body).iterfind(f"{{{_SOAP}}}Body/*")
        given = {QName(each).localname: each.text or "" for each in call}
        self.calls.append(operation)
        result = self._inserted(given) if operation == "insercionSag" else self._queried(operation, given)
        return 200, "text/xml; charset=utf-8", _enveloped(operation, result)

    def _inserted(self, given: dict[str, str]) -> Callable[[_Element], None]:
        if given.get("a_s_token") != TOKEN:
            return partial(_write_said, Said("FALLIDO", _CRASH))
        return partial(_write_said, store(self.tables, given["a_s_tipo"], given["a_s_xml"]))

    def _queried(self, operation: str, given: dict[str, str]) -> Callable[[_Element], None]:
        rows = self._rows(given)
        if operation == "consultaSagXml":
            return partial(_write_data_set, rows)
        text = simplejson.dumps([dict(row) for row in rows], use_decimal=True, ensure_ascii=False, indent=1)
        return partial(_write_text, text)

    def _rows(self, given: dict[str, str]) -> list[Row]:
        if given.get("a_s_token") != TOKEN:
            return [[("s_estado", "FALLIDO"), ("s_mensaje", _CRASH)]]
        try:
            return [self._written(row) for row in self.tables.select(given["a_s_consulta"])]
        except SqlServerError as failed:
            return [[("s_estado", "FALLIDO"), ("s_mensaje", str(failed))]]

    def _written(self, row: Row) -> Row:
        written = [(self.manner.columns(name), self._value(value)) for name, value in row] + self.manner.extra
        return written[::-1] if self.manner.is_reversed else written

    def _value(self, value: Any) -> Any:
        if isinstance(value, Decimal):
            return self.manner.numbers(value)
        if isinstance(value, int):
            return self.manner.whole(value)
        is_date = isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT.*", value)
        return self.manner.dates(value) if is_date else value


def _write_text(text: str, result: _Element) -> None:
    result.text = CDATA(text)


def _write_said(said: Said, result: _Element) -> None:
    """In an order of its own, and without what it has nothing to say of."""
    row = SubElement(result, f"{{{_GENERAL}}}clsGenerales", nsmap={"d4p1": _GENERAL})
    values = {
        "s_mensaje": said.message,
        "s_num_documento": said.number,
        "s_fuente": said.source,
        "s_estado": said.state,
    }
    for name, text in values.items():
        if text:
            SubElement(row, f"{{{_GENERAL}}}{name}").text = text


def _write_data_set(rows: list[Row], result: _Element) -> None:
    """As nodes, not as an escaped text; what is NULL is left out."""
    data_set = SubElement(result, "NewDataSet", nsmap={None: ""})  # type: ignore[dict-item]
    for row in rows:
        node = SubElement(data_set, "Consultas")
        for name, value in row:
            if value is not None:
                SubElement(node, name).text = str(value)


def _enveloped(operation: str, write: Callable[[_Element], None]) -> bytes:
    """Prefixes of its own, a header that nobody asked for, a byte order mark before it all."""
    envelope = Element(f"{{{_SOAP}}}Envelope", nsmap={"SOAP-ENV": _SOAP})
    SubElement(envelope, f"{{{_SOAP}}}Header")
    body = SubElement(envelope, f"{{{_SOAP}}}Body")
    response = SubElement(body, f"{{{_TEMPURI}}}{operation}Response", nsmap={"ns1": _TEMPURI})
    write(SubElement(response, f"{{{_TEMPURI}}}{operation}Result"))
    return b"\xef\xbb\xbf" + tostring(envelope, xml_declaration=True, encoding="utf-8", pretty_print=True)
