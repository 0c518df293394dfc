"""An everyday job stays in few rooms: whoever follows it reads little."""

import pytest

from tests.architecture.rooms_entered import MOST, measure

pytestmark = pytest.mark.django_db(transaction=True)


def test_each_everyday_job_enters_few_rooms() -> None:
    entered = measure()
    assert entered.keys() == MOST.keys()
    assert {job: sorted(rooms) for job, rooms in entered.items() if len(rooms) > MOST[job]} == {}
