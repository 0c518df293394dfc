"""`documentoActualizar`: SAG gives a third party another number, and everything after that speaks of the new one."""

from typing import Any

import pytest

from catalog.models import ThirdParty
from integrations.choices import Status, Target
from integrations.models import Connection, SyncAttempt, SyncStanding
from integrations.pulls import plans, pull_run
from integrations.sending import engine
from integrations.standings import transitions
from integrations.verifying import looks, reconcile
from tests import builders
from tests.builders import standing_of
from tests.integrations.verifying.conftest import accepted, confirmed, lost, sent

pytestmark = pytest.mark.django_db(transaction=True)

OLD, NEW, NEWEST = "800333444", "900654321", "900111222"


def numbered(record: ThirdParty, number: str, **changes: Any) -> ThirdParty:
    """Somebody writes the new number, and other changes."""
    with transitions.editing(record):
        record.sag = {**record.sag, "documentoActualizar": number}
        for name, value in changes.items():
            setattr(record, name, value)
        record.save()
    return record


@pytest.fixture
def renamed(sag: Any) -> ThirdParty:
    """A third party whose change of number SAG accepted."""
    record = builders.third_party(OLD)
    accepted(record, Target.SAG)
    accepted(numbered(record, NEW), Target.SAG)
    return record


def in_sag(sag: Any) -> list[tuple[int, str]]:
    with sag.store.transaction() as db:
        return [tuple(row) for row in db.execute("SELECT n_nit, sc_telefono_ppal FROM terceros WHERE sc_nombre <> ''")]


def update(record: ThirdParty, **changes: Any) -> Status:
    with transitions.editing(record):
        for name, value in changes.items():
            setattr(record, name, value)
        record.save()
    engine.drain(confirmed(record, Target.SAG).connection_id)
    return Status(standing_of(record, Target.SAG).status)


def test_the_reference_is_the_new_number(renamed: ThirdParty) -> None:
    row = standing_of(renamed, Target.SAG)
    assert (row.status, row.reference_key, row.reference) == (Status.SYNCED, NEW, NEW)


def test_the_record_takes_the_new_number(renamed: ThirdParty) -> None:
    renamed.refresh_from_db()
    assert (renamed.tax_id, renamed.sag, renamed.sag_status) == (NEW, {}, Status.SYNCED)


def test_the_history_says_who_asked_for_the_new_number_and_what_it_was_before(renamed: ThirdParty) -> None:
    (entry,) = SyncAttempt.objects.of(renamed).filter(operation=SyncAttempt.Operation.DECIDE)
    said = f"SAG lo conoce ahora por el número {NEW}; aquí también se cambió (antes {OLD})."
    assert (entry.outcome, entry.requested_from, entry.message) == ("renumbered", "prueba", said)
    assert standing_of(renamed, Target.SAG).message.endswith(said)


def test_a_read_of_the_register_finds_the_record_under_its_new_number(renamed: ThirdParty, sag: Any) -> None:
    pull_run.pull(plans.plan_for(Connection.objects.get(), "third_parties"))
    assert [party.pk for party in ThirdParty.objects.filter(tax_id__in=[OLD, NEW])] == [renamed.pk]


def test_an_edit_that_is_undone_after_the_new_number_is_sent_again_as_it_was(renamed: ThirdParty) -> None:
    renamed.refresh_from_db()
    for phone, status in (("6045550000", Status.CHANGED), ("", Status.SYNCED)):
        with transitions.editing(renamed):
            renamed.phone = phone
            renamed.save()
        assert standing_of(renamed, Target.SAG).status == status


def test_what_was_edited_while_the_number_changed_is_kept(sag: Any) -> None:
    record = builders.third_party(OLD)
    accepted(record, Target.SAG)
    row = lost(numbered(record, NEW), Target.SAG, arrived=True)
    numbered(record, NEWEST, name="OTRO NOMBRE S.A.S.")
    reconcile.verify(row.pk)
    record.refresh_from_db()
    assert (record.tax_id, record.sag, record.name) == (NEW, {"documentoActualizar": NEWEST}, "OTRO NOMBRE S.A.S.")
    assert standing_of(record, Target.SAG).status == Status.CHANGED


def test_another_erp_that_had_the_old_number_is_told(sag: Any) -> None:
    builders.siigo_connection("http://127.0.0.1:9", settings={"send_thirds": True})
    record = builders.third_party(OLD)
    accepted(record, Target.SAG)
    numbered(record, NEW)
    SyncStanding.objects.of(record).filter(target=Target.SIIGO).update(status=Status.SYNCED, ever_present=True)
    accepted(record, Target.SAG)
    assert standing_of(record, Target.SIIGO).status == Status.CHANGED


def test_a_number_that_another_record_has_is_left_to_a_person(sag: Any) -> None:
    record = builders.third_party(OLD)
    accepted(record, Target.SAG)
    builders.third_party(NEW, name="YA ESTABA S.A.S.")
    row = accepted(numbered(record, NEW), Target.SAG)
    record.refresh_from_db()
    assert (row.status, record.tax_id) == (Status.SYNCED, OLD)
    assert f"SAG le dio el número {NEW}, pero aquí ya lo tiene «YA ESTABA S.A.S. ({NEW})»" in row.message


def test_the_next_update_speaks_of_the_new_number(renamed: ThirdParty, sag: Any) -> None:
    assert update(renamed, phone="6045550000") == Status.SYNCED
    assert (int(NEW), "6045550000") in in_sag(sag)


def test_a_look_finds_it_under_the_new_number(renamed: ThirdParty, sag: Any) -> None:
    looks.look(standing_of(renamed, Target.SAG).connection_id or 0)
    assert standing_of(renamed, Target.SAG).seen_at is not None


def test_a_second_change_begins_from_the_new_number(renamed: ThirdParty, sag: Any) -> None:
    accepted(numbered(renamed, NEWEST), Target.SAG)
    assert standing_of(renamed, Target.SAG).reference_key == NEWEST
    assert int(NEWEST) in [number for number, _phone in in_sag(sag)]


@pytest.mark.parametrize(("arrived", "status", "number"), [(True, Status.SYNCED, NEW), (False, Status.CHANGED, OLD)])
def test_a_change_without_an_answer_is_looked_for_under_both(
    sag: Any, arrived: bool, status: Status, number: str
) -> None:
    record = builders.third_party(OLD)
    accepted(record, Target.SAG)
    row = lost(numbered(record, NEW), Target.SAG, arrived=arrived)
    reconcile.verify(row.pk)
    row = standing_of(record, Target.SAG)
    assert (row.status, row.reference_key) == (status, number)
    assert update(record, phone="6045550000") == Status.SYNCED
    assert [each for each in in_sag(sag) if each[1] == "6045550000"] == [(int(NEW), "6045550000")]


def test_a_new_third_party_has_no_number_to_change(sag: Any) -> None:
    row = sent(builders.third_party(OLD, sag={"documentoActualizar": NEW}), Target.SAG)
    assert (row.status, row.reference_key, row.seen_at is not None) == (Status.SYNCED, OLD, True)
