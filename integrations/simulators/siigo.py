"""A stand-in for the Siigo Pyme connector: one address, JSON, vouchers that can be read back.

Documented: the address, the envelope, the 132 fields, the success answer. Everything else that it says
(refusals, their shapes, the answer of an import) is assumed, and where it matters a switch.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from integrations.simulators import siigo_masters as masters
from integrations.simulators import siigo_odd_answers, siigo_user_actions
from integrations.simulators import siigo_vouchers as vouchers
from integrations.simulators.fault_injection import Fault
from integrations.simulators.serving import RunningSimulator, SimulatorServer
from integrations.simulators.siigo_answers import ACCEPTED, ERROR_STYLES, refused
from integrations.simulators.siigo_envelope import Envelope, RefusedError, read_envelope
from integrations.simulators.siigo_rows import schema_errors, value_errors
from integrations.simulators.siigo_writing import AT_ONCE, ATOMICITIES, ROW, WHOLE_LIST, Turns, envelope_in, write
from integrations.simulators.store import Store
from integrations.simulators.switches import check_choice, switched
from integrations.simulators.treatment import UNTREATED, Treatment
from integrations.simulators.wire import Reply, Request

INVALID = "Los datos no son válidos"
PATH = "/api/v1/siigo-pyme/send"
COLOMBIA = timedelta(hours=-5)


@dataclass(frozen=True, slots=True)
class SiigoSwitches:
    """What is unknown of the real connector, and so selectable."""

    api_keys: tuple[str, ...] = ("demo-key",)
    connections: tuple[str, ...] = ("OBai6kmwKH",)
    error_style: str = "objects"
    """`objects`, `strings`, `string`, `nest`, `ok_400`, `html_502` or `empty`."""
    unknown_connection_status: int = 403
    strict_flags: bool = False
    """`basic_invoice` and `modify_documents` obligatory, as the table says and its example does not."""
    strict_filters: bool = True
    """Every filter of an import obligatory, as its page says."""
    whole_list: bool = False
    """The same as `atomicity` `list`."""
    atomicity: str = "voucher"
    """What a bad voucher leaves: `list` nothing of its list, `voucher` the good ones, `row` also its first rows."""
    at_once: str = ""
    """A second request of a connection at work: nothing lets it go, `409` refuses it, `queue` lets it wait."""
    rules: vouchers.Rules = field(default_factory=vouchers.Rules)

    def __post_init__(self) -> None:
        check_choice("atomicity", self.atomicity, ATOMICITIES)
        check_choice("at_once", self.at_once, AT_ONCE)
        check_choice("error_style", self.error_style, ERROR_STYLES)


class SiigoService:
    """Layers as the notes give them (section 5.2); the first that fails answers."""

    target = "siigo"
    path = PATH

    def __init__(self, store: Store, switches: SiigoSwitches) -> None:
        self._store = store
        self._switches = switches
        self._turns = Turns()
        store.define(vouchers.SCHEMA + masters.SCHEMA)

    def operation(self, request: Request) -> str:
        """`export` or `import`, or nothing where the body names neither."""
        found = re.search(rb'"execution_type"\s*:\s*"(\w+)"', request.body)
        return found.group(1).decode() if found else ""

    def answer(self, request: Request, treatment: Treatment = UNTREATED) -> Reply:
        """What a request is answered; a refusal in the shape of the switch `error_style`."""
        try:
            return self._answer(request, treatment)
        except RefusedError as refusal:
            return refused(refusal, self._switches.error_style)

    def _answer(self, request: Request, treatment: Treatment) -> Reply:
        self._check_http(request)
        envelope = read_envelope(
            request.body,
            strict_flags=self._switches.strict_flags,
            strict_filters=self._switches.strict_filters,
            year=(datetime.now(UTC) + COLOMBIA).year,
        )
        if envelope.connection not in self._switches.connections:
            raise RefusedError(self._switches.unknown_connection_status, "La conexión no existe para esta llave")
        with self._turns.turn(envelope.connection, self._switches.at_once):
            if envelope.resource != "accounting_movements":
                return self._master(envelope, treatment)
            if envelope.filters:
                return self._read(envelope.filters, treatment)
            return self._write(envelope, treatment)

    def _check_http(self, request: Request) -> None:
        if request.path != PATH:
            raise RefusedError(404, f"Cannot {request.method} {request.path}")
        if request.method != "POST":
            raise RefusedError(405, "Method Not Allowed")
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or key.strip() not in self._switches.api_keys:
            raise RefusedError(401, "Unauthorized")
        if not request.headers.get("content-type", "").lower().startswith("application/json"):
            raise RefusedError(415, "Unsupported Media Type")

    def _read(self, filters: vouchers.MovementFilters, treatment: Treatment) -> Reply:
        return _found(vouchers.read(self._store, filters, treatment), treatment)

    def _master(self, envelope: Envelope, treatment: Treatment) -> Reply:
        if envelope.rows:
            try:
                wrong = masters.errors(self._store, envelope.connection, envelope.resource, envelope.rows)
                if wrong:
                    raise RefusedError(400, "Los datos no son válidos", wrong)
                masters.seed(self._store, envelope.connection, envelope.resource, envelope.rows)
            except (ValueError, AttributeError):
                raise RefusedError(400, INVALID) from None
            return Reply(200, json.dumps({**ACCEPTED, "message": "Registros insertados"}).encode(), outcome="stored")
        return _found(masters.read(self._store, envelope.connection, envelope.resource, *envelope.bounds), treatment)

    def _write(self, envelope: Envelope, treatment: Treatment) -> Reply:
        numbered = list(enumerate(envelope.rows, 1))
        if wrong := [error for position, row in numbered for error in schema_errors(row, position)]:
            raise RefusedError(400, INVALID, wrong)
        rules, atomicity = self._switches.rules, self._atomicity()
        wrong = [error for position, row in numbered for error in value_errors(row, position, rules.refused_types)]
        if wrong and atomicity != ROW:
            raise RefusedError(400, INVALID, wrong)
        stored = envelope_in(envelope, treatment.source)
        if wrong := write(self._store, stored, rules, atomicity, treatment.copies, wrong):
            raise RefusedError(400, "Se encontraron inconsistencias en los movimientos contables", wrong)
        return Reply(200, json.dumps(ACCEPTED, ensure_ascii=False).encode(), outcome="stored")

    def _atomicity(self) -> str:
        return WHOLE_LIST if self._switches.whole_list else self._switches.atomicity

    def odd_answer(self, name: str, request: Request, fault: Fault) -> Reply:
        """See `siigo_odd_answers`."""
        return siigo_odd_answers.odd_answer(name, request, fault, self._switches.error_style)

    def masked(self, body: str) -> str:
        """The key travels in a header, which the journal never keeps."""
        return body

    def documents(self) -> object:
        """Every voucher, for `/_sim/documents`."""
        return {"vouchers": vouchers.documents(self._store)}

    def act(self, name: str, options: Mapping[str, Any]) -> object:
        """Besides the acts of people: `switch`, and `hold` and `release` a connection as if it were at work."""
        match name:
            case "switch":
                self._switches = switched(self._switches, "rules", options)
                return {"switched": sorted(options)}
            case "hold":
                return self._turns.hold(**options)
            case "release":
                return self._turns.release(**options)
            case _:
                return siigo_user_actions.act(self._store, name, options)

    def reset(self) -> None:
        """Empty the tables."""
        self._store.clear((*vouchers.TABLES, *masters.TABLES))


def _found(rows: Iterable[Mapping[str, object]], treatment: Treatment) -> Reply:
    """Assumed: the rows come under `data`."""
    shown = [treatment.shown(row) for row in rows]
    body = {"statusCode": 200, "message": "Consulta realizada correctamente", "data": shown}
    return Reply(200, vouchers.write_json(body).encode(), outcome=f"read {len(shown)}")


def start_siigo(
    port: int = 0,
    store: Store | str | Path | None = None,
    *,
    faults: Iterable[Mapping[str, object]] = (),
    **switches: Any,
) -> RunningSimulator:
    """Serve on 127.0.0.1 in a thread; port 0: any free one. Raises OSError (port taken), TypeError (unknown switch)."""
    chosen = switched(SiigoSwitches(), "rules", switches)
    database = store if isinstance(store, Store) else Store(store)
    server = SimulatorServer(port, SiigoService(database, chosen), faults)
    return RunningSimulator(server, database, owns_store=database is not store)
