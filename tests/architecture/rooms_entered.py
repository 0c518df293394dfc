"""Which rooms of `integrations/` three everyday jobs enter: a function of theirs is called while the job runs.

    python -m tests.architecture.rooms_entered

The document is drained by the engine against the stand-in; the batch is started by the POST that a browser sends from
the list; the file is a small CSV, taken in by the command, and once more by the browser and the worker in all its
steps. Status 1 where a job enters more rooms than it may.
"""

import contextlib
import inspect
import io
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

from tests.architecture.house import rooms

ROOT = Path(__file__).resolve().parents[2]
MOST = {
    "draining one document, Siigo": 9,
    "draining one document, SAG": 9,
    "an action of the list that starts a batch": 9,
    "the confirmation that queues it": 9,
    "taking in a file, command": 8,
    "taking in a file, browser and worker": 8,
}
"""Job → the most rooms that it may enter."""
_MOVEMENTS = "/admin/ledger/movement/"
_IMPORTS = "/admin/integrations/importfile/"


@contextlib.contextmanager
def entered_rooms() -> Iterator[set[str]]:
    """The rooms whose functions this thread calls inside the block; what an import runs does not count."""
    folder, known = f"{ROOT}/integrations/", rooms(ROOT)
    found: set[str] = set()

    def note(frame: FrameType, event: str, _argument: object) -> None:
        code = frame.f_code
        if event == "call" and code.co_flags & inspect.CO_OPTIMIZED and code.co_filename.startswith(folder):
            found.update({code.co_filename.removeprefix(folder).split("/")[0]} & known)

    sys.setprofile(note)
    try:
        yield found
    finally:
        sys.setprofile(None)


def measure() -> dict[str, set[str]]:
    """Job of `MOST` → the rooms that it enters, on an empty database. Each is done twice: the first time loads code."""
    return _draining() | _starting_a_batch() | _taking_in_a_file()


def _second_time(job: Callable[[int], object]) -> set[str]:
    job(1)
    with entered_rooms() as found:
        job(2)
    return found


def _draining() -> dict[str, set[str]]:
    from integrations.choices import Target
    from integrations.simulators.sag import start_sag
    from integrations.simulators.siigo import start_siigo
    from tests import builders

    with start_siigo() as siigo, start_sag() as sag:
        builders.siigo_connection(siigo.url)
        builders.sag_connection(sag.url)
        return {
            "draining one document, Siigo": _drained(lambda: builders.voucher(_unused_number()), Target.SIIGO),
            "draining one document, SAG": _drained(lambda: builders.order(), Target.SAG),
        }


def _drained(document: Callable[[], Any], target: Any) -> set[str]:
    """The rooms that the engine enters for a document that waits in the queue. Raises: AssertionError if it stays."""
    from integrations.choices import Status
    from integrations.sending import engine
    from tests.builders import standing_of
    from tests.integrations.sending.conftest import confirmed

    first, second = document(), document()
    lane = confirmed(first, target).connection_id
    engine.drain(lane)
    confirmed(second, target)
    with entered_rooms() as found:
        engine.drain(lane)
    assert {standing_of(movement, target).status for movement in (first, second)} == {Status.SYNCED}
    return found


def _starting_a_batch() -> dict[str, set[str]]:
    from tests import builders

    browser = _browser()
    chosen = {round_: builders.voucher(_unused_number()).pk for round_ in (1, 2)}
    pages: list[str] = []

    def start(round_: int) -> None:
        form = {"action": ["enviar_siigo", ""], "index": "0", "select_across": "0", "_selected_action": chosen[round_]}
        pages.append(browser.post(_MOVEMENTS, form)["Location"])

    started = _second_time(start)
    confirmed = _second_time(lambda round_: browser.post(pages[round_ - 1]))
    assert all(page.endswith("/confirmar/") for page in pages)
    return {"an action of the list that starts a batch": started, "the confirmation that queues it": confirmed}


def _taking_in_a_file() -> dict[str, set[str]]:
    from django.core.management import call_command

    from ledger.models import Movement
    from tests.integrations.files.tables import csv_bytes, voucher

    before, browser = Movement.objects.count(), _browser()
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        path = Path(folder) / "movimientos.csv"

        def by_the_command(round_: int) -> None:
            path.write_bytes(csv_bytes(voucher(2000 + round_)))
            call_command("import_file", str(path), "--json")

        found = {
            "taking in a file, command": _second_time(by_the_command),
            "taking in a file, browser and worker": _second_time(
                lambda round_: _import_in_the_browser(browser, csv_bytes(voucher(3000 + round_)))
            ),
        }
    assert Movement.objects.count() == before + 4
    return found


def _import_in_the_browser(browser: Any, body: bytes) -> None:
    """Upload a file, take the proposed columns, review it and import it, with the worker's tasks between."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from integrations import tasks
    from integrations.files.importing.column_answers import column_rows
    from integrations.models import ImportFile

    browser.post(f"{_IMPORTS}add/", {"file": SimpleUploadedFile("movimientos.csv", body), "kind": ""})
    file = ImportFile.objects.latest("pk")
    columns = {f"c{row['place']}": row["target"] for row in column_rows(file)}
    browser.post(f"{_IMPORTS}{file.pk}/columnas/", {"kind": file.kind, **columns})
    tasks.stage_file(file.pk)
    browser.post(f"{_IMPORTS}{file.pk}/importar/hacer/")
    tasks.import_file(file.pk)


def _browser() -> Any:
    """A browser in which an administrator is logged in."""
    from django.contrib.auth.models import User
    from django.test import Client

    browser = Client()
    user = User.objects.filter(is_superuser=True).first() or User.objects.create_superuser("administradora")
    browser.force_login(user)
    return browser


def _unused_number() -> int:
    from ledger.models import Movement

    return 1001 + Movement.objects.count()


def main() -> int:
    """Print the rooms of each job; status 1 where they are more than it may enter."""
    from django.test.utils import setup_test_environment

    from tests.benchmarks.measuring import prepare

    prepare()
    setup_test_environment()
    found = measure()
    for job, entered in found.items():
        print(f"{job}: {len(entered)} of at most {MOST[job]}: {', '.join(sorted(entered))}")
    return int(any(len(entered) > MOST[job] for job, entered in found.items()))


if __name__ == "__main__":
    sys.exit(main())
