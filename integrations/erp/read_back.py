"""What a read-back asks about one record and what it found in the ERP, in terms that both ERPs share. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from integrations.erp.receipts import NO_REFERENCE, Reference

ErpRow = Mapping[str, Any]
"""One row that an ERP's read gave back, value by column."""


def with_lower_names(rows: Iterable[ErpRow]) -> list[dict[str, Any]]:
    """The rows with their column names in lower case: an ERP may give them in any."""
    return [{str(name).casefold(): value for name, value in row.items()} for row in rows]


class Match(StrEnum):
    """How what was found compares with what was sent."""

    EQUAL = "equal"
    BEFORE = "before"
    """An update that did not arrive: the ERP still holds what was there before."""
    OTHER = "other"
    SEVERAL = "several"
    VOIDED = "voided"
    """It is there and annulled: somebody annulled it, and only a person knows what follows."""
    SIMILAR = "similar"
    """Something is there that may be ours, and nothing that can be read proves it."""
    ABSENT = "absent"
    """Not there, and the same read returned every document that it had to return."""
    UNPROVEN = "unproven"
    """Not there, and nothing shows that the read would have found it."""


class Weight(StrEnum):
    """What it means that one value differs (sync protocol, section 10.19)."""

    PROOF = "proof"
    """Account or article, quantity, value, side, NIT, date, number of lines: it is another document."""
    CODE = "code"
    """A further code or amount: shown, and enough to tell two look-alikes apart."""
    TEXT = "text"
    """ERPs cut and rewrite texts and flags: shown, and nothing more."""


@dataclass(frozen=True, slots=True)
class ComparedValue:
    """One value that was sent beside the one that was found, as texts. `line` 0 is the header; `label` is Spanish."""

    label: str
    sent: str
    found: str
    differs: bool
    line: int = 0
    weight: Weight = Weight.PROOF

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
    is_ours: bool = True
    """Whether it was found by what only this record carries: our key, its reference, a master's own key."""
    not_compared: tuple[str, ...] = ()
    """Labels of what was sent and no column of the read shows."""
    lines_compared: bool = True
    """Whether each line's account or article, and its quantity or value, could be compared."""

    @property
    def differences(self) -> tuple[str, ...]:
        """Spanish sentences on the values that prove another document; empty where none does."""
        return tuple(str(value) for value in self.compared if value.differs and value.weight is Weight.PROOF)

    @property
    def remarks(self) -> tuple[str, ...]:
        """Spanish sentences on the values that differ and prove nothing."""
        return tuple(str(value) for value in self.compared if value.differs and value.weight is not Weight.PROOF)

    @property
    def count_of_differences(self) -> int:
        """How many of the compared values differ, whatever that means."""
        return sum(value.differs for value in self.compared)

    @property
    def is_equal_without_key(self) -> bool:
        """Whether it equals what was sent in all that can be read but texts, line by line."""
        return self.lines_compared and not any(
            value.differs for value in self.compared if value.weight is not Weight.TEXT
        )


@dataclass(frozen=True, slots=True)
class Sending:
    """One request by which a record was sent, or may have been."""

    body: str
    name: str = ""
    """What the ERP should call it, where the document itself says so."""
    series: str = ""
    version: int | None = None
    """The version of the record's content that it carried."""


@dataclass(frozen=True, slots=True)
class KnownRecord:
    """A record that the ERP is known to hold: seen by a read or, at least, accepted.

    A read that brings one proves that it would have brought its neighbours; one that lacks what was seen, or what was
    accepted after the sending in doubt, proves nothing absent.
    """

    standing: int
    body: str
    search_key: str = ""
    name: str = ""
    is_later: bool = False
    """Whether it was accepted after the sending in doubt."""
    is_seen: bool = True

    @property
    def must_come(self) -> bool:
        """Whether a read that lacks it is incomplete, or stale."""
        return self.is_seen or self.is_later


def proves_absence(known: Collection[KnownRecord], brought: Collection[int]) -> bool:
    """Whether a read is complete by what it brought (standings) of the `known` records that it had to bring."""
    return bool(brought) and all(record.standing in brought for record in known if record.must_come)


@dataclass(frozen=True, slots=True)
class ReadBackQuestion:
    """A record to look for in the ERP: `key` is the id of its standing."""

    key: int
    sendings: tuple[Sending, ...]
    """Every different request of this life of the record, the newest first."""
    search_keys: tuple[str, ...] = ()
    """Our keys of this life."""
    identifier: str = ""
    """The ERP's own identifier of the document, once a read has learned it."""
    body_before: str = ""
    """What the ERP accepted before, where the newest sending is an update."""
    closed_names: frozenset[str] = frozenset()
    """What the ERP calls its documents of closed lives: they are no longer this record's."""
    number_before: int | None = None
    """The last number of its series before it was sent; None where nobody recorded it."""
    claimed_names: frozenset[str] = frozenset()
    """What the ERP calls documents that belong to other records."""
    has_twin: bool = False
    """Whether another record of ours with equal content may have made the same document."""

    @property
    def body(self) -> str:
        """The newest request."""
        return self.sendings[0].body

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
    sending: int = 0
    """Which of the question's sendings it was compared with."""
    is_read: bool = True
    """Whether the ERP was asked about this record: without a key, a number or a mark there is nothing to ask for."""

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
        text = _SENTENCES[self.match] if self.is_read else _NOTHING_TO_ASK
        sentence = text.format(erp=erp, reference=self.reference)
        if self.match is Match.EQUAL:
            return f"{sentence} {self._what_was_compared()}"
        return " ".join((sentence, *self.differences[:_SHOWN]))

    def _what_was_compared(self) -> str:
        document = self.records[0]
        equal = sum(not value.differs for value in document.compared)
        sentences = [f"{equal} de {len(document.compared)} datos comparados son iguales.", *document.remarks[:_SHOWN]]
        if document.not_compared:
            more = len(document.not_compared) - _NAMED
            names = ", ".join(document.not_compared[:_NAMED]) + (f" y {more} más" if more > 0 else "")
            sentences.append(f"No se comparó: {names}.")
        return " ".join(sentences)

    def _several(self, erp: str) -> str:
        names = ", ".join(str(record.reference) for record in self.records)
        advice = f"Deje uno solo: anule los demás en {erp}. Aquí nada se borra ni se envía."
        return f"En {erp} hay más de un documento como este: {names}. {advice}"


_SHOWN = 3
_NAMED = 5
_NOTHING_TO_ASK = (
    "A {erp} no se le puede preguntar por este documento: no lleva clave ni número. Búsquelo usted allá y diga cuándo "
    "lo miró."
)
_SENTENCES = {
    Match.EQUAL: "Se verificó: está en {erp}.",
    Match.SIMILAR: (
        "En {erp} hay un documento que puede ser este ({reference}), pero lo que se puede leer no lo prueba: "
        "una persona debe decidir."
    ),
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
    found: Iterable[FoundRecord],
    *,
    compared_before: Iterable[FoundRecord] = (),
    proven_absent: bool = False,
    has_twin: bool = False,
) -> ReadBackResult:
    """The result for one record from all that corresponds to it in the ERP (sync protocol, sections 5 and 10.6).

    `compared_before` is the same document compared with what the ERP held before an update in doubt.
    `proven_absent`: the same read returned all that it had to return. `has_twin`: another record may have made it.
    """
    records = tuple(found)
    if not records:
        return ReadBackResult(Match.ABSENT if proven_absent else Match.UNPROVEN)
    if len(records) > 1:
        return ReadBackResult(Match.SEVERAL, records)
    record = records[0]
    if record.is_voided:
        return ReadBackResult(Match.VOIDED, records)
    if not record.differences:
        is_proven = record.is_ours or (record.is_equal_without_key and not has_twin)
        return ReadBackResult(Match.EQUAL if is_proven else Match.SIMILAR, records)
    if any(not earlier.differences for earlier in compared_before):
        return ReadBackResult(Match.BEFORE, records)
    return ReadBackResult(Match.OTHER, records)


def best_of_sendings(results: Sequence[ReadBackResult]) -> ReadBackResult:
    """Of what was compared with each sending of a record: what is there as it was sent, else the newest.

    Of several that nothing proves to be another document, the one with the fewest differences is the one that is there.
    """
    equal = [replace(result, sending=place) for place, result in enumerate(results) if result.match is Match.EQUAL]
    return min(equal, key=lambda result: result.records[0].count_of_differences, default=results[0])


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What one complete read says: a result for each record asked for, and which known records it did not bring."""

    results: Mapping[int, ReadBackResult]
    missing: frozenset[int] = frozenset()
    """Standings of records that were seen before and that this read had to bring."""
