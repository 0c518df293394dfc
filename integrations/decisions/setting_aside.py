"""What a person decides about many records without sending them: «No aplica», «Ya está en el ERP», archiving."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from integrations.choices import Kind, Status, Target
from integrations.decisions import annulling
from integrations.decisions.evidence_rows import record_decisions
from integrations.errors import ConfigurationError
from integrations.models import Connection, SyncStanding
from integrations.standings import transitions
from integrations.standings.lifecycle import Event
from integrations.standings.requester import Requester, Tally


def exclude(
    *, kind: Kind | str, record_ids: Sequence[int], target: Target | str, requester: Requester, reason: str = ""
) -> Tally:
    """Mark records as not applying to a target: only what was never sent, or was refused for certain."""
    message = f"Marcado como No aplica por {requester.user or requester.origin}{f': {reason}' if reason else '.'}"
    decision = _Decision(Event.EXCLUDED, "excluded", message, "Solo lo que no se ha enviado se puede apartar.")
    return _decide(kind, record_ids, target, requester, decision)


def include(
    *, kind: Kind | str, record_ids: Sequence[int], target: Target | str, requester: Requester | None = None
) -> Tally:
    """Take back «No aplica», or an annulment: the records can be sent again.

    What is annulled in another ERP stays out until it is included there.
    """
    decision = _Decision(Event.INCLUDED, "included", "", "No estaba marcado como No aplica, o está anulado.")
    return _decide(kind, record_ids, target, requester or Requester(), decision)


def already_there(
    *, kind: Kind | str, record_ids: Sequence[int], target: Target | str, requester: Requester, reason: str = ""
) -> Tally:
    """«Ya está en el ERP, no enviar»: history from before, with a person's word as evidence."""
    message = f"Ya estaba en {Target(target).label}, según {requester.user or requester.origin}"
    message += f": {reason}" if reason else "."
    refusal = "Solo vale para lo que no se ha enviado desde aquí, o se rechazó sin duda."
    decision = _Decision(Event.ALREADY_THERE, "already_there", message, refusal)
    return _decide(kind, record_ids, target, requester, decision)


@dataclass(frozen=True)
class _Decision:
    event: Event
    outcome: str
    message: str
    refusal: str
    """Why some records are left out, in Spanish."""


@transaction.atomic
def _decide(
    kind: Kind | str, record_ids: Sequence[int], target: Target | str, requester: Requester, decision: _Decision
) -> Tally:
    rows = transitions.locked(kind, record_ids, target)
    # What an ERP has, or may have after a refusal that proves nothing, nobody sets aside unseen.
    certain = [row for row in rows if not row.verify_first and not row.ever_present]
    if decision.event is Event.INCLUDED:
        certain = annulling.includable(certain, requester)
    moved = _moved(certain, decision) if certain else []
    record_decisions(moved, requester, decision.outcome, decision.message)
    if decision.event is Event.INCLUDED:
        annulling.lift(moved)
    skipped = len(rows) - len(moved)
    return Tally(len(moved), skipped, [decision.refusal] if skipped else [])


def _moved(rows: list[SyncStanding], decision: _Decision) -> list[SyncStanding]:
    facts: dict[str, Any] = {"message": decision.message, "cause": ""}
    if decision.event is Event.ALREADY_THERE:
        facts |= {"synced_at": timezone.now(), "content_held": "", "seen_at": None, "look_at": None}
        for row in rows:
            row.version_sent = row.version
    return transitions.move_many(rows, decision.event, **facts)


_UNFINISHED = (Status.QUEUED, Status.SENDING, Status.RETRYING)


@transaction.atomic
def archive(connection_id: int) -> None:
    """Archive a connection so that another can take its place; its history stays.

    Raises: ConfigurationError while something of it is under way or in doubt.
    """
    connection = Connection.objects.select_for_update(of=("self",)).get(pk=connection_id)
    rows = SyncStanding.objects.filter(connection=connection)
    unfinished = rows.filter(Q(status__in=_UNFINISHED) | transitions.IN_DOUBT).count()
    if unfinished:
        raise ConfigurationError(
            f"No se puede archivar: {unfinished} envíos están en cola o en duda. Termínelos o decídalos primero."
        )
    connection.archived_at = timezone.now()
    connection.save(update_fields=["archived_at"])
