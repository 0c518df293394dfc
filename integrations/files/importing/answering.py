"""What a person answers about documents that may be here already, one by one or all of a kind at once."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from integrations.files.errors import FileError
from integrations.files.identity_questions import (
    SAME,
    TOPICS,
    About,
    Question,
    StandingAnswers,
    answered_record,
    from_data,
)
from integrations.models import ImportFile, StagedDocument
from integrations.models.bulk_writes import update_many

_AT_ONCE = 500
_CLOSED = "Esta importación ya se confirmó o se canceló: ya no se decide nada en ella."


@dataclass(frozen=True)
class OpenTopic:
    """A kind of doubt of a file: how many documents have it, and how many of them nobody has decided."""

    about: About
    heading: str
    count: int
    undecided: int
    choices: tuple[tuple[str, str], ...]
    """(what may be said of all of them, in words)."""


def open_topics(file: ImportFile) -> list[OpenTopic]:
    """The kinds of doubt of a staged file, the most frequent first."""
    count, undecided = Counter[About](), Counter[About]()
    for question, answer in asked(file).values_list("question", "answer").iterator():
        about = About(question["about"])
        count[about] += 1
        undecided[about] += not answer
    return [
        OpenTopic(about, TOPICS[about].heading, many, undecided[about], _choices_for_all(about))
        for about, many in count.most_common()
    ]


def _choices_for_all(about: About) -> tuple[tuple[str, str], ...]:
    if TOPICS[about].said_by in ("equal", "same_file"):
        return (("new", "Son otros documentos: agregarlos"), ("same", "Son los mismos: no agregar nada"))
    update = ("update", "Corrigen los que están: cambiarlos")
    return (("new", "Son otros documentos: agregarlos"), *([] if about == About.IN_FILE else [update]))


def asked(file: ImportFile) -> "QuerySet[StagedDocument]":
    """The documents of a file that are asked about."""
    return file.documents.filter(verdict=StagedDocument.Verdict.ASKED)


def undecided_count(file: ImportFile) -> int:
    """How many documents would be left out because nobody decided about them."""
    return asked(file).filter(answer="").count()


def coming_count(file: ImportFile) -> int:
    """How many of the documents that were asked about come in, as they were answered."""
    return asked(file).exclude(answer__in=("", SAME)).count()


def answer_all(file: ImportFile, about: str, said: str) -> int:
    """Say the same of every document of a topic: «new», «same», «update», or nothing. Returns how many it settled.

    «update» leaves open what could be several records, and what another document of the file already corrects.
    Raises: FileError where the file is confirmed already, or nothing such can be said.
    """
    allowed = {value for value, _ in _choices_for_all(About(about))} if about in set(About) else set()
    if said not in {"", *allowed}:
        raise FileError("Esa respuesta no sirve para estos documentos: elija una de las que se ofrecen.")
    answers = _saying(TOPICS[About(about)].said_by, said)
    with transaction.atomic():
        _require_open(file)
        taken = _answered_records(asked(file).exclude(question__about=about))
        settled = 0
        for rows in pieces(asked(file).filter(question__about=about)):
            for row in rows:
                row.answer = _answer(answers, from_data(row.question), taken) if said else ""
                settled += bool(row.answer)
            update_many(rows, ["answer"])
    return settled


def _saying(attribute: str, said: str) -> StandingAnswers:
    said_beforehand: dict[str, Any] = {attribute: said}
    return StandingAnswers(**said_beforehand)


def _answer(answers: StandingAnswers, question: Question | None, taken: set[int]) -> str:
    """The answer for one of many; empty where it is a record that another document corrects."""
    said = answers.to(question) if question else ""
    record_id = answered_record(said)
    if record_id in taken:
        return ""
    if record_id is not None:
        taken.add(record_id)
    return said


def answer_some(file: ImportFile, answers: Mapping[int, str]) -> None:
    """Save what was said of single documents, by their keys; an empty answer leaves one undecided.

    Raises: FileError where the file is confirmed already, an answer is none of those offered, or two are one record.
    """
    with transaction.atomic():
        _require_open(file)
        rows = list(asked(file).filter(pk__in=list(answers)).defer("source"))
        taken = _answered_records(asked(file).exclude(pk__in=list(answers)))
        for row in rows:
            row.answer = answers[row.pk]
            _require_possible(row, taken)
        update_many(rows, ["answer"])


def _require_possible(row: StagedDocument, taken: set[int]) -> None:
    question = from_data(row.question)
    if row.answer and question and row.answer not in {value for value, _ in question.choices()}:
        raise FileError(f"Fila {row.row}: esa respuesta no sirve. Elija una de las que se ofrecen.")
    record_id = answered_record(row.answer)
    if record_id in taken:
        raise FileError(f"Fila {row.row}: otro documento de este archivo ya corrige ese mismo. Elija otra respuesta.")
    if record_id is not None:
        taken.add(record_id)


def _answered_records(rows: "QuerySet[StagedDocument]") -> set[int]:
    found = (answered_record(answer) for answer in rows.values_list("answer", flat=True).iterator())
    return {record_id for record_id in found if record_id is not None}


def _require_open(file: ImportFile) -> None:
    """Raise where nothing is decided any more; lock the file, so that it is not confirmed in between."""
    locked = ImportFile.objects.select_for_update().get(pk=file.pk)
    if locked.state != ImportFile.State.REVIEW:
        raise FileError(_CLOSED)


def pieces(rows: "QuerySet[StagedDocument]") -> Iterator[list[StagedDocument]]:
    """Staged documents of one file a few hundred at a time, without their source."""
    last = 0
    while piece := list(rows.filter(position__gt=last).order_by("position").defer("source")[:_AT_ONCE]):
        yield piece
        last = piece[-1].position
