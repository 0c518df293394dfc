"""A stand-in for SAG's web service: SOAP 1.1, masters and documents that the three queries read back.

Documented: operations, tipos, vocabularies, success and the refusals of clientes. The rest follows the notes;
what they infer is marked `assumed` where it is coded, and where it matters a switch of `SagSwitches`.
"""

import json
import re
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from integrations.simulators import (
    sag_contents,
    sag_documents,
    sag_functions,
    sag_legacy,
    sag_masters,
    sag_odd_answers,
    sag_shadows,
    sag_sources,
    sag_sql,
    sag_tables,
    sag_user_actions,
)
from integrations.simulators.fault_injection import Fault
from integrations.simulators.sag_records import OBJECT_REFERENCE, FailedError, RecordNode, RecordResult, parse
from integrations.simulators.sag_soap import (
    XML,
    SoapError,
    action,
    data_set,
    escape,
    insertion_result,
    key_values,
    read_call,
    result,
)
from integrations.simulators.serving import RunningSimulator, SimulatorServer
from integrations.simulators.store import Store
from integrations.simulators.switches import switched
from integrations.simulators.treatment import UNTREATED, Treatment
from integrations.simulators.wire import Reply, Request

PATH = "/ServiceSagWeb.svc"
WSDL = Path(__file__).with_name("ServiceSagWeb.wsdl")
TOKEN = re.compile(r"(a_s_token(?:\s[^>]*)?>)[^<]*")
ROOTS = {
    1: "clientes",
    3: "terceros",
    4: "terceros",
    5: "articulos",
    2: "movimientos",
    6: "movimientos",
    28: "movimientos",
}


@dataclass(frozen=True, slots=True)
class SagSwitches:
    """What is unknown of the real service, and so selectable."""

    tokens: tuple[str, ...] = ("t0k3n1",)
    xml_as_node: bool = False
    """`consultaSagXml` answers a node instead of escaped text."""
    articles_upsert: bool = False
    """tipo 5 changes an artículo that exists; else it is refused."""
    swap_third_parties: bool = False
    """tipo 3 updates and 4 creates, as their procedures' names suggest."""
    client_types: tuple[str, ...] = ()
    """More entries of the register of client types."""
    documents: sag_documents.DocumentRules = field(default_factory=sag_documents.DocumentRules)


class SagService:
    """SOAP in, tables inside."""

    target = "sag"
    path = PATH

    def __init__(self, store: Store, switches: SagSwitches) -> None:
        self._store = store
        self._switches = switches
        self._wsdl = WSDL.read_text(encoding="utf-8")
        sag_functions.define_functions(store)
        self._create()

    def _create(self) -> None:
        sag_tables.create(self._store)
        with self._store.transaction() as db:
            for name in self._switches.client_types:
                sag_tables.named_key(db, "tipos_clientes", "ka_ni_tipo_cliente", "ss_tipo_cliente", name)
            for code, flags in self._switches.documents.source_flags.items():
                sag_sources.set_flags(db, code, flags)

    def operation(self, request: Request) -> str:
        """The operation that the SOAPAction names."""
        return action(request)

    def answer(self, request: Request, treatment: Treatment = UNTREATED) -> Reply:
        """The WSDL, or what a call is answered."""
        if request.path not in (PATH, f"{PATH}/soap"):
            return Reply(404, b"", XML)
        if request.method == "GET":
            return self._describe(request)
        if request.method != "POST":
            return Reply(405, b"", XML)
        try:
            return self._perform(request, treatment)
        except SoapError as error:
            return error.reply

    def _describe(self, request: Request) -> Reply:
        """The WSDL; GET on the address of the calls is a bad request."""
        if request.path == PATH and request.query.lower() in ("wsdl", "singlewsdl", ""):
            host = request.headers.get("host", "127.0.0.1")
            return Reply(200, self._wsdl.replace("{host}", escape(host)).encode(), XML)
        return Reply(400, b"", XML)

    def _perform(self, request: Request, treatment: Treatment) -> Reply:
        call = read_call(request)
        authorized = call.parameters["a_s_token"] in self._switches.tokens
        if call.operation == "insercionSag":
            tipo, xml = call.parameters["a_s_tipo"], call.parameters["a_s_xml"]
            if not authorized or tipo is None or xml is None:
                return insertion_result([RecordResult("FALLIDO", OBJECT_REFERENCE)])
            return insertion_result(self._insert(tipo, xml, treatment))
        sql = call.parameters["a_s_consulta"]
        if not authorized or sql is None:
            return self._failed_query(call.operation, OBJECT_REFERENCE)
        return self._query(call.operation, sql, treatment)

    def _query(self, operation: str, sql: str, treatment: Treatment) -> Reply:
        try:
            names, rows = sag_sql.run(self._store, sql, sag_shadows.shadows(treatment))
        except sag_sql.QueryFailedError as error:
            return self._failed_query(operation, str(error))
        names = _distinct(names)
        shown = [treatment.shown(dict(zip(names, row, strict=True))) for row in rows]
        names = list(shown[0]) if shown else names
        return self._shaped(operation, names, [tuple(row.values()) for row in shown], f"read {len(rows)}")

    def _failed_query(self, operation: str, message: str) -> Reply:
        """HTTP 200 with one row (notes, section 2.3); for the other two queries its shape is assumed."""
        return self._shaped(operation, ["s_estado", "s_mensaje"], [("FALLIDO", message)], f"FALLIDO: {message}")

    def _shaped(self, operation: str, names: list[str], rows: list[tuple[object, ...]], outcome: str) -> Reply:
        if operation == "consultaSagJson2":
            return result(operation, *key_values(names, rows), outcome)
        if operation == "consultaSagXml":
            xml = data_set(names, rows)
            return result(operation, xml if self._switches.xml_as_node else escape(xml), "", outcome)
        objects = [dict(zip(names, row, strict=True)) for row in rows]
        return result(operation, escape(json.dumps(objects, ensure_ascii=False, separators=(",", ":"))), "", outcome)

    def _insert(self, tipo: str, xml: str, treatment: Treatment) -> list[RecordResult]:
        """One result for each record, each record on its own (assumed)."""
        try:
            kind = next((kind for kind in ROOTS if str(kind) == tipo.strip()), 0)
            if not kind:
                raise FailedError(f"TIPO {tipo} NO VÁLIDO (simulador)")
            root = parse(xml)
            if root.name.lower() != ROOTS[kind] or not root.children:
                raise FailedError("CAMPOS OBLIGATORIOS VACÍOS")
        except FailedError as error:
            return [RecordResult("FALLIDO", str(error))]
        return [self._record(kind, node, treatment) for node in root.children]

    def _record(self, kind: int, node: RecordNode, treatment: Treatment) -> RecordResult:
        copies = treatment.copies if ROOTS[kind] == "movimientos" else 1
        try:
            with self._store.transaction() as db:
                result, *_ = [self._store_record(db, kind, node, treatment) for _ in range(copies)]
                if self._discarded(kind, node):
                    raise _DiscardedError(result)
        except FailedError as error:
            return RecordResult("FALLIDO", str(error))
        except _DiscardedError as discarded:
            return discarded.result
        return result

    def _discarded(self, kind: int, node: RecordNode) -> bool:
        uncommitted = ROOTS[kind] == "movimientos" and sag_documents.is_uncommitted(node)
        return uncommitted and not self._switches.documents.store_uncommitted

    def _store_record(self, db: sqlite3.Connection, kind: int, node: RecordNode, treatment: Treatment) -> RecordResult:
        if self._switches.swap_third_parties:
            kind = {3: 4, 4: 3}.get(kind, kind)
        match kind:
            case 1:
                return sag_masters.create_client(db, node.fields)
            case 3:
                return sag_masters.create_third_party(db, node.fields)
            case 4:
                return sag_masters.update_third_party(db, node.fields)
            case 5:
                return sag_masters.create_article(db, node.fields, upsert=self._switches.articles_upsert)
            case _:
                rules = sag_documents.treated(self._switches.documents, treatment)
                document = sag_legacy.under_tipo_2(node, rules.tipo_2_vocabulary) if kind == 2 else node
                return sag_documents.create_document(db, sag_documents.in_source(document, treatment.source), rules)

    def odd_answer(self, name: str, request: Request, fault: Fault) -> Reply:
        """See `sag_odd_answers`."""
        return sag_odd_answers.odd_answer(name, request, fault)

    def masked(self, body: str) -> str:
        """Without the token."""
        return TOKEN.sub(r"\1***", body)

    def documents(self) -> object:
        """Everything stored, for `/_sim/documents`."""
        return sag_contents.stored(self._store)

    def act(self, name: str, options: Mapping[str, Any]) -> object:
        """Besides the acts of people, `switch` changes the switches."""
        if name != "switch":
            return sag_user_actions.act(self._store, name, options)
        self._switches = switched(self._switches, "documents", options)
        self._create()
        return {"switched": sorted(options)}

    def reset(self) -> None:
        """Empty the tables, with the registers that an empty company has."""
        self._store.clear(sag_tables.TABLES)
        self._create()


class _DiscardedError(Exception):
    """A document that asked for no commit: answered as if it had been stored, and rolled back."""

    def __init__(self, result: RecordResult) -> None:
        super().__init__()
        self.result = result


def _distinct(names: list[str]) -> list[str]:
    """Column names as a .NET table makes them unique: `a`, `a1`."""
    seen: dict[str, int] = {}
    distinct = []
    for name in names:
        repeated = seen.get(name, 0)
        seen[name] = repeated + 1
        distinct.append(f"{name}{repeated}" if repeated else name)
    return distinct


def start_sag(
    port: int = 0,
    store: Store | str | Path | None = None,
    *,
    faults: Iterable[Mapping[str, object]] = (),
    **switches: Any,
) -> RunningSimulator:
    """Serve on 127.0.0.1 in a thread; port 0: any free one. Raises OSError (port taken), TypeError (unknown switch)."""
    chosen = switched(SagSwitches(), "documents", switches)
    database = store if isinstance(store, Store) else Store(store)
    server = SimulatorServer(port, SagService(database, chosen), faults)
    return RunningSimulator(server, database, owns_store=database is not store)
