"""The text of the mails: plain Spanish, with counts and a link."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from integrations import inbox
from integrations.choices import BatchState
from integrations.inbox import in_doubt
from integrations.inbox.viewers import viewable_kinds
from integrations.models import Assignment, DecisionRequest, SyncBatch
from integrations.selectors import pages
from integrations.standings import unblockings

_MOST_CAUSES = 5


@dataclass(frozen=True)
class Mail:
    """A mail before it is sent. `is_news`: whether there is something that a person has to look at."""

    subject: str
    body: str
    is_news: bool


def link(name: str, *arguments: object) -> str:
    """The absolute address of a page; empty without the setting PUBLIC_URL."""
    if not settings.PUBLIC_URL:
        return ""
    return settings.PUBLIC_URL.rstrip("/") + reverse(name, args=arguments)


def about_batch(batch: SyncBatch) -> Mail:
    """How a batch ended, with its counts."""
    progress, stopped = pages.progress(batch), batch.state == BatchState.CANCELLED
    not_sent = progress.waiting if stopped else 0
    wrong = progress.failed + progress.uncertain + progress.back + not_sent
    erp = batch.get_target_display()
    ending = "detenido" if stopped else "terminado"
    doubtful = f", {progress.uncertain} por confirmar" if progress.uncertain else ""
    subject = f"Lote {batch.pk} a {erp} {ending}: {progress.sent} enviados, {progress.failed} con error{doubtful}"
    counts = {"progress": progress, "wrong": wrong, "not_sent": not_sent}
    context = {"batch": batch, "erp": erp, "ending": ending, "link": link("admin:batch", batch.pk), **counts}
    return Mail(subject, _rendered("mail/batch.txt", context), is_news=wrong > 0)


def about_day(person: Any) -> Mail:
    """What waits for a person today, of what they may see."""
    kinds = viewable_kinds(person)
    cards = inbox.cards(inbox.ErrorFilter(kinds=kinds))
    refused = [card for card in cards if not card.is_local]
    blocked = {pk for card in cards if card.is_local for pk in card.ids}
    waiting = {
        "refused": sum(card.count for card in refused),
        "blocked": len(blocked),
        "doubts": in_doubt.waiting(inbox.ErrorFilter(kinds=kinds)).count(),
        "mine": _assigned(person, kinds),
        "to_approve": DecisionRequest.objects.filter(state=DecisionRequest.State.OPEN, standing__kind__in=kinds)
        .exclude(requested_by=person)
        .count(),
        "unblocked": unblockings.count_since(timezone.now() - timedelta(days=1), kinds),
    }
    name = person.get_short_name() or person.get_username()
    links = {"inbox": link("admin:inbox"), "doubts_link": link("admin:doubts")}
    context = {**waiting, **links, "causes": cards[:_MOST_CAUSES], "name": name}
    count = sum(waiting[name] for name in ("refused", "blocked", "doubts", "to_approve"))
    waits = "1 documento espera" if count == 1 else f"{count} documentos esperan"
    subject = f"Resumen del {timezone.localdate():%d/%m/%Y}: {waits} a una persona"
    return Mail(subject, _rendered("mail/day.txt", context), is_news=bool(count or waiting["unblocked"]))


def _assigned(person: Any, kinds: tuple[str, ...]) -> int:
    assigned = inbox.cards(inbox.ErrorFilter(person=person, kinds=kinds))
    return sum(card.count for card in assigned) if Assignment.objects.filter(person=person).exists() else 0


def _rendered(template: str, context: dict[str, Any]) -> str:
    lines = render_to_string(template, context).splitlines()
    text = "\n".join(line.rstrip() for line in lines)
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text.strip() + "\n"
