"""What a person decides about records without sending them: «No aplica», its way back, and retiring a connection."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from integrations import standing
from integrations.choices import Kind, Status, Target
from integrations.dispatch import Requester, Tally
from integrations.errors import ConfigurationError
from integrations.lifecycle import Event
from integrations.models import Connection, SyncStanding


def exclude(
    *, kind: Kind | str, record_ids: Sequence[int], target: Target | str, requester: Requester, reason: str = ""
) -> Tally:
    """Mark records as not applying to a target: only what was never sent, or was refused for certain."""
    told = f"Marcado como No aplica por {requester.user or requester.origin}"
    told += f": {reason}" if reason else "."
    return _decide(kind, record_ids, target, Event.EXCLUDED, told, "Solo lo que no se ha enviado se puede apartar.")


def include(*, kind: Kind | str, record_ids: Sequence[int], target: Target | str) -> Tally:
    """Take back «No aplica»: the records can be sent again."""
    return _decide(kind, record_ids, target, Event.INCLUDED, "", "No estaba marcado como No aplica.")


def _decide(
    kind: Kind | str, record_ids: Sequence[int], target: Target | str, event: Event, message: str, otherwise: str
) -> Tally:
    with transaction.atomic():
        rows = standing.locked(kind, record_ids, target)
        # What an ERP has, or may have after a refusal that proves nothing, nobody sets aside unseen.
        certain = [row for row in rows if not row.verify_first and not row.ever_present]
        moved = standing.move_many(certain, event, message=message, cause="") if certain else []
    skipped = len(rows) - len(moved)
    return Tally(len(moved), skipped, [otherwise] if skipped else [])


_UNFINISHED = (Status.QUEUED, Status.SENDING, Status.RETRYING, Status.UNCERTAIN)


def archive(connection_id: int) -> None:
    """Retire a connection so that another can take its place; its history stays.

    Raises: ConfigurationError while something of it is under way or in doubt.
    """
    with transaction.atomic():
        connection = Connection.objects.select_for_update(of=("self",)).get(pk=connection_id)
        open_rows = SyncStanding.objects.filter(connection=connection, status__in=_UNFINISHED).count()
        if open_rows:
            raise ConfigurationError(
                f"No se puede archivar: {open_rows} envíos están en cola o por confirmar. Termínelos primero."
            )
        connection.archived_at = timezone.now()
        connection.save(update_fields=["archived_at"])
