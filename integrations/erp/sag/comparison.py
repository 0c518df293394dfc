"""What was sent to SAG beside what its tables hold, value by value: every field that can be read. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from integrations.erp.equality import CENT, number, pair, same
from integrations.erp.findings import Found, Pair
from integrations.erp.receipts import Reference
from integrations.erp.sag.sent_request import MASTER_KEYS, Sent, reference_of

Row = Mapping[str, Any]

_MASTER_COLUMNS: dict[str, dict[str, tuple[str, str]]] = {
    "cliente": {"nombre": ("nombre", "nombre"), "naturaleza": ("naturaleza", "naturaleza")},
    "tercero": {
        "nombre": ("nombre", "nombre"),
        "naturaleza": ("naturaleza", "naturaleza"),
        "direccion": ("direccion", "dirección"),
        "email": ("email", "correo"),
        "telefonoPpal": ("telefono", "teléfono"),
        "telefonoAlterno": ("telefono_alterno", "teléfono alterno"),
        "codigoAlterno": ("codigo_alterno", "código alterno"),
        "tipoDocumento": ("tipo_documento", "tipo de documento"),
        "tipoTercero": ("tipo_tercero", "tipo de tercero"),
        "codActividadEconomica": ("actividad", "actividad económica"),
    },
    "articulo": {
        "descripcion": ("nombre", "descripción"),
        "porcentajeIVA": ("iva", "porcentaje de IVA"),
        "referencia": ("referencia", "referencia"),
    },
}
"""Tag → attribute that was sent → column that comes back, and how staff call it."""

_AVERAGE_COST = "-9999999"
_LINE_LABELS = {"CodigoArticulo": "artículo", "Bodega": "bodega", "Cantidad": "cantidad", "Descuento": "descuento %"}
NAMES = {
    "nit": "Nit", "fecha": "FechaDocumento", "número": "NumeroDocumento", "prefijo": "Prefijo",
    "valor unitario": "ValorUnitario",
    **{label: name for name, label in _LINE_LABELS.items()},
    **{label: name for columns in _MASTER_COLUMNS.values() for name, (_, label) in columns.items()},
}  # fmt: skip
"""How a compared value is called in what a read shows → the attribute of the request."""


def shows(sent: Sent) -> bool:
    """Whether any column that can be read holds something of what a master's sending said."""
    return any(name in sent.attributes for name in _MASTER_COLUMNS[sent.tag])


def compared_master(sent: Sent, row: Row) -> Found:
    """A master is what its natural key says; what differs is a difference to review, not a second one."""
    pairs = [
        pair(label, sent.attributes[name], row.get(column) or "")
        for name, (column, label) in _MASTER_COLUMNS[sent.tag].items()
        if name in sent.attributes
    ]
    key = pair("NIT" if MASTER_KEYS[sent.tag] != "codigo" else "código", sent.attributes[MASTER_KEYS[sent.tag]],
               row["clave"])  # fmt: skip
    return Found(reference_of(sent.tag, sent.attributes), (key, *pairs))


def compared_document(sent: Sent, row: Row, lines: Sequence[Row], reference: Reference) -> Found:
    """A document with its lines. What SAG gives no value of is not compared."""
    is_voided = same(row.get("anulado") or "N", "S")
    return Found(reference, (*_header(sent, row), *_lines(sent, lines)), is_voided)


def _header(sent: Sent, row: Row) -> Iterator[Pair]:
    tax_id = sent.attributes.get("Nit") or sent.attributes.get("NitTercero")
    if tax_id and row.get("nit") not in (None, ""):
        yield pair("NIT", tax_id, row["nit"])
    day = sent.attributes.get("FechaDocumento", "").replace("/", "-")[:10]
    if day and row.get("fecha"):
        yield pair("fecha", day, str(row["fecha"])[:10])
    given = sent.attributes.get("NumeroDocumento", "0")
    if given not in ("", "0") and row.get("numero") not in (None, ""):
        yield pair("número", given, row["numero"])
    prefix = sent.attributes.get("Prefijo", "")
    if prefix and row.get("prefijo") not in (None, ""):
        yield pair("prefijo", prefix, row["prefijo"])


def _lines(sent: Sent, rows: Sequence[Row]) -> Iterator[Pair]:
    yield pair("número de líneas", len(sent.lines), len(rows))
    if len(sent.lines) != len(rows) or any("Valor" in line and "CodigoArticulo" not in line for line in sent.lines):
        # assumed: no public column holds the value of an account entry.
        return
    theirs = sorted(rows, key=lambda row: _order(row.get("articulo"), row.get("cantidad"), row.get("valor")))
    ours = sorted(sent.lines, key=lambda line: _order(*(line.get(name) for name in _ORDERED_BY)))
    for position, (line, row) in enumerate(zip(ours, theirs, strict=True), 1):
        yield from _line(position, line, row)


_ORDERED_BY = ("CodigoArticulo", "Cantidad", "ValorUnitario")


def _order(article: object, quantity: object, price: object) -> tuple[str, Decimal, Decimal]:
    return str(article or "").casefold(), number(quantity), number(price)


def _line(position: int, line: Mapping[str, str], row: Row) -> Iterator[Pair]:
    for name, column in (("CodigoArticulo", "articulo"), ("Cantidad", "cantidad"), ("Descuento", "descuento"),
                         ("Bodega", "bodega")):  # fmt: skip
        if line.get(name) and row.get(column) not in (None, ""):
            yield _line_pair(name, line[name], row[column], position)
    price = line.get("ValorUnitario", "")
    if price not in ("", _AVERAGE_COST) and row.get("valor") not in (None, ""):
        quantity = number(line.get("Cantidad")) or 1
        differs = abs(quantity * (number(price) - number(row["valor"]))) > CENT
        shown = pair("valor unitario", price, row["valor"], position)
        yield Pair(shown.label, shown.sent, shown.found, differs, position)


def _line_pair(name: str, sent: str, found: object, position: int) -> Pair:
    shown = pair(_LINE_LABELS[name], sent, found, position)
    if name == "CodigoArticulo" and shown.differs:
        # The official text takes a whole Ref-Talla-Color code, too: SAG keeps the reference.
        is_its_reference = sent.casefold().startswith(f"{shown.found.casefold()}-")
        return Pair(shown.label, shown.sent, shown.found, not is_its_reference, position)
    return shown
