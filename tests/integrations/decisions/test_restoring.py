"""After a restore from backup: everything is proven before anything is created, and nothing becomes impossible."""

import re
from typing import Any

import pytest

from integrations import decisions, sweep
from integrations.choices import Status, Target
from integrations.connections import pausing
from integrations.decisions import restoring
from integrations.dispatch import batches
from integrations.models import Connection, NumberSeries, Syncable, SyncAttempt, SyncBatch, SyncStanding
from integrations.sending import engine
from integrations.standings.requester import Requester
from integrations.verifying import reconcile, unknown_documents
from tests import builders
from tests.builders import standing_of

pytestmark = pytest.mark.django_db(transaction=True)


def lane() -> Connection:
    return Connection.objects.get()


def confirmed(*records: Syncable, target: Target = Target.SIIGO) -> SyncBatch:
    batch = batches.draft(
        company=records[0].company,
        target=target,
        kind=records[0].kind,
        record_ids=[record.pk for record in records],
        requester=Requester(origin="prueba"),
    )
    return batches.confirm(batch.pk)


def send(*records: Syncable, target: Target = Target.SIIGO) -> None:
    confirmed(*records, target=target)
    engine.drain(lane().pk)


def restored() -> None:
    restoring.after_restore()
    pausing.resume(lane().pk)


def verified(target: Target = Target.SIIGO) -> None:
    """Two rounds: what the first finds present is the control of the second."""
    for _ in range(2):
        reconcile.verify_many({row.pk: row.attempt for row in reconcile.in_doubt(target)})


def statuses(*records: Syncable) -> list[str]:
    return [standing_of(record).status for record in records]


def numbers(siigo: Any) -> list[int]:
    return sorted(int(voucher["number"]) for voucher in siigo.documents()["vouchers"])


def forget_sending(movement: Syncable) -> None:
    """As a copy from before it left knows it."""
    SyncAttempt.objects.filter(record_id=movement.pk).delete()
    SyncStanding.objects.filter(record_id=movement.pk).update(
        status=Status.NEW, attempt=None, reference="", reference_key=None, ever_present=False, send_kind="create",
        version_sent=None, synced_at=None, lease_until=None, settles_at=None,
    )  # fmt: skip


def test_what_was_sent_before_the_copy_is_proven_present(siigo: Any) -> None:
    movement = builders.voucher()
    send(movement)
    restored()
    verified()
    assert statuses(movement) == [Status.SYNCED]


def test_what_left_after_the_copy_is_found_by_its_key(siigo: Any) -> None:
    movement = builders.voucher()
    send(movement)
    forget_sending(movement)
    restored()
    verified()
    assert (statuses(movement), numbers(siigo)) == ([Status.SYNCED], [movement.number])


def test_what_was_never_sent_is_proven_absent_beside_what_is_there(siigo: Any) -> None:
    sent, unsent = builders.voucher(1), builders.voucher(2)
    send(sent)
    restored()
    verified()
    assert statuses(sent, unsent) == [Status.SYNCED, Status.NEW]


def test_where_no_read_proves_anything_a_person_is_told(siigo: Any) -> None:
    unsent = builders.voucher()
    restored()
    verified()
    row = standing_of(unsent)
    assert (row.status, "una persona debe decidir" in row.message) == (Status.UNCERTAIN, True)


def test_a_record_that_does_not_apply_stays_so_behind_a_gate_that_a_read_opens(siigo: Any) -> None:
    sent, apart = builders.voucher(1), builders.voucher(2)
    send(sent)
    decisions.exclude(kind=apart.kind, record_ids=[apart.pk], target=Target.SIIGO, requester=Requester(origin="p"))
    restored()
    gated = standing_of(apart).verify_first
    verified()
    row = standing_of(apart)
    assert (gated, row.status, row.verify_first) == (True, Status.EXCLUDED, False)


def test_no_create_leaves_before_what_left_after_the_copy_is_known(siigo: Any) -> None:
    send(builders.voucher(1))
    restored()
    confirmed(builders.voucher(2))
    assert engine.drain(lane().pk) == 0


def test_once_all_is_proven_sending_goes_on_and_nothing_is_twice(siigo: Any) -> None:
    first, second, third = [builders.voucher(number) for number in (1, 2, 3)]
    send(first, second)
    forget_sending(second)
    restored()
    verified()
    sweep.sweep()
    told = unknown_documents.find(lane().pk)
    send(first, second, third)
    assert (told, statuses(first, second, third), numbers(siigo)) == ("", [Status.SYNCED] * 3, [1, 2, 3])


def test_the_consecutive_starts_above_the_highest_number_in_the_erp(siigo: Any) -> None:
    kept, lost = builders.voucher(1), builders.voucher(3)
    send(kept, lost)
    series = NumberSeries.objects.create(
        connection=lane(), process_year=2026, voucher_type="F", voucher_code=1, last_number=1
    )
    SyncAttempt.objects.filter(record_id=lost.pk).delete()
    SyncStanding.objects.filter(record_id=lost.pk).delete()
    restored()
    verified()
    unknown_documents.find(lane().pk)
    series.refresh_from_db()
    assert series.last_number == 3


def test_a_document_that_belongs_to_no_record_keeps_creates_back_and_is_named(siigo: Any) -> None:
    kept, lost, unsent = [builders.voucher(number) for number in (1, 3, 2)]
    send(kept, lost)
    SyncAttempt.objects.filter(record_id=lost.pk).delete()
    SyncStanding.objects.filter(record_id=lost.pk).delete()
    restored()
    verified()
    told = unknown_documents.find(lane().pk)
    confirmed(unsent)
    assert (bool(re.search("hasta el 3", told)), engine.drain(lane().pk)) == (True, 0)


def test_a_document_of_sag_with_a_key_of_ours_that_no_record_has_keeps_creates_back(sag: Any) -> None:
    kept, lost = builders.order(), builders.order()
    for order in (kept, lost):
        send(order, target=Target.SAG)
    SyncAttempt.objects.filter(record_id=lost.pk).delete()
    SyncStanding.objects.filter(record_id=lost.pk).delete()
    restored()
    verified(Target.SAG)
    assert "que aquí no están: PD-2" in unknown_documents.find(lane().pk)


def test_in_sag_creates_go_on_once_every_key_of_ours_has_its_record(sag: Any) -> None:
    order = builders.order()
    send(order, target=Target.SAG)
    restored()
    verified(Target.SAG)
    assert unknown_documents.find(lane().pk) == ""
