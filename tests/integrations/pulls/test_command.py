"""`pull` from the shell: exit status, JSON, and both stand-ins on real sockets."""

import json
from typing import Any

import pytest
from django.core.management import CommandError

from catalog.models import Article, Client, ThirdParty
from integrations.choices import Register, Status, Target
from integrations.models import Connection, PullRun, RegisterRow, SyncStanding
from integrations.payloads.context import context_for
from integrations.sending import engine
from integrations.simulators.sag import start_sag
from tests import builders
from tests.builders import standing_of
from tests.integrations.management.test_commands import run
from tests.integrations.pulls.conftest import FakeErp, party

pytestmark = pytest.mark.django_db(transaction=True)

KEYS = {"read", "created", "updated", "unchanged", "differing", "missing", "rejected", "errors"}


def test_json_has_the_counts_and_all_well_is_0(
    erp: FakeErp, sag: Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    erp.rows = [party(1, 800333444)]
    status, out = run(capsys, "pull", "sag", "third_parties", "--json")
    told = json.loads(out)
    assert (status, told["read"], told["created"], told["errors"]) == (0, 1, 1, [])
    assert set(told) >= KEYS


def test_a_difference_asks_for_a_person_with_1(
    erp: FakeErp, sag: Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    builders.third_party("800333444", name="OTRO")
    erp.rows = [party(1, 800333444)]
    status, out = run(capsys, "pull", "sag", "third_parties")
    assert (status, "1 con diferencias" in out) == (1, True)


def test_a_refused_row_is_told_with_its_number_and_key(
    erp: FakeErp, sag: Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    erp.rows = [party(1, 800333444, nit=None)]
    status, out = run(capsys, "pull", "sag", "third_parties")
    assert (status, "Fila 1, clave 1: La fila no trae «identificación»" in out) == (1, True)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("sag", "accounts"), "De SAG se lee"),
        (("siigo", "third_parties"), "Falta la conexión con Siigo"),
        (("sag", "third_parties", "--since", "ayer"), "«ayer» no se entiende"),
    ],
)
def test_wrong_usage_is_2(sag: Connection, words: tuple[str, ...], told: str) -> None:
    from django.core.management import call_command

    with pytest.raises(CommandError, match=told) as refused:
        call_command("pull", *words)
    assert refused.value.returncode == 2


def test_since_asks_from_that_day_on(erp: FakeErp, sag: Connection, capsys: pytest.CaptureFixture[str]) -> None:
    erp.rows = [party(1, 800333444)]
    run(capsys, "pull", "sag", "third_parties", "--since", "2026-01-31")
    assert "'20260131'" in erp.asked[0]


@pytest.fixture
def stand_in() -> Any:
    with start_sag() as simulator:
        yield builders.sag_connection(simulator.url)


def sent(kind: str, record: Any, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "push", "sag", kind)
    engine.drain(Connection.objects.get().pk)
    assert standing_of(record, Target.SAG).status == Status.SYNCED


@pytest.mark.parametrize(
    ("register", "kind", "make"),
    [
        ("clients", "client", builders.client),
        ("third_parties", "third_party", builders.third_party),
        ("articles", "article", builders.article),
    ],
)
def test_what_was_sent_is_read_back_and_is_the_same(
    stand_in: Connection, capsys: pytest.CaptureFixture[str], register: str, kind: str, make: Any
) -> None:
    record = make()
    sent(kind, record, capsys)
    status, out = run(capsys, "pull", "sag", register, "--json")
    told = json.loads(out)
    record.refresh_from_db()
    assert (status, told["differing"], told["rejected"]) == (0, 0, 0), told
    assert RegisterRow.objects.filter(register=register, record_id=record.pk).count() == 1
    assert standing_of(record, Target.SAG).status == Status.SYNCED


@pytest.mark.parametrize(
    ("register", "kind", "make", "model"),
    [
        ("clients", "client", builders.client, Client),
        ("third_parties", "third_party", builders.third_party, ThirdParty),
        ("articles", "article", builders.article, Article),
    ],
)
def test_what_only_sag_has_is_created_here(
    stand_in: Connection, capsys: pytest.CaptureFixture[str], register: str, kind: str, make: Any, model: Any
) -> None:
    sent(kind, make(), capsys)
    SyncStanding.objects.all().delete()
    model.objects.all().delete()
    _, out = run(capsys, "pull", "sag", register, "--json")
    assert json.loads(out)["created"] >= 1
    assert model.objects.get(**{model.natural_key_columns[-1]: make_key(kind)}).sag_status == Status.SYNCED


def make_key(kind: str) -> str:
    return {"client": "800111222", "third_party": "800333444", "article": "1001"}[kind]


def test_fuentes_reach_the_local_checks(stand_in: Connection, capsys: pytest.CaptureFixture[str]) -> None:
    status, _ = run(capsys, "pull", "sag", "sources")
    context = context_for(stand_in, [builders.order()])
    assert (status, context.sources["PD"]["k_n_clase_fuente"]) == (0, "4")
    assert PullRun.objects.get().read == RegisterRow.objects.filter(register=Register.SOURCES).count()
