"""The stored result of the local checks, for lists and filters."""

from collections.abc import Iterable, Sequence

from integrations.choices import Kind, Status, Target
from integrations.models import Connection, SyncStanding
from integrations.models.bulk_writes import update_many
from integrations.models.standing import SyncStandingQuerySet

JUDGED = (Status.NEW, Status.REJECTED, Status.CHANGED)
"""The statuses in which a record waits to be sent."""
_FORGOTTEN_AT_ONCE = 500
_COLUMNS = ["verdict", "rule_ids", "rules_version", "version_checked"]


def keep(row: SyncStanding, blocking_rules: Sequence[str], rules_version: str) -> None:
    """Set, without saving, the result of checking the present version: the ids of the rules that stop it."""
    row.verdict = SyncStanding.Verdict.BLOCKED if blocking_rules else SyncStanding.Verdict.READY
    row.rule_ids = list(blocking_rules)
    row.rules_version = rules_version
    row.version_checked = row.version


def forget(company_id: int, target: Target | str) -> None:
    """Make the verdicts of a company's unsent records stale: a rule, a lock or a mapping changed."""
    unsent = SyncStanding.objects.filter(company=company_id, target=target, status__in=JUDGED)
    unsent.exclude(rules_version="").update(rules_version="")


def forget_records(connection: Connection, kind: Kind | str, record_ids: Sequence[int]) -> None:
    """Make the verdicts of these records for the connection's ERP stale."""
    rows = SyncStanding.objects.with_erp_of(connection).filter(kind=kind)
    for start in range(0, len(record_ids), _FORGOTTEN_AT_ONCE):
        rows.filter(record_id__in=record_ids[start : start + _FORGOTTEN_AT_ONCE]).update(rules_version="")


def stopped(connection: Connection) -> SyncStandingQuerySet:
    """What waits to be sent to the connection's ERP and the stored verdict stops."""
    return SyncStanding.objects.with_erp_of(connection).filter(status__in=JUDGED, verdict=SyncStanding.Verdict.BLOCKED)


def save(rows: Iterable[SyncStanding]) -> None:
    """Write the verdicts of LOCKED standings, in few statements."""
    update_many(list(rows), _COLUMNS)
