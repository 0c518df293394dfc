"""Stored verdicts that are out of date are judged again by the sweeper, whatever the record waits for."""

from typing import Any

import pytest

from integrations.choices import Status, Target
from integrations.models import PeriodLock, SyncStanding
from integrations.payloads import judgement
from integrations.standings import transitions, verdicts
from ledger.models import Movement
from tests import builders
from tests.builders import standing_of
from tests.integrations.sending.conftest import sent

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def changed(siigo: Any) -> Movement:
    """A voucher that Siigo has, edited since, and judged then."""
    movement = builders.voucher()
    sent(movement)
    with transitions.editing(movement):
        line = movement.lines.get(position=1)
        line.description = "Cliente de contado"
        line.save()
    judgement.after_edit(movement)
    assert standing_of(movement).status == Status.CHANGED
    return movement


def test_a_changed_record_is_judged_again_when_a_rule_changed(changed: Movement) -> None:
    PeriodLock.objects.create(company=changed.company, until="2026-12-31")
    verdicts.forget(changed.company_id, Target.SIIGO)
    judgement.keep_stale_verdicts()
    row = standing_of(changed)
    assert (row.verdict, row.rule_ids) == (SyncStanding.Verdict.BLOCKED, ["closed_period"])


def test_a_changed_record_that_was_judged_is_not_judged_at_every_sweep(changed: Movement) -> None:
    assert judgement.keep_stale_verdicts() == 0
