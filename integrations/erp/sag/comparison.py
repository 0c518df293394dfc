"""What was sent to SAG beside what its tables hold, value by value: every field that can be read. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from integrations.erp.equality import CENT, compare, decimal_or_zero, same_value
from integrations.erp.read_back import ComparedValue, ErpRow, FoundRecord
from integrations.erp.receipts import Reference
from integrations.erp.sag.sent_request import MASTER_KEYS, SentRecord, reference_of

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
_LINE_COLUMNS = {
    "CodigoArticulo": ("articulo", "artículo"),
    "Cantidad": ("cantidad", "cantidad"),
    "Descuento": ("descuento", "descuento %"),
    "Bodega": ("bodega", "bodega"),
}
FIELD_NAMES = {
    "nit": "Nit",
    "fecha": "FechaDocumento",
    "número": "NumeroDocumento",
    "prefijo": "Prefijo",
    "valor unitario": "ValorUnitario",
    **{label: name for name, (_, label) in _LINE_COLUMNS.items()},
    **{label: name for columns in _MASTER_COLUMNS.values() for name, (_, label) in columns.items()},
}
"""Spanish label of a compared value → the attribute of the request."""


def is_comparable(sent: SentRecord) -> bool:
    """Whether any column that can be read holds something of what was sent of a master."""
    return any(name in sent.attributes for name in _MASTER_COLUMNS[sent.tag])


def compared_master(sent: SentRecord, row: ErpRow) -> FoundRecord:
    """A master beside its row. It is what its natural key says: another name is a difference, not a second master."""
    key_name = MASTER_KEYS[sent.tag]
    key = compare("código" if key_name == "codigo" else "NIT", sent.attributes[key_name], row["clave"])
    values = [
        compare(label, sent.attributes[name], row.get(column) or "")
        for name, (column, label) in _MASTER_COLUMNS[sent.tag].items()
        if name in sent.attributes
    ]
    return FoundRecord(reference_of(sent.tag, sent.attributes), (key, *values))


def compared_document(sent: SentRecord, row: ErpRow, lines: Sequence[ErpRow], reference: Reference) -> FoundRecord:
    """A document with its lines beside its rows. What SAG gives no value of is not compared."""
    is_voided = same_value(row.get("anulado") or "N", "S")
    return FoundRecord(reference, (*_header(sent.attributes, row), *_lines(sent.lines, lines)), is_voided)


def _header(sent: Mapping[str, str], row: ErpRow) -> Iterator[ComparedValue]:
    number = sent.get("NumeroDocumento", "")
    values = (
        ("NIT", sent.get("Nit") or sent.get("NitTercero"), row.get("nit")),
        ("fecha", sent.get("FechaDocumento", "").replace("/", "-")[:10], str(row.get("fecha") or "")[:10]),
        ("número", "" if number == "0" else number, row.get("numero")),
        ("prefijo", sent.get("Prefijo"), row.get("prefijo")),
    )
    for label, ours, theirs in values:
        if ours and theirs not in (None, ""):
            yield compare(label, ours, theirs)


def _lines(sent: Sequence[Mapping[str, str]], rows: Sequence[ErpRow]) -> Iterator[ComparedValue]:
    yield compare("número de líneas", len(sent), len(rows))
    if len(sent) != len(rows) or any("Valor" in line and "CodigoArticulo" not in line for line in sent):
        # assumed: no public column holds the value of an account entry.
        return
    theirs = sorted(rows, key=lambda row: _order(row.get("articulo"), row.get("cantidad"), row.get("valor")))
    ours = sorted(sent, key=lambda line: _order(*(line.get(name) for name in _ORDERED_BY)))
    for position, (line, row) in enumerate(zip(ours, theirs, strict=True), 1):
        yield from _line(position, line, row)


_ORDERED_BY = ("CodigoArticulo", "Cantidad", "ValorUnitario")


def _order(article: object, quantity: object, price: object) -> tuple[str, Decimal, Decimal]:
    return str(article or "").casefold(), decimal_or_zero(quantity), decimal_or_zero(price)


def _line(position: int, line: Mapping[str, str], row: ErpRow) -> Iterator[ComparedValue]:
    for name, (column, label) in _LINE_COLUMNS.items():
        if line.get(name) and row.get(column) not in (None, ""):
            value = compare(label, line[name], row[column], position)
            # The official text takes a whole Ref-Talla-Color code, too: SAG keeps the reference.
            is_its_reference = name == "CodigoArticulo" and _begins_with(line[name], f"{value.found}-")
            yield replace(value, differs=value.differs and not is_its_reference)
    yield from _price(position, line, row)


def _price(position: int, line: Mapping[str, str], row: ErpRow) -> Iterator[ComparedValue]:
    """The price of one unit; SAG's own rounding of it may not change the line by more than a cent."""
    price = line.get("ValorUnitario", "")
    if price not in ("", _AVERAGE_COST) and row.get("valor") not in (None, ""):
        quantity = decimal_or_zero(line.get("Cantidad")) or 1
        difference = quantity * (decimal_or_zero(price) - decimal_or_zero(row["valor"]))
        value = compare("valor unitario", price, row["valor"], position)
        yield replace(value, differs=abs(difference) > CENT)


def _begins_with(text: str, beginning: str) -> bool:
    return text.casefold().startswith(beginning.casefold())
