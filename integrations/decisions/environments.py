"""Tests and production of one company: nothing sent to one counts as sent to the other."""

from collections import defaultdict

from django.db import transaction

from integrations.choices import Environment, Kind, SendKind, Target
from integrations.decisions import annulling
from integrations.errors import ConfigurationError
from integrations.models import Connection, SyncAttempt, SyncStanding
from integrations.standings import transitions
from integrations.standings.lifecycle import Event

_TESTS_DO_NOT_COUNT = "Lo enviado a pruebas no cuenta como enviado a producción."


def check_place(company_id: int, target: Target | str, environment: Environment | str) -> None:
    """Raises: ConfigurationError where a tests connection would follow a production that has history.

    The way back to production would then forget what it already holds.
    """
    if environment == Environment.PRODUCTION:
        return
    sent = SyncAttempt.objects.filter(company_id=company_id, target=target)
    if sent.filter(connection__environment=Environment.PRODUCTION).exists():
        raise ConfigurationError(
            "Esta empresa ya tiene envíos a producción en este ERP: haga las pruebas con otra empresa."
        )


def take_place(connection: Connection) -> int:
    """Give a new life to what was sent to archived connections of tests; returns how many records.

    Attempts stay as they are: they are evidence of the earlier life.
    """
    if connection.environment != Environment.PRODUCTION:
        return 0
    with transaction.atomic():
        return sum(_open_lives(connection, kind) for kind in Kind)


def _open_lives(connection: Connection, kind: Kind) -> int:
    held = (
        SyncStanding.objects.with_erp_of(connection)
        .select_for_update(of=("self",))
        .filter(
            kind=kind,
            connection__archived_at__isnull=False,
            connection__environment=Environment.TESTS,
        )
    )
    rows = list(held.order_by("pk"))
    _take_annulments_back(rows)
    by_life: dict[int, list[SyncStanding]] = defaultdict(list)
    for row in rows:
        by_life[row.life].append(row)
    return sum(len(_renew(same, life + 1)) for life, same in by_life.items())


def _take_annulments_back(rows: list[SyncStanding]) -> None:
    """What was annulled in tests is not annulled in production."""
    if not rows:
        return
    ids = [row.record_id for row in rows]
    annulled = {one.record_id for one in annulling.in_force(rows[0].kind, ids) if one.target == rows[0].target}
    theirs = [row for row in rows if row.record_id in annulled]
    annulling.lift(transitions.move_many(theirs, Event.INCLUDED, message=_TESTS_DO_NOT_COUNT))


def _renew(rows: list[SyncStanding], life: int) -> list[SyncStanding]:
    return transitions.move_many(
        rows,
        Event.OTHER_ENVIRONMENT,
        life=life,
        ever_present=False,
        send_kind=SendKind.CREATE,
        verify_first=False,
        connection=None,
        attempt=None,
        reference="",
        reference_key=None,
        synced_at=None,
        seen_at=None,
        look_at=None,
        content_held="",
        version_sent=None,
        lease_until=None,
        settles_at=None,
        cause="",
        message=_TESTS_DO_NOT_COUNT,
    )
