"""Whatever people do in whatever order, corrections and undos leave what the reference model says."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integrations.choices import Status
from integrations.models import Correction, HandChange, SyncStanding
from ledger.models import Movement
from tests import builders
from tests.integrations.corrections.conftest import corrected, edit, lines_of, put, stored, undone
from tests.integrations.corrections.reference_model import Model, Step

RECORDS = 2
VALUES = st.sampled_from(["7", "77", "8", "101"])
PLACES = st.lists(st.integers(0, RECORDS - 1), min_size=1, max_size=RECORDS, unique=True).map(tuple)
SENT = st.sampled_from(
    [Status.SYNCED, Status.CHANGED, Status.QUEUED, Status.SENDING, Status.RETRYING, Status.UNCERTAIN, Status.CONFLICT]
)


@st.composite
def corrections(draw: Any) -> Step:
    field = draw(st.sampled_from(["salesperson", "salesperson", "cost_center", "lines.cost_center"]))
    modes = ["set", "fill", "replace", "replace_part", *(["fill_copy"] if field.startswith("lines.") else [])]
    return Step("correct", draw(PLACES), field, draw(st.sampled_from(modes)), draw(VALUES), draw(VALUES))


STEPS = st.lists(
    st.one_of(
        corrections(),
        corrections(),
        st.builds(Step, st.just("undo"), PLACES, which=st.integers(0, 2)),
        st.builds(Step, st.just("edit"), PLACES, value=VALUES),
        st.builds(Step, st.just("send"), PLACES),
    ),
    min_size=3,
    max_size=8,
)


class World:
    """The same steps, done to the product."""

    def __init__(self) -> None:
        self.records = [builders.voucher(number, cost_center="101" if number == 1 else "") for number in (1, 2)]
        self.corrections: list[Correction] = []

    def contents(self) -> list[dict[str, tuple[Any, ...]]]:
        return [
            {
                "salesperson": (stored(record).salesperson,),
                "cost_center": (stored(record).cost_center,),
                "lines.cost_center": tuple(lines_of(record, "cost_center")),
            }
            for record in self.records
        ]

    def do(self, step: Step, status: Status) -> None:
        chosen = [self.records[place] for place in step.places]
        if step.what == "correct":
            asked = {"field": step.field, "mode": step.mode, "value": step.value, "find": step.find}
            self.corrections.append(corrected(chosen, copied_from="cost_center", **asked))
        elif step.what == "undo" and self.corrections:
            undone(self.corrections[step.which % len(self.corrections)])
        elif step.what == "edit":
            edit(stored(chosen[0]), salesperson=step.value)
        elif step.what == "send":
            put(chosen[0], status, ever_present=status in (Status.SYNCED, Status.CHANGED))


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, status=SENT)
def test_any_sequence_of_corrections_and_undos_leaves_what_the_model_says(steps: list[Step], status: Status) -> None:
    with transaction.atomic():
        world = World()
        model = Model(world.contents())
        for step in steps:
            world.do(step, status)
            model.do(step)
            assert world.contents() == [record.content for record in model.records], step
        _versions_agree(world)
        transaction.set_rollback(True)


def _versions_agree(world: World) -> None:
    """The standings follow their records, and each correction or undo of a record is one entry of its history."""
    versions = dict(Movement.objects.values_list("pk", "version"))
    assert all(row.version == versions[row.record_id] for row in SyncStanding.objects.filter(kind="movement"))
    assert HandChange.objects.count() == 0  # nobody is named here: only a person has a history


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(corrections(), min_size=1, max_size=3), status=SENT)
def test_no_sequence_touches_what_an_erp_has_or_may_have(steps: list[Step], status: Status) -> None:
    with transaction.atomic():
        world = World()
        put(world.records[0], status, ever_present=status in (Status.SYNCED, Status.CHANGED))
        before, version = world.contents()[0], stored(world.records[0]).version
        for step in steps:
            world.do(step, status)
            world.do(Step("undo", (0,), which=len(world.corrections) - 1), status)
        assert (world.contents()[0], stored(world.records[0]).version) == (before, version)
        transaction.set_rollback(True)
