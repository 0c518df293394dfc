"""The year of `tests/benchmarks/year_of_siigo.py`, made short."""

import pytest

from tests.benchmarks.year_of_siigo import compare


@pytest.mark.django_db(transaction=True)
def test_totals_by_account_and_month_are_equal_on_both_sides_to_the_cent() -> None:
    assert compare(lines=900, seed=3) == 0
