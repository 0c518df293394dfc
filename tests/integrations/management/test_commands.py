"""The shell's doors: flags, JSON and exit status, against stand-ins on real sockets."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command, execute_from_command_line
from pytest_django import Settings

from integrations.choices import Status, Target
from integrations.erp.sag.queries import why_not_read_only
from integrations.models import Company, Connection, SyncAttempt
from integrations.sending import engine
from integrations.simulators.sag import start_sag
from integrations.simulators.siigo import start_siigo
from tests import builders
from tests.builders import standing_of

pytestmark = pytest.mark.django_db(transaction=True)

PUBLISHED = Path(__file__).parents[2] / "published"


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    """The exit status and what was printed."""
    status = 0
    try:
        call_command(*words)
    except SystemExit as ended:
        status = int(ended.code or 0)
    return status, capsys.readouterr().out


def test_bootstrap_makes_the_company_and_both_connections(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.COMPANY_TAX_ID, settings.COMPANY_NAME = "900123456", "Comercial S.A.S."
    settings.SIIGO_API_KEY, settings.SAG_TOKEN = "clave", "ficha"
    run(capsys, "bootstrap")
    status, _ = run(capsys, "bootstrap")
    assert (status, Company.objects.count(), Connection.objects.count()) == (0, 1, 2)


def test_bootstrap_without_a_company_says_which_variable_is_missing(settings: Settings) -> None:
    settings.COMPANY_TAX_ID = ""
    with pytest.raises(CommandError, match="COMPANY_TAX_ID") as refused:
        call_command("bootstrap")
    assert refused.value.returncode == 2


def test_no_credential_is_stored_in_clear(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    settings.COMPANY_TAX_ID, settings.SAG_TOKEN = "900123456", "ficha-secreta"
    run(capsys, "bootstrap")
    assert "ficha-secreta" not in Connection.objects.get(target=Target.SAG).credential


def test_a_dry_run_prints_what_would_leave_and_makes_no_batch(siigo: Any, capsys: pytest.CaptureFixture[str]) -> None:
    movement = builders.voucher()
    status, out = run(capsys, "push", "siigo", "movement", "--dry-run")
    assert status == 0
    assert '"document_number":1001' in out
    assert standing_of(movement).status == Status.NEW


def test_an_unbalanced_voucher_stays_and_the_push_says_why(siigo: Any, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "import_file", str(PUBLISHED / "siigo-movements.json"))
    status, out = run(capsys, "push", "siigo", "movement", "--json")
    told = json.loads(out)
    assert (status, told["queued"], told["blocked"]) == (1, 0, 1)
    assert "no cuadran" in told["problems"][0]["reason"]


def test_an_accepted_rule_lets_it_pass_once_and_is_recorded(siigo: Any, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "import_file", str(PUBLISHED / "siigo-movements.json"))
    status, out = run(capsys, "push", "siigo", "movement", "--accept", "unbalanced", "--json")
    engine.drain(Connection.objects.get().pk)
    assert (status, json.loads(out)["queued"]) == (0, 1)
    assert SyncAttempt.objects.get().accepted_rules == ["unbalanced"]


def test_a_wait_that_nobody_serves_ends_with_1(siigo: Any, capsys: pytest.CaptureFixture[str]) -> None:
    builders.voucher()
    status, out = run(capsys, "push", "siigo", "movement", "--wait", "0.5", "--json")
    assert (status, json.loads(out)["settled"]) == (1, False)


def test_a_push_without_a_connection_is_wrong_usage() -> None:
    builders.voucher()
    with pytest.raises(CommandError, match="Falta la conexión con SAG") as refused:
        call_command("push", "sag", "movement")
    assert refused.value.returncode == 2


def test_sync_status_counts_only_what_there_is(siigo: Any, capsys: pytest.CaptureFixture[str]) -> None:
    builders.voucher()
    _, out = run(capsys, "sync_status", "--json")
    assert json.loads(out) == {"movement": {"siigo": {"new": 1}, "sag": {"new": 1}}}


def test_sync_explain_tells_what_was_sent_and_answered(siigo: Any, capsys: pytest.CaptureFixture[str]) -> None:
    movement = builders.voucher()
    run(capsys, "push", "siigo", "movement")
    engine.drain(Connection.objects.get().pk)
    _, out = run(capsys, "sync_explain", "movement", str(movement.pk), "--json")
    told = json.loads(out)["siigo"]
    assert (told["status"], told["reference"], len(told["attempts"])) == ("synced", "F-1 1001", 1)
    assert "insertados correctamente" in told["attempts"][0]["answer"]


def test_sync_explain_of_an_unknown_record_is_wrong_usage() -> None:
    with pytest.raises(CommandError) as refused:
        call_command("sync_explain", "movement", "999")
    assert refused.value.returncode == 2


def test_sweep_says_what_it_put_right(capsys: pytest.CaptureFixture[str]) -> None:
    status, out = run(capsys, "sweep")
    assert (status, "Por confirmar: 0" in out) == (0, True)


def test_reconcile_settles_a_document_that_asked_not_to_commit(sag: Any, capsys: pytest.CaptureFixture[str]) -> None:
    # SAG answered, so the turn ends at once, however long its lease: nothing here depends on how fast we are.
    movement = builders.order(sag={"RealizarCommit": "N"})
    run(capsys, "push", "sag", "movement")
    engine.drain(Connection.objects.get().pk)
    row = standing_of(movement, Target.SAG)
    row.settles_at = row.lease_until
    row.save()
    status, out = run(capsys, "reconcile", "sag", "--json")
    assert (status, json.loads(out)["records"][0]["status"]) == (0, "synced")


def test_check_connection_is_well_when_both_answer(
    siigo: Any, sag: Any, capsys: pytest.CaptureFixture[str], settings: Settings
) -> None:
    settings.DEBUG = True
    status, out = run(capsys, "check_connection", "--json")
    assert (status, {point["connection"] for point in json.loads(out)}) == (0, {"Siigo", "SAG", "Instalación"})


def test_check_connection_says_what_to_do_about_a_wrong_key(capsys: pytest.CaptureFixture[str]) -> None:
    with start_siigo() as simulator:
        builders.siigo_connection(simulator.url, secret="otra")
        status, out = run(capsys, "check_connection", "siigo")
    assert status == 1
    assert "Revise la clave" in out


@pytest.mark.parametrize("method", ["json", "json2", "xml"])
def test_a_query_gives_the_same_typed_rows_by_every_method(
    sag: Any, capsys: pytest.CaptureFixture[str], method: str
) -> None:
    run(capsys, "import_file", str(PUBLISHED / "sag-clients.xml"))
    run(capsys, "push", "sag", "client")
    engine.drain(Connection.objects.get().pk)
    query = "SELECT n_nit AS Documento, sc_nombre AS Nombre FROM v_clientes"
    _, out = run(capsys, "query_sag", query, "--method", method, "--json")
    assert json.loads(out) == [{"Documento": 811040859, "Nombre": "PyA Soluciones Integradas SAS"}]


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM movimientos",
        "SELECT 1; SELECT 2",
        "SELECT * INTO copia FROM movimientos",
        "EXEC sp_who",
        "SELECT 1 /* */ ; DROP TABLE x --",
        "WITH borradas AS (DELETE FROM x OUTPUT deleted.*) SELECT * FROM borradas",
        "no es sql (",
        "",
    ],
)
def test_what_is_not_one_reading_select_is_refused_before_it_leaves(query: str) -> None:
    assert why_not_read_only(query)


@pytest.mark.parametrize("query", ["SELECT 1 AS ok", "SELECT TOP 10 n_nit FROM v_clientes WITH (NOLOCK)"])
def test_one_select_that_reads_may_leave(query: str) -> None:
    assert not why_not_read_only(query)


def test_bootstrap_does_not_move_a_connection_that_has_history(
    siigo: Any, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    builders.voucher()
    run(capsys, "push", "siigo", "movement")
    engine.drain(Connection.objects.get().pk)
    settings.COMPANY_TAX_ID, settings.SIIGO_API_KEY = "900123456", "otra"
    settings.SIIGO_URL = "https://otro-servidor.example/api"
    with pytest.raises(CommandError, match="no se cambia de servidor"):
        call_command("bootstrap", "--restore", "siigo")
    assert Connection.objects.get(target=Target.SIIGO).endpoint == siigo.url


def test_a_sag_that_only_answers_http_is_told_so_without_sending_the_token(capsys: pytest.CaptureFixture[str]) -> None:
    with start_sag() as simulator:
        builders.sag_connection(simulator.url.replace("http://", "https://"))
        status, out = run(capsys, "check_connection", "sag")
        assert (status, "Solo responde por http" in out) == (1, True)
        assert "t0k3n1" not in "".join(str(entry) for entry in simulator.journal())


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("pull", "sag", "cosas"), "resource: «cosas» no existe; escriba uno de 'clients'"),
        (("pull",), "Falta target, resource"),
        (("push", "sag", "movement", "--limit", "x"), "--limit: «x» no sirve"),
        (("pull", "sag", "sources", "--todo"), "No se entiende --todo"),
    ],
)
def test_what_a_command_does_not_understand_is_told_in_spanish_with_2(
    words: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as refused:
        execute_from_command_line(["manage.py", *words])
    assert (refused.value.code, told in capsys.readouterr().err) == (2, True)
