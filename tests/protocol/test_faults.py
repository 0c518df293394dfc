"""Each fault of the protocol's section 7, on both ERPs: in the end the document is there, once."""

import pytest

from tests.protocol.fault_runs import FaultResult, run, stand_ins
from tests.protocol.odd_answer_runs import run_odd

# Without coverage: measuring makes the same runs several times as long.
pytestmark = [pytest.mark.no_cover, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def results() -> list[FaultResult]:
    with stand_ins() as erps:
        return [*run(erps), *run_odd(erps)]


def test_every_document_that_met_a_fault_is_in_the_erp_exactly_once(results: list[FaultResult]) -> None:
    broken = [
        f"{result.target} {result.fault.description}: {result.state}, {result.documents} documents"
        for result in results
        if not result.keeps_the_promise
    ]
    assert broken == []
    misled = [
        result
        for result in results
        if result.plain_documents > 1 or (result.plain_documents and not result.plain_reports_done)
    ]
    assert misled, "the faults are harmless: they prove nothing"
