"""What waited for something and may leave now: told once, wherever what it waited for came from."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from integrations.models import SyncStanding, Unblocking

CHECKS_CHANGED = "La revisión ya lo deja pasar: llegó un dato del ERP, un código homologado o cambió una regla."
_CHUNK = 500


def tell(rows: Sequence[SyncStanding], reason: str) -> int:
    """Write down that these standings may leave, and thanks to what; how many."""
    told = [Unblocking(standing=row, reason=reason[:300]) for row in rows]
    Unblocking.objects.bulk_create(told, batch_size=_CHUNK)
    return len(told)


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
