"""Applying a correction once, its entries in the history, and taking it back."""

from django.contrib.auth.models import User

from integrations.choices import Status
from integrations.corrections import drafting, working
from integrations.models import Connection, HandChange, Syncable
from ledger.models import Movement
from tests import builders
from tests.integrations.corrections.conftest import corrected, edit, lines_of, outcomes, previewed, put, stored, undone


def test_each_record_gets_one_entry_in_its_history_by_who_asked(siigo: Connection, ana: User) -> None:
    movement = builders.voucher()
    correction = corrected([movement, builders.voucher(2)], ana, field="lines.cost_center", mode="set", value="101")
    entry = HandChange.objects.get(object_id=str(movement.pk))
    told = "línea 1: vacío → 101; línea 2: vacío → 101; línea 3: vacío → 101"
    assert (entry.user, entry.change_message) == (
        ana,
        f"Corrección en bloque {correction.pk}. Centro de costo (líneas): {told}",
    )


def test_undoing_restores_the_old_values(siigo: Connection) -> None:
    movement = builders.voucher(salesperson="7")
    undone(corrected([movement], field="salesperson", mode="set", value="8"))
    assert stored(movement).salesperson == "7"


def test_undoing_takes_a_sparse_value_away_again(siigo: Connection) -> None:
    movement = builders.voucher()
    undone(corrected([movement], field="lines.siigo/zone_code", mode="set", value="5"))
    assert lines_of(movement, "siigo") == [{}] * 3


def test_undoing_is_told_in_the_history(siigo: Connection, ana: User) -> None:
    correction = corrected([builders.voucher(salesperson="7")], field="salesperson", mode="set", value="8")
    undone(correction, ana)
    assert HandChange.objects.get().change_message == (
        f"Se deshizo la corrección en bloque {correction.pk}. Vendedor: 8 → 7"
    )


def test_undoing_leaves_what_somebody_edited_since_and_says_so(siigo: Connection) -> None:
    movement = builders.voucher(salesperson="7")
    correction = corrected([movement], field="salesperson", mode="set", value="8")
    edit(stored(movement), observations="Otra cosa")
    undone(correction)
    assert outcomes(correction) == [("kept", "Cambió después de la corrección: quedó como está ahora.")]


def test_undoing_leaves_what_was_sent_since(siigo: Connection) -> None:
    movement = builders.voucher(salesperson="7")
    correction = corrected([movement], field="salesperson", mode="set", value="8")
    put(movement, Status.SYNCED, ever_present=True)
    undone(correction)
    assert stored(movement).salesperson == "8"


def test_two_corrections_are_undone_the_last_one_first(siigo: Connection) -> None:
    movement = builders.voucher(salesperson="7")
    first = corrected([movement], field="salesperson", mode="set", value="8")
    second = corrected([movement], field="cost_center", mode="set", value="101")
    undone(second)
    undone(first)
    assert (stored(movement).salesperson, stored(movement).cost_center) == ("7", "")


def test_a_correction_can_be_given_up_while_nothing_changed(siigo: Connection) -> None:
    movement = builders.voucher()
    correction = previewed([movement], field="salesperson", mode="set", value="8")
    drafting.discard(correction.pk)
    working.apply(correction.pk)
    working.work(correction.pk)
    assert stored(movement).salesperson == ""


def test_a_correction_is_applied_once(siigo: Connection) -> None:
    movement = builders.voucher(order_reference="a")
    correction = corrected([movement], field="order_reference", mode="replace_part", find="a", value="aa")
    assert not working.apply(correction.pk)
    working.work(correction.pk)
    assert stored(movement).order_reference == "aa"


def test_a_task_that_runs_out_of_time_leaves_the_rest_to_the_next(siigo: Connection) -> None:
    movements: list[Syncable] = [builders.voucher(number) for number in range(201)]
    correction = previewed(movements, field="salesperson", mode="set", value="8")
    working.work(correction.pk)
    working.apply(correction.pk)
    working.work(correction.pk, 1e-9)
    assert set(Movement.objects.values_list("salesperson", flat=True)) == {"", "8"}
    working.work(correction.pk)
    assert set(Movement.objects.values_list("salesperson", flat=True)) == {"8"}
