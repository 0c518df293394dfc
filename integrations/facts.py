"""What is known of the ERP and of the company when records are judged, loaded once for many records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from integrations.choices import Register, Target
from integrations.models import Connection, RegisterRow, Syncable
from integrations.policies import Policy, policy_of


@dataclass(frozen=True)
class Facts:
    """The ground of a judgement. Empty facts mean «never read», and then the rules that need them stay silent."""

    sources: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Fuente → its flags as SAG names them in lower case (`sc_prefijo_obl`), the values as text."""
    policy: Policy = field(default_factory=dict)
    """Which kinds of document the company sends to which ERP."""


def facts_for(connection: Connection, records: Sequence[Syncable]) -> Facts:
    """What the local checks of these records need to know, in a fixed number of queries."""
    policy = policy_of(connection.company_id)
    if connection.target != Target.SAG:
        return Facts(policy=policy)
    codes = {code for record in records if (code := getattr(record, "source_code", ""))}
    return Facts(sources=_facts_by_code(connection, Register.SOURCES, codes), policy=policy)


def _facts_by_code(connection: Connection, register: Register, codes: set[str]) -> dict[str, dict[str, str]]:
    """Code → facts; a code that two rows share is left out, because nobody knows which of them is meant."""
    rows = RegisterRow.objects.filter(
        connection=connection, register=register, code__in=codes, missing_since__isnull=True
    )
    found: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        found.setdefault(row.code, []).append(row.facts)
    return {code: facts[0] for code, facts in found.items() if len(facts) == 1}
