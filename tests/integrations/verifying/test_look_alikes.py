"""Two documents that look alike: what one of them proves says nothing of the other (sync protocol, section 10)."""

from typing import Any

import pytest

from integrations.choices import Status, Target
from integrations.models import Connection, SyncStanding
from integrations.standings import search_keys, transitions
from integrations.verifying import looks, reconcile
from ledger.models import Movement, MovementLine
from tests import builders
from tests.builders import standing_of
from tests.integrations.verifying.conftest import accepted, edited, lost, sent

pytestmark = pytest.mark.django_db(transaction=True)


def order(number2: str, **changes: Any) -> Movement:
    return builders.order(external_id=f"{number2}/{Movement.objects.count()}", number2=number2, **changes)


def entry(amount: str = "100", account: str = "110505", tax_id: str = "800111222", **changes: Any) -> Movement:
    """An accounting entry for SAG: lines with an account and a value, and no article."""
    movement = builders.order(external_id=f"entrada-{Movement.objects.count()}", **{"source_code": "J1", **changes})
    line = {"movement": movement, "amount": amount, "tax_id": tax_id}
    with transitions.editing(movement):
        MovementLine.objects.filter(movement=movement).delete()
        MovementLine.objects.create(position=1, account=account, side="D", **line)
        MovementLine.objects.create(position=2, account="413505", side="C", **line)
    return movement


@pytest.mark.parametrize(
    ("first", "second"), [("123", "00123"), ("1E2", "100"), ("oc-55", "OC-55"), ("OC-55", "OC-55")]
)
def test_a_document_is_not_taken_for_another_with_nearly_its_number_2(sag: Any, first: str, second: str) -> None:
    sent(order(first), Target.SAG)
    row = lost(order(second), Target.SAG, arrived=False)
    reconcile.verify(row.pk)
    assert standing_of_row(row).status == Status.NEW


def test_the_same_number_2_where_no_key_travels_leaves_it_to_a_person(sag: Any) -> None:
    Connection.objects.update(settings={"other_key_field": ""})
    accepted(order("OC-55"), Target.SAG)
    row = lost(order("OC-55"), Target.SAG, arrived=False)
    reconcile.verify(row.pk)
    assert standing_of_row(row).status == Status.UNCERTAIN


def test_a_keyless_twin_that_was_seen_is_not_taken_for_the_other(sag: Any) -> None:
    Connection.objects.update(settings={"other_key_field": ""})
    sent(order("OC-55"), Target.SAG)
    row = lost(order("OC-55"), Target.SAG, arrived=False)
    reconcile.verify(row.pk)
    assert standing_of_row(row).status == Status.UNCERTAIN


def test_the_accounting_entry_of_somebody_else_is_not_ours(sag: Any) -> None:
    Connection.objects.update(settings={"other_key_field": ""})
    somebody_elses = sent(entry("999", "519595", "900999888", number2="NOM-1"), Target.SAG)
    SyncStanding.objects.filter(pk=somebody_elses.pk).update(reference="", reference_key=None)
    row = lost(entry("100", number2="NOM-1"), Target.SAG, arrived=False)
    reconcile.verify(row.pk)
    assert standing_of_row(row).status == Status.UNCERTAIN


def test_an_accounting_entry_found_by_our_key_says_what_could_not_be_compared(sag: Any) -> None:
    row = lost(entry(), Target.SAG, arrived=True)
    message = reconcile.verify(row.pk)
    assert (standing_of_row(row).status, "No se comparó" in message) == (Status.SYNCED, True)


def test_a_document_without_our_key_is_never_called_equal_by_the_count_of_its_lines(sag: Any) -> None:
    Connection.objects.update(settings={"other_key_field": ""})
    row = lost(entry(number2="NOM-2"), Target.SAG, arrived=True)
    reconcile.verify(row.pk)
    assert standing_of_row(row).status == Status.UNCERTAIN


def test_no_two_records_ever_get_one_key(sag: Any) -> None:
    keys = {search_keys.key_of(standing_of(builders.order(f"A-{n}"), Target.SAG)) for n in range(50)}
    assert len(keys) == 50
    assert all(search_keys.FORM.fullmatch(key) for key in keys)


def test_a_key_that_the_erp_cuts_proves_no_absence(sag: Any) -> None:
    sent(order(""), Target.SAG)
    edited(sag, "UPDATE movimientos SET ss_nro_dcto = substr(ss_nro_dcto, 1, 8)")
    row = lost(order(""), Target.SAG, arrived=True)
    edited(sag, "UPDATE movimientos SET ss_nro_dcto = substr(ss_nro_dcto, 1, 8)")
    reconcile.verify(row.pk)
    assert standing_of_row(row).status == Status.UNCERTAIN


def test_a_read_that_lacks_a_document_seen_before_proves_no_absence(sag: Any) -> None:
    control = sent(order(""), Target.SAG)
    row = lost(order(""), Target.SAG, arrived=False)
    edited(sag, "DELETE FROM movimientos")
    reconcile.verify(row.pk)
    looked = SyncStanding.objects.get(pk=control.pk)
    assert (standing_of_row(row).status, looked.look_at is not None) == (Status.UNCERTAIN, True)


def test_an_accepted_neighbour_that_the_read_brings_proves_an_absence_before_anybody_looked(sag: Any) -> None:
    accepted(order(""), Target.SAG)
    row = lost(order(""), Target.SAG, arrived=False)
    reconcile.verify(row.pk)
    assert standing_of_row(row).status == Status.NEW


def test_a_read_that_lacks_what_was_accepted_after_the_doubt_is_stale(sag: Any) -> None:
    sent(order(""), Target.SAG)
    row = lost(order(""), Target.SAG, arrived=False)
    accepted(order(""), Target.SAG)
    edited(sag, "DELETE FROM movimientos WHERE ka_nl_movimiento = 2")
    reconcile.verify(row.pk)
    assert standing_of_row(row).status == Status.UNCERTAIN


def test_more_than_three_missing_at_once_stop_the_lane_and_change_nothing(sag: Any) -> None:
    rows = [sent(order(""), Target.SAG) for _ in range(5)]
    edited(sag, "DELETE FROM movimientos")
    row = lost(order(""), Target.SAG, arrived=False)
    SyncStanding.objects.filter(pk__in=[each.pk for each in rows]).update(look_at=None)
    reconcile.verify(row.pk)
    assert standing_of_row(row).status == Status.UNCERTAIN


def test_what_is_accepted_is_seen_by_a_look_and_learns_the_identifier_of_sag(sag: Any) -> None:
    row = accepted(order(""), Target.SAG)
    before = (row.status, row.seen_at, row.reference_key)
    looks.look(row.connection_id or 0)
    row = standing_of_row(row)
    assert before == (Status.SYNCED, None, None)
    assert (row.status, row.seen_at is not None, row.reference_key) == (Status.SYNCED, True, "1")


@pytest.mark.parametrize(
    "change",
    ["UPDATE movimientos SET sc_anulado = 'S' WHERE ka_nl_movimiento = 2",
     "DELETE FROM movimientos WHERE ka_nl_movimiento = 2",
     "UPDATE movimientos_items SET n_cantidad = 77 WHERE ka_nl_movimiento = 2"],
)  # fmt: skip
def test_what_somebody_changed_in_sag_after_it_was_accepted_is_a_conflict(sag: Any, change: str) -> None:
    sent(order(""), Target.SAG)
    row = accepted(order(""), Target.SAG)
    edited(sag, change)
    looks.look(row.connection_id or 0)
    assert standing_of_row(row).status == Status.CONFLICT


def test_a_text_that_sag_rewrote_is_no_conflict(sag: Any) -> None:
    row = accepted(order("", observations="Entregar en la mañana"), Target.SAG)
    edited(sag, "UPDATE movimientos SET sv_observaciones = 'OTRA COSA'")
    looks.look(row.connection_id or 0)
    assert (standing_of_row(row).status, standing_of_row(row).seen_at is not None) == (Status.SYNCED, True)


def standing_of_row(row: SyncStanding) -> SyncStanding:
    return SyncStanding.objects.get(pk=row.pk)
