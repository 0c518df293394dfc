"""Reads into PostgreSQL, where rows go in by COPY."""

from typing import Any

import pytest

from tests.integrations.house import House
from tests.integrations.pulls.copy_rounds import COUNT

pytestmark = pytest.mark.postgres


def test_third_parties_copied_into_postgresql_are_the_same_as_read_and_written_once(postgres_house: House) -> None:
    told: dict[str, Any] = postgres_house.run("tests.integrations.pulls.copy_rounds")
    first, second, third = told["reads"]
    assert (first["state"], first["created"], first["rejected"]) == ("done", COUNT, 0)
    assert (second["unchanged"], told["second_wrote"]) == (COUNT, False)
    assert (third["updated"], third["differing"], third["missing"]) == (1, 1, 1)
    assert (told["names"], told["phones"]) == ("ÑANDÚ 3\t\\N «S.A.S.»", ["3000000000", "3222222222"])
    assert told["rows"][:2] == [COUNT, COUNT + 1]
