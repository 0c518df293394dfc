"""The days and hours in which a connection may send. Pure: no database."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

BOGOTA = ZoneInfo("America/Bogota")
_DAYS_LOOKED_AT = 8


@dataclass(frozen=True)
class Window:
    """Days (ISO: 1 is Monday) and hours in Colombia; a day that ends before it starts goes past midnight."""

    days: str = ""
    start: time | None = None
    end: time | None = None

    def opens_at(self, now: datetime) -> datetime | None:
        """When it opens next; None while it is open."""
        if self._is_always():
            return None
        opens = next((opens for opens in self._openings(now) if now < self._closes(opens)), None)
        return None if opens is None or opens <= now else opens

    def _openings(self, now: datetime) -> Iterator[datetime]:
        """When it opens on each of its days, from yesterday, whose window may last past midnight."""
        today = now.astimezone(BOGOTA).date()
        for offset in range(-1, _DAYS_LOOKED_AT):
            day = today + timedelta(days=offset)
            if not self.days or str(day.isoweekday()) in self.days:
                yield datetime.combine(day, self.start or time.min, BOGOTA)

    def _is_always(self) -> bool:
        return not self.days and (self.start is None or self.end is None or self.start == self.end)

    def _closes(self, opens: datetime) -> datetime:
        end = self.end or time.min
        same_day = datetime.combine(opens.date(), end, BOGOTA)
        return same_day if same_day > opens else same_day + timedelta(days=1)
