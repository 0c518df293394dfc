"""The same request as the admin's action, from the shell."""

import getpass
import time
from typing import Any

from django.core.management.base import CommandError

from integrations.choices import NEEDS_A_PERSON as UNSETTLED
from integrations.choices import BatchState, ItemVerdict, Status
from integrations.connections.live_connection import live_connection
from integrations.dispatch import batches
from integrations.dispatch.previews import MASTERS_IN_ORDER
from integrations.management.staff_command import NEEDS_A_PERSON, OK, StaffCommand, wrong_usage
from integrations.models import Connection, Syncable, SyncBatch
from integrations.payloads import builder, prerequisites
from integrations.payloads.judgement import Judgement, judge_many
from integrations.queue.work_kinds import PREVIEW
from integrations.selectors import background_jobs, console_reports
from integrations.standings.requester import Requester

_LOOK_AGAIN_SECONDS = 0.25
_MASTERS_FIRST_HELP = "envía antes los maestros que los documentos nombran y faltan"


class Command(StaffCommand):
    help = "Pone en cola registros para un ERP, como la acción «Enviar a …» de la web."

    def add_arguments(self, parser: Any) -> None:
        self.add_target(parser)
        self.add_model(parser)
        parser.add_argument("--ids", type=_ids, help="solo estos, separados por comas")
        parser.add_argument("--status", type=_statuses, default=[Status.NEW], help="por defecto: new")
        parser.add_argument("--limit", type=int)
        parser.add_argument("--accept", type=_words, default=[], metavar="REGLA,…")
        parser.add_argument("--masters-first", action="store_true", help=_MASTERS_FIRST_HELP)
        parser.add_argument("--dry-run", action="store_true", help="muestra lo que se enviaría; no envía nada")
        parser.add_argument("--wait", type=float, metavar="SEGUNDOS", help="espera a que el lote termine")
        self.add_json_flag(parser)
        self.add_company_flag(parser)

    def run(self, *, target: str, model: str, json: bool, **options: Any) -> int:
        company = self.company(options["company"])
        chosen = console_reports.sendable_ids(
            company, model, target, options["status"], options["ids"], options["limit"]
        )
        if options["dry_run"]:
            connection = live_connection(company, target)
            first = _masters(connection, model, chosen) if options["masters_first"] else []
            judged = [*first, *judge_many(connection, model, chosen, options["accept"])]
            return self._dry_run(judged, as_json=json)
        requester = Requester(origin=f"{getpass.getuser()}: manage.py push {target} {model}")
        batch = batches.draft(
            company=company,
            target=target,
            kind=model,
            record_ids=chosen,
            requester=requester,
            accepted_rules=options["accept"],
        )
        batches.prepare(batch)
        if batch.state == BatchState.FAILED:
            raise CommandError(background_jobs.reason_of([PREVIEW], batch.pk))
        batch = batches.confirm(batch.pk, masters_first=options["masters_first"])
        settled = self._wait(batch, options["wait"])
        return self._report(batch, settled=settled, as_json=json)

    def _dry_run(self, judged: list[tuple[Syncable, Judgement]], *, as_json: bool) -> int:
        if as_json:
            self.emit({"dry_run": True, "records": [_as_data(*one) for one in judged]})
        for record, judgement in [] if as_json else judged:
            self.say(f"SIMULACIÓN · {record}: {judgement.verdict.label}. {judgement.reason}".rstrip())
            self.say(*([judgement.payload.body] if judgement.payload else []))
        blocked = any(judgement.verdict == ItemVerdict.BLOCKED for _, judgement in judged)
        return NEEDS_A_PERSON if blocked else OK

    def _wait(self, batch: SyncBatch, seconds: float | None) -> bool:
        if seconds is None:
            return True
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            batch.refresh_from_db()
            if batch.state in (BatchState.DONE, BatchState.CANCELLED):
                return True
            time.sleep(_LOOK_AGAIN_SECONDS)
        return False

    def _report(self, batch: SyncBatch, *, settled: bool, as_json: bool) -> int:
        report = console_reports.batch_report(batch)
        if as_json:
            self.emit({**report, "settled": settled})
        else:
            self.say(*console_reports.batch_lines(report))
            if not settled:
                self.say("El lote no terminó en el tiempo dado: sigue en segundo plano (¿corre «qcluster»?).")
        unsettled = any(status in UNSETTLED for status in report["outcomes"])
        return NEEDS_A_PERSON if report["blocked"] or unsettled or not settled else OK


def _masters(connection: Connection, model: str, chosen: list[int]) -> list[tuple[Syncable, Judgement]]:
    """What would go before those records, judged."""
    records = list(builder.load(model, chosen, connection.target).values())
    needed = {row.pk: row for rows in prerequisites.lacking(connection, records).values() for row in rows}.values()
    return [
        judged
        for kind in MASTERS_IN_ORDER
        for judged in judge_many(connection, kind, [row.record_id for row in needed if row.kind == kind])
    ]


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _ids(text: str) -> list[int]:
    return [int(word) for word in _words(text)]


def _statuses(text: str) -> list[Status]:
    try:
        return [Status(word) for word in _words(text)]
    except ValueError as unknown:
        raise wrong_usage(f"Estado desconocido en --status: {text}.") from unknown


def _as_data(record: Syncable, judgement: Judgement) -> dict[str, Any]:
    return {
        "kind": record.kind.value,
        "id": record.pk,
        "label": str(record),
        "verdict": judgement.verdict.value,
        "reason": judgement.reason,
        "problems": judgement.problems_as_data(),
        "payload": judgement.payload.body if judgement.payload else "",
    }
