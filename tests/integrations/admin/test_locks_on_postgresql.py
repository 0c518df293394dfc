"""On PostgreSQL a lock outside a transaction is an error: no page of the administration may ask for one."""

import pytest

from tests.integrations.house import House

pytestmark = pytest.mark.postgres


def test_every_page_that_writes_a_record_locks_inside_a_transaction(postgres_house: House) -> None:
    found = postgres_house.run("tests.integrations.admin.locks_on_postgresql")
    assert {page: status for page, status in found["statuses"].items() if status >= 500} == {}
    assert found["left"] == [0, 0, 0, 0, 0]
