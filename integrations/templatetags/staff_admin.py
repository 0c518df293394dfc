"""Filters and tags of the administration's templates."""

import re
from decimal import Decimal
from typing import Any

from django import template
from django.utils.safestring import SafeString

from integrations.admin import badges, fieldsets
from integrations.admin.actions import SEND_PREFIX
from integrations.admin.attempts import outcome_badge
from integrations.admin.connections import state_of
from integrations.admin.correction_starts import CORRECT_ACTION
from integrations.admin.decision_pages import offers
from integrations.admin.local_problems import LocatedProblem
from integrations.admin.record_pages import list_url
from integrations.admin.requesters import requester_name
from integrations.admin.wording import kind_name
from integrations.choices import Status, Target
from integrations.decisions import open_request
from integrations.erp.fields.money import money
from integrations.models import Connection, DecisionRequest, SyncAttempt, SyncBatch, SyncStanding

register = template.Library()
_TOTALS = ("total_debit", "total_credit", "total")
_ISO_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)")


@register.simple_tag
def direct_buttons(action_form: Any) -> list[tuple[str, str, str]]:
    """(name, label, CSS class) of the list's actions that have a button: *Enviar a …* and *Corregir en bloque*."""
    choices = action_form.fields["action"].choices
    send = [(name, label, "principal") for name, label in choices if name.startswith(SEND_PREFIX)]
    return send + [(name, label, "boton") for name, label in choices if name == CORRECT_ACTION]


@register.filter
def lower_first(text: str) -> str:
    """The text with a small first letter, to stand inside a sentence."""
    return text[:1].lower() + text[1:]


@register.filter
def rows(fieldset: Any) -> SafeString:
    """The HTML of every line of a fieldset."""
    return fieldsets.rows(fieldset)


@register.filter
def batch_badge(batch: SyncBatch) -> SafeString:
    """The pill of a batch's state."""
    return badges.batch_badge(batch.state)


@register.filter
def attempt_badge(attempt: SyncAttempt) -> SafeString:
    """The pill of an attempt's outcome."""
    return outcome_badge(attempt.outcome, finished=attempt.finished_at is not None)


@register.filter
def connection_badge(connection: Connection) -> SafeString:
    """The pill of a connection's state."""
    return badges.pill(*state_of(connection))


@register.filter
def asked_by(record: Any) -> str:
    """The requester's name, of anything with `requested_by` and `requested_from`."""
    return requester_name(record.requested_by, record.requested_from)


@register.filter
def pesos(amount: Decimal | None) -> str:
    """«$ 1.234.567»; a dash for no amount."""
    return money(amount) if amount is not None else "–"


@register.filter
def as_read(text: str) -> str:
    """An ISO date as dd/mm/aaaa; any other text unchanged."""
    parts = _ISO_DATE.fullmatch(text)
    return "/".join(reversed(parts.groups())) if parts else text


@register.filter
def shown_or_nothing(text: str | None) -> str:
    """A value of a comparison, «(vacío)» for an empty one; a dash where that column has none."""
    return "–" if text is None else as_read(text) or "(vacío)"


register.filter(badges.badge)
register.filter(badges.moment)
register.filter(badges.duration)
register.filter(kind_name)
register.simple_tag(list_url)
register.simple_tag(badges.record_badge)
register.filter(badges.grade_sentence)


@register.filter
def target_label(target: str) -> str:
    """An ERP's name."""
    return Target(target).label


@register.simple_tag
def totals_of(movement: Any) -> dict[str, Any]:
    """Debits, credits, difference and total of a voucher as text in pesos; zeros for a new one."""
    debit, credit, total = (getattr(movement, name, None) or Decimal(0) for name in _TOTALS)
    return {
        "debit": money(debit),
        "credit": money(credit),
        "difference": money(debit - credit),
        "balances": debit == credit,
        "total": money(total),
        "has_entries": bool(debit or credit),
        "has_goods": total != max(debit, credit),
    }


@register.filter
def of_target(by_target: dict[str, Any] | None, target: str) -> Any:
    """The value of one ERP in a mapping by ERP; None without one."""
    return (by_target or {}).get(target)


@register.filter
def that_block(problems: list[LocatedProblem]) -> list[LocatedProblem]:
    """The problems that keep a record from being sent."""
    return [problem for problem in problems if problem.problem.blocks]


@register.filter
def that_warn(problems: list[LocatedProblem]) -> list[LocatedProblem]:
    """The problems that are only warnings."""
    return [problem for problem in problems if not problem.problem.blocks]


@register.filter
def was_mended(place: Any) -> bool:
    """Whether a record was changed after the ERP refused it, and not sent since."""
    row = place.row
    return bool(place.status == Status.REJECTED and row.version_confirmed and row.version > row.version_confirmed)


@register.simple_tag
def decisions_for(user: Any, row: SyncStanding) -> list[tuple[str, str]]:
    """(name in the URL, label) of the decisions that a person may take about a record now."""
    return offers(user, row)


@register.simple_tag
def waiting_for_approval(row: SyncStanding) -> DecisionRequest | None:
    """The decision about a record that a second person has to approve; None without one."""
    return open_request(row) if row.status in (Status.UNCERTAIN, Status.REJECTED) else None


@register.filter
def without_empty_headings(html: str) -> str:
    """Django's table of inlines with its empty heading as a plain cell: an empty heading fails accessibility checks."""
    return html.replace("<th></th>", "<td></td>")
