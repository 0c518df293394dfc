"""Read a register of an ERP."""

import getpass
from datetime import date
from typing import Any

from rich.progress import Progress

from integrations.choices import Register
from integrations.connections.live_connection import live_connection
from integrations.management.staff_command import NEEDS_A_PERSON, OK, StaffCommand, wrong_usage
from integrations.models import PullRun
from integrations.pulls import pull_run
from integrations.pulls.plans import plan_for

_SINCE_HELP = "lo modificado desde ese día; sin él, lo modificado desde la última lectura, o todo la primera vez"
_COUNTS = ("read", "created", "updated", "unchanged", "differing", "busy", "missing", "rejected")


class Command(StaffCommand):
    help = "Lee del ERP un maestro: clientes, terceros, artículos, fuentes (SAG) o cuentas (Siigo)."

    def add_arguments(self, parser: Any) -> None:
        self.add_target(parser)
        parser.add_argument("resource", choices=[register.value for register in Register])
        parser.add_argument("--since", type=_day, metavar="AAAA-MM-DD", help=_SINCE_HELP)
        parser.add_argument("--all", action="store_true", help="lee todo y marca lo que ya no aparece")
        parser.add_argument("--dry-run", action="store_true", help="cuenta lo que haría; no escribe nada")
        self.add_json_flag(parser)
        self.add_company_flag(parser)

    def run(self, *, target: str, resource: str, json: bool, **options: Any) -> int:
        plan = plan_for(live_connection(self.company(options["company"]), target), resource)
        since = pull_run.ALL if options["all"] else options["since"]
        with Progress(disable=json or not self.stdout.isatty(), transient=True) as bar:
            task = bar.add_task(f"Leyendo {plan}", total=None)
            try:
                run = pull_run.pull(
                    plan,
                    since=since,
                    dry_run=options["dry_run"],
                    requested_from=f"{getpass.getuser()}: manage.py pull {target} {resource}",
                    progress=lambda done: bar.update(task, completed=done, description=f"Leídos {done}"),
                )
            except pull_run.BusyError as busy:
                raise _try_later(str(busy)) from busy
        if options["since"] and run.since is None and not json:
            self.say(f"{plan} no se puede pedir por fecha: se leyó todo.")
        self._report(run, target, resource, as_json=json)
        return OK if run.state == PullRun.State.DONE and not run.differing else NEEDS_A_PERSON

    def _report(self, run: PullRun, target: str, resource: str, *, as_json: bool) -> None:
        if as_json:
            facts = {name: getattr(run, name) for name in ("state", "dry_run", "since", *_COUNTS, "errors", "message")}
            self.emit({"target": target, "resource": resource, **facts})
            return
        self.say(run.message)
        self.say(*(f"  Fila {error['row']}, clave {error['key'] or '–'}: {error['message']}" for error in run.errors))


def _try_later(message: str) -> Exception:
    refused = wrong_usage(message)
    refused.returncode = NEEDS_A_PERSON
    return refused


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as unknown:
        raise wrong_usage(f"La fecha «{text}» no se entiende. Escríbala así: 2026-01-31.") from unknown
