"""How a model declares that it is exported to an ERP: data, declared beside the models, that `payloads` reads."""

from dataclasses import dataclass
from typing import Any, ClassVar

from integrations.erp.fields.spec import Catalogue


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
