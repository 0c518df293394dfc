"""The whole product on an empty folder of its own, with stand-ins for both ERPs: what `make demo` runs."""

import signal
import sys
import time
from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from rich.console import Console
from rich.table import Table

from integrations.choices import BatchState, Kind, Status, Target
from integrations.connections.live_connection import live_connection
from integrations.dispatch.batches import confirm, draft, prepare
from integrations.files.file_formats import open_file
from integrations.files.identity_questions import StandingAnswers
from integrations.files.intake import import_drafts
from integrations.management import installation
from integrations.management.staff_command import NEEDS_A_PERSON, OK, StaffCommand
from integrations.models import Company, SyncBatch
from integrations.queue.cluster import FILES, SCHEDULED, SENDING, start_environment, start_words
from integrations.queue.processes import Processes
from integrations.selectors import console_reports
from integrations.sending.gateways import sag_client
from integrations.standings.requester import Requester
from ledger.demo import environment, first_morning
from ledger.demo.empty_database import create_database
from ledger.demo.environment import FOLDER
from ledger.demo.files import Generated, write_files
from ledger.models import Movement

USER, PASSWORD = "demo", "demo"
_ORDER = (
    (Kind.THIRD_PARTY, Target.SAG),
    (Kind.CLIENT, Target.SAG),
    (Kind.ARTICLE, Target.SAG),
    (Kind.MOVEMENT, Target.SIIGO),
    (Kind.MOVEMENT, Target.SAG),
)
_MOST_SECONDS = 120


class Command(StaffCommand):
    help = "Levanta todo el producto con datos de ejemplo y dos ERP simulados."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--exit", action="store_true", help="termina después de la tabla")
        parser.add_argument("--port", type=int, default=8000)

    def run(self, *, exit: bool, **_: Any) -> int:  # noqa: A002
        web_port, siigo_port, sag_port = environment.ports()
        started = time.monotonic()
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with Processes(log_folder=FOLDER) as processes:
            stand_ins = (
                "--siigo-port",
                str(siigo_port),
                "--sag-port",
                str(sag_port),
                "--store",
                str(FOLDER / "erp.db"),
            )
            processes.manage("simuladores", "simulate", "all", *stand_ins)
            addresses = first_morning.begin_stand_ins(processes, FOLDER)
            create_database()
            # They wake up on the second core while the first brings the files in.
            for cluster in (SENDING, FILES):
                _start(processes, cluster)
            processes.manage("web", "web", "--port", str(web_port))
            generated = self._load()
            batches = self._request_all(Company.objects.get())
            morning = self._begin_morning(addresses, generated)
            wrong = self._wait_for_all(batches, generated)
            self.say(f"Listo en {time.monotonic() - started:.0f} s.")
            wrong |= self._end_morning(morning)
            if exit:
                return NEEDS_A_PERSON if wrong else OK
            self._serve(processes, web_port)
        return OK

    def _load(self) -> Generated:
        company = installation.bootstrap().company
        get_user_model().objects.create_superuser(USER, password=PASSWORD, first_name="Demostración")
        generated = write_files(FOLDER / "archivos", today=date.today())  # noqa: DTZ011
        for file in generated.files:
            # Two published examples of SAG share their number, and are two documents.
            answers = StandingAnswers(number_again="new")
            intake = import_drafts(open_file(file.path).drafts, company=company, answers=answers)
            if intake.rejected:
                self.say(*(error.text() for error in intake.errors))
        _wait_for_the_stand_ins(company)
        sag_client(live_connection(company, Target.SAG)).insert("1", generated.preloaded)
        return generated

    def _request_all(self, company: Company) -> list[SyncBatch]:
        return [self._request(company, kind, target) for kind, target in _ORDER]

    def _wait_for_all(self, batches: list[SyncBatch], generated: Generated) -> bool:
        """Wait, print how each kind ended; whether something ended otherwise than it must."""
        began = time.monotonic()
        seconds = {}
        for batch in batches:
            _wait(batch)
            seconds[batch.kind, batch.target] = time.monotonic() - began
        counts = console_reports.status_counts(batches[0].company)
        self._print(counts, generated, seconds)
        return any(counts[kind][target] != expected for (kind, target), expected in generated.expected.items())

    def _begin_morning(self, addresses: dict[Target, str], generated: Generated) -> list[SyncBatch]:
        company = first_morning.open_company(Company.objects.get(), addresses)
        first_morning.bring_in(company, generated)
        _wait_for_the_stand_ins(company)
        return [self._request(company, Kind.MOVEMENT, target) for target in addresses]

    def _end_morning(self, batches: list[SyncBatch]) -> bool:
        """Print what the first morning of an ERP with unknown words costs; whether that is more than is promised."""
        self.say(f"La primera mañana con un ERP que responde «{first_morning.TEXT}», que ningún manual imprime:")
        mornings = []
        for batch in batches:
            _wait(batch)
            mornings.append(first_morning.measured(batch.company, Target(batch.target)))
            self.say(f"  {mornings[-1].text()}")
        return not all(morning.is_as_promised for morning in mornings)

    def _request(self, company: Company, kind: Kind, target: Target) -> SyncBatch:
        ids = console_reports.sendable_ids(company, kind, target, [Status.NEW], None, None)
        if kind == Kind.MOVEMENT:
            # Each document goes to the ERP that its file was written for.
            from_file = {Target.SIIGO: "siigo_json", Target.SAG: "sag_xml"}[target]
            ids = list(
                Movement.objects.filter(pk__in=ids, origin=from_file).order_by("pk").values_list("pk", flat=True)
            )
        batch = draft(
            company=company,
            target=target,
            kind=kind,
            record_ids=ids,
            requester=Requester(origin="demostración"),
            accepted_rules=(),
        )
        prepare(batch)
        return confirm(batch.pk)

    def _print(self, counts: dict[str, Any], generated: Generated, seconds: dict[Any, float]) -> None:
        table = Table("Registro", "ERP", "Estado", "Cuántos", "Esperados", "Segundos")
        for kind, target in _ORDER:
            found, expected = counts[kind][target], generated.expected[kind, target]
            for status in Status:
                if found.get(status) or expected.get(status):
                    cells = (kind.label, target.label, status.label, found.get(status, 0), expected.get(status, 0))
                    table.add_row(*map(str, cells), f"{seconds[kind, target]:.1f}")
        Console(file=sys.stdout, width=100).print(table)

    def _serve(self, processes: Processes, port: int) -> None:
        # From here on people work: what waits for a check, or for a moment, has to go on by itself.
        _start(processes, SCHEDULED)
        self.say(
            f"Abra http://127.0.0.1:{port}/admin/ · usuario «{USER}» · clave «{PASSWORD}»",
            "Ctrl-C detiene todo.",
        )
        try:
            while not processes.ended():
                time.sleep(1)
            self.stderr.write(f"Se detuvo: {', '.join(processes.ended())}. Vea {FOLDER}.")
        except KeyboardInterrupt:
            self.say("Detenido.")


def _start(processes: Processes, cluster: str) -> None:
    processes.manage(cluster, *start_words(cluster), environment=start_environment(cluster))


def _wait_for_the_stand_ins(company: Company) -> None:
    client = sag_client(live_connection(company, Target.SAG))
    for _ in range(100):
        try:
            return client.probe()
        except Exception:  # noqa: BLE001 - whatever it is, it may still be starting
            time.sleep(0.1)
    client.probe()
    return None


def _wait(batch: SyncBatch) -> None:
    end = time.monotonic() + _MOST_SECONDS
    while batch.state not in (BatchState.DONE, BatchState.CANCELLED) and time.monotonic() < end:
        time.sleep(0.2)
        batch.refresh_from_db()
