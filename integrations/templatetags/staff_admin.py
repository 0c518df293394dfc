"""What the templates of the administration ask for."""

import re
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import template
from django.utils.safestring import SafeString

from integrations.admin import badges, fieldsets
from integrations.admin.actions import SEND_PREFIX
from integrations.admin.attempts import outcome_badge
from integrations.admin.connections import state_of
from integrations.admin.decision_pages import offers
from integrations.admin.local_problems import Found
from integrations.admin.record_pages import list_url
from integrations.admin.requester_names import who_asked
from integrations.choices import Status, Target
from integrations.decisions import open_request
from integrations.erp.fields.money import money
from integrations.models import Connection, DecisionRequest, SyncAttempt, SyncBatch, SyncStanding
from integrations.models.syncable import model_for

register = template.Library()
_ISO_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)")


@register.simple_tag
def send_buttons(action_form: Any) -> list[tuple[str, str]]:
    """(name, label) of the list's own *Enviar a …* actions."""
    choices = action_form.fields["action"].choices
    return [(name, label) for name, label in choices if name.startswith(SEND_PREFIX)]


@register.filter
def rows(fieldset: Any) -> SafeString:
    return fieldsets.rows(fieldset)


@register.filter
def badge(status: str) -> SafeString:
    return badges.badge(status)


@register.filter
def batch_badge(batch: SyncBatch) -> SafeString:
    return badges.batch_badge(batch.state)


@register.filter
def attempt_badge(attempt: SyncAttempt) -> SafeString:
    return outcome_badge(attempt.outcome, finished=attempt.finished_at is not None)


@register.filter
def connection_badge(connection: Connection) -> SafeString:
    look, icon, word = state_of(connection)
    return badges.pill(look, icon, word)


@register.filter
def asked_by(one: Any) -> str:
    """Of anything with `requested_by` and `requested_from`."""
    return who_asked(one.requested_by, one.requested_from)


@register.filter
def pesos(amount: Decimal | None) -> str:
    return money(amount) if amount is not None else "–"


@register.filter
def as_read(text: str) -> str:
    """A date as people here write it, dd/mm/aaaa; any other text as it is."""
    parts = _ISO_DATE.fullmatch(text)
    return "/".join(reversed(parts.groups())) if parts else text


@register.filter
def shown_or_nothing(text: str | None) -> str:
    """A value as it is read; a dash where that side has none."""
    return "–" if text is None else as_read(text) or "(vacío)"


@register.filter
def moment(value: datetime | None) -> str:
    return badges.moment(value)


@register.filter
def duration(seconds: float | None) -> str:
    return badges.duration(seconds)


@register.filter
def target_label(target: str) -> str:
    return Target(target).label


@register.simple_tag
def records_url(kind: str) -> str:
    return list_url(kind)


@register.simple_tag
def totals_of(movement: Any) -> dict[str, Any]:
    """Debits, credits and difference of a voucher, as text; zero for a new one."""
    debit = getattr(movement, "total_debit", None) or Decimal(0)
    credit = getattr(movement, "total_credit", None) or Decimal(0)
    total = getattr(movement, "total", None) or Decimal(0)
    return {
        "debit": money(debit), "credit": money(credit), "difference": money(debit - credit),
        "balances": debit == credit, "total": money(total),
        "has_entries": bool(debit or credit), "has_goods": total != max(debit, credit),
    }  # fmt: skip


@register.filter
def of_target(found: dict[str, Any] | None, target: str) -> Any:
    """What a mapping by ERP has for one of them."""
    return (found or {}).get(target)


@register.filter
def that_block(found: list[Found]) -> list[Found]:
    return [one for one in found if one.problem.blocks]


@register.filter
def that_warn(found: list[Found]) -> list[Found]:
    return [one for one in found if not one.problem.blocks]


@register.simple_tag
def state_badge(record: Any, target: str) -> SafeString:
    return badges.record_badge(record, target)


@register.filter
def was_mended(place: Any) -> bool:
    """Whether a record was changed after the ERP refused it, and nobody has sent it since."""
    row = place.row
    return bool(place.status == Status.REJECTED and row.version_confirmed and row.version > row.version_confirmed)


@register.simple_tag
def decisions_for(user: Any, row: SyncStanding) -> list[tuple[str, str]]:
    """(verb, label) of what this person may decide about this record now."""
    return offers(user, row)


@register.simple_tag
def waiting_for_approval(row: SyncStanding) -> DecisionRequest | None:
    """What waits for a second person."""
    return open_request(row) if row.status in (Status.UNCERTAIN, Status.REJECTED) else None


@register.filter
def kind_plural(kind: str) -> str:
    return str(model_for(kind)._meta.verbose_name_plural)


@register.filter
def without_empty_headings(html: str) -> str:
    """Django heads the column of deletions also where nothing may be deleted: what says nothing is no heading."""
    return html.replace("<th></th>", "<td></td>")
