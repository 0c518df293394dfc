"""What a decision may rely on: the last read of the ERP, if it began after the settle window."""

from dataclasses import dataclass
from datetime import datetime

from integrations.choices import Kind
from integrations.erp.read_back import ReadBackResult
from integrations.erp.read_back_evidence import from_json
from integrations.models import RegisterRow, SyncAttempt, SyncStanding
from integrations.models.clock import database_now
from integrations.payloads.prerequisites import REGISTERS
from integrations.standings.open_calls import window_end


@dataclass(frozen=True)
class Look:
    """What two agreeing reads of the ERP showed of a record, and the attempt that keeps it."""

    result: ReadBackResult
    reading: SyncAttempt

    @property
    def at(self) -> datetime:
        """When the first of the reads began."""
        return self.reading.started_at


def last_look(row: SyncStanding) -> Look | None:
    """The newest read that showed something of the record in this life; None before one that began after the window.

    A later read that failed, or two that disagreed, show nothing, and do not make an older one untrue: after the
    window no ERP stores anything more of that call.
    """
    readings = SyncAttempt.objects.read_backs().of_life(row).select_related("answer")
    readings = readings.filter(answer__isnull=False, finished_at__isnull=False)
    if (ends := window_end(row)) is not None:
        readings = readings.filter(started_at__gt=ends)
    newest = readings.order_by("-started_at")[:_NEWEST]
    looks = (Look(from_json(reading.answer.body), reading) for reading in newest if reading.answer)
    # An answer that was given without asking the ERP is no look.
    return next((look for look in looks if look.result.is_read), None)


_NEWEST = 20


def has_vanished(row: SyncStanding) -> bool:
    """Whether the last whole read of its register no longer brought this master."""
    rows = RegisterRow.objects.filter(connection=row.connection_id, register=REGISTERS.get(Kind(row.kind)))
    return rows.filter(record_id=row.record_id, missing_since__isnull=False).exists()


def is_window_over(row: SyncStanding) -> bool:
    """Whether the settle window is over: the ERP can store nothing more of what was sent."""
    ends = window_end(row)
    return ends is None or ends <= database_now()
