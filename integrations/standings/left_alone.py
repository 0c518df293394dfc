"""Why a correction in bulk leaves a record as it is: what an ERP has, or may have, and what is closed."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from integrations.choices import Kind, Status
from integrations.models import PeriodLock, Syncable, SyncStanding

UNTOUCHED = frozenset({Status.NEW, Status.REJECTED, Status.EXCLUDED})
"""Where no ERP has a record, nor may have it, unless it was there before or a refusal left a doubt."""
_GONE = "Ya no existe, o es de otra empresa."
_ON_ITS_WAY = {
    Status.QUEUED: "Está en cola para {}: espere a que salga, o detenga el lote.",
    Status.SENDING: "Se está enviando a {}.",
    Status.RETRYING: "Tiene un reintento programado hacia {}: espere, o detenga el lote.",
    Status.UNCERTAIN: "Está por confirmar en {}: verifíquelo primero.",
    Status.CONFLICT: "Tiene un conflicto en {}: compare y decida.",
}


def never_left(model: type[Syncable]) -> Q:
    """The condition on records that no ERP has, nor may have, by the states that lists show."""
    condition = Q()
    for target in model.exports:
        condition &= Q(**{f"{target}_status__in": UNTOUCHED})
    return condition


@dataclass(frozen=True)
class Closed:
    """The closed periods of a company."""

    periods: Sequence[tuple[date | None, date]]

    def holds(self, day: date | None) -> bool:
        """Whether a day is in one of them."""
        return day is not None and any(
            day <= until and (since is None or since <= day) for since, until in self.periods
        )


def closed_periods(company_id: int) -> Closed:
    """Those of a company, as they are now."""
    return Closed(list(PeriodLock.objects.filter(company=company_id).values_list("since", "until")))


def standings_by_record(kind: Kind | str, rows: Sequence[SyncStanding]) -> dict[int, list[SyncStanding]]:
    """Record id → its standings."""
    found: dict[int, list[SyncStanding]] = defaultdict(list)
    for row in rows:
        if row.kind == kind:
            found[row.record_id].append(row)
    return found


def why(record: Syncable | None, company_id: int, rows: Iterable[SyncStanding]) -> str:
    """Why a record is no one's to correct now, in Spanish; empty where it may be. `rows` are all its standings."""
    if record is None or record.company_id != company_id:
        return _GONE
    if record.is_annulled:
        return "Está anulado: queda como estaba."
    return next((reason for row in rows if (reason := _why_by(row))), "")


def _why_by(row: SyncStanding) -> str:
    erp = row.get_target_display()
    if row.ever_present:
        return f"Ya está en {erp}" + (f" con el número {row.reference}." if row.reference else ".")
    if row.verify_first:
        return f"{erp} lo rechazó sin descartar que lo haya guardado: verifíquelo primero."
    return "" if row.status in UNTOUCHED else _ON_ITS_WAY.get(Status(row.status), f"Ya está en {erp}.").format(erp)


def why_closed(before: date | None, after: date | None, closed: Closed) -> str:
    """Why a record's date forbids a correction: where it stays in a closed period, or would come into one."""
    if closed.holds(after):
        where = "Su fecha" if before == after else "La fecha nueva"
        return f"{where}, {after:%d/%m/%Y}, está en un período cerrado."
    return ""
