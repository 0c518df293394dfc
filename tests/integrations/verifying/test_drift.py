"""What somebody changed in the ERP after it was accepted, and the ways out (sync protocol, section 10.19)."""

from typing import Any

import pytest

from integrations import decisions
from integrations.choices import Status, Target
from integrations.decisions import DecisionRefusedError
from integrations.decisions.requirements import may
from integrations.models import Connection, SyncStanding
from integrations.models.clock import database_now
from integrations.sending import engine
from integrations.standings import transitions
from integrations.standings.lifecycle import Event
from integrations.verifying import looks, reconcile
from ledger.models import Movement, MovementLine
from tests import builders
from tests.builders import standing_of
from tests.integrations.verifying.conftest import WHO, accepted, confirmed, edited, lost, sent, voided

pytestmark = pytest.mark.django_db(transaction=True)

GONE = "DELETE FROM movimientos WHERE ka_nl_movimiento = 2"
OTHER_QUANTITY = "UPDATE movimientos_items SET n_cantidad = 77 WHERE ka_nl_movimiento = 2"
CAN_BE_SENT_AGAIN = "Puede enviarlo de nuevo"


def now(row: SyncStanding) -> SyncStanding:
    return SyncStanding.objects.get(pk=row.pk)


def looked(row: SyncStanding) -> SyncStanding:
    SyncStanding.objects.filter(pk=row.pk).update(look_at=database_now())
    looks.look(row.connection_id or 0)
    return now(row)


def drifted(sag: Any, change: str) -> SyncStanding:
    """A document that was accepted, changed in SAG and looked at, long before the window of its call would end."""
    Connection.objects.update(settle_seconds=3600)
    sent(builders.order(), Target.SAG)
    row = accepted(builders.order(), Target.SAG)
    edited(sag, change)
    row = looked(row)
    assert row.status == Status.CONFLICT
    return row


def sales_drifted(siigo: Any) -> SyncStanding:
    """A voucher of Siigo in which somebody changed the value of a line."""
    sent(builders.voucher(1001), Target.SIIGO)
    row = accepted(builders.voucher(1002), Target.SIIGO)
    edited(siigo, "UPDATE siigo_vouchers SET rows = replace(rows, '119000', '999000') WHERE number = 1002")
    row = looked(row)
    assert row.status == Status.CONFLICT
    return row


@pytest.mark.parametrize("change", [GONE, "UPDATE movimientos SET sc_anulado = 'S' WHERE ka_nl_movimiento = 2"])
def test_what_is_gone_or_annulled_begins_a_new_life_at_once(sag: Any, change: str) -> None:
    row = drifted(sag, change)
    decisions.annul(row.pk, row.attempt, WHO, "lo anularon en SAG")
    assert (now(row).status, now(row).life, now(row).content_held) == (Status.NEW, 2, "")


def test_what_is_different_is_adopted_and_looks_then_compare_with_that(sag: Any) -> None:
    row = drifted(sag, OTHER_QUANTITY)
    decisions.adopt(row.pk, row.attempt, WHO, "lo corrigieron en SAG")
    row = looked(now(row))
    assert (row.status, row.seen_at is not None, row.look_at) == (Status.SYNCED, True, None)
    edited(sag, OTHER_QUANTITY.replace("77", "78"))
    assert looked(row).status == Status.CONFLICT


def test_sag_has_no_update_for_what_is_different(sag: Any) -> None:
    row = drifted(sag, OTHER_QUANTITY)
    with pytest.raises(DecisionRefusedError):
        decisions.overwrite(row.pk, row.attempt, WHO, "vale lo de aquí")


def test_siigo_gets_what_is_different_again_as_an_update(siigo: Any) -> None:
    row = sales_drifted(siigo)
    decisions.overwrite(row.pk, row.attempt, WHO, "vale lo de aquí")
    movement = row_record(row)
    assert standing_of(movement).status == Status.CHANGED
    engine.drain(confirmed(movement, Target.SIIGO).connection_id)
    assert looked(standing_of(movement)).status == Status.SYNCED
    assert "999000" not in str(siigo.documents()["vouchers"])


def test_undoing_an_edit_does_not_hide_what_somebody_changed_in_the_erp(siigo: Any) -> None:
    row = sales_drifted(siigo)
    decisions.overwrite(row.pk, row.attempt, WHO, "vale lo de aquí")
    movement = row_record(row)
    for description in ("otra", "Cliente"):
        with transitions.editing(movement):
            MovementLine.objects.filter(movement=movement, position=1).update(description=description)
    assert standing_of(movement).status == Status.CHANGED


def test_only_what_was_in_the_erp_as_ours_is_written_over(siigo: Any) -> None:
    row = lost(builders.voucher(), Target.SIIGO, arrived=True)
    edited(siigo, "UPDATE siigo_vouchers SET rows = replace(rows, '119000', '999000')")
    reconcile.verify(row.pk)
    assert (now(row).status, may(now(row), Event.OVERWRITTEN)) == (Status.CONFLICT, False)


@pytest.mark.parametrize("change", [GONE, OTHER_QUANTITY])
def test_a_verification_that_finds_it_changed_is_a_conflict_too(sag: Any, change: str) -> None:
    sent(builders.order(), Target.SAG)
    row = sent(builders.order(), Target.SAG)
    edited(sag, change)
    message = reconcile.verify(row.pk)
    assert (now(row).status, CAN_BE_SENT_AGAIN in message, now(row).message) == (Status.CONFLICT, False, message)


def test_a_master_that_is_gone_never_says_that_it_can_be_sent_while_it_is_sent(sag: Any) -> None:
    sent(builders.client("800111222"), Target.SAG)
    row = sent(builders.client("800333444"), Target.SAG)
    party = "SELECT ka_nl_tercero FROM terceros WHERE n_nit = 800333444"
    edited(sag, f"DELETE FROM clientes WHERE ka_nl_tercero IN ({party})")
    message = reconcile.verify(row.pk)
    assert (now(row).status, CAN_BE_SENT_AGAIN in message) == (Status.SYNCED, False)
    decisions.annul(row.pk, row.attempt, WHO, "lo borraron en SAG")
    assert now(row).status == Status.NEW


def test_what_a_person_entered_by_hand_does_not_drift(sag: Any) -> None:
    sent(builders.order(), Target.SAG)
    row = lost(builders.order(), Target.SAG, arrived=False)
    decisions.mark_by_hand(row.pk, row.attempt, WHO, "PD-900", "lo digité", database_now())
    assert looked(now(row)).status == Status.SYNCED
    reconcile.verify(row.pk)
    assert now(row).status == Status.SYNCED


def test_a_look_that_finds_it_annulled_is_told_as_such_in_the_story(sag: Any) -> None:
    row = accepted(builders.order(), Target.SAG)
    voided(sag)
    row = looked(row)
    assert "anuló en SAG" in row.message


def row_record(row: SyncStanding) -> Any:
    return Movement.objects.get(pk=row.record_id)


# --- an answer that was given without asking the ERP is no look (section 10.10)


def keyless(sag: Any) -> SyncStanding:
    """In doubt, with nothing that SAG could be asked for: no key, no number 2, no mark of its fuente."""
    Connection.objects.update(settings={"fill_NumeroDocumento2": False, "other_key_field": ""}, concurrency=4)
    row = lost(builders.order(), Target.SAG, arrived=False)
    reconcile.verify(row.pk)
    return now(row)


def test_the_absence_of_what_nobody_asked_for_needs_the_moment_of_a_look(sag: Any) -> None:
    row = keyless(sag)
    assert (row.status, decisions.last_look(row)) == (Status.UNCERTAIN, None)
    with pytest.raises(DecisionRefusedError, match="cuándo lo buscó"):
        decisions.confirm_absent(row.pk, row.attempt, WHO, "no está")
    decisions.confirm_absent(row.pk, row.attempt, WHO, "no está", database_now())
    assert now(row).status == Status.NEW


def test_the_message_says_that_sag_could_not_be_asked(sag: Any) -> None:
    assert "no se le puede preguntar" in keyless(sag).message


def test_a_master_whose_key_siigo_takes_no_range_of_is_not_read(siigo: Any) -> None:
    Connection.objects.update(settings={"send_thirds": True})
    row = lost(builders.third_party("9999999999999"), Target.SIIGO, arrived=False)
    reconcile.verify(row.pk)
    assert decisions.last_look(now(row)) is None
