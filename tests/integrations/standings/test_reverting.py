"""An edit that is undone: the record is sent again, as the ERP has it (sync protocol, section 10.18)."""

from typing import Any

import pytest

from integrations import decisions
from integrations.choices import Kind, Status, Target
from integrations.decisions import environments
from integrations.dispatch import batches
from integrations.files.drafts import Draft
from integrations.files.intake import import_drafts
from integrations.models import Connection, Syncable, SyncAttempt, SyncStanding
from integrations.models.clock import database_now
from integrations.standings import transitions
from integrations.verifying import reconcile
from ledger.models import Movement, MovementLine
from tests import builders
from tests.builders import standing_of
from tests.integrations.verifying.conftest import WHO, accepted, confirmed, edited, lost

pytestmark = pytest.mark.django_db(transaction=True)


def noted(record: Movement, observations: str) -> SyncStanding:
    """Somebody writes other observations."""
    with transitions.editing(record):
        record.observations = observations
        record.save()
    return standing_of(record, Target.SAG)


def renamed(record: Syncable, name: str) -> SyncStanding:
    with transitions.editing(record):
        record.name = name  # type: ignore[attr-defined]
        record.save()
    return standing_of(record, Target.SAG)


def test_an_edit_that_is_undone_is_sent_again(sag: Any) -> None:
    order = builders.order(observations="como salió")
    accepted(order, Target.SAG)
    assert noted(order, "otra cosa").status == Status.CHANGED
    row = noted(order, "como salió")
    order.refresh_from_db()
    assert (row.status, row.version_sent, order.sag_status) == (Status.SYNCED, row.version, Status.SYNCED)


def test_an_edit_of_a_line_that_is_undone_is_sent_again(sag: Any) -> None:
    order = builders.order()
    accepted(order, Target.SAG)
    for quantity, status in (("3", Status.CHANGED), ("2", Status.SYNCED)):
        with transitions.editing(order):
            MovementLine.objects.filter(movement=order, position=1).update(quantity=quantity)
        assert standing_of(order, Target.SAG).status == status


def test_an_import_that_brings_back_what_was_sent_makes_it_sent_again(sag: Any) -> None:
    order = builders.order("PED-1", observations="como salió")
    accepted(order, Target.SAG)
    for observations, status in (("otra cosa", Status.CHANGED), ("como salió", Status.SYNCED)):
        brought = Movement.objects.get(pk=order.pk)
        parts = {"lines": list(brought.lines.all()), "payments": []}
        brought.pk, brought.observations = None, observations
        for part in parts["lines"]:
            part.pk = None
        import_drafts([Draft(record=brought, parts=parts, row=1)], company=order.company, over_sent=True)
        assert standing_of(order, Target.SAG).status == status


def test_a_number_that_is_taken_back_makes_it_sent_again(sag: Any) -> None:
    order = builders.order(number=7)
    accepted(order, Target.SAG)
    for number, status in ((8, Status.CHANGED), (7, Status.SYNCED)):
        transitions.write_numbers([order], {order.pk: number}, [])
        assert standing_of(order, Target.SAG).status == status


def test_what_was_last_sent_is_not_what_the_erp_holds(sag: Any) -> None:
    client = builders.client()
    Connection.objects.update(settings={"client_tipo_updates": True})
    accepted(client, Target.SAG)
    renamed(client, "NOMBRE QUE NO LLEGÓ")
    row = lost(client, Target.SAG, arrived=False)
    reconcile.verify(row.pk)
    assert standing_of(client, Target.SAG).status == Status.CHANGED
    assert renamed(client, "ALMACÉN DE PRUEBA S.A.S.").status == Status.SYNCED


def test_nothing_is_settled_by_an_edit_while_a_call_may_still_change_the_erp(sag: Any) -> None:
    order = builders.order(observations="como salió")
    row = accepted(order, Target.SAG)
    noted(order, "otra cosa")
    later = database_now().replace(year=2100)
    SyncAttempt.objects.filter(pk=str(row.attempt)).update(finished_at=None, outcome="", lease_until=later)
    assert noted(order, "como salió").status == Status.CHANGED


def test_an_edit_undone_in_the_queue_is_sent_once_the_claim_gives_it_back(sag: Any) -> None:
    client = builders.client()
    Connection.objects.update(settings={"client_tipo_updates": True})
    accepted(client, Target.SAG)
    renamed(client, "OTRO NOMBRE")
    batch = confirmed(client, Target.SAG)
    assert renamed(client, "ALMACÉN DE PRUEBA S.A.S.").status == Status.QUEUED
    batches.cancel(batch.pk)
    assert standing_of(client, Target.SAG).status == Status.SYNCED


def test_a_master_that_the_erp_has_with_other_data_is_not_settled_by_undoing_an_edit(sag: Any) -> None:
    client = builders.client()
    Connection.objects.update(settings={"client_tipo_updates": True})
    accepted(client, Target.SAG)
    renamed(client, "NOMBRE QUE NO LLEGÓ")
    row = lost(client, Target.SAG, arrived=False)
    edited(sag, "UPDATE terceros SET sc_nombre = 'LO CAMBIARON EN SAG'")
    reconcile.verify(row.pk)
    assert renamed(client, "ALMACÉN DE PRUEBA S.A.S.").status == Status.CHANGED


def test_after_an_adoption_the_adopted_content_is_what_the_erp_holds(sag: Any) -> None:
    order = builders.order(observations="como salió")
    row = lost(order, Target.SAG, arrived=True)
    edited(sag, "UPDATE movimientos_items SET n_cantidad = 3 WHERE ka_nl_movimiento_item = 1")
    reconcile.verify(row.pk)
    noted(order, "otra cosa")
    row = standing_of(order, Target.SAG)
    decisions.adopt(row.pk, row.attempt, WHO)
    assert standing_of(order, Target.SAG).status == Status.CHANGED
    assert noted(order, "como salió").status == Status.SYNCED


def test_what_a_person_said_to_be_there_is_sent_again_when_its_edit_is_undone(sag: Any) -> None:
    order = builders.order(observations="histórico")
    decisions.already_there(kind=Kind.MOVEMENT, record_ids=[order.pk], target=Target.SAG, requester=WHO)
    assert noted(order, "otra cosa").status == Status.CHANGED
    assert noted(order, "histórico").status == Status.SYNCED


def test_nothing_of_an_earlier_life_makes_it_sent(sag: Any) -> None:
    order = builders.order(observations="a pruebas")
    accepted(order, Target.SAG)
    Connection.objects.update(archived_at=database_now())
    environments.begin_production(builders.sag_connection("http://127.0.0.1:9/", environment="production"))
    noted(order, "otra cosa")
    assert noted(order, "a pruebas").status == Status.NEW
