"""Which standings belong in the inbox, and their amounts: the conditions and columns that its queries share."""

from collections import defaultdict
from typing import Any

from django.db.models import Case, DecimalField, F, OuterRef, Q, QuerySet, Subquery, Value, When

from integrations.choices import Status, Target
from integrations.connections.sending_policy import policy_of, why_elsewhere
from integrations.models import SendingPolicy, SyncStanding
from integrations.models.syncable import model_for, syncable_models

IN_TROUBLE = Q(status__in=[Status.REJECTED, Status.UNCERTAIN, Status.RETRYING]) | Q(status=Status.QUEUED) & ~Q(cause="")
"""What an ERP refused or could not be reached for; without what only waits for its turn."""
BLOCKED_STATES = (Status.NEW, Status.CHANGED)
MOST_BLOCKED = 5_000
"""How many records that the local checks stop one page of the inbox reads, the oldest first."""
_MONEY: Any = DecimalField(max_digits=20, decimal_places=2)


def refused() -> QuerySet[SyncStanding]:
    """The standings that an ERP refused or did not answer, and nobody has settled."""
    return SyncStanding.objects.filter(IN_TROUBLE)


def blocked() -> QuerySet[SyncStanding]:
    """The standings that the local checks stop in their present version, of records meant for that ERP."""
    stopped = SyncStanding.objects.filter(
        status__in=BLOCKED_STATES, verdict=SyncStanding.Verdict.BLOCKED, version_checked=F("version")
    )
    return stopped.filter(_meant_for_target())


def _meant_for_target() -> Q:
    meant = Q()
    for kind, model in syncable_models().items():
        for target in Target:
            condition = model.meant_for(target)
            of_model = Q(kind=kind, target=target)
            if condition:
                of_model &= Q(record_id__in=model._default_manager.filter(condition).values("pk"))
            meant |= of_model
    return meant


def amount() -> Any:
    """A query expression: the amount of a standing's record in pesos; NULL for masters."""
    amounts = {
        kind: model._default_manager.order_by().filter(pk=OuterRef("record_id")).values(model.amount_column)[:1]
        for kind, model in syncable_models().items()
        if model.amount_column
    }
    whens = [When(kind=kind, then=Subquery(rows, output_field=_MONEY)) for kind, rows in amounts.items()]
    return Case(*whens, default=Value(None, output_field=_MONEY), output_field=_MONEY)


def sent_elsewhere(rows: list[dict[str, Any]]) -> set[int]:
    """Of blocked standings (pk, kind, record_id, company_id, target), those that the company sends to another ERP."""
    companies = set(SendingPolicy.objects.values_list("company_id", flat=True)) if rows else set()
    policies = {company_id: policy_of(company_id) for company_id in {row["company_id"] for row in rows} & companies}
    by_kind: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if row["company_id"] in policies:
            by_kind[row["kind"]].append(row)
    found: set[int] = set()
    for kind, of_kind in by_kind.items():
        records = model_for(kind)._default_manager.in_bulk([row["record_id"] for row in of_kind])
        for row in of_kind:
            record = records.get(row["record_id"])
            if record is not None and why_elsewhere(policies[row["company_id"]], record, row["target"]):
                found.add(row["pk"])
    return found
