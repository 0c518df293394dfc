"""Records that could not be sent and now can: what unblocked each, from wherever it came, is recorded once."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from integrations.models import SyncStanding, Unblocking

CHECKS_CHANGED = "La revisión ya lo deja pasar: llegó un dato del ERP, un código homologado o cambió una regla."
_CHUNK = 500


def record(rows: Sequence[SyncStanding], reason: str) -> int:
    """Record that these standings may be sent now, and what unblocked them, in Spanish; returns how many."""
    unblocked = [Unblocking(standing=row, reason=reason[:300]) for row in rows]
    Unblocking.objects.bulk_create(unblocked, batch_size=_CHUNK)
    return len(unblocked)


def counted(count: int) -> str:
    """«12 documentos desbloqueados»."""
    return f"{count} {'documento desbloqueado' if count == 1 else 'documentos desbloqueados'}"


def since(moment: datetime, kinds: Sequence[str]) -> "QuerySet[Unblocking]":
    """What became sendable by itself since then, the newest first."""
    found = Unblocking.objects.filter(at__gte=moment, standing__kind__in=kinds)
    return found.select_related("standing").order_by("-at", "-pk")


def count_since(moment: datetime, kinds: Sequence[str]) -> int:
    """How many records became sendable by themselves since then, each once."""
    return since(moment, kinds).order_by().values("standing").distinct().count()
