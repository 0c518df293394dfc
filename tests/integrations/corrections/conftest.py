"""A company with connections that nothing answers, and corrections carried through as the worker would."""

from collections.abc import Sequence
from typing import Any

import pytest
from django.contrib.auth.models import User

from integrations.choices import Kind, Status, Target
from integrations.corrections import drafting, working
from integrations.models import Connection, Correction, Syncable, SyncStanding
from integrations.payloads.judgement import keep_verdicts
from integrations.standings import transitions
from integrations.standings.requester import Requester
from ledger.models import Movement
from tests import builders

NO_REFERENCE = "http://127.0.0.1:9/"
WHO = builders.nobody()


@pytest.fixture
def siigo(db: None) -> Connection:
    return builders.siigo_connection(NO_REFERENCE)


@pytest.fixture
def sag(db: None) -> Connection:
    return builders.sag_connection(NO_REFERENCE)


@pytest.fixture
def ana(db: None) -> User:
    return User.objects.create_superuser("ana", password="x")


def previewed(records: Sequence[Syncable], person: Any = None, **chosen: str) -> Correction:
    """A correction of these records whose preview is made."""
    first = records[0]
    correction = drafting.begin(first.company, first.kind, [each.pk for each in records], Requester(person, "prueba"))
    drafting.choose(correction.pk, **chosen)
    working.work(correction.pk)
    correction.refresh_from_db()
    return correction


def corrected(records: Sequence[Syncable], person: Any = None, **chosen: str) -> Correction:
    """The same, applied."""
    correction = previewed(records, person, **chosen)
    working.apply(correction.pk)
    working.work(correction.pk)
    correction.refresh_from_db()
    return correction


def undone(correction: Correction, person: Any = None) -> Correction:
    working.undo(correction.pk, person)
    working.work(correction.pk)
    correction.refresh_from_db()
    return correction


def put(record: Syncable, status: Status, target: Target = Target.SIIGO, **facts: Any) -> None:
    """Place a record's standing, as a send would have left it."""
    SyncStanding.objects.of(record).filter(target=target).update(status=status, **facts)
    type(record)._default_manager.filter(pk=record.pk).update(**{f"{target}_status": status})


def verdicts(correction: Correction) -> list[tuple[str, str]]:
    return list(correction.items.order_by("position").values_list("verdict", "reason"))


def outcomes(correction: Correction) -> list[tuple[str, str]]:
    return list(correction.items.order_by("position").values_list("outcome", "reason"))


def stored(record: Movement) -> Movement:
    return Movement.objects.get(pk=record.pk)


def lines_of(record: Movement, column: str) -> list[object]:
    return list(record.lines.order_by("position").values_list(column, flat=True))


def edit(record: Movement, **values: object) -> None:
    with transitions.editing(record):
        for name, value in values.items():
            setattr(record, name, value)
        record.save()


WHO = builders.nobody()


def begun(*records: Movement) -> Correction:
    return drafting.begin(builders.company(), Kind.MOVEMENT, [record.pk for record in records], WHO)


def checked(movement: Movement) -> Movement:
    """The same movement, with the verdict of the local checks kept."""
    keep_verdicts(movement.company_id, movement.kind, [movement.pk])
    return movement
