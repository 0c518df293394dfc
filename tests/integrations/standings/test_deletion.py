"""Deleting a master that documents wait for: none leaves without it (sync protocol, section 10.20)."""

from typing import Any

import pytest

from integrations.choices import BatchState, Status, Target
from integrations.models import Connection, SyncBatch, SyncStanding
from integrations.sending import engine
from integrations.standings import deletion
from integrations.standings.transitions import StandingError
from tests import builders
from tests.builders import standing_of
from tests.integrations.verifying.conftest import confirmed

pytestmark = pytest.mark.django_db(transaction=True)


def waiting_for_its_client() -> tuple[Any, Any, SyncBatch]:
    """A client that was refused, its order in the queue behind it, and their batch."""
    client, order = builders.client(), builders.order()
    batch = confirmed(order, Target.SAG)
    SyncStanding.objects.filter(pk=standing_of(client, Target.SAG).pk).update(status=Status.REJECTED)
    return client, order, batch


def test_a_document_goes_back_before_the_master_that_it_waits_for_is_deleted(sag: Any) -> None:
    client, order, batch = waiting_for_its_client()
    deletion.delete(client)
    row = standing_of(order, Target.SAG)
    batch.refresh_from_db()
    assert (row.status, str(client) in row.message, batch.state) == (Status.NEW, True, BatchState.DONE)


def test_nothing_leaves_without_the_master_that_was_deleted(sag: Any) -> None:
    client, order, batch = waiting_for_its_client()
    deletion.delete(client)
    engine.drain(batch.connection_id)
    assert (standing_of(order, Target.SAG).status, sag.documents()["movimientos"]) == (Status.NEW, [])


def test_a_document_with_a_retry_goes_back_too(sag: Any) -> None:
    client, order, _batch = waiting_for_its_client()
    SyncStanding.objects.filter(pk=standing_of(order, Target.SAG).pk).update(status=Status.RETRYING)
    deletion.delete(client)
    assert standing_of(order, Target.SAG).status == Status.NEW


def test_a_master_stays_while_a_document_that_names_it_is_being_sent(sag: Any) -> None:
    client, order, _batch = waiting_for_its_client()
    Connection.objects.update(concurrency=8)
    SyncStanding.objects.filter(pk=standing_of(order, Target.SAG).pk).update(status=Status.SENDING)
    with pytest.raises(StandingError, match="se está enviando"):
        deletion.delete(client)
