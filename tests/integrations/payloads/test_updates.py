"""Changing in Siigo what it already holds: the whole voucher again, once, and only by who may."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone

from integrations.choices import ItemVerdict, SendKind, Status
from integrations.dispatch import batches
from integrations.erp.payload import Payload
from integrations.management import groups
from integrations.models import Connection, SyncAttempt, SyncBatch, SyncStanding
from integrations.payloads import updates
from integrations.sending import engine, gateways
from integrations.simulators.siigo import start_siigo
from integrations.standings import transitions
from integrations.standings.requester import Requester
from integrations.verifying import reconcile
from ledger.models import Movement
from tests import builders
from tests.builders import standing_of
from tests.integrations.sending.conftest import confirmed, fault, sent

pytestmark = pytest.mark.django_db(transaction=True)


def edited(movement: Movement, description: str = "Cliente de contado", account: str = "1305050001") -> Movement:
    """The first line says something else."""
    with transitions.editing(movement):
        line = movement.lines.get(position=1)
        line.description, line.account = description, account
        line.save()
    return movement


def synced_then_edited(siigo: Any, **changes: Any) -> Movement:
    movement = builders.voucher()
    sent(movement)
    return edited(movement, **changes)


def verified(movement: Movement) -> Status:
    """Once its lease and its settle window are over."""
    ago = timezone.now() - dt.timedelta(seconds=1)
    SyncStanding.objects.filter(pk=standing_of(movement).pk).update(lease_until=ago, settles_at=ago)
    reconcile.verify(standing_of(movement).pk)
    return Status(standing_of(movement).status)


def rows(siigo: Any) -> list[dict[str, Any]]:
    (voucher,) = siigo.documents()["vouchers"]
    found: list[dict[str, Any]] = voucher["rows"]
    return found


def drafted(movement: Movement, user: User | None = None) -> SyncBatch:
    return batches.draft(
        company=movement.company,
        target="siigo",
        kind=movement.kind,
        record_ids=[movement.pk],
        requester=Requester(user=user, origin="prueba"),
    )


def accountant(*verbs: str) -> User:
    user = User.objects.create_user("luis", password="x", is_staff=True)
    names = [f"{verb}_syncbatch" for verb in verbs] + ["view_movement", "change_movement"]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    return User.objects.get(pk=user.pk)


# --- the send


def test_an_edited_voucher_replaces_the_one_in_siigo(siigo: Any) -> None:
    movement = synced_then_edited(siigo)
    assert sent(movement) is Status.SYNCED
    assert rows(siigo)[0]["sequence_description"] == "Cliente de contado"


def test_an_update_asks_siigo_to_replace_and_a_creation_does_not(siigo: Any) -> None:
    sent(synced_then_edited(siigo))
    asked = [one.payload.body.decode() for one in SyncAttempt.objects.order_by("started_at") if one.payload]
    assert ['"modify_documents":"S"' in body for body in asked] == [False, True]


def test_the_same_confirmation_twice_updates_once(siigo: Any) -> None:
    movement = synced_then_edited(siigo)
    batch = confirmed(movement)
    batches.confirm(batch.pk)
    engine.drain(batch.connection_id)
    engine.drain(batch.connection_id)
    assert SyncAttempt.objects.sends().filter(send_kind=SendKind.UPDATE).count() == 1


def test_an_update_edited_after_it_was_confirmed_does_not_leave(siigo: Any) -> None:
    movement = synced_then_edited(siigo)
    batch = confirmed(movement)
    edited(movement, "Otra cosa")
    engine.drain(batch.connection_id)
    assert (standing_of(movement).status, rows(siigo)[0]["sequence_description"]) == (Status.CHANGED, "Cliente")


def test_another_number_is_no_update(siigo: Any) -> None:
    movement = synced_then_edited(siigo)
    Movement.objects.filter(pk=movement.pk).update(number=2002)
    item = drafted(movement).items.get()
    assert item.verdict == ItemVerdict.BLOCKED
    assert "quedarían dos documentos" in item.reason


def test_what_siigo_holds_under_an_unknown_number_is_not_replaced(siigo: Any) -> None:
    movement = synced_then_edited(siigo)
    row = standing_of(movement)
    type(row).objects.filter(pk=row.pk).update(reference="", reference_key=None)
    assert "adóptelo" in drafted(movement).items.get().reason


# --- who may


def test_without_the_permission_the_record_is_skipped_with_the_reason(siigo: Any) -> None:
    item = drafted(synced_then_edited(siigo), accountant("send")).items.get()
    assert (item.verdict, item.reason) == (ItemVerdict.SKIPPED, updates.NOT_ALLOWED)


def test_with_the_permission_it_is_ready(siigo: Any) -> None:
    item = drafted(synced_then_edited(siigo), accountant("send", "update_in_siigo")).items.get()
    assert (item.verdict, item.send_kind) == (ItemVerdict.READY, SendKind.UPDATE)


def test_who_lacks_the_permission_can_not_confirm_the_update_of_another(siigo: Any) -> None:
    movement = synced_then_edited(siigo)
    batch = drafted(movement)
    staff = Client()
    staff.force_login(accountant("send"))
    staff.post(f"/admin/lote/{batch.pk}/confirmar/")
    assert standing_of(movement).status == Status.CHANGED


def test_the_accountant_may_update_and_the_assistant_may_not(siigo: Any) -> None:
    groups.make_groups()
    held = Permission.objects.get(codename="update_in_siigo_syncbatch").group_set.values_list("name", flat=True)
    assert list(held) == ["Contador"]


# --- doubts


def test_an_uncertain_update_that_arrived_is_synced_without_a_resend(siigo: Any) -> None:
    movement = synced_then_edited(siigo)
    siigo.set_faults(fault("commit_then_reset"))
    assert sent(movement) is Status.UNCERTAIN
    assert verified(movement) is Status.SYNCED


def test_an_uncertain_update_that_did_not_arrive_can_be_sent_again(siigo: Any) -> None:
    movement = synced_then_edited(siigo, account="1305100001")
    siigo.set_faults(fault("status_503_html"))
    assert sent(movement) is Status.UNCERTAIN
    assert verified(movement) is Status.CHANGED
    assert sent(movement) is Status.SYNCED
    assert rows(siigo)[0]["accounting_account"] == 1305100001


def test_an_uncertain_update_of_a_text_alone_is_not_taken_for_sent(siigo: Any) -> None:
    movement = synced_then_edited(siigo, description="Otro texto")
    siigo.set_faults(fault("status_503_html"))
    sent(movement)
    assert verified(movement) is Status.CHANGED


def test_an_uncertain_update_over_what_somebody_changed_there_is_a_conflict(siigo: Any) -> None:
    movement = synced_then_edited(siigo, account="1305100001")
    siigo.set_faults(fault("status_503_html"))
    sent(movement)
    body = SyncAttempt.objects.filter(send_kind=SendKind.CREATE).get().payload.body.decode()  # type: ignore[union-attr]
    theirs = body.replace("1305050001", "1305950001").replace('"modify_documents":"N"', '"modify_documents":"S"')
    gateways.gateway(Connection.objects.get()).send(Payload(theirs), lambda: None)
    assert verified(movement) is Status.CONFLICT


def test_what_was_verified_equal_is_what_the_next_update_is_compared_with(siigo: Any) -> None:
    movement = builders.voucher()
    siigo.set_faults(fault("commit_then_reset"))
    sent(movement)
    verified(movement)
    edited(movement)
    held = updates.last_accepted_send(standing_of(movement))
    assert held is not None
    assert held.send_kind == SendKind.CREATE


# --- half a voucher


@pytest.fixture
def halving() -> Iterator[Any]:
    """Siigo refuses a voucher for its last line, and has written the lines before it."""
    with start_siigo(atomicity="row", ten_digit_account=True) as simulator:
        builders.siigo_connection(simulator.url)
        yield simulator


def with_a_short_account(movement: Movement) -> Movement:
    with transitions.editing(movement):
        movement.lines.filter(position=3).update(account="240805")
    return movement


def test_a_refusal_that_may_have_written_is_to_be_verified_first(halving: Any) -> None:
    movement = with_a_short_account(builders.voucher())
    assert sent(movement) is Status.REJECTED
    assert (standing_of(movement).verify_first, len(rows(halving))) == (True, 2)


def test_what_may_be_half_written_is_not_sent_again(halving: Any) -> None:
    movement = with_a_short_account(builders.voucher())
    sent(movement)
    sent(movement)
    assert SyncAttempt.objects.filter(operation=SyncAttempt.Operation.SEND).count() == 1


def test_the_half_that_siigo_wrote_is_a_conflict_for_a_person(halving: Any) -> None:
    movement = with_a_short_account(builders.voucher())
    sent(movement)
    assert verified(movement) is Status.CONFLICT
    sent(movement)
    assert len(rows(halving)) == 2


def test_an_update_that_siigo_half_wrote_is_a_conflict_too(halving: Any) -> None:
    movement = builders.voucher()
    sent(movement)
    assert sent(with_a_short_account(movement)) is Status.REJECTED
    assert verified(movement) is Status.CONFLICT
