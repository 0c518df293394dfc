"""What a stored request of SAG says: the record that was sent, its lines, and the key that it carries. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from defusedxml import ElementTree

from integrations.erp.receipts import Reference
from integrations.erp.sag import legacy_document
from integrations.erp.sag.lookup_queries import NUMBER2

MASTER_KEYS = {"cliente": "documento", "tercero": "documentoActual", "articulo": "codigo"}
"""Tag → the attribute that SAG knows the master by."""
_OURS = re.compile(r"IC[A-HJ-NP-Z2-9]{10}|ICP?\d+(-\d+)?")
"""How `payloads.search_key` writes a key."""


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
    tag, attributes = legacy_document.printed(record.tag, record.attrib)
    attributes.update({child.tag: child.text or "" for child in record if not child.attrib and not len(child)})
    children = [legacy_document.printed(child.tag, child.attrib) for child in record]
    for name, given in children:
        if name in ("MovimientoOtrosDatos", "MovimientosOtrosDatos"):
            attributes.update({re.sub(r"^Dato0", "Dato", field): value for field, value in given.items()})
    lines = tuple(given for name, given in children if name == "MovimientoDetalle")
    return Sent(tag if tag == "Movimiento" else tag.casefold(), attributes, lines)


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
