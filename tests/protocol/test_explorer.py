"""Every story of one document up to a depth, on the real code."""

import os

import pytest
from django.db import transaction

from integrations.simulators.sag import start_sag
from tests.protocol.explorer import Exploration
from tests.protocol.world import World

DEPTH = int(os.environ.get("MODEL_DEPTH", "5"))


def explored(depth: int, *, with_a_backup: bool) -> Exploration:
    with start_sag() as simulator:
        world = World.fresh(simulator)
        if with_a_backup:
            world.back_up()
        exploration = Exploration(depth)
        with transaction.atomic():
            exploration.walk(world)
            transaction.set_rollback(True)
    print(f"{len(exploration.situations)} situations, {exploration.events} events, depth {depth}")
    return exploration


@pytest.mark.django_db(transaction=True)
def test_no_story_of_a_document_breaks_the_promise() -> None:
    exploration = explored(DEPTH, with_a_backup=False)
    assert exploration.events > len(exploration.situations) > DEPTH


@pytest.mark.django_db(transaction=True)
def test_no_story_in_which_a_backup_is_restored_breaks_the_promise() -> None:
    exploration = explored(DEPTH - 1, with_a_backup=True)
    assert exploration.events > len(exploration.situations) > DEPTH
