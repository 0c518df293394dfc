"""What a stored request of SAG says: the record that was sent, its lines, and the key that it carries. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from defusedxml import ElementTree

from integrations.receipts import Reference
from integrations.sag.lookup import NUMBER2

MASTER_KEYS = {"cliente": "documento", "tercero": "documentoActual", "articulo": "codigo"}
"""Tag → the attribute that SAG knows the master by."""
_OURS = re.compile(r"ICP?\d+(-\d+)?")
"""How `payloads.search_key` writes a key."""
_OLDER = {
    "num_doc": NUMBER2, "fuente": "CodigoFuente", "nit": "Nit", "fecha": "FechaDocumento",
    "d_fecha_documento": "FechaDocumento", "n_numero_documento": "NumeroDocumento", "codigoArticulo": "CodigoArticulo",
    "cantidad": "Cantidad", "valorUnitario": "ValorUnitario", "bodega": "Bodega", "descuento": "Descuento",
}  # fmt: skip
"""The vocabulary that a_s_tipo 2 had first (`sag-notes`, section 3.4)."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What we sent of one record: its attributes (those of its further data too) and those of its lines."""

    tag: str
    attributes: dict[str, str]
    lines: tuple[dict[str, str], ...]

    @property
    def source(self) -> str:
        return self.attributes.get("CodigoFuente", "")

    @property
    def moves_stock(self) -> bool:
        """Between two warehouses: SAG keeps those lines in a table of their own."""
        return any("BodegaOrigen" in line and "BodegaDestino" in line for line in self.lines)

    def key(self, key_field: str) -> tuple[str, str]:
        """(field, value) by which a read finds the document: ours where it travels, else its own number 2."""
        carried = ((name, self.attributes.get(name, "")) for name in dict.fromkeys((key_field, NUMBER2)))
        found = [(name, value) for name, value in carried if value]
        ours = [one for one in found if _OURS.fullmatch(one[1])]
        own = [one for one in found if one[0] == NUMBER2]
        return next(iter([*ours, *own]), ("", ""))


def sent_of(body: str) -> Sent:
    """What a stored request says; child elements count as attributes."""
    record = next(iter(ElementTree.fromstring(body)))
    is_document = record.tag.casefold() == "movimiento"
    attributes = _named(record.attrib, is_document)
    attributes.update({child.tag: child.text or "" for child in record if not child.attrib and not len(child)})
    for child in record:
        if child.tag.casefold() in ("movimientootrosdatos", "movimientosotrosdatos"):
            attributes.update({re.sub(r"^Dato0", "Dato", name): value for name, value in child.attrib.items()})
    lines = tuple(_named(child.attrib, True) for child in record if child.tag.casefold() == "movimientodetalle")
    return Sent("Movimiento" if is_document else record.tag.casefold(), attributes, lines)


def _named(attributes: Mapping[str, str], is_document: bool) -> dict[str, str]:
    return {_OLDER.get(name, name) if is_document else name: value for name, value in attributes.items()}


def reference_of(tag: str, attributes: Mapping[str, str]) -> Reference:
    """How SAG will know what is about to be sent. A document that SAG numbers has no name yet, only a fuente."""
    master = MASTER_KEYS.get(tag.casefold())
    if master is not None:
        key = attributes.get(master, "")
        variant = "/".join(attributes[name] for name in ("talla", "color") if attributes.get(name))
        return Reference(key, f"{key}/{variant}" if variant else key, tag.casefold())
    source = attributes.get("CodigoFuente", "")
    number = attributes.get("NumeroDocumento", "0")
    if number in ("", "0"):
        return Reference(series=source)
    return Reference("-".join(part for part in (source, attributes.get("Prefijo", ""), number) if part), series=source)
