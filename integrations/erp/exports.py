"""How a model declares that it is exported to an ERP: data, declared beside the models, that `payloads` reads."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from integrations.erp.fields.spec import Catalogue, Field


@dataclass(frozen=True)
class SagPart:
    """A kind of node inside a document. `relation` None: the attributes come from the document itself."""

    tag: str
    catalogue: Catalogue
    relation: str | None = None


@dataclass(frozen=True)
class SagExport:
    """`<root><tag …><part …/></tag></root>` sent as an `a_s_tipo`. No `update_tipo`: SAG only creates these."""

    root: str
    tag: str
    catalogue: Catalogue
    create_tipo: str
    update_tipo: str | None = None
    parts: tuple[SagPart, ...] = ()
    advice: str = ""
    """What a person may do about a change that the ERP doesn't take, in Spanish."""

    @property
    def carries_key(self) -> bool:
        """Whether a key of ours travels in it: in documents, which SAG numbers by itself; a master has its own key."""
        return bool(self.parts)


@dataclass(frozen=True)
class SiigoExport:
    """A resource of the connector; each row of its list is one object of `relation`.

    A master has no `relation`: it is one row by itself, and sent again it takes the place of what was there
    (assumed). `switch` is the connection's setting that must be on before this kind goes at all.
    """

    resource: str
    catalogue: Catalogue
    relation: str | None = None
    switch: str = ""
    carries_key: ClassVar[bool] = False
    """Siigo finds a voucher by its number."""


Export = SagExport | SiigoExport


def by_position(record: Any, relation: str) -> list[Any]:
    """The lines or payments of a record by their position; what was prefetched is not read again."""
    return sorted(getattr(record, relation).all(), key=lambda row: row.position)


def catalogues_of(export: Export) -> Iterator[tuple[str, Catalogue]]:
    """(relation, catalogue of fields) for everything that an ERP takes of a model; the relation is empty for itself."""
    if isinstance(export, SiigoExport):
        yield export.relation or "", export.catalogue
        return
    yield "", export.catalogue
    for part in export.parts:
        yield part.relation or "", part.catalogue


def attribute_of(relation: str, field: Field) -> tuple[str, str]:
    """(relation, attribute) that a field of a part is read from: `date.year` for a part of a date, empty for none."""
    source = field.source or ""
    owner, _dot, rest = source.partition(".")
    return ("", rest) if owner == "movement" and relation else (relation, source)
