"""Lanes: hours, pace, canaries, the switch above all of them, environments, and what a restored copy doubts."""

from datetime import datetime, time, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_q.models import Failure, OrmQ, Success

from integrations import decisions, sweep
from integrations.admin.site import site
from integrations.choices import Environment, Status, Target
from integrations.connections import lanes, pausing, stop_switch
from integrations.connections.windows import BOGOTA, Window
from integrations.decisions import environments, restoring
from integrations.dispatch import batches
from integrations.errors import ConfigurationError
from integrations.models import Connection, Heartbeat, Syncable, SyncAttempt, SyncBatch, SyncStanding
from integrations.queue import heartbeat
from integrations.sending import engine
from integrations.standings.requester import Requester
from tests import builders
from tests.builders import standing_of

pytestmark = pytest.mark.django_db(transaction=True)
FRIDAY_NOON = datetime(2026, 11, 20, 12, 0, tzinfo=BOGOTA)


def lane(**changes: Any) -> Connection:
    Connection.objects.update(**changes)
    return Connection.objects.get()


def confirmed(*records: Syncable) -> SyncBatch:
    batch = batches.draft(
        company=records[0].company,
        target=Target.SIIGO,
        kind=records[0].kind,
        record_ids=[record.pk for record in records],
        requester=Requester(origin="prueba"),
    )
    return batches.confirm(batch.pk)


@pytest.mark.parametrize(
    ("window", "opens"),
    [
        (Window(), None),
        (Window("12345", time(8), time(18)), None),
        (Window("12345", time(13), time(18)), FRIDAY_NOON.replace(hour=13)),
        (Window("12345", time(7), time(11)), FRIDAY_NOON.replace(day=23, hour=7)),
        (Window("", time(20), time(13)), None),
        (Window("67"), FRIDAY_NOON.replace(day=21, hour=0)),
    ],
)
def test_a_window_says_when_it_opens_next(window: Window, opens: datetime | None) -> None:
    assert window.opens_at(FRIDAY_NOON) == opens


def test_outside_its_hours_a_lane_claims_nothing(siigo: Any) -> None:
    tomorrow = str((timezone.now().astimezone(BOGOTA) + timedelta(days=2)).isoweekday())
    connection = lane(send_days=tomorrow)
    confirmed(builders.voucher())
    assert engine.drain(connection.pk) == 0


def test_a_closed_lane_says_when_it_goes_on(siigo: Any) -> None:
    connection = lane(send_days="6", send_from=time(7), send_until=time(9))
    assert str(lanes.closed(connection, FRIDAY_NOON)).endswith("Sigue el 21/11/2026 a las 07:00.")


def test_a_daily_limit_holds_the_rest_back(siigo: Any) -> None:
    connection = lane(calls_per_day=1)
    confirmed(builders.voucher(1), builders.voucher(2))
    assert engine.drain(connection.pk) == 1


def test_a_pace_is_kept_by_the_same_task(siigo: Any) -> None:
    connection = lane(gap_seconds=0.2)
    confirmed(builders.voucher(1), builders.voucher(2))
    assert engine.drain(connection.pk) == 2
    first, second = SyncAttempt.objects.sends().order_by("started_at").values_list("started_at", flat=True)
    assert second - first >= timedelta(seconds=0.2)


@pytest.mark.parametrize(("seconds_ago", "may_start"), [(20, True), (0, False)])
def test_a_pace_that_ended_while_a_task_looked_holds_nothing_back(
    siigo: Any, seconds_ago: float, may_start: bool
) -> None:
    connection = lane(gap_seconds=30)
    confirmed(builders.voucher(1), builders.voucher(2))
    assert engine.drain(connection.pk, budget_seconds=3) == 1
    SyncAttempt.objects.update(started_at=timezone.now() - timedelta(seconds=40))
    assert lanes.wait_to_start(connection.pk, 3, seconds_ago) is may_start


def test_canaries_refused_for_one_cause_stop_the_batch(siigo: Any) -> None:
    connection = lane(canaries=2, canary_above=3)
    batch = confirmed(*[builders.voucher(number) for number in range(1, 6)])
    SyncStanding.objects.filter(batch=batch, position__lte=2).update(status=Status.REJECTED, cause="closed_month")
    sent = engine.drain(connection.pk)
    batch.refresh_from_db()
    assert (sent, batch.paused_at is not None) == (0, True), batch.pause_reason


def test_a_batch_goes_on_after_its_canaries(siigo: Any) -> None:
    connection = lane(canaries=2, canary_above=3)
    confirmed(*[builders.voucher(number) for number in range(1, 6)])
    assert engine.drain(connection.pk) == 5


def test_nothing_is_claimed_while_all_sending_is_stopped(siigo: Any) -> None:
    stop_switch.stop_all("prueba")
    confirmed(builders.voucher())
    assert engine.drain(Connection.objects.get().pk) == 0


def test_sending_goes_on_after_it_is_resumed(siigo: Any) -> None:
    confirmed(builders.voucher())
    stop_switch.stop_all("prueba")
    call_command("resume_all", stdout=StringIO())
    assert engine.drain(Connection.objects.get().pk) == 1


def test_a_drained_queue_says_that_nothing_is_in_flight(siigo: Any) -> None:
    out = StringIO()
    call_command("drain", "--wait", "1", stdout=out)
    assert "Nada en curso" in out.getvalue()


def test_what_was_sent_to_tests_does_not_count_in_production(siigo: Any) -> None:
    movement = builders.voucher()
    confirmed(movement)
    tests = Connection.objects.get()
    engine.drain(tests.pk)
    decisions.archive(tests.pk)
    environments.begin_production(builders.siigo_connection(siigo.url, environment=Environment.PRODUCTION))
    row = standing_of(movement)
    kept = SyncAttempt.objects.filter(record_id=movement.pk).count()
    assert (row.status, row.ever_present, row.life, kept) == (Status.NEW, False, 2, 1)


def test_tests_never_take_the_place_of_production(siigo: Any) -> None:
    connection = lane(environment=Environment.PRODUCTION)
    confirmed(builders.voucher())
    engine.drain(connection.pk)
    with pytest.raises(ConfigurationError):
        environments.check_environment(connection.company_id, Target.SIIGO, Environment.TESTS)


def test_after_a_restore_nothing_can_be_claimed(siigo: Any) -> None:
    confirmed(builders.voucher())
    restoring.after_restore()
    pausing.resume(Connection.objects.get().pk)
    assert engine.drain(Connection.objects.get().pk) == 0


def test_after_a_restore_every_record_is_doubted_with_an_attempt_of_its_own(siigo: Any) -> None:
    movement = builders.voucher()
    confirmed(movement)
    engine.drain(Connection.objects.get().pk)
    before = standing_of(movement).attempt
    restoring.after_restore()
    row = standing_of(movement)
    assert (row.status, row.attempt == before) == (Status.UNCERTAIN, False)


def test_a_silent_cluster_is_told_from_one_that_beats() -> None:
    Heartbeat.objects.create(cluster="integrador", beaten_at=timezone.now() - timedelta(seconds=90))
    silent = heartbeat.is_silent()
    heartbeat.beat("integrador")
    assert (silent, heartbeat.is_silent()) == (True, False)


def test_no_page_of_the_queue_can_send_again() -> None:
    assert not any(site.is_registered(model) for model in (Success, Failure, OrmQ))


def test_old_bodies_go_and_hashes_stay(siigo: Any) -> None:
    confirmed(builders.voucher())
    engine.drain(Connection.objects.get().pk)
    SyncAttempt.objects.update(started_at=timezone.now() - timedelta(days=400))
    call_command("prune", "--days", "365", stdout=StringIO())
    attempt = SyncAttempt.objects.get()
    assert (attempt.payload_id, bool(attempt.payload_hash)) == (None, True)


def test_a_lane_whose_queue_rows_are_lost_is_queued_again(siigo: Any) -> None:
    connection = lane()
    confirmed(builders.voucher())
    OrmQ.objects.all().delete()
    sweep.sweep()
    assert OrmQ.objects.count() >= 1, connection
