"""What was sent to SAG beside what its tables hold, value by value: every field that can be read. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from integrations.erp.date_texts import days_in
from integrations.erp.equality import CENT, compare, decimal_or_zero, same_tax_id, same_value
from integrations.erp.read_back import ComparedValue, ErpRow, FoundRecord, Weight
from integrations.erp.receipts import Reference
from integrations.erp.sag.fields.third_party import NEW_NUMBER
from integrations.erp.sag.sent_request import MASTER_KEYS, SentRecord, reference_of

_PARTY_COLUMNS = {
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
    "nombre1": ("nombre1", "primer nombre"),
    "nombre2": ("nombre2", "segundo nombre"),
    "apellido1": ("apellido1", "primer apellido"),
    "apellido2": ("apellido2", "segundo apellido"),
}
_MASTER_COLUMNS: dict[str, dict[str, tuple[str, str]]] = {
    "cliente": {**_PARTY_COLUMNS, "cupoMaximo": ("cupo", "cupo de crédito")},
    "tercero": _PARTY_COLUMNS,
    "articulo": {
        "descripcion": ("nombre", "descripción"),
        "descripcion2": ("descripcion2", "segunda descripción"),
        "porcentajeIVA": ("iva", "porcentaje de IVA"),
        "tarifaIVA": ("codigo_iva", "código de IVA"),
        "referencia": ("referencia", "referencia"),
        "codBarras": ("codigo_barras", "código de barras"),
        "PV1": ("precio1", "precio 1"),
        "activo": ("activo", "activo"),
    },
}
"""Tag → attribute that was sent → column that comes back, and how staff call it."""

_AVERAGE_COST = "-9999999"
_PROOF, _CODE, _TEXT = Weight.PROOF, Weight.CODE, Weight.TEXT
_HEADER_COLUMNS: dict[str, tuple[str, str, Weight]] = {
    "Prefijo": ("prefijo", "prefijo", _PROOF),
    "NitVendedor": ("vendedor", "NIT del vendedor", _CODE),
    "NumeroDocumento2": ("numero2", "número 2", _CODE),
    "SistemaOrigen": ("origen", "sistema de origen", _CODE),
    "Pedido": ("pedido", "pedido", _TEXT),
    "Moneda": ("moneda", "moneda", _TEXT),
    "Trm": ("trm", "TRM", _TEXT),
    "Otros": ("otros", "otros", _TEXT),
    "Beneficiario": ("beneficiario", "beneficiario", _TEXT),
    "Observaciones": ("observaciones", "observaciones", _TEXT),
}
"""Attribute of the header → column that comes back, how staff call it, and what a difference means."""
_LINE_COLUMNS: dict[str, tuple[str, str, Weight]] = {
    "CodigoArticulo": ("articulo", "artículo", _PROOF),
    "Cantidad": ("cantidad", "cantidad", _PROOF),
    "NitTercero": ("nit", "NIT", _PROOF),
    "CodigoCuentaContable": ("cuenta", "cuenta", _PROOF),
    "Valor": ("valor_cuenta", "valor", _PROOF),
    "Descuento": ("descuento", "descuento %", _CODE),
    "Descuento2": ("descuento2", "segundo descuento %", _CODE),
    "Iva": ("iva", "IVA %", _CODE),
    "Bodega": ("bodega", "bodega", _CODE),
    "BodegaOrigen": ("bodega", "bodega de origen", _CODE),
    "BodegaDestino": ("bodega_destino", "bodega de destino", _CODE),
    "Talla": ("talla", "talla", _CODE),
    "Color": ("color", "color", _CODE),
    "Lote": ("lote", "lote", _CODE),
    "DetalleAdicional": ("detalle", "detalle adicional", _TEXT),
}
"""The same for a line. No public column holds an account entry's account and value: `cuenta` and `valor_cuenta` are
compared where the connection's own query of lines gives them (assumed names)."""
_TAX_IDS = frozenset({"NitVendedor", "NitTercero"})
FIELD_NAMES = {
    "nit": "Nit",
    "fecha": "FechaDocumento",
    "número": "NumeroDocumento",
    "prefijo": "Prefijo",
    "valor unitario": "ValorUnitario",
    **{label: name for columns in (_HEADER_COLUMNS, _LINE_COLUMNS) for name, (_, label, _) in columns.items()},
    **{label: name for columns in _MASTER_COLUMNS.values() for name, (_, label) in columns.items()},
}
"""Spanish label of a compared value → the attribute of the request."""


def is_comparable(sent: SentRecord) -> bool:
    """Whether any column that can be read holds something of what was sent of a master."""
    is_renumbered = sent.number_after != sent.number_before
    return is_renumbered or any(name in sent.attributes for name in _MASTER_COLUMNS[sent.tag])


def compared_master(sent: SentRecord, row: ErpRow) -> FoundRecord:
    """A master beside its row. It is what its natural key says: another name is a difference, not a second master."""
    key_name = MASTER_KEYS[sent.tag]
    label, is_same = ("código", same_value) if key_name == "codigo" else ("NIT", same_tax_id)
    key = compare(label, sent.number_after, row["clave"], is_same=is_same)
    # Under the old number, the change of number did not arrive.
    unchanged = {name: text for name, text in sent.attributes.items() if name != NEW_NUMBER}
    reference = reference_of(sent.tag, unchanged if key.differs else sent.attributes)
    return FoundRecord(reference, (key, *_beside_columns(sent, row)))


def _beside_columns(sent: SentRecord, row: ErpRow) -> Iterator[ComparedValue]:
    """What was sent of a master, each beside its column."""
    for name, (column, label) in _MASTER_COLUMNS[sent.tag].items():
        if name in sent.attributes:
            yield compare(label, sent.attributes[name], row.get(column) or "")


def compared_document(
    sent: SentRecord, row: ErpRow, lines: Sequence[ErpRow], reference: Reference, *, is_ours: bool
) -> FoundRecord:
    """A document with its lines beside its rows. What SAG gives no value of is named, not compared.

    `is_ours`: the row was found by our key, or by SAG's identifier of our document.
    """
    header, pairs = list(_header(sent.attributes, row)), _paired(sent.lines, lines)
    compared_lines = [list(_line(place, line, found)) for place, (line, found) in enumerate(pairs, 1)]
    counts = compare("número de líneas", len(sent.lines), len(lines))
    return FoundRecord(
        reference,
        (*header, counts, *(value for values in compared_lines for value in values)),
        same_value(row.get("anulado") or "N", "S"),
        is_ours,
        _not_compared(sent, row, lines),
        bool(pairs) and all(map(_is_told_apart, compared_lines)),
    )


def _header(sent: Mapping[str, str], row: ErpRow) -> Iterator[ComparedValue]:
    party = sent.get("Nit") or sent.get("NitTercero")
    if party and row.get("nit") not in (None, ""):
        yield compare("NIT", party, row["nit"], is_same=same_tax_id)
    yield from _date(sent, row)
    number = sent.get("NumeroDocumento", "")
    if number not in ("", "0") and row.get("numero") not in (None, ""):
        yield compare("número", number, row["numero"])
    yield from _by_columns(_HEADER_COLUMNS, sent, row, 0)


def _date(sent: Mapping[str, str], row: ErpRow) -> Iterator[ComparedValue]:
    """The date, where both can be read: another manner of printing it is no other date."""
    theirs = days_in(row.get("fecha"))
    for ours in days_in(sent.get("FechaDocumento")) if theirs else ():
        yield compare("fecha", ours, ours if ours in theirs else min(theirs))


def _by_columns(
    columns: Mapping[str, tuple[str, str, Weight]], sent: Mapping[str, str], row: ErpRow, line: int
) -> Iterator[ComparedValue]:
    for name, (column, label, weight) in columns.items():
        if sent.get(name) and row.get(column) not in (None, ""):
            is_same = same_tax_id if name in _TAX_IDS else same_value
            yield compare(label, sent[name], row[column], line, weight, is_same=is_same)


def _paired(sent: Sequence[Mapping[str, str]], rows: Sequence[ErpRow]) -> list[tuple[Mapping[str, str], ErpRow]]:
    """Each line that was sent beside the row that is most like it; nothing where their counts differ."""
    if len(sent) != len(rows):
        return []
    theirs = sorted(rows, key=lambda row: _order(*(row.get(name) for name in ("articulo", "cantidad", "valor"))))
    ours = sorted(sent, key=lambda line: _order(*(line.get(name) for name in _ORDERED_BY)))
    return list(zip(ours, theirs, strict=True))


_ORDERED_BY = ("CodigoArticulo", "Cantidad", "ValorUnitario")


def _order(article: object, quantity: object, price: object) -> tuple[str, Decimal, Decimal]:
    return str(article or "").casefold(), decimal_or_zero(quantity), decimal_or_zero(price)


def _line(position: int, line: Mapping[str, str], row: ErpRow) -> Iterator[ComparedValue]:
    for value in _by_columns(_LINE_COLUMNS, line, row, position):
        # The official text takes a whole Ref-Talla-Color code, too: SAG keeps the reference.
        is_its_reference = value.label == _ARTICLE and _begins_with(value.sent, f"{value.found}-")
        yield replace(value, differs=value.differs and not is_its_reference)
    price = line.get("ValorUnitario", "")
    if price not in ("", _AVERAGE_COST) and row.get("valor") not in (None, ""):
        quantity = decimal_or_zero(line.get("Cantidad")) or 1
        difference = quantity * (decimal_or_zero(price) - decimal_or_zero(row["valor"]))
        value = compare(_PRICE, price, row["valor"], position)
        yield replace(value, differs=abs(difference) > CENT)


_ARTICLE, _PRICE = "artículo", "valor unitario"
_NAMES_OF_A_LINE, _AMOUNTS_OF_A_LINE = {_ARTICLE, "cuenta"}, {"cantidad", _PRICE, "valor"}


def _is_told_apart(values: Sequence[ComparedValue]) -> bool:
    """Whether a line's article or account, and an amount of it, were compared."""
    labels = {value.label for value in values}
    return bool(labels & _NAMES_OF_A_LINE) and bool(labels & _AMOUNTS_OF_A_LINE)


_NEVER_READ = {"MovimientoId", "MovimientoDetalleId", "RealizarCommit", "Accion", "LoginUsuario", "CodigoFuente",
               "FechaDocumento", "NumeroDocumento", "Nit", "NitTercero"}  # fmt: skip
"""Compared by name above, or said to SAG about the request and not about the document."""


def _not_compared(sent: SentRecord, row: ErpRow, lines: Sequence[ErpRow]) -> tuple[str, ...]:
    """SAG's names of what was sent and no column shows, those of the header first."""
    header = _without_column(_HEADER_COLUMNS, sent.attributes, [row])
    in_lines = [name for line in sent.lines for name in _without_column(_LINE_COLUMNS, line, lines)]
    unread_date = [] if days_in(row.get("fecha")) else ["FechaDocumento"]
    found = [name for name in dict.fromkeys([*header, *in_lines]) if name not in _NEVER_READ]
    return (*unread_date, *found)


def _without_column(
    columns: Mapping[str, tuple[str, str, Weight]], sent: Mapping[str, str], rows: Sequence[ErpRow]
) -> list[str]:
    shown = {name for name, (column, *_) in columns.items() if any(row.get(column) is not None for row in rows)}
    return [name for name, value in sent.items() if value and name not in shown and name != "ValorUnitario"]


def _begins_with(text: str, beginning: str) -> bool:
    return text.casefold().startswith(beginning.casefold())
