"""Badges of states, amounts, dates and durations. Colours come from CSS classes: the page's policy forbids styles."""

from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from integrations.choices import BatchState, Grade, Status, Target
from integrations.erp.fields.money import money
from integrations.models import Syncable, SyncStanding
from integrations.standings.grades import grade_of

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
    BatchState.FAILED: Status.REJECTED,
}
_PILL = '<span class="estado estado-{}"><span aria-hidden="true">{}</span> {}</span>'
_GRADED = (
    '<span class="estado estado-{}" title="{}"><span aria-hidden="true">{}</span> {}'
    '<span class="visually-hidden">: {}</span></span>'
)
GRADE_ICONS = {Grade.ACCEPTED: "✓", Grade.SEEN: "✓✓"}
ANNULLED = format_html(_PILL, Status.EXCLUDED, "⊘", "Anulado")
NOTHING = mark_safe('<span class="vacio">–</span>')


def badge(status: Status | str, grade: Grade | None = None) -> SafeString:
    """The pill of a record's state, with its grade in its icon, in its tooltip and for screen readers.

    A dash for an unknown state.
    """
    if status not in ICONS:
        return NOTHING
    if grade is None:
        return pill(str(status), ICONS[status], Status(status).label)
    return format_html(_GRADED, status, grade.label, GRADE_ICONS[grade], Status(status).label, grade.label)


def record_badge(record: Syncable, target: Target | str, row: SyncStanding | None = None) -> SafeString:
    """The pill of a record's state in one ERP; «Anulado» for a record that was annulled and stays so.

    The grade is that of `row`, its standing there, or what the list read into `record.grades`.
    """
    status = record.status_for(target)
    if record.is_annulled and status == Status.EXCLUDED:
        return ANNULLED
    grade = grade_of(row) if row is not None else getattr(record, "grades", {}).get(target)
    return badge(status, grade if status == Status.SYNCED else None)


def grade_sentence(row: SyncStanding) -> str:
    """What is known of a sent record beyond «Enviado», in Spanish; empty where it has no grade."""
    grade, erp = grade_of(row), row.get_target_display()
    if grade is Grade.SEEN:
        return f"{GRADE_ICONS[grade]} Visto en {erp} el {moment(row.seen_at)}: una lectura lo encontró allá."
    return f"{GRADE_ICONS[grade]} {erp} lo aceptó; todavía no se ha visto allá." if grade else ""


def pill(look: str, icon: str, word: str) -> SafeString:
    """A pill with the CSS class of a record's state, an icon and any word."""
    return format_html(_PILL, look, icon, word)


def batch_badge(state: BatchState | str) -> SafeString:
    """The pill of a batch's state."""
    look = _BATCH_LOOKS[state]
    return pill(str(look), ICONS[look], BatchState(state).label)


def pesos(amount: Decimal | None) -> SafeString:
    """«$ 1.234.567», right aligned by its class; a dash for no amount."""
    return format_html('<span class="pesos">{}</span>', money(amount)) if amount is not None else NOTHING


def day(value: date | None) -> str:
    """A date as dd/mm/aaaa; a dash for none."""
    return f"{value:%d/%m/%Y}" if value else "–"


def moment(value: datetime | None) -> str:
    """A moment as dd/mm/aaaa hh:mm in local time; a dash for none."""
    return f"{timezone.localtime(value):%d/%m/%Y %H:%M}" if value else "–"


def duration(seconds: float | None) -> str:
    """Seconds in the unit that suits them: «850 ms», «12 s», «unos 3 min», «unas 2 horas»; a dash for none."""
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


def duration_between(start: datetime, end: datetime | None) -> str:
    """`duration` from one moment to another; a dash where there is no end."""
    return duration((end - start).total_seconds() if end else None)


def clipped(text: str, extra: str = "") -> SafeString:
    """A text that CSS cuts at the column's width, whole in its tooltip; `extra` goes below it, smaller."""
    below = format_html('<span class="debajo">{}</span>', extra) if extra else ""
    return format_html('<span class="recorte" title="{}">{}</span>{}', text, text or "–", below)
