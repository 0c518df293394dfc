"""Claim, send, finish against stand-ins on real sockets: every exit of section 3, and the fence."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from integrations import claiming, dispatch, engine, evidence, outbox, outcomes, reconcile, standing, sweeping
from integrations.choices import BatchState, Status, Target
from integrations.dispatch import Requester
from integrations.models import Connection, Syncable, SyncAttempt, SyncBatch, SyncStanding
from integrations.receipts import Receipt, Reference, Verdict
from integrations.simulators.sag import start_sag
from integrations.simulators.siigo import start_siigo
from tests import builders
from tests.builders import standing_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def siigo() -> Iterator[Any]:
    with start_siigo() as simulator:
        builders.siigo_connection(simulator.url)
        yield simulator


@pytest.fixture
def sag() -> Iterator[Any]:
    with start_sag() as simulator:
        builders.sag_connection(simulator.url)
        yield simulator


def confirmed(record: Syncable, target: Target = Target.SIIGO, accepted: tuple[str, ...] = ()) -> SyncBatch:
    batch = dispatch.draft(
        company=record.company,
        target=target,
        kind=record.kind,
        record_ids=[record.pk],
        requester=Requester(origin="prueba"),
        accepted_rules=accepted,
    )
    return dispatch.confirm(batch.pk)


def sent(record: Syncable, target: Target = Target.SIIGO) -> Status:
    batch = confirmed(record, target)
    engine.drain(batch.connection_id)
    return Status(standing_of(record, target).status)


def fault(name: str, **facts: Any) -> dict[str, Any]:
    return {"fault": name, "times": 1, "seconds": 4, **facts}


def documents(simulator: Any) -> int:
    """How many documents the stand-in holds."""
    held = simulator.documents()
    return len(held.get("vouchers", held.get("movimientos", [])))


def test_an_accepted_voucher_is_synced_with_its_number(siigo: Any) -> None:
    movement = builders.voucher()
    assert sent(movement) is Status.SYNCED
    assert standing_of(movement).reference == "F-1 1001"


def test_the_record_shows_the_status_of_its_standing(siigo: Any) -> None:
    movement = builders.voucher()
    sent(movement)
    movement.refresh_from_db()
    assert movement.siigo_status == Status.SYNCED


def test_an_order_reaches_sag_with_a_key_to_find_it_by(sag: Any) -> None:
    movement = builders.order()
    assert sent(movement, Target.SAG) is Status.SYNCED
    attempt = SyncAttempt.objects.get()
    assert attempt.payload is not None
    assert b'NumeroDocumento2="IC' in attempt.payload.body


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("commit_then_hang", Status.UNCERTAIN),
        ("commit_then_reset", Status.UNCERTAIN),
        ("commit_then_garbage", Status.UNCERTAIN),
        ("commit_then_500", Status.UNCERTAIN),
        ("status_503_html", Status.UNCERTAIN),
        ("redirect_307", Status.UNCERTAIN),
        ("dripping", Status.UNCERTAIN),
        ("truncated", Status.UNCERTAIN),
        ("bare_200", Status.UNCERTAIN),
        ("reset_before", Status.UNCERTAIN),
        ("unauthorized_401", Status.QUEUED),
        ("throttled_429", Status.RETRYING),
    ],
)
def test_each_fault_of_siigo_ends_where_the_protocol_says(siigo: Any, name: str, expected: Status) -> None:
    siigo.set_faults(fault(name))
    assert sent(builders.voucher()) is expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("commit_then_hang", Status.UNCERTAIN),
        ("commit_then_reset", Status.UNCERTAIN),
        ("commit_then_garbage", Status.UNCERTAIN),
        ("truncated", Status.UNCERTAIN),
        ("empty_result", Status.UNCERTAIN),
        ("soap_fault", Status.UNCERTAIN),
        ("object_reference", Status.UNCERTAIN),
        ("redirect_307", Status.UNCERTAIN),
        ("bare_200", Status.UNCERTAIN),
    ],
)
def test_each_fault_of_sag_ends_where_the_protocol_says(sag: Any, name: str, expected: Status) -> None:
    sag.set_faults(fault(name))
    assert sent(builders.order(), Target.SAG) is expected


def test_a_refused_connection_is_retried_because_nothing_left() -> None:
    builders.siigo_connection("http://127.0.0.1:9/api/v1/siigo-pyme/send")
    movement = builders.voucher()
    assert sent(movement) is Status.RETRYING
    assert standing_of(movement).due_at is not None


def test_three_failures_in_a_row_let_the_lane_rest_without_spending_tries() -> None:
    connection = builders.siigo_connection("http://127.0.0.1:9/api/v1/siigo-pyme/send")
    for number in range(1, 6):
        confirmed(builders.voucher(number))
    engine.drain(connection.pk)
    assert SyncAttempt.objects.count() == 3


@pytest.mark.parametrize("name", ["unauthorized_401", "redirect_307"])
def test_bad_credentials_or_address_pause_the_lane_at_the_first_record(siigo: Any, name: str) -> None:
    siigo.set_faults({"fault": name, "times": 99})
    first, second = builders.voucher(1), builders.voucher(2)
    confirmed(first)
    batch = confirmed(second)
    engine.drain(batch.connection_id)
    assert SyncAttempt.objects.count() == 1
    assert Connection.objects.get().is_paused


def test_a_wrong_sag_token_stops_the_lane_before_a_second_document_leaves() -> None:
    with start_sag() as simulator:
        connection = builders.sag_connection(simulator.url, secret="otro-token")
        confirmed(builders.order("V-1"), Target.SAG)
        confirmed(builders.order("V-2"), Target.SAG)
        engine.drain(connection.pk)
    assert SyncAttempt.objects.count() == 1


@pytest.mark.parametrize("kept", [True, False])
def test_a_crash_of_sag_leaves_its_document_in_doubt_and_the_lane_running(sag: Any, kept: bool) -> None:
    sag.set_faults(fault("object_reference", operation="insercionSag", commit=kept))
    first, second = builders.order("V-1"), builders.order("V-2")
    confirmed(first, Target.SAG)
    engine.drain(confirmed(second, Target.SAG).connection_id)
    statuses = {standing_of(one, Target.SAG).status for one in (first, second)}
    assert statuses == {Status.UNCERTAIN, Status.SYNCED}
    assert not Connection.objects.get().is_paused


def test_a_wrong_sag_token_leaves_one_record_in_doubt_and_pauses_the_lane() -> None:
    with start_sag() as simulator:
        builders.sag_connection(simulator.url, secret="otro-token")
        movement = builders.order()
        assert sent(movement, Target.SAG) is Status.UNCERTAIN
        assert Connection.objects.get().is_paused


def test_a_documented_refusal_is_rejected_and_may_be_sent_again(sag: Any) -> None:
    client = builders.client(city="99999")
    assert sent(client, Target.SAG) is Status.REJECTED
    row = standing_of(client, Target.SAG)
    assert (row.cause, row.verify_first) == ("city_missing", False)


def test_a_refusal_that_proves_nothing_has_to_be_verified_first(siigo: Any) -> None:
    sent(builders.voucher(7))
    again = builders.voucher(8)
    with standing.editing(again):
        again.number = 8
        again.save()
    siigo.set_faults()
    with start_siigo(balance=True) as strict:
        Connection.objects.update(endpoint=strict.url)
        movement = builders.voucher(9)
        with standing.editing(movement):
            line = movement.lines.get(position=1)
            line.amount = Decimal(1)
            line.save()
        batch = confirmed(movement, accepted=("unbalanced",))
        engine.drain(batch.connection_id)
    assert standing_of(movement).verify_first
    assert "verifíquelo primero" in dispatch.why_not_now(standing_of(movement), movement)


def test_a_client_that_sag_already_has_equal_is_synced(sag: Any) -> None:
    sent(builders.client(), Target.SAG)
    other = builders.client(company=builders.company(tax_id="900999999"))
    builders.sag_connection(sag.url, company=other.company)
    assert sent(other, Target.SAG) is Status.SYNCED


def test_a_client_that_sag_has_with_another_name_needs_a_person(sag: Any) -> None:
    sent(builders.client(), Target.SAG)
    other = builders.client(company=builders.company(tax_id="900999999"), name="OTRO NOMBRE S.A.S.")
    builders.sag_connection(sag.url, company=other.company)
    assert sent(other, Target.SAG) is Status.CHANGED


def test_a_document_that_asked_not_to_commit_waits_to_be_confirmed(sag: Any) -> None:
    movement = builders.order(sag={"RealizarCommit": "N"})
    assert sent(movement, Target.SAG) is Status.UNCERTAIN


def test_the_same_task_delivered_twice_sends_once(siigo: Any) -> None:
    batch = confirmed(builders.voucher())
    engine.drain(batch.connection_id)
    engine.drain(batch.connection_id)
    assert documents(siigo) == 1


def test_an_edit_after_confirming_takes_the_record_back_unsent(siigo: Any) -> None:
    movement = builders.voucher()
    batch = confirmed(movement)
    with standing.editing(movement):
        movement.observations = "corregido"
        movement.save()
    engine.drain(batch.connection_id)
    row = standing_of(movement)
    assert (row.status, documents(siigo)) == (Status.NEW, 0)
    assert "Cambió después de confirmar" in row.message


def test_what_turned_out_to_be_there_is_not_created_again(siigo: Any) -> None:
    movement = builders.voucher()
    batch = confirmed(movement)
    SyncStanding.objects.update(ever_present=True)  # whatever found it while it waited
    engine.drain(batch.connection_id)
    assert (documents(siigo), standing_of(movement).message) == (0, "Ya estuvo en el ERP: no se puede crear otra vez.")


def test_what_a_person_must_verify_first_is_not_claimed(siigo: Any) -> None:
    movement = builders.voucher()
    batch = confirmed(movement)
    SyncStanding.objects.update(verify_first=True)  # whatever raised the doubt while it waited
    engine.drain(batch.connection_id)
    assert (documents(siigo), standing_of(movement).status) == (0, Status.QUEUED)


def test_the_settle_window_starts_when_the_lease_ends(siigo: Any) -> None:
    batch = confirmed(builders.voucher())
    claim = claiming.claim_next(batch.connection_id)
    assert claim is not None
    row = SyncStanding.objects.get(pk=claim.standing_id)
    assert row.settles_at
    assert row.lease_until
    assert (row.settles_at - row.lease_until).total_seconds() == claim.connection.settle_seconds


def test_changed_dialect_settings_take_the_record_back_unsent(siigo: Any) -> None:
    movement = builders.voucher()
    batch = confirmed(movement)
    Connection.objects.update(settings={"basic_invoice": "S"})
    engine.drain(batch.connection_id)
    assert (standing_of(movement).status, documents(siigo)) == (Status.NEW, 0)


def test_a_cancelled_batch_sends_nothing(siigo: Any) -> None:
    movement = builders.voucher()
    batch = confirmed(movement)
    dispatch.cancel(batch.pk)
    engine.drain(batch.connection_id)
    assert (standing_of(movement).status, documents(siigo)) == (Status.NEW, 0)


def test_a_paused_lane_sends_nothing_until_it_is_resumed(siigo: Any) -> None:
    movement = builders.voucher()
    batch = confirmed(movement)
    dispatch.pause(batch.connection_id, "prueba")
    engine.drain(batch.connection_id)
    assert documents(siigo) == 0
    dispatch.resume(batch.connection_id)
    engine.drain(batch.connection_id)
    assert standing_of(movement).status == Status.SYNCED


def test_an_edit_during_the_send_ends_as_changed(siigo: Any) -> None:
    movement = builders.voucher()
    batch = confirmed(movement)
    claim = claiming.claim_next(batch.connection_id)
    assert claim is not None
    with standing.editing(movement):
        movement.observations = "mientras se enviaba"
        movement.save()
    engine.deliver(claim)
    assert standing_of(movement).status == Status.CHANGED


def test_a_cancel_during_the_send_keeps_the_success(siigo: Any) -> None:
    movement = builders.voucher()
    batch = confirmed(movement)
    claim = claiming.claim_next(batch.connection_id)
    assert claim is not None
    dispatch.cancel(batch.pk)
    engine.deliver(claim)
    assert standing_of(movement).status == Status.SYNCED


def test_a_cancel_during_an_unreachable_send_takes_the_record_back() -> None:
    builders.siigo_connection("http://127.0.0.1:9/api/v1/siigo-pyme/send")
    movement = builders.voucher()
    batch = confirmed(movement)
    claim = claiming.claim_next(batch.connection_id)
    assert claim is not None
    dispatch.cancel(batch.pk)
    engine.deliver(claim)
    assert standing_of(movement).status == Status.NEW


def test_a_lane_of_one_takes_one_record_at_a_time(siigo: Any) -> None:
    confirmed(builders.voucher(1))
    batch = confirmed(builders.voucher(2))
    assert claiming.claim_next(batch.connection_id) is not None
    assert claiming.claim_next(batch.connection_id) is None


def test_a_lease_that_ended_keeps_the_request_from_leaving(siigo: Any) -> None:
    movement = builders.voucher()
    Connection.objects.update(lease_seconds=0.0)
    batch = confirmed(movement)
    claim = claiming.claim_next(batch.connection_id)
    assert claim is not None
    engine.deliver(claim)
    assert (standing_of(movement).status, documents(siigo)) == (Status.RETRYING, 0)


def expire(movement: Syncable) -> None:
    row = standing_of(movement)
    row.lease_until = timezone.now() - dt.timedelta(seconds=1)
    row.settles_at = timezone.now()
    row.save()


def test_a_worker_killed_before_the_answer_leaves_a_record_in_doubt(siigo: Any) -> None:
    movement = builders.voucher()
    batch = confirmed(movement)
    claiming.claim_next(batch.connection_id)
    expire(movement)
    sweeping.sweep()
    assert standing_of(movement).status == Status.UNCERTAIN


def test_a_record_in_doubt_is_never_claimed(siigo: Any) -> None:
    movement = builders.voucher()
    batch = confirmed(movement)
    claiming.claim_next(batch.connection_id)
    expire(movement)
    sweeping.sweep()
    engine.drain(batch.connection_id)
    assert documents(siigo) == 0


def killed_after_the_commit(movement: Syncable, simulator: Any) -> None:
    """The worker dies between the ERP's commit and the finish."""
    batch = confirmed(movement)
    claim = claiming.claim_next(batch.connection_id)
    assert claim is not None
    engine.call(claim)
    expire(movement)
    sweeping.sweep()


def test_verifying_finds_the_voucher_that_a_killed_worker_posted(siigo: Any) -> None:
    movement = builders.voucher()
    killed_after_the_commit(movement, siigo)
    reconcile.verify(standing_of(movement).pk)
    assert (standing_of(movement).status, documents(siigo)) == (Status.SYNCED, 1)


def test_verifying_before_the_window_ends_decides_nothing(siigo: Any) -> None:
    movement = builders.voucher()
    killed_after_the_commit(movement, siigo)
    row = standing_of(movement)
    row.settles_at = timezone.now() + dt.timedelta(minutes=5)
    row.save()
    assert "Se verificará sola desde" in reconcile.verify(row.pk)
    assert standing_of(movement).status == Status.UNCERTAIN


def claimed_and_lost(movement: Syncable) -> None:
    """The worker dies before the request: nothing was posted."""
    batch = confirmed(movement)
    claiming.claim_next(batch.connection_id)
    expire(movement)
    sweeping.sweep()


def test_absence_is_not_believed_without_a_known_document_in_the_same_read(siigo: Any) -> None:
    movement = builders.voucher()
    claimed_and_lost(movement)
    assert "una persona debe decidir" in reconcile.verify(standing_of(movement).pk)
    assert standing_of(movement).status == Status.UNCERTAIN


def test_absence_with_a_control_makes_the_record_sendable_again(siigo: Any) -> None:
    sent(builders.voucher(1))
    movement = builders.voucher(2)
    claimed_and_lost(movement)
    reconcile.verify(standing_of(movement).pk)
    assert standing_of(movement).status == Status.NEW
    assert sent(movement) is Status.SYNCED
    assert documents(siigo) == 2


def test_a_voucher_with_other_content_under_our_number_is_a_conflict(siigo: Any) -> None:
    with start_siigo() as elsewhere:
        mine = builders.voucher(5, amount="238000")
        killed_after_the_commit(mine, elsewhere)
    movement = builders.voucher(6)
    killed_after_the_commit(movement, siigo)
    with standing.editing(movement):
        movement.observations = "x"
        movement.save()
    row = standing_of(movement)
    attempt = SyncAttempt.objects.get(pk=str(row.attempt))
    attempt.payload = SyncAttempt.objects.get(pk=str(standing_of(mine).attempt)).payload
    assert attempt.payload is not None
    attempt.payload = _renumbered(attempt.payload.body, 5, 6)
    attempt.save()
    reconcile.verify(row.pk)
    assert standing_of(movement).status == Status.CONFLICT


def _renumbered(body: bytes, old: int, new: int) -> Any:
    changed = body.replace(f'"document_number":{old},'.encode(), f'"document_number":{new},'.encode())
    assert changed != body
    return evidence.store(changed)


def test_verifying_finds_the_order_that_a_killed_worker_posted(sag: Any) -> None:
    movement = builders.order()
    batch = confirmed(movement, Target.SAG)
    claim = claiming.claim_next(batch.connection_id)
    assert claim is not None
    engine.call(claim)
    row = standing_of(movement, Target.SAG)
    row.lease_until = row.settles_at = timezone.now()
    row.save()
    sweeping.sweep()
    reconcile.verify(row.pk)
    row.refresh_from_db()
    assert (row.status, row.reference) == (Status.SYNCED, "PD-1")


def test_absence_in_sag_needs_another_document_of_the_same_source(sag: Any) -> None:
    assert sent(builders.order("CLAVE-1"), Target.SAG) is Status.SYNCED
    movement = builders.order("CLAVE-2")
    batch = confirmed(movement, Target.SAG)
    assert claiming.claim_next(batch.connection_id) is not None
    row = standing_of(movement, Target.SAG)
    row.lease_until = row.settles_at = timezone.now()
    row.save()
    sweeping.sweep()
    assert standing_of(movement, Target.SAG).status == Status.UNCERTAIN
    reconcile.verify(row.pk)
    assert standing_of(movement, Target.SAG).status == Status.NEW


def test_a_late_success_is_recorded_after_the_sweeper_gave_up(siigo: Any) -> None:
    movement = builders.voucher()
    batch = confirmed(movement)
    claim = claiming.claim_next(batch.connection_id)
    assert claim is not None
    receipt = engine.call(claim)
    expire(movement)
    sweeping.sweep()
    engine.finish(claim, receipt)
    assert standing_of(movement).status == Status.SYNCED


def test_a_late_failure_changes_nothing(siigo: Any) -> None:
    movement = builders.voucher()
    batch = confirmed(movement)
    claim = claiming.claim_next(batch.connection_id)
    assert claim is not None
    expire(movement)
    sweeping.sweep()
    engine.finish(claim, Receipt(Verdict.REFUSED, "tarde"))
    assert standing_of(movement).status == Status.UNCERTAIN


def test_a_late_success_of_a_released_record_that_was_sent_again_is_a_conflict(siigo: Any) -> None:
    movement = builders.voucher()
    batch = confirmed(movement)
    claim = claiming.claim_next(batch.connection_id)
    assert claim is not None
    row = standing_of(movement)
    row.attempt, row.status, row.reference_key = uuid4(), Status.SYNCED, "otra"
    row.save()
    engine.finish(claim, Receipt(Verdict.ACCEPTED, "tarde"))
    assert standing_of(movement).status == Status.CONFLICT


def test_a_late_refusal_does_not_settle_the_attempt_that_followed(siigo: Any) -> None:
    movement = builders.voucher()
    batch = confirmed(movement)
    first = claiming.claim_next(batch.connection_id)
    assert first is not None
    row = standing_of(movement)
    row.status, row.attempt, row.lease_until = Status.QUEUED, None, None
    row.save()
    second = claiming.claim_next(batch.connection_id)
    assert second is not None
    engine.finish(first, Receipt(Verdict.REFUSED, "Tarde", http_status=400))
    row = standing_of(movement)
    assert (row.status, row.attempt) == (Status.SENDING, second.attempt.pk)


def test_a_second_finish_of_one_attempt_changes_nothing(siigo: Any) -> None:
    movement = builders.voucher()
    batch = confirmed(movement)
    claim = claiming.claim_next(batch.connection_id)
    assert claim is not None
    engine.deliver(claim)
    engine.finish(claim, Receipt(Verdict.AMBIGUOUS, "repetido"))
    assert standing_of(movement).status == Status.SYNCED


def test_an_erp_document_belongs_to_one_record(sag: Any) -> None:
    first, second = builders.client(), builders.third_party()
    sent(first, Target.SAG)
    row, other = standing_of(first, Target.SAG), standing_of(second, Target.SAG)
    other.kind = row.kind
    facts = outcomes.reference_facts(other, Reference("x", row.reference_key or ""))
    assert facts["reference_taken"]


def test_a_batch_ends_when_nothing_of_it_is_in_motion(siigo: Any) -> None:
    batch = confirmed(builders.voucher())
    engine.drain(batch.connection_id)
    batch.refresh_from_db()
    assert batch.state == BatchState.DONE


def test_no_credential_is_kept_with_the_evidence(siigo: Any) -> None:
    sent(builders.voucher())
    attempt = SyncAttempt.objects.select_related("payload", "answer").get()
    assert attempt.payload is not None
    assert attempt.answer is not None
    assert b"demo-key" not in attempt.payload.body + attempt.answer.body


def test_the_answer_after_the_lease_of_a_suspended_worker_sends_nothing(siigo: Any) -> None:
    movement = builders.voucher()
    batch = confirmed(movement)
    claim = claiming.claim_next(batch.connection_id)
    assert claim is not None
    suspended = claiming.Claim(claim.standing_id, claim.attempt, claim.connection, claim.payload, lease_ends=0.0)
    engine.deliver(suspended)
    assert documents(siigo) == 0


def test_dates_that_are_due_go_back_to_the_queue() -> None:
    builders.siigo_connection("http://127.0.0.1:9/api/v1/siigo-pyme/send")
    movement = builders.voucher()
    sent(movement)
    row = standing_of(movement)
    row.due_at = timezone.now()
    row.save()
    sweeping.sweep()
    assert standing_of(movement).status == Status.QUEUED


def verifications() -> int:
    return sum(queued.func() == outbox.VERIFY for queued in OrmQ.objects.all())


def test_what_is_in_doubt_is_verified_by_itself_once_its_window_is_over(siigo: Any) -> None:
    movement = builders.voucher()
    killed_after_the_commit(movement, siigo)
    sweeping.sweep()
    sweeping.sweep()
    assert verifications() == 1


def test_what_is_in_doubt_is_not_verified_before_its_window_is_over(siigo: Any) -> None:
    movement = builders.voucher()
    batch = confirmed(movement)
    claiming.claim_next(batch.connection_id)
    row = standing_of(movement)
    row.lease_until, row.settles_at = timezone.now(), timezone.now() + dt.timedelta(minutes=5)
    row.save()
    sweeping.sweep()
    assert (standing_of(movement).status, verifications()) == (Status.UNCERTAIN, 0)
