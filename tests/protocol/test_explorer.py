"""Every sequence of events of one document up to a depth, on the real code."""

import os

import pytest
from django.db import transaction

from integrations.simulators.sag import start_sag
from tests.protocol.explorer import Exploration
from tests.protocol.protocol_model import ProtocolModel

DEPTH = int(os.environ.get("MODEL_DEPTH", "5"))


def explored(depth: int, *, with_a_backup: bool) -> Exploration:
    with start_sag() as simulator:
        model = ProtocolModel.fresh(simulator)
        if with_a_backup:
            model.back_up()
        exploration = Exploration(depth)
        with transaction.atomic():
            exploration.walk(model)
            transaction.set_rollback(True)
    print(f"{len(exploration.situations)} situations, {exploration.events} events, depth {depth}")
    return exploration


@pytest.mark.no_cover  # measuring makes the same walk five times as long
@pytest.mark.django_db(transaction=True)
def test_no_sequence_of_events_breaks_the_promise() -> None:
    exploration = explored(DEPTH, with_a_backup=False)
    assert exploration.events > len(exploration.situations) > DEPTH


@pytest.mark.no_cover  # measuring makes the same walk five times as long
@pytest.mark.django_db(transaction=True)
def test_no_sequence_in_which_a_backup_is_restored_breaks_the_promise() -> None:
    exploration = explored(DEPTH - 1, with_a_backup=True)
    assert exploration.events > len(exploration.situations) > DEPTH
