"""Queries to SAG that people ask for: checked and saved here, run by the worker."""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from integrations.erp import tax_ids
from integrations.erp.sag.queries import Parameter, prepared
from integrations.models import Connection, QueryRun, SavedQuery
from integrations.pulls.query_results import ResultWriter
from integrations.queue.outbox import enqueue_query

TAX_ID = "tax_id"
"""The type of a parameter that is somebody's NIT."""
_NUMBER = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,10})?")
RESULT_DAYS = 7


class ParameterError(ValueError):
    """A value that a saved query can't take; says which and why."""


def create_run(connection: Connection, text: str, *, method: str, limit: int, **who: Any) -> QueryRun:
    """Check and limit a query and save its run, which nothing has sent yet.

    `who`: `requested_by` a user, or `requested_from` a shell's user; for a saved query also `saved` and `parameters`.
    Raises: RefusedQueryError for a query that may not be sent.
    """
    text_to_send = prepared(text, limit, who.pop("parameters", None), allowed_tables(connection))
    return QueryRun.objects.create(connection=connection, text=text_to_send, method=method, row_limit=limit, **who)


def allowed_tables(connection: Connection) -> list[str]:
    """The tables that an administrator lets people query, by name or with `*` at the end; empty: all."""
    return str(connection.settings.get("query_tables", "")).replace(",", " ").split()


def ask(connection: Connection, text: str, **options: Any) -> QueryRun:
    """Save a query and have the worker send it to SAG. Raises: as `create_run`."""
    with transaction.atomic():
        run = create_run(connection, text, **options)
        enqueue_query(run.pk)
    return run


def values_of(saved: SavedQuery, texts: Mapping[str, str]) -> dict[str, Parameter]:
    """The texts that a person typed, in the types that the saved query declares. Raises: ParameterError."""
    return {
        parameter["name"]: _value(parameter, texts.get(parameter["name"], "").strip()) for parameter in saved.parameters
    }


def _value(parameter: Mapping[str, str], typed: str) -> Parameter:
    label = parameter.get("label") or parameter["name"]
    if not typed:
        raise ParameterError(f"Escriba {label}.")
    try:
        return _CONVERTERS.get(parameter.get("type", ""), str)(typed)
    except tax_ids.TaxIdError as wrong:
        raise ParameterError(f"{label} no sirve: {wrong}") from None
    except ValueError:
        expected = "una fecha AAAA-MM-DD" if parameter.get("type") == "date" else "un número sin puntos de miles"
        raise ParameterError(f"{label}: «{typed}» no sirve; escriba {expected}.") from None


def _number(typed: str) -> Decimal:
    if not _NUMBER.fullmatch(typed):
        raise ValueError
    return Decimal(typed)


def _tax_id(typed: str) -> Decimal:
    """A NIT as people write it; SAG keeps it as a number without its check digit (notes, 4.1)."""
    found = tax_ids.read(typed)
    if found.doubt:
        raise tax_ids.TaxIdError(found.doubt)
    return Decimal(found.number)


_CONVERTERS: Mapping[str, Callable[[str], Parameter]] = {
    "date": date.fromisoformat,
    "number": _number,
    TAX_ID: _tax_id,
}
"""By the type that a saved query declares; anything else stays text."""


def claim(run_id: int) -> QueryRun | None:
    """Take a run, once: None where another task has it, so that SAG is asked once."""
    taken = QueryRun.objects.filter(pk=run_id, started_at=None).update(started_at=timezone.now())
    return QueryRun.objects.select_related("connection").get(pk=run_id) if taken else None


def finish(run: QueryRun, result: ResultWriter, seconds: float, cut: str = "") -> None:
    """Save the result of a run; `cut` says why it is not all of it."""
    run.finished_at, run.seconds, run.cut = timezone.now(), seconds, cut
    run.row_count, run.result = result.row_count, result.packed()
    run.save()


def fail(run: QueryRun, seconds: float, error: str) -> None:
    """Save why a run brought nothing."""
    run.finished_at, run.seconds, run.error = timezone.now(), seconds, error
    run.save()


def drop_old_results() -> int:
    """Delete results older than RESULT_DAYS; the run stays. How many."""
    limit = timezone.now() - timedelta(days=RESULT_DAYS)
    return QueryRun.objects.filter(finished_at__lt=limit, result__isnull=False).update(result=None)
