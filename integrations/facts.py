"""What is known of the ERP and of the company when records are judged, loaded once for many records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from integrations.choices import Register, Target
from integrations.models import CodeMapping, Connection, PeriodLock, RegisterRow, Syncable
from integrations.policies import Policy, policy_of
from integrations.siigo.dialect import ACCOUNT_DIGITS
from integrations.siigo.rules import Lock


@dataclass(frozen=True)
class Facts:
    """The ground of a judgement. Empty facts mean «never read», and then the rules that need them stay silent."""

    sources: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Fuente → its flags as SAG names them in lower case (`sc_prefijo_obl`), the values as text."""
    accounts: Mapping[str, Mapping[str, str]] | None = None
    """Siigo's account of 10 digits → its flags, of the accounts that the records use; None: never read."""
    locks: Sequence[Lock] = ()
    """The company's closed periods."""
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Kind → our code → the ERP's: the connection's whole homologación."""
    policy: Policy = field(default_factory=dict)
    """Which kinds of document the company sends to which ERP."""


def facts_for(connection: Connection, records: Sequence[Syncable]) -> Facts:
    """What the local checks of these records need to know, in a fixed number of queries."""
    codes = codes_of(connection)
    policy = policy_of(connection.company_id)
    if connection.target == Target.SIIGO:
        accounts = _accounts(connection, records, codes)
        return Facts(accounts=accounts, locks=_locks(connection), codes=codes, policy=policy)
    used = {code for record in records if (code := getattr(record, "source_code", ""))}
    sent = {codes.get("source", {}).get(code, code) for code in used}
    return Facts(sources=_facts_by_code(connection, Register.SOURCES, sent), codes=codes, policy=policy)


def codes_of(connection: Connection) -> dict[str, dict[str, str]]:
    """The homologación of a connection: kind → our code → the ERP's."""
    found: dict[str, dict[str, str]] = {}
    rows = CodeMapping.objects.filter(connection=connection).values_list("kind", "code", "erp_code")
    for kind, code, erp_code in rows:
        found.setdefault(kind, {})[code] = erp_code
    return found


def _locks(connection: Connection) -> tuple[Lock, ...]:
    rows = PeriodLock.objects.filter(company=connection.company_id)
    return tuple(Lock(*row) for row in rows.values_list("since", "until"))


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
    rows = RegisterRow.objects.filter(
        connection=connection, register=register, code__in=codes, missing_since__isnull=True
    )
    found: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        found.setdefault(row.code, []).append(row.facts)
    return {code: facts[0] for code, facts in found.items() if len(facts) == 1}
