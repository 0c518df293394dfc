"""A company's policy: which kinds of document go to which ERP. Previews and claims follow it."""

from collections.abc import Iterable, Mapping

from integrations.choices import Target
from integrations.models import SendingPolicy, Syncable

Policy = Mapping[tuple[str, str], str]
"""(kind, code) → `SendingPolicy.GoesTo`; an empty code is the whole kind."""


def policy_of(company_id: int) -> Policy:
    """A company's policy; an empty one sends everything to every ERP that takes it."""
    rows = SendingPolicy.objects.filter(company=company_id).values_list("kind", "code", "goes_to")
    return {(kind, code.strip().casefold()): goes_to for kind, code, goes_to in rows}


def why_elsewhere(policy: Policy, record: Syncable, target: Target | str) -> str:
    """Why the policy keeps a record from going to an ERP, in Spanish; empty where it may go there."""
    for code, goes_to in _rows_for(policy, record):
        if goes_to not in (SendingPolicy.GoesTo.BOTH, str(target)):
            label = Target(goes_to).label
            what = f"{record.get_kind_label().lower()} {code}".strip()
            return f"La política de la empresa envía {what} solo a {label}."
    return ""


def _rows_for(policy: Policy, record: Syncable) -> Iterable[tuple[str, str]]:
    """(code, where it goes) of every row for the record's own codes; where there is none, the row of its whole kind."""
    own = [(code, policy.get((record.kind, code.casefold()))) for code in record.policy_codes()]
    rows = [(code, goes_to) for code, goes_to in own if goes_to is not None]
    whole_kind = policy.get((record.kind, ""))
    return rows or ([("", whole_kind)] if whole_kind else [])
