"""Tests and production of one company: nothing sent to one counts as sent to the other."""

from collections import defaultdict

from django.db import transaction

from integrations.choices import Environment, Kind, Target
from integrations.decisions import annulling
from integrations.errors import ConfigurationError
from integrations.models import Connection, SyncAttempt, SyncStanding
from integrations.standings import transitions
from integrations.standings.lifecycle import NEW_LIFE, Event

_TESTS_DO_NOT_COUNT = "Lo enviado a pruebas no cuenta como enviado a producción."


def check_environment(company_id: int, target: Target | str, environment: Environment | str) -> None:
    """Raises: ConfigurationError where a connection of tests would follow one of production that sent something.

    The way back to production would then forget what it already has.
    """
    if environment == Environment.PRODUCTION:
        return
    sent = SyncAttempt.objects.filter(company_id=company_id, target=target)
    if sent.filter(connection__environment=Environment.PRODUCTION).exists():
        raise ConfigurationError(
            "Esta empresa ya tiene envíos a producción en este ERP: haga las pruebas con otra empresa."
        )


@transaction.atomic
def begin_production(connection: Connection) -> int:
    """Begin a new life for what was sent to archived connections of tests; returns for how many records.

    A connection of tests changes nothing. Attempts stay as they are: they are evidence of the earlier life.
    """
    if connection.environment != Environment.PRODUCTION:
        return 0
    return sum(_begin_lives(connection, kind) for kind in Kind)


def _begin_lives(connection: Connection, kind: Kind) -> int:
    sent_to_tests = SyncStanding.objects.with_erp_of(connection).filter(
        kind=kind, connection__archived_at__isnull=False, connection__environment=Environment.TESTS
    )
    rows = list(sent_to_tests.select_for_update(of=("self",)).order_by("pk"))
    _lift_annulments(rows)
    by_life: dict[int, list[SyncStanding]] = defaultdict(list)
    for row in rows:
        by_life[row.life].append(row)
    return sum(len(_renew(same_life, life + 1)) for life, same_life in by_life.items())


def _lift_annulments(rows: list[SyncStanding]) -> None:
    """What was annulled in tests is not annulled in production."""
    if not rows:
        return
    target = rows[0].target
    annulments = annulling.in_force(rows[0].kind, [row.record_id for row in rows])
    annulled = {annulment.record_id for annulment in annulments if annulment.target == target}
    included = [row for row in rows if row.record_id in annulled]
    annulling.lift(transitions.move_many(included, Event.INCLUDED, message=_TESTS_DO_NOT_COUNT))


def _renew(rows: list[SyncStanding], life: int) -> list[SyncStanding]:
    facts = {**NEW_LIFE, "life": life, "connection": None, "message": _TESTS_DO_NOT_COUNT}
    return transitions.move_many(rows, Event.OTHER_ENVIRONMENT, **facts)
