"""Every story of one document up to a depth, on the real code."""

import os

import pytest
from django.db import transaction

from integrations.simulators.sag import start_sag
from tests.protocol.explorer import Exploration
from tests.protocol.world import World

DEPTH = int(os.environ.get("MODEL_DEPTH", "5"))


@pytest.mark.django_db(transaction=True)
def test_no_story_of_a_document_breaks_the_promise() -> None:
    with start_sag() as simulator:
        world = World.fresh(simulator)
        exploration = Exploration(DEPTH)
        with transaction.atomic():
            exploration.walk(world)
            transaction.set_rollback(True)
    print(f"{len(exploration.situations)} situations, {exploration.events} events, depth {DEPTH}")
    assert exploration.events > len(exploration.situations) > DEPTH
