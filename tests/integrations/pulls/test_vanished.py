"""A master that vanished from the ERP: nothing says any more that it is there, and it has a way out."""

from collections.abc import Callable

import pytest

from catalog.models import ThirdParty
from integrations import decisions
from integrations.choices import Grade, Status, Target
from integrations.models import PullPlan, SyncStanding
from integrations.pulls.pull_run import ALL, pull
from integrations.standings import transitions
from integrations.standings.grades import grade_of
from integrations.standings.requester import Requester
from tests.builders import standing_of
from tests.integrations.pulls.conftest import FakeErp, party

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def parties(plan: Callable[[str], PullPlan]) -> PullPlan:
    return plan("third_parties")


@pytest.fixture
def vanished(erp: FakeErp, parties: PullPlan) -> ThirdParty:
    """A third party that the first read brought and the second, of the whole register, did not."""
    erp.rows = [party(1, 800333444), party(2, 800555666, "OTRO LTDA.")]
    pull(parties)
    erp.rows = [party(2, 800555666, "OTRO LTDA.")]
    pull(parties, since=ALL)
    return ThirdParty.objects.get(tax_id="800333444")


def in_sag(record: ThirdParty) -> SyncStanding:
    return standing_of(record, Target.SAG)


def test_what_a_read_brought_is_seen(erp: FakeErp, parties: PullPlan) -> None:
    erp.rows = [party(1, 800333444)]
    pull(parties)
    assert grade_of(in_sag(ThirdParty.objects.get())) is Grade.SEEN


def test_a_master_that_vanished_no_longer_says_that_it_is_there(vanished: ThirdParty) -> None:
    row = in_sag(vanished)
    assert ("está allá" in row.message, "Ya no aparece en SAG" in row.message, grade_of(row)) == (False, True, None)


def test_a_dry_run_says_nothing_of_what_it_did_not_bring(erp: FakeErp, parties: PullPlan) -> None:
    erp.rows = [party(1, 800333444), party(2, 800555666, "OTRO LTDA.")]
    pull(parties)
    erp.rows = erp.rows[1:]
    pull(parties, since=ALL, dry_run=True)
    assert "está allá" in in_sag(ThirdParty.objects.get(tax_id="800333444")).message


def test_a_master_that_came_back_says_so(vanished: ThirdParty, erp: FakeErp, parties: PullPlan) -> None:
    erp.rows = [party(1, 800333444), party(2, 800555666, "OTRO LTDA.")]
    pull(parties, since=ALL)
    assert ("está allá" in in_sag(vanished).message, grade_of(in_sag(vanished))) == (True, Grade.SEEN)


def test_what_vanished_can_be_marked_as_annulled_there_and_be_sent_again(vanished: ThirdParty) -> None:
    row = in_sag(vanished)
    decisions.annul(row.pk, row.attempt, Requester(origin="prueba"), "lo borraron en SAG")
    assert (in_sag(vanished).status, in_sag(vanished).life) == (Status.NEW, 2)


def test_an_edit_of_what_was_read_that_is_undone_is_sent_again(erp: FakeErp, parties: PullPlan) -> None:
    erp.rows = [party(1, 800333444)]
    pull(parties)
    record = ThirdParty.objects.get()
    for name, status in (("OTRO NOMBRE", Status.CHANGED), ("PROVEEDOR UNO S.A.S.", Status.SYNCED)):
        with transitions.editing(record):
            record.name = name
            record.save()
        assert in_sag(record).status == status


def test_undoing_an_edit_hides_no_difference_that_a_read_showed(erp: FakeErp, parties: PullPlan) -> None:
    erp.rows = [party(1, 800333444)]
    pull(parties)
    record = ThirdParty.objects.get()
    with transitions.editing(record):
        record.name = "OTRO NOMBRE"
        record.save()
    erp.rows = [party(1, 800333444, "EN SAG SE LLAMA DISTINTO")]
    pull(parties, since=ALL)
    with transitions.editing(record):
        record.name = "PROVEEDOR UNO S.A.S."
        record.save()
    assert in_sag(record).status == Status.CHANGED
