"""Why nothing starts on a lane now, and when it goes on: the sentence that pages show."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from integrations.choices import Status
from integrations.connections import lanes, stop_switch
from integrations.decisions import restoring
from integrations.models import Connection, SyncStanding
from integrations.models.clock import database_now
from integrations.standings import answer_trials

_WORTH_SAYING_SECONDS = 60
"""A pace that stops a lane for less is normal, and not shown."""


@dataclass(frozen=True)
class LaneNow:
    """A live connection, and why nothing starts there now; `why` is empty where something may."""

    connection: Connection
    why: str


def lanes_now() -> list[LaneNow]:
    """Every live connection with why nothing starts there, if nothing does."""
    live = Connection.objects.live().select_related("company")
    stopped, now = stop_switch.why_stopped(), database_now()
    doubts = SyncStanding.objects.filter(status=Status.UNCERTAIN).order_by().values_list("connection", flat=True)
    doubtful = set(doubts.distinct())
    return [
        LaneNow(connection, why_closed(connection, stopped, now, is_doubtful=connection.pk in doubtful))
        for connection in live
    ]


def why_closed(
    connection: Connection, stopped: str | None = None, now: datetime | None = None, *, is_doubtful: bool = True
) -> str:
    """Why nothing starts on a lane now and when it goes on, for staff; empty where something may start.

    Its pace is no reason worth a line unless it holds for minutes. `stopped` as for `lanes.closed`; `now` by the
    database; `is_doubtful`: whether some record of it may be in doubt, where the caller knows.
    """
    now = now or database_now()
    shut = lanes.closed(connection, now, stopped)
    if shut is None or (shut.is_brief and shut.until and shut.until - now < timedelta(seconds=_WORTH_SAYING_SECONDS)):
        return _after_restore(connection) or (_waits_for_doubts(connection, now) if is_doubtful else "")
    return " ".join(filter(None, (str(shut), _after_restore(connection))))


def _waits_for_doubts(connection: Connection, now: datetime) -> str:
    return answer_trials.why_waiting(connection, now) or _waits_for_a_call(connection, now)


def _after_restore(connection: Connection) -> str:
    if not connection.creates_are_blocked:
        return ""
    missing = restoring.what_is_missing(connection) or connection.restored_note
    return (
        f"Se restauró una copia: no se crean documentos nuevos hasta saber qué salió después de ella. {missing}".strip()
    )


def _waits_for_a_call(connection: Connection, now: datetime) -> str:
    """On a lane of one call at a time, a call without an answer blocks the next for as long as it may last."""
    if connection.concurrency != 1:
        return ""
    unanswered = SyncStanding.objects.filter(connection=connection, status=Status.UNCERTAIN, slot_until__gt=now)
    until = unanswered.order_by("-slot_until").values_list("slot_until", flat=True).first()
    return f"Un envío quedó sin respuesta: se espera hasta las {_hour(until)} antes de seguir." if until else ""


def _hour(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%H:%M:%S}"
