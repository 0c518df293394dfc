"""How a state looks: an icon and a word, coloured by class alone (the page's policy allows no inline style)."""

from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from integrations.choices import BatchState, Status, Target
from integrations.erp.fields.money import money
from integrations.models import Syncable

ICONS: dict[str, str] = {
    Status.NEW: "○",
    Status.QUEUED: "◷",
    Status.SENDING: "◷",
    Status.RETRYING: "◔",
    Status.SYNCED: "✓",
    Status.CHANGED: "↻",
    Status.REJECTED: "✕",
    Status.UNCERTAIN: "?",
    Status.CONFLICT: "⚠",
    Status.EXCLUDED: "–",
}
_BATCH_LOOKS: dict[str, str] = {
    BatchState.PREPARING: Status.QUEUED,
    BatchState.DRAFT: Status.NEW,
    BatchState.QUEUED: Status.SENDING,
    BatchState.DONE: Status.SYNCED,
    BatchState.CANCELLED: Status.EXCLUDED,
}
_PILL = '<span class="estado estado-{}"><span aria-hidden="true">{}</span> {}</span>'
ANNULLED = format_html(_PILL, Status.EXCLUDED, "⊘", "Anulado")
NOTHING = mark_safe('<span class="vacio">–</span>')


def badge(status: Status | str) -> SafeString:
    """The pill of a record's state; nothing for an unknown one."""
    if status not in ICONS:
        return NOTHING
    return pill(str(status), ICONS[status], Status(status).label)


def record_badge(record: Syncable, target: Target | str) -> SafeString:
    """The pill of a record in one ERP; what stays annulled says so."""
    status = record.status_for(target)
    return ANNULLED if record.is_annulled and status == Status.EXCLUDED else badge(status)


def pill(look: str, icon: str, word: str) -> SafeString:
    """Any state with the look of one of the record's."""
    return format_html(_PILL, look, icon, word)


def batch_badge(state: BatchState | str) -> SafeString:
    look = _BATCH_LOOKS[state]
    return pill(str(look), ICONS[look], BatchState(state).label)


def pesos(amount: Decimal | None) -> SafeString:
    """`$ 1.234.567`, right aligned by its class."""
    return format_html('<span class="pesos">{}</span>', money(amount)) if amount is not None else NOTHING


def day(value: date | None) -> str:
    return f"{value:%d/%m/%Y}" if value else "–"


def moment(value: datetime | None) -> str:
    return f"{timezone.localtime(value):%d/%m/%Y %H:%M}" if value else "–"


def duration(seconds: float | None) -> str:
    """In the largest unit that still says something: «850 ms», «12 s», «unos 3 min», «unas 2 horas»."""
    if seconds is None:
        return "–"
    seconds = max(seconds, 0)
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 90 * 60:
        return f"unos {round(seconds / 60)} min"
    return f"unas {round(seconds / 3600)} horas"


def clipped(text: str, extra: str = "") -> SafeString:
    """A long text cut by the column's width, whole in its title; `extra` goes below it, smaller."""
    below = format_html('<span class="debajo">{}</span>', extra) if extra else ""
    return format_html('<span class="recorte" title="{}">{}</span>{}', text, text or "–", below)
