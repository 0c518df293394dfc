"""What is claimed, what goes back unsent, and what a change in the middle of it does."""

from typing import Any

import pytest

from integrations.choices import Status
from integrations.connections import pausing
from integrations.dispatch import batches
from integrations.erp.receipts import Receipt, Verdict
from integrations.models import Connection, SyncStanding
from integrations.sending import claims, engine
from integrations.standings import transitions
from tests import builders
from tests.builders import standing_of
from tests.integrations.sending.conftest import claimed, confirmed, documents

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_same_task_delivered_twice_sends_once(siigo: Any) -> None:
    batch = confirmed(builders.voucher())
    engine.drain(batch.connection_id)
    engine.drain(batch.connection_id)
    assert documents(siigo) == 1


def test_an_edit_after_confirming_takes_the_record_back_unsent(siigo: Any) -> None:
    movement = builders.voucher()
    batch = confirmed(movement)
    with transitions.editing(movement):
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
    claim = claimed(builders.voucher())
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
    batches.cancel(batch.pk)
    engine.drain(batch.connection_id)
    assert (standing_of(movement).status, documents(siigo)) == (Status.NEW, 0)


def test_a_paused_lane_sends_nothing_until_it_is_resumed(siigo: Any) -> None:
    movement = builders.voucher()
    batch = confirmed(movement)
    pausing.pause(batch.connection_id, "prueba")
    engine.drain(batch.connection_id)
    assert documents(siigo) == 0
    pausing.resume(batch.connection_id)
    engine.drain(batch.connection_id)
    assert standing_of(movement).status == Status.SYNCED


def test_an_edit_during_the_send_ends_as_changed(siigo: Any) -> None:
    movement = builders.voucher()
    claim = claimed(movement)
    with transitions.editing(movement):
        movement.observations = "mientras se enviaba"
        movement.save()
    engine.deliver(claim)
    assert standing_of(movement).status == Status.CHANGED


def test_a_cancel_during_the_send_keeps_the_success(siigo: Any) -> None:
    movement = builders.voucher()
    batch = confirmed(movement)
    claim = claims.claim_next(batch.connection_id)
    assert claim is not None
    batches.cancel(batch.pk)
    engine.deliver(claim)
    assert standing_of(movement).status == Status.SYNCED


def test_a_cancel_during_an_unreachable_send_takes_the_record_back() -> None:
    builders.siigo_connection("http://127.0.0.1:9/api/v1/siigo-pyme/send")
    movement = builders.voucher()
    batch = confirmed(movement)
    claim = claims.claim_next(batch.connection_id)
    assert claim is not None
    batches.cancel(batch.pk)
    engine.deliver(claim)
    assert standing_of(movement).status == Status.NEW


def test_the_batch_that_was_made_first_leaves_first(siigo: Any) -> None:
    first = builders.voucher(1)
    batch = confirmed(first)
    confirmed(builders.voucher(2))
    claim = claims.claim_next(batch.connection_id)
    assert claim is not None
    assert claim.attempt.record_id == first.pk


def test_a_lane_of_one_takes_one_record_at_a_time(siigo: Any) -> None:
    confirmed(builders.voucher(1))
    batch = confirmed(builders.voucher(2))
    assert claims.claim_next(batch.connection_id) is not None
    assert claims.claim_next(batch.connection_id) is None


def test_a_lease_that_ended_keeps_the_request_from_leaving(siigo: Any) -> None:
    movement = builders.voucher()
    Connection.objects.update(lease_seconds=0.0)
    claim = claimed(movement)
    engine.deliver(claim)
    assert (standing_of(movement).status, documents(siigo)) == (Status.RETRYING, 0)


def test_a_second_finish_of_one_attempt_changes_nothing(siigo: Any) -> None:
    movement = builders.voucher()
    claim = claimed(movement)
    engine.deliver(claim)
    engine.finish(claim, Receipt(Verdict.AMBIGUOUS, "repetido"))
    assert standing_of(movement).status == Status.SYNCED
