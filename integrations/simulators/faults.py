"""What goes wrong on purpose: a list in order, the same every run, no dice.

A fault is JSON: {"target": "siigo"|"sag", "when": {"operation": …, "match": substring of the body},
"times": n, "skip": n, "fault": name, "seconds": s, "commit": true|false}. The first one that fits a
request and has times left happens to it. Every wait is bounded by `seconds`.
"""

import json
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from integrations.simulators.wire import Reply, Wire


class UnknownFaultError(ValueError):
    """The list names a fault, or a setting of one, that does not exist."""


@dataclass(slots=True)
class Fault:
    """One misfortune and whom it befalls. `commit` says whether the ERP stored the request anyway."""

    fault: str
    target: str = ""
    operation: str = ""
    match: str = ""
    times: int = 1
    skip: int = 0
    seconds: float = 5.0
    commit: bool = False
    retry_after: int = 1

    def fits(self, target: str, operation: str, body: str) -> bool:
        return (
            self.times > 0 and self.target in ("", target) and self.operation in ("", operation) and self.match in body
        )


def fault_from(entry: Mapping[str, object]) -> Fault:
    """One entry of the JSON list. Raises `UnknownFaultError`."""
    flat = {name: value for name, value in entry.items() if name != "when"}
    when = entry.get("when") or {}
    if not isinstance(when, Mapping):
        raise UnknownFaultError(f"when: {when!r}")
    try:
        fault = Fault(**{**flat, **when})
    except TypeError as error:
        raise UnknownFaultError(str(error)) from None
    if fault.fault not in DELIVERIES:
        raise UnknownFaultError(f"fault: {fault.fault!r}; known: {', '.join(sorted(DELIVERIES))}")
    return fault


class FaultPlan:
    """The faults still to happen, in order."""

    def __init__(self, entries: Iterable[Mapping[str, object]] = ()) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self.set(entries)

    def set(self, entries: Iterable[Mapping[str, object]]) -> None:
        """Replace the whole list."""
        faults = [fault_from(entry) for entry in entries]
        with self._lock:
            self._faults = faults

    def take(self, target: str, operation: str, body: str) -> Fault | None:
        """The fault that happens to this request, its count lowered."""
        with self._lock:
            for fault in self._faults:
                if not fault.fits(target, operation, body):
                    continue
                if fault.skip > 0:
                    fault.skip -= 1
                    continue
                fault.times -= 1
                return fault
        return None

    def remaining(self) -> list[dict[str, object]]:
        with self._lock:
            return [asdict(fault) for fault in self._faults if fault.times > 0]


def parse_faults(text: str | bytes) -> list[Mapping[str, object]]:
    """The list that a file or a request holds. Raises `UnknownFaultError`; ValueError for what is no JSON."""
    entries = json.loads(text)
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise UnknownFaultError("a list of objects is expected")
    return entries


def read_faults(path: str | Path) -> list[Mapping[str, object]]:
    """The checked list of a `--faults` file. Raises as `parse_faults`, and OSError."""
    entries = parse_faults(Path(path).read_text(encoding="utf-8"))
    FaultPlan(entries)
    return entries


class Oddities(Protocol):
    """The answers that look different in each ERP."""

    def odd_answer(self, name: str) -> Reply: ...


class Commit(Protocol):
    """Does what was asked and gives the answer that an undisturbed request would have had."""

    def __call__(self, copies: int = 1, stale_seconds: float = 0.0) -> Reply: ...


@dataclass(frozen=True, slots=True)
class Misfortune:
    """A fault on its way to one request."""

    wire: Wire
    fault: Fault
    commit: Commit
    odd: Oddities


Delivery = Callable[[Misfortune], None]


def _commit_then_hang(bad: Misfortune) -> None:
    bad.commit()
    _hang(bad)


def _hang(bad: Misfortune) -> None:
    bad.wire.wait(bad.fault.seconds)
    bad.wire.drop()


def _late_commit(bad: Misfortune) -> None:
    """Commits after the client gave up."""
    if bad.wire.wait(bad.fault.seconds):
        bad.wire.drop()
    else:
        bad.wire.send(bad.commit())


def _commit_then_reset(bad: Misfortune) -> None:
    bad.commit()
    bad.wire.reset()


def _reset_before(bad: Misfortune) -> None:
    bad.wire.reset()


def _commit_then_garbage(bad: Misfortune) -> None:
    """Bytes like a TLS alert where HTTP belongs."""
    bad.commit()
    bad.wire.write(b"\x15\x03\x03\x00\x02\x02\x50\x00\xff\xfe\x00garbage\x00")
    bad.wire.drop()


def _dripping(bad: Misfortune) -> None:
    """Each byte comes in time, the answer does not."""
    bad.wire.drip(bad.commit(), bad.fault.seconds)


def _truncated(bad: Misfortune) -> None:
    """Half of what Content-Length promises, then the end."""
    head, _, body = bad.commit().bytes().partition(b"\r\n\r\n")
    bad.wire.write(head + b"\r\n\r\n" + body[: len(body) // 2])
    bad.wire.drop()


def _duplicate_commit(bad: Misfortune) -> None:
    """The ERP stores the document twice and answers once."""
    bad.wire.send(bad.commit(copies=2))


def _stale_read(bad: Misfortune) -> None:
    """A read that misses what was stored in the last `seconds`; a write goes as always."""
    bad.wire.send(bad.commit(stale_seconds=bad.fault.seconds))


def _instead(make: Callable[[Misfortune], Reply], *, always_commits: bool = False) -> Delivery:
    """Another answer. Nothing is stored, unless the fault says `commit` or its name does."""

    def deliver(bad: Misfortune) -> None:
        if always_commits or bad.fault.commit:
            bad.commit()
        bad.wire.send(make(bad))

    return deliver


def _odd(name: str, *, always_commits: bool = False) -> Delivery:
    return _instead(lambda bad: bad.odd.odd_answer(name), always_commits=always_commits)


HTML = "text/html; charset=utf-8"
UNAVAILABLE = Reply(503, b"<html><body><h1>Service Unavailable</h1></body></html>", HTML)
ELSEWHERE = Reply(307, b"", HTML, {"Location": "/otra/direccion"})
DELIVERIES: dict[str, Delivery] = {
    "commit_then_hang": _commit_then_hang,
    "hang": _hang,
    "late_commit": _late_commit,
    "commit_then_reset": _commit_then_reset,
    "reset_before": _reset_before,
    "commit_then_garbage": _commit_then_garbage,
    "commit_then_500": _odd("server_error", always_commits=True),
    "status_503_html": _instead(lambda _: UNAVAILABLE),
    "redirect_307": _instead(lambda _: ELSEWHERE),
    "dripping": _dripping,
    "truncated": _truncated,
    "bare_200": _instead(lambda _: Reply(200), always_commits=True),
    "empty_result": _odd("empty_result", always_commits=True),
    "soap_fault": _odd("soap_fault"),
    "throttled_429": _instead(lambda bad: Reply(429, headers={"Retry-After": str(bad.fault.retry_after)})),
    "unauthorized_401": _odd("unauthorized"),
    "object_reference": _odd("object_reference"),
    "duplicate_commit": _duplicate_commit,
    "stale_read": _stale_read,
}
