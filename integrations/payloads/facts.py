"""What is known of the ERP and of the company when records are judged, loaded once for many records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from integrations.choices import Register, Target
from integrations.connections.sending_policy import Policy, policy_of
from integrations.erp.exports import SagExport
from integrations.erp.receipts import Verdict
from integrations.erp.sag.sent_request import sent_record
from integrations.erp.siigo.dialect import ACCOUNT_DIGITS
from integrations.erp.siigo.rules import ClosedPeriod
from integrations.models import CodeMapping, Connection, PeriodLock, RegisterRow, Syncable, SyncAttempt


@dataclass(frozen=True)
class Held:
    """What the ERP is known to hold of a record, by wire name. `sent` are the names that we once sent."""

    attributes: Mapping[str, str] = field(default_factory=dict)
    sent: frozenset[str] = frozenset()


UNKNOWN = Held()


@dataclass(frozen=True)
class Facts:
    """The ground of a judgement. Empty facts mean «never read», and then the rules that need them stay silent."""

    sources: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Fuente → its flags as SAG names them in lower case (`sc_prefijo_obl`), the values as text."""
    policy: Policy = field(default_factory=dict)
    """Which kinds of document the company sends to which ERP."""
    sources_read: bool = False
    """Whether the fuentes were ever pulled: only then a fuente may be unknown."""
    held: Mapping[int, Held] = field(default_factory=dict)
    """Record id → what the ERP holds of it; only of records that an update changes field by field."""
    accounts: Mapping[str, Mapping[str, str]] | None = None
    """Siigo's account of 10 digits → its flags, of the accounts that the records use; None: never read."""
    locks: Sequence[ClosedPeriod] = ()
    """The company's closed periods."""
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Kind → our code → the ERP's: the connection's whole homologación."""

    def flags_of(self, source_code: str) -> Mapping[str, str]:
        """The flags of one of our fuentes, whatever SAG calls it; empty where they were never read."""
        return self.sources.get(self.codes.get("source", {}).get(source_code, source_code), {})


NOTHING_KNOWN = Facts()


def facts_for(connection: Connection, records: Sequence[Syncable]) -> Facts:
    """What the local checks of these records need to know, in a fixed number of queries."""
    policy = policy_of(connection.company_id)
    codes = codes_of(connection)
    if connection.target == Target.SIIGO:
        accounts = _accounts(connection, records, codes)
        return Facts(policy=policy, accounts=accounts, locks=_locks(connection), codes=codes)
    used = {code for record in records if (code := getattr(record, "source_code", ""))}
    sent = {codes.get("source", {}).get(code, code) for code in used}
    sources = _facts_by_code(connection, Register.SOURCES, sent)
    was_read = bool(sources) or (bool(sent) and _was_read(connection, Register.SOURCES))
    return Facts(sources, policy, was_read, _held(connection, records), codes=codes)


def _was_read(connection: Connection, register: Register) -> bool:
    return RegisterRow.objects.filter(connection=connection, register=register).exists()


def _held(connection: Connection, records: Sequence[Syncable]) -> dict[int, Held]:
    """What SAG took from us, in order; of what it never did, what was read from it."""
    changing = [record for record in records if _is_changed_by_field(record, connection.target)]
    if not changing:
        return {}
    held = _accepted(connection, changing)
    unsent = {record.natural_key()[-1]: record for record in changing if record.pk not in held}
    read = _facts_by_code(connection, Register.THIRD_PARTIES, set(unsent)) if unsent else {}
    for code, facts in read.items():
        held[unsent[code].pk] = Held(_by_wire_name(unsent[code], facts))
    return held


def _is_changed_by_field(record: Syncable, target: str) -> bool:
    export = record.exports.get(Target(target))
    return isinstance(export, SagExport) and export.update_tipo is not None


def _accepted(connection: Connection, records: Sequence[Syncable]) -> dict[int, Held]:
    """The attributes of every accepted sending, the newest over the older: an update sends only some."""
    attempts = SyncAttempt.objects.of_records(records[0].kind, [record.pk for record in records]).exclude(
        operation=SyncAttempt.Operation.VERIFY
    )
    attempts = attempts.filter(target=connection.target, outcome=Verdict.ACCEPTED, payload__isnull=False)
    found: dict[int, dict[str, str]] = {}
    for attempt in attempts.select_related("payload").order_by("started_at", "pk"):
        if attempt.payload is not None:
            sent = sent_record(attempt.payload.body.decode())
            found.setdefault(attempt.record_id, {}).update(sent.attributes)
    return {record_id: Held(attributes, frozenset(attributes)) for record_id, attributes in found.items()}


def _by_wire_name(record: Syncable, facts: Mapping[str, str]) -> dict[str, str]:
    """Facts are under our own names: the catalogue says which attribute each is."""
    catalogue = record.exports[Target.SAG].catalogue
    return {row.name: str(facts[row.source]) for row in catalogue.columns if row.source in facts}


def codes_of(connection: Connection) -> dict[str, dict[str, str]]:
    """The homologación of a connection: kind → our code → the ERP's."""
    found: dict[str, dict[str, str]] = {}
    rows = CodeMapping.objects.filter(connection=connection).values_list("kind", "code", "erp_code")
    for kind, code, erp_code in rows:
        found.setdefault(kind, {})[code] = erp_code
    return found


def _locks(connection: Connection) -> tuple[ClosedPeriod, ...]:
    rows = PeriodLock.objects.filter(company=connection.company_id)
    return tuple(ClosedPeriod(*row) for row in rows.values_list("since", "until"))


def _accounts(
    connection: Connection, records: Sequence[Syncable], codes: Mapping[str, Mapping[str, str]]
) -> dict[str, dict[str, str]] | None:
    chart = RegisterRow.objects.filter(connection=connection, register=Register.ACCOUNTS)
    if not chart.exists():
        return None
    ours = {line.account for record in records if hasattr(record, "lines") for line in record.lines.all()}
    sent = {codes.get("account", {}).get(account, account) for account in ours}
    padded = {account.ljust(ACCOUNT_DIGITS, "0") for account in sent if account}
    return _facts_by_code(connection, Register.ACCOUNTS, sent | padded)


def _facts_by_code(connection: Connection, register: Register, codes: set[str]) -> dict[str, dict[str, str]]:
    """Code → facts; a code that two rows share is left out, because nobody knows which of them is meant."""
    rows = RegisterRow.objects.with_codes(connection, register, codes)
    found: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        found.setdefault(row.code, []).append(row.facts)
    return {code: facts[0] for code, facts in found.items() if len(facts) == 1}
