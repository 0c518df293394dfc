"""Killed workers, lost answers, and what a read of the ERP may say of them."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from integrations import sweep
from integrations.choices import Status, Target
from integrations.models import SyncAttempt
from integrations.queue import work_kinds
from integrations.sending import claims, engine
from integrations.simulators.siigo import start_siigo
from integrations.standings import attempts, transitions
from integrations.verifying import reconcile
from tests import builders
from tests.builders import standing_of
from tests.integrations.sending.conftest import (
    claimed_and_lost,
    confirmed,
    documents,
    expire,
    killed_after_the_commit,
    sent,
)

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_worker_killed_before_the_answer_leaves_a_record_in_doubt(siigo: Any) -> None:
    movement = builders.voucher()
    batch = confirmed(movement)
    claims.claim_next(batch.connection_id)
    expire(movement)
    sweep.sweep()
    assert standing_of(movement).status == Status.UNCERTAIN


def test_a_record_in_doubt_is_never_claimed(siigo: Any) -> None:
    movement = builders.voucher()
    batch = confirmed(movement)
    claims.claim_next(batch.connection_id)
    expire(movement)
    sweep.sweep()
    engine.drain(batch.connection_id)
    assert documents(siigo) == 0


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
    with transitions.editing(movement):
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
    return attempts.store(changed)


def test_verifying_finds_the_order_that_a_killed_worker_posted(sag: Any) -> None:
    movement = builders.order()
    batch = confirmed(movement, Target.SAG)
    claim = claims.claim_next(batch.connection_id)
    assert claim is not None
    engine.call(claim)
    row = standing_of(movement, Target.SAG)
    row.lease_until = row.settles_at = timezone.now()
    row.save()
    sweep.sweep()
    reconcile.verify(row.pk)
    row.refresh_from_db()
    assert (row.status, row.reference) == (Status.SYNCED, "PD-1")


def test_absence_in_sag_needs_another_document_of_the_same_source(sag: Any) -> None:
    assert sent(builders.order("CLAVE-1"), Target.SAG) is Status.SYNCED
    movement = builders.order("CLAVE-2")
    batch = confirmed(movement, Target.SAG)
    assert claims.claim_next(batch.connection_id) is not None
    row = standing_of(movement, Target.SAG)
    row.lease_until = row.settles_at = timezone.now()
    row.save()
    sweep.sweep()
    assert standing_of(movement, Target.SAG).status == Status.UNCERTAIN
    reconcile.verify(row.pk)
    assert standing_of(movement, Target.SAG).status == Status.NEW


def verifications() -> int:
    return sum(queued.func() == work_kinds.VERIFY for queued in OrmQ.objects.all())


def test_what_is_in_doubt_is_verified_by_itself_once_its_window_is_over(siigo: Any) -> None:
    movement = builders.voucher()
    killed_after_the_commit(movement, siigo)
    sweep.sweep()
    sweep.sweep()
    assert verifications() == 1


def test_what_is_in_doubt_is_not_verified_before_its_window_is_over(siigo: Any) -> None:
    movement = builders.voucher()
    batch = confirmed(movement)
    claims.claim_next(batch.connection_id)
    row = standing_of(movement)
    row.lease_until, row.settles_at = timezone.now(), timezone.now() + dt.timedelta(minutes=5)
    row.save()
    sweep.sweep()
    assert (standing_of(movement).status, verifications()) == (Status.UNCERTAIN, 0)
