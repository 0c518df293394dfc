"""What the stand-ins remember over restarts, and the command that runs them alone."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest

from integrations.simulators.sag import start_sag
from integrations.simulators.siigo import start_siigo
from tests.integrations.simulators.client import SIIGO_PATH, document, export, insert, post_siigo, row

ROOT = Path(__file__).parents[3]
RUN = (
    "import sys; from django.conf import settings; settings.configure();"
    "from integrations.management.commands.simulate import Command;"
    "Command().run_from_argv(['manage.py', 'simulate', *sys.argv[1:]])"
)
END_SECONDS = 20


@contextmanager
def simulate(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """The command in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def address(process: subprocess.Popen[str], target: str) -> str:
    """The printed address of one target."""
    assert process.stdout
    for line in process.stdout:
        if line.startswith(f"{target} "):
            return line.split()[1]
    raise AssertionError(f"{target} has no address")


def post(url: str, body: object) -> int:
    host, _, path = url.removeprefix("http://").partition("/")
    connection = HTTPConnection(host, timeout=10)
    headers = {"Content-Type": "application/json", "Authorization": "Bearer demo-key"}
    connection.request("POST", f"/{path}", json.dumps(body).encode(), headers)
    status = connection.getresponse().status
    connection.close()
    return status


def test_documents_survive_a_restart(tmp_path: Path) -> None:
    for number in (1, 2):
        with start_sag(store=tmp_path / "sim.sqlite3") as sag:
            insert(sag, 28, document())
            assert [found["numero"] for found in sag.documents()["movimientos"]][-1] == number


def test_both_share_one_file(tmp_path: Path) -> None:
    path = tmp_path / "sim.sqlite3"
    with start_sag(store=path) as sag, start_siigo(store=path) as siigo:
        insert(sag, 28, document())
        post_siigo(siigo, export(row()))
        assert (len(sag.documents()["movimientos"]), len(siigo.documents()["vouchers"])) == (1, 1)


def test_a_voucher_survives_kill_9(tmp_path: Path) -> None:
    path = tmp_path / "sim.sqlite3"
    with simulate("siigo", "--siigo-port", "0", "--store", str(path)) as process:
        assert post(address(process, "siigo"), export(row())) == 200
        process.send_signal(signal.SIGKILL)
        process.wait(END_SECONDS)
    with start_siigo(store=path) as siigo:
        assert len(siigo.documents()["vouchers"]) == 1


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_the_command_prints_both_addresses_and_ends_cleanly(end: signal.Signals) -> None:
    with simulate("all", "--siigo-port", "0", "--sag-port", "0") as process:
        assert address(process, "siigo").endswith(SIIGO_PATH)
        assert address(process, "sag").endswith("/ServiceSagWeb.svc")
        process.send_signal(end)
        assert process.wait(END_SECONDS) == 0


def test_the_command_reads_faults(tmp_path: Path) -> None:
    path = tmp_path / "faults.json"
    path.write_text('[{"fault": "status_503_html"}]', encoding="utf-8")
    with simulate("siigo", "--siigo-port", "0", "--faults", str(path)) as process:
        assert post(address(process, "siigo"), export(row())) == 503


def test_the_command_reads_switches(tmp_path: Path) -> None:
    path = tmp_path / "switches.json"
    path.write_text('{"siigo": {"balance": true}}', encoding="utf-8")
    with simulate("siigo", "--siigo-port", "0", "--switches", str(path)) as process:
        assert post(address(process, "siigo"), export(row())) == 400


@pytest.mark.parametrize("text", ["[]", '{"otro": {}}', '{"siigo": {"nada": 1}}'])
def test_switches_that_cannot_be_read_are_a_wrong_usage(tmp_path: Path, text: str) -> None:
    path = tmp_path / "switches.json"
    path.write_text(text, encoding="utf-8")
    with simulate("siigo", "--siigo-port", "0", "--switches", str(path)) as process:
        process.communicate(timeout=END_SECONDS)
        assert process.returncode == 2


def test_a_taken_port_is_said_in_spanish() -> None:
    with start_siigo() as siigo, simulate("siigo", "--siigo-port", str(siigo.port)) as process:
        _, error = process.communicate(timeout=END_SECONDS)
        assert (process.returncode, "está ocupado" in error) == (2, True)


def test_a_faults_file_that_is_not_there_is_a_wrong_usage(tmp_path: Path) -> None:
    with simulate("siigo", "--siigo-port", "0", "--faults", str(tmp_path / "none.json")) as process:
        process.communicate(timeout=END_SECONDS)
        assert process.returncode == 2
