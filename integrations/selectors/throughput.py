"""How fast a connection sends, by its last calls, and how many vouchers one request should carry."""

from dataclasses import dataclass
from math import ceil
from statistics import median

from integrations.choices import Target
from integrations.erp.receipts import Verdict
from integrations.erp.siigo.joint_request import rows_in
from integrations.models import Connection, SyncAttempt
from integrations.payloads import grouping

NEWEST_ATTEMPTS = 200
"""Sends that the estimate looks at."""
FEWEST_CALLS = 5
"""Below this many, nothing is proposed."""
PROPOSED_VOUCHERS = 10
MOST_LINES_TOGETHER = 1_000
"""A request of so many lines is far from what takes Siigo minutes by itself (`siigo-notes`, section 1.5)."""
MOST_REFUSED = 0.05
"""With more refusals than this a refused request would hold up too many sound vouchers."""
_READ = ("equal", "before", "other", "absent", "several", "voided")
_ANSWERED = (Verdict.ACCEPTED, Verdict.REFUSED, Verdict.REFUSED_UNPROVEN, Verdict.DUPLICATE)


@dataclass(frozen=True, slots=True)
class Pace:
    """The speed of the last calls. `proposed` is how many vouchers a request should carry; 0 with `why`, in Spanish."""

    calls: int
    seconds_a_call: float
    calls_an_hour: float
    documents_an_hour: float
    together: int
    proposed: int
    why: str

    def seconds_for(self, documents: int, at_once: int) -> float:
        """How many seconds so many documents take, with `at_once` calls at the same time."""
        return self.requests_for(documents) * self.seconds_a_call / max(1, at_once)

    def requests_for(self, documents: int) -> int:
        """How many requests carry so many documents."""
        return ceil(documents / self.together)


def pace_of(connection: Connection) -> Pace | None:
    """The estimate of a connection; None without history."""
    sends = SyncAttempt.objects.sends().filter(connection=connection, finished_at__isnull=False, outcome__in=_ANSWERED)
    calls: dict[str, list[float]] = {}
    outcomes: list[str] = []
    rows = sends.order_by("-started_at").values_list("pk", "request_hash", "started_at", "finished_at", "outcome")
    for pk, request, started, finished, outcome in rows[:NEWEST_ATTEMPTS]:
        if finished is not None:
            calls.setdefault(request or str(pk), []).append((finished - started).total_seconds())
            outcomes.append(outcome)
    if not calls:
        return None
    each = median(min(spent) for spent in calls.values())
    an_hour = 3600 * max(1, connection.concurrency) / max(each, 0.001)
    together = grouping.most_together(connection)
    refused = sum(1 for outcome in outcomes if outcome != Verdict.ACCEPTED) / len(outcomes)
    proposed, why = _proposed(connection, len(calls), refused, together)
    return Pace(len(calls), each, an_hour, an_hour * len(outcomes) / len(calls), together, proposed, why)


def _proposed(connection: Connection, calls: int, refused: float, together: int) -> tuple[int, str]:
    if connection.target != Target.SIIGO:
        return 0, ""
    if calls < FEWEST_CALLS:
        return 0, f"Con {FEWEST_CALLS} envíos o más se podrá proponer cuántos comprobantes llevar por petición."
    if not _a_read_worked(connection):
        return 0, (
            "Antes de llevar varios comprobantes por petición, verifique uno en el ERP: sin esa consulta no se podría "
            "aclarar una petición rechazada."
        )
    if refused > MOST_REFUSED:
        return 0, (
            f"Siigo rechazó el {refused:.0%} de los últimos envíos: corrija primero las causas, porque un comprobante "
            "malo detiene a los que van con él."
        )
    if together > 1:
        return 0, f"Ya lleva hasta {together} comprobantes por petición."
    proposed = max(2, min(PROPOSED_VOUCHERS, MOST_LINES_TOGETHER // max(1, _most_lines(connection))))
    return proposed, f"Puede llevar hasta {proposed} comprobantes por petición."


def _a_read_worked(connection: Connection) -> bool:
    return SyncAttempt.objects.read_backs().filter(connection=connection, outcome__in=_READ).exists()


def _most_lines(connection: Connection) -> int:
    """The longest of the last vouchers sent, in lines."""
    sends = SyncAttempt.objects.sends().filter(connection=connection, payload__isnull=False).select_related("payload")
    return max((rows_in(send.payload.body.decode()) for send in sends[:20] if send.payload), default=1)
