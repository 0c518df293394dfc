"""One bad connection stops itself, and nothing of any other company."""

import signal
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management.base import BaseCommand
from django.utils import timezone
from pytest_django import Settings

from integrations import sweep
from integrations.choices import Target
from integrations.connections import lanes, timeouts
from integrations.connections.live_connection import each_live
from integrations.management.cluster_command import ClusterCommand
from integrations.models import Company, Connection, SyncStanding
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def good() -> Connection:
    return builders.siigo_connection(
        "http://127.0.0.1:9/", **timeouts.from_read_seconds(150) | {"settings": {"timeout_minutes": 2}}
    )


def bad(**changes: Any) -> Connection:
    other: Company = builders.company(tax_id="800197268", name="Otra Empresa S.A.S.")
    climbing = timeouts.from_read_seconds(150)
    return builders.siigo_connection("http://127.0.0.1:9/", company=other, **climbing | changes)


@pytest.fixture
def in_production(settings: Settings) -> None:
    settings.TIMEOUTS_MUST_CLIMB = True
    settings.DEBUG = False


@pytest.fixture
def signals_as_before() -> Iterator[None]:
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.mark.usefixtures("in_production")
def test_a_connection_whose_times_contradict_one_another_calls_nobody_and_says_why() -> None:
    reason = lanes.closed(bad(settle_seconds=1.0), timezone.now())
    assert "Los tiempos de la conexión se contradicen: Los segundos antes de dar por ausente (1)" in str(reason)


@pytest.mark.usefixtures("in_production")
def test_a_time_that_is_no_number_is_a_contradiction_too() -> None:
    assert "se contradicen" in str(lanes.closed(bad(settings={"timeout_minutes": "dos"}), timezone.now()))


@pytest.mark.usefixtures("in_production")
def test_the_other_company_goes_on(good: Connection) -> None:
    bad(settle_seconds=1.0)
    assert lanes.closed(good, timezone.now()) is None


@pytest.mark.usefixtures("in_production", "signals_as_before")
def test_what_runs_the_clusters_starts_all_the_same_and_tells(capsys: pytest.CaptureFixture[str]) -> None:
    bad(settle_seconds=1.0)
    command: BaseCommand = ClusterCommand()
    command.begin()  # type: ignore[attr-defined]
    assert "Otra Empresa S.A.S." in capsys.readouterr().err


def test_what_fails_for_one_connection_is_done_for_the_others(good: Connection) -> None:
    broken = bad()

    def step(connection: Connection) -> int:
        if connection.pk == broken.pk:
            raise ValueError("broken")
        return 1

    assert each_live(step) == 1


def test_a_sweep_checks_the_documents_of_the_others(good: Connection) -> None:
    bad(severities=["not", "a", "dictionary"])
    other_document = builders.voucher(1, company=Company.objects.get(tax_id="800197268"))
    document = builders.voucher(2)
    SyncStanding.objects.update(version_checked=None)
    sweep.sweep()
    checked = dict(SyncStanding.objects.filter(target=Target.SIIGO).values_list("record_id", "version_checked"))
    assert (checked[document.pk] is None, checked[other_document.pk] is None) == (False, True)
