"""What goes wrong on purpose: a list in order, the same every run, no dice.

A fault is JSON: {"target": "siigo"|"sag", "when": {"operation": …, "match": substring of the body},
"times": n, "skip": n, "fault": name, …} with the settings of `fault_injection.Fault`. The first one that fits a
request and has times left happens to it; `skip` counts the requests that it fits. Every wait is bounded by
`seconds`. docs/simulators.md lists the names.
"""

import json
import threading
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path

from integrations.simulators.fault_injection import DELIVERIES, Fault

NAMED = ("number", "nit", "source")


class UnknownFaultError(ValueError):
    """The list names a fault, or a setting of one, that does not exist."""


def fault_from(entry: Mapping[str, object]) -> Fault:
    """One entry of the JSON list. Raises `UnknownFaultError`."""
    flat = {name: value for name, value in entry.items() if name != "when"}
    when = entry.get("when") or {}
    if not isinstance(when, Mapping):
        raise UnknownFaultError(f"when: {when!r}")
    try:
        return _checked(Fault(**{**flat, **when}))
    except TypeError as error:
        raise UnknownFaultError(str(error)) from None


def _checked(fault: Fault) -> Fault:
    if fault.fault not in DELIVERIES:
        raise UnknownFaultError(f"fault: {fault.fault!r}; known: {', '.join(sorted(DELIVERIES))}")
    if fault.names not in NAMED:
        raise UnknownFaultError(f"names: {fault.names!r}; known: {', '.join(NAMED)}")
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
        """The faults that still have times left, as JSON can carry them."""
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
