"""Whose turn it is to be read: none waits for ever behind what no read settles."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from integrations.choices import Status, Target
from integrations.models import Connection, SyncStanding
from integrations.verifying import looks
from integrations.verifying.due import lock_due
from tests import builders
from tests.builders import standing_of
from tests.integrations.verifying.conftest import accepted

pytestmark = pytest.mark.django_db(transaction=True)
ALL = 9


def doubtful(number: int, **columns: Any) -> int:
    """A voucher in doubt, its window over; returns its standing's id."""
    row = standing_of(builders.voucher(number))
    ago = timezone.now() - timedelta(minutes=1)
    given = {"status": Status.UNCERTAIN, "settles_at": ago, "connection": Connection.objects.get(), "due_at": ago}
    SyncStanding.objects.filter(pk=row.pk).update(**given | columns)
    return row.pk


def due(most: int = ALL, now: datetime | None = None) -> list[int]:
    with transaction.atomic():
        return [pk for pairs in lock_due(now or timezone.now(), most).values() for pk, _ in pairs]


def test_what_waits_longest_is_read_first_and_not_what_came_first(siigo: Any) -> None:
    ago = timezone.now()
    doubtful(1, due_at=ago - timedelta(seconds=10))
    longer = doubtful(2, due_at=ago - timedelta(seconds=90))
    assert due(most=1) == [longer]


def test_what_was_never_read_comes_before_what_stays_in_doubt(siigo: Any) -> None:
    doubtful(1)
    never = doubtful(2, due_at=None)
    assert due(most=1) == [never]


def test_what_waits_for_a_later_read_is_not_due(siigo: Any) -> None:
    doubtful(1, due_at=timezone.now() + timedelta(hours=1))
    assert due() == []


def test_before_its_window_ends_only_a_doubted_success_is_due(siigo: Any) -> None:
    later = timezone.now() + timedelta(minutes=5)
    doubtful(1, settles_at=later, cause="unanswered")
    told = doubtful(2, settles_at=later, cause="unknown_success")
    assert due() == [told]


def test_a_doubted_success_waits_for_its_moment_before_the_window_ends(siigo: Any) -> None:
    later = timezone.now() + timedelta(minutes=5)
    doubtful(1, settles_at=later, cause="unknown_success", due_at=None)
    assert due() == []


def test_nothing_is_due_behind_an_archived_connection(siigo: Any) -> None:
    doubtful(1)
    Connection.objects.update(archived_at=timezone.now())
    assert due() == []


def test_what_was_sent_by_no_known_connection_is_due_all_the_same(siigo: Any) -> None:
    unknown = doubtful(1, connection=None)
    assert due() == [unknown]


def test_a_look_that_brings_nothing_makes_room_for_the_next_records(sag: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looks, "RECORDS_PER_LOOK", 1)
    first, second = accepted(builders.order("A"), Target.SAG), accepted(builders.order("B"), Target.SAG)
    sag.set_faults({"fault": "status_503_html", "times": 1, "when": {"operation": "consultaSagJson"}})
    seen = [looks.look(first.connection_id or 0) for _ in range(2)]
    second.refresh_from_db()
    assert (seen, second.seen_at is not None) == ([0, 1], True)


def test_a_record_that_a_look_brought_nothing_of_is_looked_at_again_hours_later(sag: Any) -> None:
    row = accepted(builders.order("A"), Target.SAG)
    sag.set_faults({"fault": "status_503_html", "times": 1, "when": {"operation": "consultaSagJson"}})
    looks.look(row.connection_id or 0)
    row.refresh_from_db()
    assert row.look_at is not None
    assert row.look_at - timezone.now() > timedelta(seconds=looks.AGAIN_SECONDS - 60)


def test_a_look_is_not_stopped_by_the_sweeper_that_asked_for_it(sag: Any) -> None:
    """Which put the record off while the task waits in the queue."""
    row = accepted(builders.order("A"), Target.SAG)
    SyncStanding.objects.filter(pk=row.pk).update(look_at=timezone.now() + timedelta(seconds=60))
    assert looks.look(row.connection_id or 0) == 1
