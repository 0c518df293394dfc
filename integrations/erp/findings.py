"""What a read-back found of one record in the ERP, in terms that both ERPs share. Pure."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from integrations.erp.receipts import NOWHERE, Reference


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
class Pair:
    """One value that was sent beside the one that was found. `line` 0 is the header."""

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
class Found:
    """One document or master of the ERP that corresponds to a record, compared value by value."""

    reference: Reference
    pairs: tuple[Pair, ...] = ()
    is_voided: bool = False

    @property
    def differences(self) -> tuple[str, ...]:
        """Spanish sentences; empty where all that can be read is equal."""
        return tuple(str(pair) for pair in self.pairs if pair.differs)


@dataclass(frozen=True, slots=True)
class Question:
    """A record that is looked for: what was sent of it, and what the ERP took before, where that was an update.

    `name` is what the ERP should call it, where the document itself said so. `closed` are the names of its documents
    of closed lives: they are no longer its own. `above` is the last number of its series before it was sent, where
    somebody kept it; `claimed` are the names of documents that belong to others.
    """

    key: int
    body: str
    name: str = ""
    series: str = ""
    before: str = ""
    closed: frozenset[str] = frozenset()
    above: int | None = None
    claimed: frozenset[str] = frozenset()

    def is_claimed(self, reference: Reference) -> bool:
        # SAG's answer gives the bare number of a document.
        names = {reference.number, reference.identifier, reference.number.rpartition("-")[2]}
        return bool(names & self.claimed - {""})

    def is_closed(self, reference: Reference) -> bool:
        return bool({reference.number, reference.identifier} & self.closed - {""})


@dataclass(frozen=True, slots=True)
class Finding:
    """One complete read. Two that agree prove what they say. `found` is every document that corresponds."""

    match: Match
    found: tuple[Found, ...] = ()

    @property
    def reference(self) -> Reference:
        """What the one document is called; nothing where there is none, or several."""
        return self.found[0].reference if len(self.found) == 1 else NOWHERE

    @property
    def differences(self) -> tuple[str, ...]:
        return self.found[0].differences if len(self.found) == 1 else ()

    @property
    def live(self) -> tuple[Found, ...]:
        """The documents that are not annulled."""
        return tuple(one for one in self.found if not one.is_voided)

    def message(self, erp: str) -> str:
        """For staff."""
        told = {
            Match.EQUAL: f"Se verificó: está en {erp} con el mismo contenido.",
            Match.BEFORE: f"Se verificó: {erp} conserva lo anterior; el cambio no llegó.",
            Match.OTHER: f"En {erp} hay un documento con este número o clave y otro contenido: compare y decida.",
            Match.SEVERAL: self._several(erp),
            Match.VOIDED: f"El documento {self.reference} está anulado en {erp}: compare y decida.",
            Match.ABSENT: f"Se verificó: no está en {erp}. Puede enviarlo de nuevo.",
            Match.UNPROVEN: (
                f"No se encontró en {erp}, pero tampoco hay otro documento conocido que pruebe que la "
                "consulta lo habría mostrado: una persona debe decidir."
            ),
        }[self.match]
        return " ".join((told, *self.differences[:3]))

    def _several(self, erp: str) -> str:
        names = ", ".join(str(one.reference) for one in self.found)
        advice = f"Deje uno solo: anule los demás en {erp}. Aquí nada se borra ni se envía."
        return f"En {erp} hay más de un documento como este: {names}. {advice}"


def judged(found: Iterable[Found], *, before: Iterable[Found] = (), proven_absent: bool = False) -> Finding:
    """The finding of one record from all that corresponds to it (sync protocol, section 5).

    `before` is the same document compared with what the ERP took before an update in doubt.
    """
    several = tuple(found)
    if not several:
        return Finding(Match.ABSENT if proven_absent else Match.UNPROVEN)
    if len(several) > 1:
        return Finding(Match.SEVERAL, several)
    if several[0].is_voided:
        return Finding(Match.VOIDED, several)
    if not several[0].differences:
        return Finding(Match.EQUAL, several)
    if any(not one.differences for one in before):
        return Finding(Match.BEFORE, several)
    return Finding(Match.OTHER, several)


def as_json(finding: Finding) -> bytes:
    """What was seen, as evidence."""
    documents = [
        {
            "number": one.reference.number,
            "identifier": one.reference.identifier,
            "series": one.reference.series,
            "voided": one.is_voided,
            "pairs": [[pair.label, pair.sent, pair.found, pair.differs, pair.line] for pair in one.pairs],
        }
        for one in finding.found
    ]
    return json.dumps({"match": finding.match, "documents": documents}, ensure_ascii=False).encode()


def from_json(text: bytes) -> Finding:
    """What `as_json` wrote. Raises ValueError or KeyError for anything else."""
    content: dict[str, Any] = json.loads(text)
    found = tuple(
        Found(
            Reference(one["number"], one["identifier"], one["series"]),
            tuple(Pair(*pair) for pair in one["pairs"]),
            one["voided"],
        )
        for one in content["documents"]
    )
    return Finding(Match(content["match"]), found)
