"""What the demonstration says of the first morning with an ERP whose success text nobody knows."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from integrations.choices import Target
from integrations.dispatch import batches
from integrations.models import Company
from integrations.simulators.sag import start_sag
from integrations.simulators.siigo import start_siigo
from integrations.standings.requester import Requester
from ledger.demo import first_morning
from ledger.demo.files import Generated
from ledger.demo.first_morning import Morning, measured
from ledger.models import Movement
from tests import builders
from tests.other_erps.conftest import run_queue

pytestmark = pytest.mark.django_db(transaction=True)
GOOD = Morning(Target.SAG, 28, 0, 0, (0.4, 0.5, 1.2), 2.0)


@pytest.fixture
def company() -> Iterator[Company]:
    """With connections to ERPs that answer with the unknown text."""
    builders.siigo_connection("http://127.0.0.1:9/")
    builders.sag_connection("http://127.0.0.1:9/")
    with start_siigo(faults=first_morning.FAULTS) as siigo, start_sag(faults=first_morning.FAULTS) as sag:
        addresses = {Target.SIIGO: siigo.url, Target.SAG: sag.url}
        yield first_morning.open_company(builders.company(), addresses)


def sent(company: Company, target: Target) -> Morning:
    batch = batches.draft(
        company=company,
        target=target,
        kind="movement",
        record_ids=list(Movement.objects.values_list("pk", flat=True)),
        requester=Requester(origin="prueba"),
    )
    batches.confirm(batch.pk)
    run_queue()
    return measured(company, target)


def test_siigos_text_is_known_after_one_document(company: Company) -> None:
    for number in range(1, 13):
        builders.voucher(number, company=company)
    morning = sent(company, Target.SIIGO)
    assert (morning.documents, len(morning.waits), morning.is_as_promised) == (12, 1, True), morning.text()


def test_sags_text_is_known_after_three_documents(company: Company) -> None:
    for number in range(1, 13):
        builders.order(f"OC-{number}", company=company)
    morning = sent(company, Target.SAG)
    assert (morning.documents, len(morning.waits), morning.is_as_promised) == (12, 3, True), morning.text()


def test_an_erp_that_stores_nothing_misses_the_promise(company: Company) -> None:
    fault = {"fault": "success_unpublished", "times": 99, "text": first_morning.TEXT}
    with start_siigo(faults=[fault]) as siigo:
        company.connections.filter(target=Target.SIIGO).update(endpoint=siigo.url)
        builders.voucher(1, company=company)
        morning = sent(company, Target.SIIGO)
    assert (morning.for_a_person, morning.known_after, morning.is_as_promised) == (1, None, False)
    assert "una persona debe mirar 1" in morning.text()


@pytest.mark.parametrize(
    "changes",
    [
        {"waits": (0.1,) * 4},
        {"waits": (301.0,)},
        {"for_a_person": 1},
        {"on_their_way": 1},
        {"documents": 0},
        {"known_after": None},
    ],
    ids=str,
)
def test_each_part_of_the_promise_counts(changes: dict[str, object]) -> None:
    assert GOOD.is_as_promised
    assert not replace(GOOD, **changes).is_as_promised  # type: ignore[arg-type]


def test_what_it_came_to_is_said_in_spanish() -> None:
    assert GOOD.text() == (
        "SAG: de 28 documentos, esperaron una comprobación 3 (mediana 0,5 s; la más larga 1,2 s); nadie tuvo que "
        "decidir nada; el mensaje se dio por conocido a los 2,0 s."
    )


def test_everything_that_the_second_company_sends_is_good(generated: Generated) -> None:
    company = builders.company()
    first_morning.bring_in(company, generated)
    assert Movement.objects.filter(company=company).count() == 24 + 18 + 10
    orders = [ending for ending in generated.endings if ending.name.startswith(("PD ", "EA "))]
    assert {ending.ending.status for ending in orders} == {"synced"}
