"""What only a person can say about a document of a file: whether it is one that is here already."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

NEW = "new"
"""The answer «another document»."""
SAME = "same"
"""The answer «the same again»: what is here stays as it is."""
_IS = "is:"


def is_record(record_id: int) -> str:
    """The answer «it is this record, corrected»."""
    return f"{_IS}{record_id}"


def answered_record(answer: str) -> int | None:
    """The record that an answer of `is_record` names; None for other answers."""
    return int(answer.removeprefix(_IS)) if answer.startswith(_IS) else None


class About(StrEnum):
    """What makes a document doubtful."""

    OTHER_PARTY = "party"
    UNKNOWN_YEAR = "year"
    SEVERAL = "several"
    RENUMBERED = "renumbered"
    IN_FILE = "in_file"
    SAME_FILE = "same_file"
    EQUAL = "equal"
    ALIKE = "alike"
    AGAIN = "again"
    NUMBER2 = "number2"


@dataclass(frozen=True)
class Topic:
    """How a doubt is told: `why` after the document's name, with what is here in {}; `heading` for many of them.

    `said_by` is the attribute of `StandingAnswers` that answers it.
    """

    why: str
    heading: str
    said_by: str


_FLAGS = {
    "number_again": "--number-again update|new",
    "same_file": "--same-file same|new",
    "equal": "--equal same|new",
    "similar": "--similar update|new",
}
TOPICS: dict[About, Topic] = {
    About.OTHER_PARTY: Topic(
        "tiene el mismo número que {}, de otro tercero: ¿es una corrección o es otro documento?",
        "Mismo número, otro tercero",
        "number_again",
    ),
    About.UNKNOWN_YEAR: Topic(
        "tiene el mismo número que {}, y a uno de los dos le falta la fecha: ¿es el mismo o es otro documento?",
        "Mismo número, sin fecha",
        "number_again",
    ),
    About.SEVERAL: Topic(
        "tiene un número que aquí llevan varios documentos ({}): ¿cuál de ellos es, o es otro?",
        "Número que llevan varios",
        "number_again",
    ),
    About.RENUMBERED: Topic(
        "llegó antes con este número y aquí se le cambió: ahora es {}. ¿Es el mismo o es otro documento?",
        "Número que aquí se cambió",
        "number_again",
    ),
    About.IN_FILE: Topic(
        "lleva un número que otro documento de este archivo ({}) tiene con otro tercero: ¿es otro documento?",
        "Mismo número dos veces en el archivo, con otro tercero",
        "number_again",
    ),
    About.SAME_FILE: Topic(
        "ya llegó en este mismo archivo, en la misma fila ({}): ¿es el mismo otra vez o es otro documento?",
        "Sin número, en un archivo que ya se importó",
        "same_file",
    ),
    About.EQUAL: Topic(
        "es igual a uno que ya está ({}): ¿es el mismo otra vez o es otro documento?",
        "Sin número, igual a uno que ya está",
        "equal",
    ),
    About.ALIKE: Topic(
        "se parece a uno que ya está ({}): ¿lo corrige o es otro documento?",
        "Sin número, parecido a uno que ya está",
        "similar",
    ),
    About.AGAIN: Topic(
        "viene en un archivo que repite casi todo otro de antes, donde estaba {}: ¿lo corrige o es otro documento?",
        "Sin número, en un archivo que parece corregido",
        "similar",
    ),
    About.NUMBER2: Topic(
        "lleva el mismo número 2 que uno que ya está ({}): ¿lo corrige o es otro documento?",
        "Sin número, con el mismo número 2",
        "similar",
    ),
}


_AS_IT_IS = frozenset({About.SAME_FILE, About.EQUAL})
"""Where the same document again changes nothing."""


@dataclass(frozen=True)
class Candidate:
    """A record that a document may be. `label` names it for people; key 0: a document of the same file."""

    record_id: int
    label: str


@dataclass(frozen=True)
class Question:
    """A doubt about one document, with the records that it may be, the likeliest first.

    `ruled_out`: records that it could be, were they not another document of the file.
    """

    about: About
    candidates: tuple[Candidate, ...]
    ruled_out: frozenset[int] = frozenset()

    def text(self) -> str:
        """The doubt, to stand after the document's name."""
        return TOPICS[self.about].why.format(" o ".join(candidate.label for candidate in self.candidates))

    def told(self) -> str:
        """The doubt for the shell, with the option that answers it."""
        flag = _FLAGS[TOPICS[self.about].said_by]
        by_number2 = " (o --number2-identifies)" if self.about == About.NUMBER2 else ""
        return f"{self.text()} Quedó por fuera. Dígalo con {flag}{by_number2}."

    @property
    def record_ids(self) -> frozenset[int]:
        """The records that may be the answer."""
        return frozenset(candidate.record_id for candidate in self.candidates if candidate.record_id)

    @property
    def known_ids(self) -> frozenset[int]:
        """The records that who answers knows of."""
        return self.record_ids | self.ruled_out

    def choices(self) -> list[tuple[str, str]]:
        """(answer, what it says) that a person may choose from."""
        if self.about in _AS_IT_IS:
            return [(NEW, "Es otro documento: agregarlo"), (SAME, "Es el mismo otra vez: no agregar nada")]
        records = [candidate for candidate in self.candidates if candidate.record_id]
        return [
            (NEW, "Es otro documento: agregarlo"),
            *((is_record(one.record_id), f"Es {one.label}, corregido: cambiarlo") for one in records),
        ]

    def without(self, record_ids: Collection[int]) -> "Question":
        """The same without these records, which other documents of the file are; it stays asked."""
        left = tuple(candidate for candidate in self.candidates if candidate.record_id not in record_ids)
        left = left or tuple(Candidate(0, one.label) for one in self.candidates)
        return Question(self.about, left, self.ruled_out | self.record_ids.intersection(record_ids))

    def as_data(self) -> dict[str, Any]:
        """As a staged document keeps it."""
        candidates = [[one.record_id, one.label] for one in self.candidates]
        return {"about": self.about.value, "candidates": candidates, "ruled_out": sorted(self.ruled_out)}


def from_data(data: Mapping[str, Any]) -> Question | None:
    """The question of `as_data`; None of an empty one."""
    if not data:
        return None
    candidates = tuple(Candidate(pk, label) for pk, label in data["candidates"])
    return Question(About(data["about"]), candidates, frozenset(data["ruled_out"]))


@dataclass(frozen=True)
class StandingAnswers:
    """What a person says beforehand for a whole file, as the shell's options do; empty: nothing.

    `number_again` and `similar`: «update» or «new»; `same_file` and `equal`: «same» or «new». `number2_identifies`: a
    document without number is the one with its kind and number 2.
    """

    number_again: str = ""
    same_file: str = ""
    equal: str = ""
    similar: str = ""
    number2_identifies: bool = False

    def to(self, question: Question) -> str:
        """The answer to a question; empty where it stays open, as «update» does where it could be several records."""
        said: str = getattr(self, TOPICS[question.about].said_by)
        if said != "update":
            return said
        records = question.record_ids
        is_clear = len(records) == 1 or (records and TOPICS[question.about].said_by == "similar")
        return is_record(question.candidates[0].record_id) if is_clear else ""
