"""What is archived is closed: its doubts stay decidable, by a person's dated look (sync protocol, section 10.22)."""

from datetime import timedelta
from typing import Any

import pytest

from integrations import decisions, sweep
from integrations.choices import Status, Target
from integrations.decisions import DecisionRefusedError
from integrations.errors import ConfigurationError
from integrations.inbox import in_doubt
from integrations.models import Connection, SyncStanding
from integrations.models.clock import database_now
from integrations.selectors import pages
from integrations.verifying import reconcile
from ledger.models import Movement
from tests import builders
from tests.builders import standing_of
from tests.integrations.verifying.conftest import WHO, accepted, edited, lost

pytestmark = pytest.mark.django_db(transaction=True)


def now(row: SyncStanding) -> SyncStanding:
    return SyncStanding.objects.select_related("connection").get(pk=row.pk)


def archived(row: SyncStanding) -> SyncStanding:
    """Behind a connection that was archived before this rule was there."""
    Connection.objects.update(archived_at=database_now())
    return now(row)


def doubtful(sag: Any, status: Status = Status.UNCERTAIN) -> SyncStanding:
    row = lost(builders.order(), Target.SAG, arrived=False)
    SyncStanding.objects.filter(pk=row.pk).update(status=status, verify_first=status == Status.REJECTED)
    return now(row)


@pytest.mark.parametrize("status", [Status.UNCERTAIN, Status.REJECTED])
def test_a_connection_with_doubts_is_not_archived(sag: Any, status: Status) -> None:
    row = doubtful(sag, status)
    with pytest.raises(ConfigurationError, match="en duda"):
        decisions.archive(row.connection_id or 0)


def test_nothing_says_that_it_verifies_itself(sag: Any) -> None:
    row = archived(doubtful(sag))
    SyncStanding.objects.update(message="Se verificará sola desde las 10:00:00.")
    sweep.sweep()
    message = reconcile.verify(row.pk)
    row = now(row)
    assert ("sola" in row.message, "archivada" in row.message, "archivada" in message) == (False, True, True)
    assert in_doubt.verified_at(row) is None


def test_nothing_offers_to_ask_the_erp(sag: Any) -> None:
    row = archived(doubtful(sag))
    (place,) = (each for each in pages.standing_actions(Movement.objects.get(pk=row.record_id)) if each.target == "sag")
    assert place.can_verify is False


def test_a_dated_look_confirms_the_absence(sag: Any) -> None:
    row = archived(doubtful(sag))
    with pytest.raises(DecisionRefusedError, match="cuándo lo buscó"):
        decisions.confirm_absent(row.pk, row.attempt, WHO, "no está")
    decisions.confirm_absent(row.pk, row.attempt, WHO, "no está", database_now())
    assert now(row).status == Status.NEW


def conflict(sag: Any) -> SyncStanding:
    """SAG holds the document with another quantity, as a read showed before the connection was archived."""
    row = lost(builders.order(), Target.SAG, arrived=True)
    edited(sag, "UPDATE movimientos_items SET n_cantidad = 3 WHERE ka_nl_movimiento_item = 1")
    reconcile.verify(row.pk)
    return archived(row)


def test_a_dated_look_replaces_the_read_for_an_annulment(sag: Any) -> None:
    row = conflict(sag)
    with pytest.raises(DecisionRefusedError, match="no lo mostró anulado"):
        decisions.annul(row.pk, row.attempt, WHO, "lo anularon")
    decisions.annul(row.pk, row.attempt, WHO, "lo anularon", looked_at=database_now())
    assert now(row).status == Status.NEW


def test_a_look_before_the_window_ended_is_none(sag: Any) -> None:
    row = conflict(sag)
    with pytest.raises(DecisionRefusedError, match="no sirve"):
        decisions.annul(row.pk, row.attempt, WHO, "lo anularon", looked_at=database_now() - timedelta(days=1))


def test_behind_a_live_connection_only_a_read_shows_an_annulment(sag: Any) -> None:
    row = accepted(builders.order(), Target.SAG)
    with pytest.raises(DecisionRefusedError, match="Verificar en el ERP"):
        decisions.annul(row.pk, row.attempt, WHO, "lo anularon", looked_at=database_now())
    assert standing_of(Movement.objects.get(), Target.SAG).status == Status.SYNCED
