"""What the ERP and the company say about records whose payload is built or checked, read once for many records."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from integrations.choices import Register, Target
from integrations.connections.sending_policy import Policy, policy_of
from integrations.erp.exports import SagExport
from integrations.erp.receipts import Verdict
from integrations.erp.sag.sent_request import sent_record
from integrations.erp.siigo.dialect import ACCOUNT_DIGITS
from integrations.erp.siigo.rules import ClosedPeriod
from integrations.models import CodeMapping, Connection, PeriodLock, RegisterRow, Syncable, SyncAttempt, SyncStanding

RowFacts = Mapping[str, str]
"""The understood columns of one row of a register, as `RegisterRow.facts` stores them: name → text."""


@dataclass(frozen=True)
class StoredAttributes:
    """What the ERP is known to store of a record: wire name → value. `sent` are the names that we once sent.

    `number` is what it is known to call the record; empty where nothing of it was ever accepted or found.
    """

    attributes: Mapping[str, str] = field(default_factory=dict)
    sent: frozenset[str] = frozenset()
    number: str = ""


NOTHING_STORED = StoredAttributes()


@dataclass(frozen=True)
class PayloadContext:
    """What building and checking payloads needs beyond the records. What was never read silences the rules about it."""

    sources: Mapping[str, RowFacts] = field(default_factory=dict)
    """Fuente → its flags as SAG names them in lower case (`sc_prefijo_obl`), the values as text."""
    policy: Policy = field(default_factory=dict)
    """Which kinds of document the company sends to which ERP."""
    sources_read: bool = False
    """Whether the fuentes were ever pulled: only then a fuente may be unknown."""
    stored: Mapping[int, StoredAttributes] = field(default_factory=dict)
    """Record id → what the ERP stores of it; only of records that an update changes attribute by attribute."""
    accounts: Mapping[str, RowFacts] | None = None
    """Siigo's account of 10 digits → its flags, of the accounts that the records use; None: never read."""
    locks: Sequence[ClosedPeriod] = ()
    """The company's closed periods."""
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Kind → our code → the ERP's: the connection's whole homologación."""

    def flags_of(self, source_code: str) -> RowFacts:
        """The flags of one of our fuentes, whatever SAG calls it; empty where they were never read."""
        return self.sources.get(self.codes.get("source", {}).get(source_code, source_code), {})


EMPTY_CONTEXT = PayloadContext()


def context_for(connection: Connection, records: Sequence[Syncable]) -> PayloadContext:
    """Load what these records' payloads and local checks need, in a fixed number of queries."""
    policy, codes = policy_of(connection.company_id), codes_of(connection)
    if connection.target == Target.SIIGO:
        accounts = _accounts(connection, records, codes)
        return PayloadContext(policy=policy, accounts=accounts, locks=_locks(connection), codes=codes)
    used = {code for record in records if (code := getattr(record, "source_code", ""))}
    sent = {codes.get("source", {}).get(code, code) for code in used}
    sources = _facts_by_code(connection, Register.SOURCES, sent)
    sources_read = bool(sources) or (bool(sent) and _was_read(connection, Register.SOURCES))
    return PayloadContext(sources, policy, sources_read, _stored(connection, records), codes=codes)


def _was_read(connection: Connection, register: Register) -> bool:
    return RegisterRow.objects.filter(connection=connection, register=register).exists()


def _stored(connection: Connection, records: Sequence[Syncable]) -> dict[int, StoredAttributes]:
    """What SAG accepted from us; of a record that we never sent, what was read from it."""
    changing = [record for record in records if _is_changed_by_attribute(record, connection.target)]
    if not changing:
        return {}
    stored = _accepted(connection, changing)
    never_sent = {record.natural_key()[-1]: record for record in changing if record.pk not in stored}
    read = _facts_by_code(connection, Register.THIRD_PARTIES, set(never_sent)) if never_sent else {}
    for code, facts in read.items():
        record = never_sent[code]
        stored[record.pk] = StoredAttributes(_by_wire_name(record, facts))
    rows = SyncStanding.objects.of_records(changing[0].kind, [record.pk for record in changing])
    numbers = rows.filter(target=connection.target, reference_key__isnull=False)
    for pk, number in numbers.values_list("record_id", "reference_key"):
        stored[pk] = replace(stored.get(pk, NOTHING_STORED), number=number or "")
    return stored


def _is_changed_by_attribute(record: Syncable, target: str) -> bool:
    export = record.exports.get(Target(target))
    return isinstance(export, SagExport) and export.update_tipo is not None


def _accepted(connection: Connection, records: Sequence[Syncable]) -> dict[int, StoredAttributes]:
    """Record id → the attributes of its accepted sends, the newest over the older: an update sends only some."""
    attempts = SyncAttempt.objects.of_records(records[0].kind, [record.pk for record in records])
    accepted = attempts.filter(target=connection.target, outcome=Verdict.ACCEPTED, payload__isnull=False)
    accepted = accepted.exclude(operation=SyncAttempt.Operation.VERIFY).select_related("payload")
    found: dict[int, dict[str, str]] = {}
    for attempt in accepted.order_by("started_at", "pk"):
        if attempt.payload is not None:
            sent = sent_record(attempt.payload.body.decode())
            found.setdefault(attempt.record_id, {}).update(sent.attributes)
    return {record_id: StoredAttributes(values, frozenset(values)) for record_id, values in found.items()}


def _by_wire_name(record: Syncable, facts: RowFacts) -> dict[str, str]:
    """Facts have our own names: the record's catalogue says which attribute of SAG each is."""
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
    return _facts_of_accounts(connection, ours, codes)


def facts_of_accounts(connection: Connection, ours: Collection[str]) -> dict[str, dict[str, str]]:
    """What the chart that was read from Siigo says of these accounts of ours, by our account; unknown ones are not."""
    codes = codes_of(connection)
    facts = _facts_of_accounts(connection, ours, codes)
    translated = {account: codes.get("account", {}).get(account, account) for account in ours}
    found = {
        account: facts.get(sent.ljust(ACCOUNT_DIGITS, "0"), facts.get(sent)) for account, sent in translated.items()
    }
    return {account: known for account, known in found.items() if known is not None}


def _facts_of_accounts(
    connection: Connection, ours: Collection[str], codes: Mapping[str, Mapping[str, str]]
) -> dict[str, dict[str, str]]:
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
