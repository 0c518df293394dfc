"""The older vocabulary of tipo 2, driven live from 2020 to 2022 (notes, 3.4). Pure.

Only the names seen live exist in it: what has none does not leave, and a rule says so before.
"""

from collections.abc import Iterator, Mapping, Sequence

from integrations.erp.sag.document import XmlNode

TIPO = "2"
TAGS = {
    "Movimiento": "movimiento",
    "MovimientoDetalle": "movimientoDetalle",
    "MovimientoOtrosDatos": "movimientosOtrosDatos",
}
HEADER = {
    "MovimientoId": "movimientoId",
    "NumeroDocumento": "n_numero_documento",
    "NumeroDocumento2": "num_doc",
    "CodigoFuente": "fuente",
    "Nit": "nit",
    "FechaDocumento": "d_fecha_documento",
    "NitVendedor": "vendedor",
    "LoginUsuario": "usuario",
    "RealizarCommit": "RealizarCommit",
    "Observaciones": "observaciones",
    "DireccionEntrega": "dieccionEntrega",  # spelled so by SAG
    "CiudadEntrega": "ciudadEntrega",
}
LINE = {
    "MovimientoDetalleId": "movimientoDetalleId",
    "MovimientoId": "movimientoId",
    "CualPrecio": "sc_cual_precio",
    "CodigoArticulo": "codigoArticulo",
    "Talla": "talla",
    "Color": "color",
    "Cantidad": "cantidad",
    "ValorUnitario": "valorUnitario",
    "Iva": "iva",
    "Descuento": "descuento",
    "Descuento2": "descuento2",
    "Bodega": "bodega",
    "FechaEntrega": "fechaEntrega",
}
OTHER_DATA = {"MovimientoId": "movimientoId"}
_BY_TAG: dict[str, Mapping[str, str]] = {
    "movimiento": HEADER,
    "movimientoDetalle": LINE,
    "movimientosOtrosDatos": OTHER_DATA,
}
_OMITTED = frozenset({"NitTercero", "PorcentajeIva", "CodigoCentroCosto"})
"""Second spellings of a value that the vocabulary already carries, or may do without."""


def rewritten(header: Mapping[str, str], lines: Sequence[Mapping[str, str]]) -> XmlNode:
    """A document in the older vocabulary, from its attributes under the printed names."""
    number = header.get("MovimientoId", "1")
    children = [XmlNode(TAGS["MovimientoDetalle"], _renamed(LINE, line)) for line in lines]
    children.append(XmlNode(TAGS["MovimientoOtrosDatos"], {"movimientoId": number}))
    attributes = _renamed(HEADER, header)
    day = attributes.get("d_fecha_documento", "").replace("/", "-")
    return XmlNode(TAGS["Movimiento"], attributes | ({"fecha": day, "d_fecha_documento": day} if day else {}), children)


def printed(tag: str, attributes: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """The printed tag and names of an element that may be in the older vocabulary."""
    names = {old: name for name, old in _BY_TAG.get(tag, {}).items()}
    tags = {old: name for name, old in TAGS.items()}
    return tags.get(tag, tag), {names.get(name, name): text for name, text in attributes.items()}


def unsendable(header: Mapping[str, str], lines: Sequence[Mapping[str, str]]) -> Iterator[tuple[str, int | None]]:
    """(name, line or None) of what would be left behind: it has a value and no older name."""
    for name, text in header.items():
        if text and name not in HEADER and name not in _OMITTED:
            yield name, None
    for position, line in enumerate(lines, 1):
        for name, text in line.items():
            if text and name not in LINE and name not in _OMITTED:
                yield name, position


def _renamed(names: Mapping[str, str], attributes: Mapping[str, str]) -> dict[str, str]:
    return {old: attributes[name] for name, old in names.items() if name in attributes}
