"""The first morning with an ERP whose success text nobody knows: how many documents wait for a proof, and how long.

A second, small company sends some dozens of documents through the real queue. Its stand-ins store them and answer with
a text that no official text prints. Siigo's is known after one document was found, SAG's after three.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import median

from django.utils import timezone

from integrations.choices import NEEDS_A_PERSON, Kind, Status, Target
from integrations.connections.live_connection import live_connection
from integrations.erp.causes import DOUBTED_SUCCESSES
from integrations.files.file_formats import open_file
from integrations.files.intake import import_drafts
from integrations.models import Company, Connection, LearnedAnswer, SyncAttempt, SyncStanding
from integrations.queue.ports import free_port
from integrations.queue.processes import Processes
from ledger.demo.company import TradingCompany
from ledger.demo.files import Generated

COMPANY = TradingCompany("Distribuidora Primera Mañana de Ejemplo S.A.S.", "999100300")
TEXT = "Documento procesado con éxito"
FILES = ("siigo-compras", "sag-pedidos", "sag-entradas")
"""Beginnings of the files that this company sends too: all their documents are good ones."""
MOST_WAITING = 3
LONGEST_SECONDS = 300


FAULTS = [{"fault": "success_unpublished", "commit": True, "times": 1_000_000, "text": TEXT}]
"""Of the stand-ins of this company: they store every write and answer it with `TEXT`."""


def begin_stand_ins(processes: Processes, folder: Path) -> dict[Target, str]:
    """Start a Siigo and a SAG for this company; their addresses."""
    faults = folder / "primera-manana.json"
    faults.write_text(json.dumps(FAULTS), encoding="utf-8")
    siigo, sag = free_port(4105), free_port(8199)
    ports = ("--siigo-port", str(siigo), "--sag-port", str(sag))
    processes.manage("simuladores-manana", "simulate", "all", *ports, "--faults", str(faults))
    host = "http://127.0.0.1"
    return {
        Target.SIIGO: f"{host}:{siigo}/api/v1/siigo-pyme/send",
        Target.SAG: f"{host}:{sag}/ServiceSagWeb.svc",
    }


def open_company(first: Company, addresses: Mapping[Target, str]) -> Company:
    """A company with connections like those of `first`, to other addresses, that have learned nothing yet."""
    company = Company.objects.create(name=COMPANY.name, tax_id=COMPANY.tax_id)
    for target, address in addresses.items():
        connection = live_connection(first, target)
        connection.pk, connection.company, connection.endpoint = None, company, address
        connection.save(force_insert=True)
    return company


def bring_in(company: Company, generated: Generated) -> None:
    """Import this company's part of the files."""
    for file in generated.files:
        if file.path.name.startswith(FILES):
            import_drafts(open_file(file.path).drafts, company=company)


@dataclass(frozen=True)
class Morning:
    """What became of one ERP's documents. Seconds count from the ERP's answer to the proof."""

    target: Target
    documents: int
    on_their_way: int
    for_a_person: int
    """Documents that a person must correct, verify or decide about."""
    waits: tuple[float, ...]
    """Of each document that waited for a read to prove what the ERP said."""
    known_after: float | None
    """From the first answer until the text counted as known; None while it does not."""

    @property
    def is_as_promised(self) -> bool:
        """Everything is sent, at most three documents waited, for minutes at most, and nobody had to decide."""
        is_brief = len(self.waits) <= MOST_WAITING and max(self.waits, default=0) <= LONGEST_SECONDS
        is_sent = bool(self.documents) and not self.on_their_way and not self.for_a_person
        return is_sent and is_brief and self.known_after is not None

    def text(self) -> str:
        """What it came to, in a Spanish sentence."""
        return f"{self.target.label}: de {self.documents} documentos, {'; '.join(self._parts())}."

    def _parts(self) -> Iterator[str]:
        count = len(self.waits)
        yield f"{'esperó' if count == 1 else 'esperaron'} una comprobación {count}{self._times()}"
        yield f"una persona debe mirar {self.for_a_person}" if self.for_a_person else "nadie tuvo que decidir nada"
        if self.on_their_way:
            yield f"{self.on_their_way} siguen en camino"
        if self.known_after is None:
            yield "el mensaje todavía no se conoce"
        else:
            yield f"el mensaje se dio por conocido a los {_time(self.known_after)}"

    def _times(self) -> str:
        if len(self.waits) < 2:
            return "".join(f" ({_time(wait)})" for wait in self.waits)
        return f" (mediana {_time(median(self.waits))}; la más larga {_time(max(self.waits))})"


def measured(company: Company, target: Target) -> Morning:
    """What became of a company's documents for one ERP until now."""
    connection = live_connection(company, target)
    rows = list(SyncStanding.objects.filter(connection=connection, kind=Kind.MOVEMENT))
    people = [row for row in rows if row.status in NEEDS_A_PERSON]
    arrived = {row.record_id: row.synced_at for row in rows if row.status == Status.SYNCED}
    on_their_way = len(rows) - len(people) - len(arrived)
    waits = tuple(_waits(connection, arrived))
    return Morning(target, len(rows), on_their_way, len(people), waits, _known_after(connection))


def _waits(connection: Connection, arrived: Mapping[int, datetime | None]) -> Iterator[float]:
    """Seconds of each document whose answer proved nothing; until now, of one that is not sent yet."""
    doubted = SyncAttempt.objects.sends().filter(connection=connection, cause__in=DOUBTED_SUCCESSES)
    for record_id, answered_at in doubted.values_list("record_id", "finished_at"):
        if answered_at is not None:
            yield ((arrived.get(record_id) or timezone.now()) - answered_at).total_seconds()


def _known_after(connection: Connection) -> float | None:
    known = LearnedAnswer.objects.filter(connection=connection, is_known=True).order_by("-updated_at").first()
    first = SyncAttempt.objects.sends().filter(connection=connection).order_by("finished_at").first()
    if known is None or first is None or first.finished_at is None:
        return None
    return (known.updated_at - first.finished_at).total_seconds()


def _time(seconds: float) -> str:
    text = f"{seconds:.1f} s" if seconds < 60 else f"{seconds / 60:.1f} min"
    return text.replace(".", ",")
