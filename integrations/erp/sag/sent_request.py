"""What a stored request of SAG says: the record that was sent, its lines, and the key that it carries. Pure."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

from defusedxml import ElementTree

from integrations.erp.receipts import Reference
from integrations.erp.sag import legacy_document
from integrations.erp.sag.fields.third_party import NEW_NUMBER
from integrations.erp.sag.lookup_queries import KEY_FIELDS, NUMBER2
from integrations.erp.success_texts import SentFacts, sent_facts

MASTER_KEYS = {"cliente": "documento", "tercero": "documentoActual", "articulo": "codigo"}
"""Tag → the attribute that SAG knows the master by."""


@dataclass(frozen=True)
class SentRecord:
    """One record of a request: its attributes (those of its further data too) and those of its lines."""

    tag: str
    attributes: dict[str, str]
    lines: tuple[dict[str, str], ...]

    @property
    def source(self) -> str:
        """The code of the document's fuente; empty for a master."""
        return self.attributes.get("CodigoFuente", "")

    @property
    def number_before(self) -> str:
        """What SAG knew a master by when it was sent."""
        return self.attributes.get(MASTER_KEYS[self.tag], "")

    @property
    def number_after(self) -> str:
        """What SAG knows a master by once it stored this."""
        return self.attributes.get(NEW_NUMBER) or self.number_before

    @property
    def moves_stock(self) -> bool:
        """Whether it moves articles between two warehouses: SAG keeps those lines in a table of their own."""
        return any("BodegaOrigen" in line and "BodegaDestino" in line for line in self.lines)

    @property
    def is_master(self) -> bool:
        """Whether it is a client, a third party or an article, which SAG knows by a key of theirs."""
        return self.tag in MASTER_KEYS

    @property
    def master_key(self) -> str:
        """The NIT or code that SAG knows the master by; empty for a document."""
        return self.attributes.get(MASTER_KEYS.get(self.tag, ""), "")

    @cached_property
    def facts(self) -> SentFacts:
        """What an answer may repeat of it."""
        numbers = ("NumeroDocumento", "Nit", "NitTercero", "documento", "documentoActual", "nitActual")
        names = ("NumeroDocumento2", "codigo", "nombre", "Nombre", "descripcion", "Descripcion")
        return sent_facts(
            {1, len(self.lines)} - {0},
            [self.attributes.get(name) for name in numbers],
            [self.attributes.get(name) for name in names],
        )

    def carried_key(self, keys: Collection[str]) -> tuple[str, str]:
        """(field, key) of the first field that carries one of our `keys`; two empty texts where none does."""
        carried = ((field, self.attributes.get(field, "")) for field in KEY_FIELDS)
        return next((pair for pair in carried if pair[1] and pair[1] in keys), ("", ""))

    @property
    def own_number2(self) -> str:
        """Its `NumeroDocumento2`, whoever gave it; content, not proof."""
        return self.attributes.get(NUMBER2, "")


def sent_record(body: str) -> SentRecord:
    """What a stored request says of its record; child elements count as attributes."""
    record = next(iter(ElementTree.fromstring(body)), ElementTree.fromstring("<nothing/>"))
    tag, attributes = legacy_document.printed(record.tag, record.attrib)
    attributes.update({child.tag: child.text or "" for child in record if not child.attrib and not len(child)})
    children = [legacy_document.printed(child.tag, child.attrib) for child in record]
    for name, values in children:
        if name in ("MovimientoOtrosDatos", "MovimientosOtrosDatos"):
            attributes.update({re.sub(r"^Dato0", "Dato", field): value for field, value in values.items()})
    lines = tuple(values for name, values in children if name == "MovimientoDetalle")
    return SentRecord(tag if tag == "Movimiento" else tag.casefold(), attributes, lines)


def reference_of(tag: str, attributes: Mapping[str, str]) -> Reference:
    """How SAG will know what is about to be sent. A document that SAG numbers has no name yet, only a fuente."""
    master = MASTER_KEYS.get(tag.casefold())
    if master is not None:
        key = attributes.get(NEW_NUMBER) or attributes.get(master, "")
        variant = "/".join(attributes[name] for name in ("talla", "color") if attributes.get(name))
        return Reference(key, f"{key}/{variant}" if variant else key, tag.casefold())
    source = attributes.get("CodigoFuente", "")
    number = attributes.get("NumeroDocumento", "0")
    if number in ("", "0"):
        return Reference(series=source)
    return Reference("-".join(part for part in (source, attributes.get("Prefijo", ""), number) if part), series=source)
