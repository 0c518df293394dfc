"""A fault, the request that it happens to, and what each name of a fault does (all of them: docs/simulators.md)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from integrations.simulators.treatment import Treatment
from integrations.simulators.wire import ClientSocket, Reply, Request

HTML = "text/html; charset=utf-8"
UNAVAILABLE = Reply(503, b"<html><body><h1>Service Unavailable</h1></body></html>", HTML)
ELSEWHERE = Reply(307, b"", HTML, {"Location": "/otra/direccion"})
FIREWALL = Reply(
    403, b"<html><head><title>403 Forbidden</title></head><body><h1>Request blocked</h1></body></html>", HTML
)
WRITES = ("insercionSag", "export")
"""The operations that store; every other one reads."""


@dataclass(slots=True)
class Fault:
    """One fault and the requests that it fits. `commit` says whether the ERP stores the request anyway."""

    fault: str
    target: str = ""
    operation: str = ""
    match: str = ""
    times: int = 1
    skip: int = 0
    seconds: float = 5.0
    commit: bool = False
    retry_after: int | str | None = 1
    """Seconds, an HTTP date, or None for no `Retry-After` at all."""
    text: str = ""
    """The message instead of the fault's own."""
    names: str = "number"
    """What `success_names_another` names: `number`, `nit` or `source`."""
    value: str = ""
    """The number, NIT, fuente or count that an answer names instead of one that differs from the request's."""
    documents: int = 0
    """How many of the newest documents a `stale_read` misses."""
    without: Sequence[str] = field(default_factory=list)
    """What a `partial_read` leaves out."""
    column: str = ""
    """What `missing_column` leaves out; nothing for the first of each row."""
    width: int = 40
    """How far `padded_columns` fills texts."""
    characters: int = 10
    """How much of a key `truncated_key` keeps."""
    source: str = "ZZ"
    """Where `stored_in_another_source` stores; for Siigo a letter is the voucher type, digits are the code."""

    def fits(self, target: str, operation: str, body: str) -> bool:
        """Whether it can happen to this request."""
        out_of_place = self.fault in (ON_READS if operation in WRITES else ON_WRITES)
        return (
            not out_of_place
            and self.times > 0
            and self.target in ("", target)
            and self.operation in ("", operation)
            and self.match in body
        )


class OddAnswers(Protocol):
    """The answers that look different in each ERP."""

    def odd_answer(self, name: str, request: Request, fault: Fault) -> Reply:
        """The answer of that name in the ERP's own form, with the settings of `fault`."""


class Commit(Protocol):
    """Does what was asked and gives the answer that an undisturbed request would have had."""

    def __call__(self, treatment: Treatment = ...) -> Reply: ...


@dataclass(frozen=True, slots=True)
class InjectedFault:
    """A fault on its way to one request. `previous` is the ERP's latest answer to the same operation."""

    client: ClientSocket
    fault: Fault
    commit: Commit
    service: OddAnswers
    request: Request
    previous: Reply | None = None

    def odd_answer(self, name: str) -> Reply:
        """The ERP's own form of an odd answer."""
        return self.service.odd_answer(name, self.request, self.fault)


Delivery = Callable[[InjectedFault], None]


def _commit_then_hang(injected: InjectedFault) -> None:
    injected.commit()
    _hang(injected)


def _hang(injected: InjectedFault) -> None:
    injected.client.wait(injected.fault.seconds)
    injected.client.drop()


def _late_commit(injected: InjectedFault) -> None:
    """Commits after the client gave up."""
    if injected.client.wait(injected.fault.seconds):
        injected.client.drop()
    else:
        injected.client.send(injected.commit())


def _commit_then_reset(injected: InjectedFault) -> None:
    injected.commit()
    injected.client.reset()


def _reset_before(injected: InjectedFault) -> None:
    injected.client.reset()


def _commit_then_garbage(injected: InjectedFault) -> None:
    """Bytes like a TLS alert where HTTP belongs."""
    injected.commit()
    injected.client.write(b"\x15\x03\x03\x00\x02\x02\x50\x00\xff\xfe\x00garbage\x00")
    injected.client.drop()


def _dripping(injected: InjectedFault) -> None:
    """Each byte comes in time, the answer does not."""
    injected.client.drip(injected.commit(), injected.fault.seconds)


def _truncated(injected: InjectedFault) -> None:
    """Half of what Content-Length promises, then the end."""
    head, _, body = injected.commit().bytes().partition(b"\r\n\r\n")
    injected.client.write(head + b"\r\n\r\n" + body[: len(body) // 2])
    injected.client.drop()


def _treated(make: Callable[[Fault], Treatment]) -> Delivery:
    """The ordinary answer of an ERP that did the request otherwise."""
    return lambda injected: injected.client.send(injected.commit(make(injected.fault)))


def _stale(fault: Fault) -> Treatment:
    """By `documents` where they are given, else by `seconds`."""
    if fault.documents:
        return Treatment(stale_documents=fault.documents)
    return Treatment(stale_seconds=fault.seconds)


def _instead(make: Callable[[InjectedFault], Reply], *, always_commits: bool = False) -> Delivery:
    """Another answer. Nothing is stored, unless the fault says `commit` or its name does."""

    def deliver(injected: InjectedFault) -> None:
        if always_commits or injected.fault.commit:
            injected.commit()
        injected.client.send(make(injected))

    return deliver


def _odd(name: str, *, always_commits: bool = False) -> Delivery:
    return _instead(lambda injected: injected.odd_answer(name), always_commits=always_commits)


def _throttled(injected: InjectedFault) -> Reply:
    wait = injected.fault.retry_after
    return Reply(429, headers={} if wait is None else {"Retry-After": str(wait)})


def _repeated(injected: InjectedFault) -> Reply:
    """Where no call came before, an answer without content."""
    return injected.previous or injected.odd_answer("empty_result")


READ_DELIVERIES: dict[str, Delivery] = {
    "stale_read": _treated(_stale),
    "partial_read": _treated(lambda fault: Treatment(hidden=tuple(map(str, fault.without)))),
    "upper_case_columns": _treated(lambda _: Treatment(upper_columns=True)),
    "missing_column": _treated(lambda fault: Treatment(missing_column=fault.column)),
    "padded_columns": _treated(lambda fault: Treatment(padding=fault.width)),
}
WRITE_DELIVERIES: dict[str, Delivery] = {
    "duplicate_commit": _treated(lambda _: Treatment(copies=2)),
    "truncated_key": _treated(lambda fault: Treatment(key_characters=fault.characters)),
    "stored_in_another_source": _treated(lambda fault: Treatment(source=fault.source)),
    "success_nothing_stored": _odd("success_nothing_stored"),
    "success_other_count": _odd("success_other_count"),
    "success_names_another": _odd("success_names_another"),
    "success_unpublished": _odd("success_unpublished"),
    "message_with_nul": _odd("message_with_nul"),
    "message_with_surrogate": _odd("message_with_surrogate"),
    "huge_status_code": _odd("huge_status_code"),
    "huge_message": _odd("huge_message"),
}
DELIVERIES: dict[str, Delivery] = {
    **READ_DELIVERIES,
    **WRITE_DELIVERIES,
    "commit_then_hang": _commit_then_hang,
    "hang": _hang,
    "late_commit": _late_commit,
    "commit_then_reset": _commit_then_reset,
    "reset_before": _reset_before,
    "commit_then_garbage": _commit_then_garbage,
    "commit_then_500": _odd("server_error", always_commits=True),
    "status_503_html": _instead(lambda _: UNAVAILABLE),
    "forbidden_403_html": _instead(lambda _: FIREWALL),
    "redirect_307": _instead(lambda _: ELSEWHERE),
    "dripping": _dripping,
    "truncated": _truncated,
    "bare_200": _instead(lambda _: Reply(200), always_commits=True),
    "empty_result": _odd("empty_result", always_commits=True),
    "repeated_answer": _instead(_repeated),
    "soap_fault": _odd("soap_fault"),
    "throttled_429": _instead(_throttled),
    "unauthorized_401": _odd("unauthorized"),
    "object_reference": _odd("object_reference"),
}
ON_READS, ON_WRITES = frozenset(READ_DELIVERIES), frozenset(WRITE_DELIVERIES)
