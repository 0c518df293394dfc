"""Which standings belong in the inbox, and what they move: the conditions and columns that its queries share."""

from typing import Any

from django.db.models import Case, DecimalField, F, OuterRef, Q, QuerySet, Subquery, Value, When

from integrations.choices import Status, Target
from integrations.connections.sending_policy import policy_of, why_elsewhere
from integrations.models import SendingPolicy, SyncStanding
from integrations.models.syncable import model_for, syncable_models

IN_TROUBLE = Q(status__in=[Status.REJECTED, Status.UNCERTAIN, Status.RETRYING]) | Q(status=Status.QUEUED) & ~Q(cause="")
"""What an ERP, or the way to it, said no to; what only waits for its turn is not among them."""
BLOCKED_STATES = (Status.NEW, Status.CHANGED)
MOST_BLOCKED = 5_000
"""Records that the local checks stop and one look reads, the oldest first."""
_MONEY: Any = DecimalField(max_digits=20, decimal_places=2)


def refused() -> QuerySet[SyncStanding]:
    """What an ERP refused, or did not answer, and nobody settled."""
    return SyncStanding.objects.filter(IN_TROUBLE)


def blocked() -> QuerySet[SyncStanding]:
    """What the local checks stop as it is now, of what somebody means for that ERP."""
    stopped = SyncStanding.objects.filter(
        status__in=BLOCKED_STATES, verdict=SyncStanding.Verdict.BLOCKED, version_checked=F("version")
    )
    return stopped.filter(_meant())


def _meant() -> Q:
    meant = Q()
    for kind, model in syncable_models().items():
        for target in Target:
            condition = model.meant_for(target)
            here = Q(kind=kind, target=target)
            if condition:
                here &= Q(record_id__in=model._default_manager.filter(condition).values("pk"))
            meant |= here
    return meant


def amount() -> Any:
    """The pesos of a standing's record, as a column of a query; nothing for masters."""
    whens = [
        When(
            kind=kind,
            then=Subquery(
                model._default_manager.order_by().filter(pk=OuterRef("record_id")).values(model.amount_column)[:1],
                output_field=_MONEY,
            ),
        )
        for kind, model in syncable_models().items()
        if model.amount_column
    ]
    return Case(*whens, default=Value(None, output_field=_MONEY), output_field=_MONEY)


def elsewhere(rows: list[dict[str, Any]]) -> set[int]:
    """Of blocked standings (pk, kind, record_id, company_id, target), those whose policy sends them elsewhere."""
    companies = set(SendingPolicy.objects.values_list("company_id", flat=True)) if rows else set()
    asked = [row for row in rows if row["company_id"] in companies]
    policies = {company_id: policy_of(company_id) for company_id in {row["company_id"] for row in asked}}
    found: set[int] = set()
    for kind in {row["kind"] for row in asked}:
        mine = [row for row in asked if row["kind"] == kind]
        records = model_for(kind)._default_manager.in_bulk([row["record_id"] for row in mine])
        found |= {
            row["pk"]
            for row in mine
            if row["record_id"] in records
            and why_elsewhere(policies[row["company_id"]], records[row["record_id"]], row["target"])
        }
    return found
