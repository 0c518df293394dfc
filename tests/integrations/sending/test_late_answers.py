"""Answers that come when nobody waits for them any more, and what is written once."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from integrations import sweep
from integrations.choices import BatchState, Status, Target
from integrations.erp.receipts import Receipt, Reference, Verdict
from integrations.models import SyncAttempt
from integrations.sending import claims, engine
from integrations.standings.batch_rows import reference_facts
from tests import builders
from tests.builders import standing_of
from tests.integrations.sending.conftest import claimed, confirmed, documents, expire, sent

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_late_success_is_recorded_after_the_sweeper_gave_up(siigo: Any) -> None:
    movement = builders.voucher()
    claim = claimed(movement)
    receipt = engine.call(claim)
    expire(movement)
    sweep.sweep()
    engine.finish(claim, receipt)
    assert standing_of(movement).status == Status.SYNCED


def test_a_late_failure_changes_nothing(siigo: Any) -> None:
    movement = builders.voucher()
    claim = claimed(movement)
    expire(movement)
    sweep.sweep()
    engine.finish(claim, Receipt(Verdict.REFUSED, "tarde"))
    assert standing_of(movement).status == Status.UNCERTAIN


def test_a_late_success_of_a_released_record_that_was_sent_again_is_a_conflict(siigo: Any) -> None:
    movement = builders.voucher()
    claim = claimed(movement)
    row = standing_of(movement)
    row.attempt, row.status, row.reference_key = uuid4(), Status.SYNCED, "otra"
    row.save()
    engine.finish(claim, Receipt(Verdict.ACCEPTED, "tarde"))
    assert standing_of(movement).status == Status.CONFLICT


def test_a_late_refusal_does_not_settle_the_attempt_that_followed(siigo: Any) -> None:
    movement = builders.voucher()
    batch = confirmed(movement)
    first = claims.claim_next(batch.connection_id)
    assert first is not None
    row = standing_of(movement)
    row.status, row.attempt, row.lease_until = Status.QUEUED, None, None
    row.save()
    second = claims.claim_next(batch.connection_id)
    assert second is not None
    engine.finish(first, Receipt(Verdict.REFUSED, "Tarde", http_status=400))
    row = standing_of(movement)
    assert (row.status, row.attempt) == (Status.SENDING, second.attempt.pk)


def test_an_erp_document_belongs_to_one_record(sag: Any) -> None:
    first, second = builders.client(), builders.third_party()
    sent(first, Target.SAG)
    row, other = standing_of(first, Target.SAG), standing_of(second, Target.SAG)
    other.kind = row.kind
    facts = reference_facts(other, Reference("x", row.reference_key or ""))
    assert facts["reference_taken"]


def test_a_batch_ends_when_nothing_of_it_is_in_motion(siigo: Any) -> None:
    batch = confirmed(builders.voucher())
    engine.drain(batch.connection_id)
    batch.refresh_from_db()
    assert batch.state == BatchState.DONE


def test_no_credential_is_kept_with_the_evidence(siigo: Any) -> None:
    sent(builders.voucher())
    attempt = SyncAttempt.objects.sends().select_related("payload", "answer").get()
    assert attempt.payload is not None
    assert attempt.answer is not None
    assert b"demo-key" not in attempt.payload.body + attempt.answer.body


def test_the_answer_after_the_lease_of_a_suspended_worker_sends_nothing(siigo: Any) -> None:
    movement = builders.voucher()
    claim = claimed(movement)
    suspended = replace(claim, lease_ends=0.0)
    engine.deliver(suspended)
    assert documents(siigo) == 0


def test_dates_that_are_due_go_back_to_the_queue() -> None:
    builders.siigo_connection("http://127.0.0.1:9/api/v1/siigo-pyme/send")
    movement = builders.voucher()
    sent(movement)
    row = standing_of(movement)
    row.due_at = timezone.now()
    row.save()
    sweep.sweep()
    assert standing_of(movement).status == Status.QUEUED
