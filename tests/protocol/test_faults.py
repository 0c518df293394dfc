"""Each fault of the protocol's section 7, on both ERPs: in the end the document is there, once."""

import pytest

from tests.protocol.harness import Ending, run, stand_ins

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def endings() -> list[Ending]:
    with stand_ins() as erps:
        return run(erps)


def test_every_document_that_met_a_fault_is_in_the_erp_exactly_once(endings: list[Ending]) -> None:
    broken = [
        f"{one.target} {one.trouble.words}: {one.state}, {one.documents} documents"
        for one in endings
        if not one.keeps_the_promise
    ]
    assert broken == []
    misled = [one for one in endings if one.plain_documents > 1 or (one.plain_documents and not one.plain_says_done)]
    assert misled, "the faults are harmless: they prove nothing"
