"""Each fault once, on the real engine and real sockets, compared with a plain task that posts and then saves.

The queue runs the plain task again when it raises. It gets the same bytes, timeouts and faults in the same run.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from html import escape
from typing import Any

import requests
from django.utils import timezone

from integrations import sweep
from integrations.choices import Kind, SendKind, Status, Target
from integrations.connections import pausing
from integrations.dispatch import batches
from integrations.models import Connection, SyncStanding
from integrations.payloads import builder
from integrations.payloads.context import PayloadContext
from integrations.sending import claims, engine, gateways
from integrations.simulators.sag import start_sag
from integrations.simulators.siigo import start_siigo
from integrations.standings.requester import Requester
from integrations.verifying import reconcile
from ledger.models import Movement
from tests import builders

READ_SECONDS = 0.4
SECONDS = {
    "connect_seconds": 1.0,
    "read_seconds": READ_SECONDS,
    "deadline_seconds": 0.7,
    "start_slack_seconds": 1.0,
    "lease_seconds": 2.0,
    "settle_seconds": 1.0,
    "reads_apart_seconds": 0.0,
    "concurrency": 16,
}
PLAIN_TRIES = 5
"""How often the queue runs a plain task that raises; django-q2's default is without end."""
REQUESTER = Requester(origin="arnés de fallas")
BOTH = (Target.SIIGO, Target.SAG)

KILLED_BEFORE, KILLED_AFTER = "killed_before", "killed_after"


@dataclass(frozen=True)
class FaultCase:
    """One fault: a description, and the simulator's name for it (or when the worker dies)."""

    description: str
    name: str
    targets: tuple[Target, ...] = BOTH
    seconds: float = 1.5
    settings: tuple[tuple[str, Any], ...] = ()
    """Further ones of the simulator's fault."""
    ends: Status = Status.SYNCED
    """Another than *sent*: a person is told, and decides."""


FAULT_CASES = (
    FaultCase("nothing goes wrong", ""),
    FaultCase("commits, then hangs", "commit_then_hang"),
    FaultCase("hangs, commits nothing", "hang"),
    FaultCase("commits after the client gave up", "late_commit", seconds=1.0),
    FaultCase("commits, then resets the connection", "commit_then_reset"),
    FaultCase("resets before it reads", "reset_before"),
    FaultCase("commits, then sends TLS garbage", "commit_then_garbage"),
    FaultCase("commits, then answers 500", "commit_then_500"),
    FaultCase("commits, then answers 200 without a body", "bare_200"),
    FaultCase("commits, then an empty result", "empty_result", (Target.SAG,)),
    FaultCase("commits, and the answer drips", "dripping"),
    FaultCase("commits, and the answer is cut", "truncated"),
    FaultCase("SOAP fault", "soap_fault", (Target.SAG,)),
    FaultCase("«Object reference not set…»", "object_reference", (Target.SAG,)),
    FaultCase("HTML 503", "status_503_html"),
    FaultCase("redirects (307)", "redirect_307"),
    FaultCase("asks to wait (429)", "throttled_429"),
    FaultCase("worker killed before the request", KILLED_BEFORE),
    FaultCase("worker killed after the request", KILLED_AFTER),
    # The last one: what it leaves in the queue would be claimed before a later document.
    FaultCase("refuses the key (401)", "unauthorized_401", (Target.SIIGO,)),
)


@dataclass(frozen=True)
class FaultResult:
    """What became of one document, right after the fault and in the end, and how many are in the ERP each time."""

    fault: FaultCase
    target: Target
    state_after: Status
    documents_after: int
    state: Status
    documents: int
    resent_by_person: bool
    plain_documents: int
    plain_reports_done: bool

    @property
    def keeps_the_promise(self) -> bool:
        is_once = self.documents == 1 or (self.fault.ends != Status.SYNCED and self.documents == 0)
        return is_once and self.state == self.fault.ends


@dataclass
class DocumentRun:
    fault: FaultCase
    target: Target
    record: Movement
    state_after: Status = Status.NEW
    documents_after: int = 0
    resent: bool = False
    plain: int = 0
    plain_done: bool = False

    @property
    def row(self) -> SyncStanding:
        return builders.standing_of(self.record, self.target)


@contextmanager
def stand_ins() -> Iterator[dict[Target, Any]]:
    """Both simulators, and a company connected to them with short timeouts."""
    with start_siigo() as siigo, start_sag() as sag:
        builders.siigo_connection(siigo.url, **SECONDS)
        builders.sag_connection(sag.url, **SECONDS)
        yield {Target.SIIGO: siigo, Target.SAG: sag}


def run(erps: dict[Target, Any]) -> list[FaultResult]:
    """Every fault on every ERP that has it. Takes about half a minute."""
    for target in BOTH:
        # A document known to be there: no absence is proven without one.
        _request(DocumentRun(FAULT_CASES[0], target, record_for(target, 0)))
        engine.drain(connection_to(target).pk)
    cases = [
        DocumentRun(fault, target, record_for(target, number))
        for number, fault in enumerate(FAULT_CASES, 1)
        for target in fault.targets
    ]
    for case in cases:
        send_with_fault(case, erps[case.target])
    settle(cases)
    for case in cases:
        case.plain = plain_documents(case, erps[case.target])
    return [result_of(case, erps[case.target]) for case in cases]


def record_for(target: Target, number: int) -> Movement:
    return builders.voucher(7000 + number) if target == Target.SIIGO else builders.order(f"ARNES-{number}")


def connection_to(target: Target) -> Connection:
    return Connection.objects.get(target=target)


def _request(case: DocumentRun) -> None:
    batch = batches.draft(
        company=case.record.company,
        target=case.target,
        kind=Kind.MOVEMENT,
        record_ids=[case.record.pk],
        requester=REQUESTER,
    )
    batches.confirm(batch.pk)


def _fault(fault: FaultCase, times: int = 1) -> dict[str, Any]:
    operation = {} if fault.name != "object_reference" else {"operation": "insercionSag"}
    return {"fault": fault.name, "times": times, "seconds": fault.seconds, "when": operation, **dict(fault.settings)}


def send_with_fault(case: DocumentRun, erp: Any) -> None:
    """Send the document while its fault is on."""
    _request(case)
    connection = connection_to(case.target)
    if case.fault.name in (KILLED_BEFORE, KILLED_AFTER):
        claim = claims.claim_next(connection.pk)
        assert claim is not None
        if case.fault.name == KILLED_AFTER:
            gateways.gateway(connection).send(claim.payload, claim.before_first_byte)
    else:
        erp.set_faults(*([_fault(case.fault)] if case.fault.name else []))
        engine.drain(connection.pk)
        erp.set_faults()
    case.state_after, case.documents_after = Status(case.row.status), _count_in_erp(case.record, case.target, erp)
    pausing.resume(connection.pk)


def settle(cases: list[DocumentRun]) -> None:
    """Wait for every window to end and verify; a person sends again what is absent."""
    time.sleep(SECONDS["lease_seconds"] + SECONDS["settle_seconds"] + 0.2)
    SyncStanding.objects.filter(status=Status.RETRYING).update(due_at=timezone.now())
    sweep.sweep()
    time.sleep(SECONDS["settle_seconds"] + 0.2)
    for case in cases:
        if case.row.status == Status.UNCERTAIN or case.row.verify_first:
            reconcile.verify(case.row.pk, case.row.attempt)
        if case.row.status == Status.NEW:
            case.resent = True
            _request(case)
    for target in BOTH:
        engine.drain(connection_to(target).pk)


def _count_in_erp(record: Movement, target: Target, erp: Any, suffix: str = "") -> int:
    """How many documents of a record (or of the plain task's copy of it) are in the ERP."""
    if target == Target.SIIGO:
        number = (record.number or 0) + (1000 if suffix else 0)
        return sum(1 for voucher in erp.documents()["vouchers"] if voucher["number"] == number)
    key = record.number2 + suffix
    return sum(1 for movement in erp.documents()["movimientos"] if movement["numero2"] == key)


def plain_documents(case: DocumentRun, erp: Any) -> int:
    """How many documents the plain task leaves in the ERP under the same fault."""
    connection = connection_to(case.target)
    body = builder.build(case.record, connection, case.row, SendKind.CREATE, PayloadContext()).body
    post = _PLAIN_POSTS[case.target](connection, case.record, body)
    killed = case.fault.name in (KILLED_BEFORE, KILLED_AFTER)
    if case.fault.name == KILLED_AFTER:
        with suppress(requests.RequestException):
            post()
    # The fault lasts for all tries but the last: an ERP that hangs once a minute hangs for each of them.
    erp.set_faults(*([_fault(case.fault, PLAIN_TRIES - 1)] if case.fault.name and not killed else []))
    for _ in range(PLAIN_TRIES):
        try:
            if post().is_done():
                case.plain_done = True
                break
        except requests.RequestException:
            continue
    erp.set_faults()
    time.sleep(case.fault.seconds if case.fault.name == "late_commit" else 0)
    return _count_in_erp(case.record, case.target, erp, "-P")


class _Answer:
    """The answer as a plain task reads it: done when it is a readable 2xx."""

    def __init__(self, response: requests.Response, word: str) -> None:
        self._response, self._word = response, word

    def is_done(self) -> bool:
        self._response.raise_for_status()
        return self._word in self._response.text


Post = Callable[[], _Answer]


def _plain_siigo(connection: Connection, record: Movement, body: str) -> Post:
    number = record.number or 0
    copied = body.replace(f'"document_number":{number}', f'"document_number":{number + 1000}')
    headers = {"Authorization": "Bearer demo-key", "Content-Type": "application/json"}
    return lambda: _Answer(_post(connection, copied, headers), '"statusCode"')


def _plain_sag(connection: Connection, record: Movement, body: str) -> Post:
    copied = body.replace(f'"{record.number2}"', f'"{record.number2}-P"')
    envelope = (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
        '<insercionSag xmlns="http://tempuri.org/"><a_s_token>t0k3n1</a_s_token><a_s_tipo>28</a_s_tipo>'
        f"<a_s_xml>{escape(copied)}</a_s_xml></insercionSag></s:Body></s:Envelope>"
    )
    headers = {
        "Content-Type": "text/xml; charset=utf-8",
        "SOAPAction": "http://tempuri.org/IServiceSagWeb/insercionSag",
    }
    return lambda: _Answer(_post(connection, envelope, headers), "CREADO")


_PLAIN_POSTS: dict[Target, Callable[[Connection, Movement, str], Post]] = {
    Target.SIIGO: _plain_siigo,
    Target.SAG: _plain_sag,
}


def _post(connection: Connection, body: str, headers: dict[str, str]) -> requests.Response:
    address = connection.endpoint + ("/soap" if connection.endpoint.endswith(".svc") else "")
    return requests.post(address, data=body.encode(), headers=headers, timeout=(1, READ_SECONDS))


def result_of(case: DocumentRun, erp: Any) -> FaultResult:
    return FaultResult(
        case.fault,
        case.target,
        case.state_after,
        case.documents_after,
        Status(case.row.status),
        _count_in_erp(case.record, case.target, erp),
        case.resent,
        case.plain,
        case.plain_done,
    )
