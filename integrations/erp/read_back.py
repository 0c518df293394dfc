"""What a read-back asks about one record and what it found in the ERP, in terms that both ERPs share. Pure."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, astuple, dataclass
from enum import StrEnum
from typing import Any

from integrations.erp.receipts import NO_REFERENCE, Reference

ErpRow = Mapping[str, Any]
"""One row that an ERP's read gave back, value by column."""


class Match(StrEnum):
    """How what was found compares with what was sent."""

    EQUAL = "equal"
    BEFORE = "before"
    """An update that did not arrive: the ERP still holds what was there before."""
    OTHER = "other"
    SEVERAL = "several"
    VOIDED = "voided"
    """It is there and annulled: somebody annulled it, and only a person knows what follows."""
    ABSENT = "absent"
    """Not there, and the same read returned a document known to be there."""
    UNPROVEN = "unproven"
    """Not there, and nothing shows that the read would have found it."""


@dataclass(frozen=True, slots=True)
class ComparedValue:
    """One value that was sent beside the one that was found, as texts. `line` 0 is the header; `label` is Spanish."""

    label: str
    sent: str
    found: str
    differs: bool
    line: int = 0

    def __str__(self) -> str:
        where = f"Línea {self.line}, " if self.line else ""
        name = self.label if where else self.label[:1].upper() + self.label[1:]
        return f"{where}{name}: se envió «{self.sent}» y en el ERP está «{self.found}»."


@dataclass(frozen=True, slots=True)
class FoundRecord:
    """One document or master of the ERP that corresponds to our record, compared value by value."""

    reference: Reference
    compared: tuple[ComparedValue, ...] = ()
    is_voided: bool = False

    @property
    def differences(self) -> tuple[str, ...]:
        """Spanish sentences; empty where every value that can be read is equal."""
        return tuple(str(value) for value in self.compared if value.differs)


@dataclass(frozen=True, slots=True)
class ReadBackQuestion:
    """A record to look for in the ERP: `key` is the id of its standing, `body` the request that was sent."""

    key: int
    body: str
    name: str = ""
    """What the ERP should call it, where the document itself says so."""
    series: str = ""
    body_before: str = ""
    """What the ERP accepted before, where `body` is an update."""
    closed_names: frozenset[str] = frozenset()
    """What the ERP calls its documents of closed lives: they are no longer this record's."""
    number_before: int | None = None
    """The last number of its series before it was sent; None where nobody recorded it."""
    claimed_names: frozenset[str] = frozenset()
    """What the ERP calls documents that belong to other records."""

    def is_claimed(self, reference: Reference) -> bool:
        """Whether another record holds this document of the ERP."""
        # SAG's answer gives the bare number of a document.
        names = {reference.number, reference.identifier, reference.number.rpartition("-")[2]}
        return bool(names & self.claimed_names - {""})

    def is_closed(self, reference: Reference) -> bool:
        """Whether the document belongs to a closed life of this record."""
        return bool({reference.number, reference.identifier} & self.closed_names - {""})


@dataclass(frozen=True, slots=True)
class ReadBackResult:
    """What one complete read says of a record; two equal results prove it. `records` are all that correspond to it."""

    match: Match
    records: tuple[FoundRecord, ...] = ()

    @property
    def reference(self) -> Reference:
        """What the one document is called; `NO_REFERENCE` where there is none, or several."""
        return self.records[0].reference if len(self.records) == 1 else NO_REFERENCE

    @property
    def differences(self) -> tuple[str, ...]:
        """The Spanish differences of the one document; empty where there is none, or several."""
        return self.records[0].differences if len(self.records) == 1 else ()

    @property
    def not_voided(self) -> tuple[FoundRecord, ...]:
        """The documents that are not annulled."""
        return tuple(record for record in self.records if not record.is_voided)

    def message(self, erp: str) -> str:
        """What the read found, in Spanish, for staff; `erp` is the ERP's name."""
        if self.match is Match.SEVERAL:
            return self._several(erp)
        sentence = _SENTENCES[self.match].format(erp=erp, reference=self.reference)
        return " ".join((sentence, *self.differences[:3]))

    def _several(self, erp: str) -> str:
        names = ", ".join(str(record.reference) for record in self.records)
        advice = f"Deje uno solo: anule los demás en {erp}. Aquí nada se borra ni se envía."
        return f"En {erp} hay más de un documento como este: {names}. {advice}"


_SENTENCES = {
    Match.EQUAL: "Se verificó: está en {erp} con el mismo contenido.",
    Match.BEFORE: "Se verificó: {erp} conserva lo anterior; el cambio no llegó.",
    Match.OTHER: "En {erp} hay un documento con este número o clave y otro contenido: compare y decida.",
    Match.VOIDED: "El documento {reference} está anulado en {erp}: compare y decida.",
    Match.ABSENT: "Se verificó: no está en {erp}. Puede enviarlo de nuevo.",
    Match.UNPROVEN: (
        "No se encontró en {erp}, pero tampoco hay otro documento conocido que pruebe que la "
        "consulta lo habría mostrado: una persona debe decidir."
    ),
}


def read_back_result(
    found: Iterable[FoundRecord], *, compared_before: Iterable[FoundRecord] = (), proven_absent: bool = False
) -> ReadBackResult:
    """The result for one record from all that corresponds to it in the ERP (sync protocol, section 5).

    `compared_before` is the same document compared with what the ERP held before an update in doubt.
    `proven_absent`: the same read returned a document that is known to be there.
    """
    records = tuple(found)
    if not records:
        return ReadBackResult(Match.ABSENT if proven_absent else Match.UNPROVEN)
    if len(records) > 1:
        return ReadBackResult(Match.SEVERAL, records)
    if records[0].is_voided:
        return ReadBackResult(Match.VOIDED, records)
    if not records[0].differences:
        return ReadBackResult(Match.EQUAL, records)
    if any(not record.differences for record in compared_before):
        return ReadBackResult(Match.BEFORE, records)
    return ReadBackResult(Match.OTHER, records)


def as_json(result: ReadBackResult) -> bytes:
    """The result as JSON, to be stored as evidence; `from_json` reads it."""
    documents = [
        {
            **asdict(record.reference),
            "voided": record.is_voided,
            "pairs": [astuple(value) for value in record.compared],
        }
        for record in result.records
    ]
    return json.dumps({"match": result.match, "documents": documents}, ensure_ascii=False).encode()


def from_json(text: bytes) -> ReadBackResult:
    """What `as_json` wrote. Raises ValueError or KeyError for anything else."""
    content: dict[str, Any] = json.loads(text)
    records = tuple(
        FoundRecord(
            Reference(document["number"], document["identifier"], document["series"]),
            tuple(ComparedValue(*value) for value in document["pairs"]),
            document["voided"],
        )
        for document in content["documents"]
    )
    return ReadBackResult(Match(content["match"]), records)
