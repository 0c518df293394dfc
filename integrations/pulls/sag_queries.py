"""Queries to SAG that people ask for: checked and saved here, run by the worker."""

import gzip
import io
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

import simplejson
from django.db import transaction
from django.utils import timezone

from integrations.erp import tax_ids
from integrations.erp.sag.queries import Parameter, prepared
from integrations.models import Connection, QueryRun, SavedQuery
from integrations.queue.outbox import enqueue_query

Row = dict[str, Any]
"""As `sag.rows` reads it; not imported, because that loads lxml and the web process reads this module."""

TAX_ID = "tax_id"
"""The type of a parameter that is somebody's NIT."""
_NUMBER = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,10})?")
RESULT_DAYS = 7
RESULT_BYTES = 64 * 1024 * 1024
"""The most bytes that a stored result may take, compressed."""


class ParameterError(ValueError):
    """A value that a saved query can't take; says which and why."""


def create_run(connection: Connection, text: str, *, method: str, limit: int, **who: Any) -> QueryRun:
    """Check and limit a query and save its run, which nothing has sent yet.

    `who`: `requested_by` a user, or `requested_from` a shell's user; for a saved query also `saved` and `parameters`.
    Raises: RefusedQueryError for a query that may not be sent.
    """
    text_to_send = prepared(text, limit, who.pop("parameters", None))
    return QueryRun.objects.create(connection=connection, text=text_to_send, method=method, row_limit=limit, **who)


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


def finish(run: QueryRun, rows: list[Row] | None, seconds: float, error: str = "") -> None:
    """Save the result of a run, or why it failed."""
    run.finished_at, run.seconds, run.error = timezone.now(), seconds, error
    if rows is not None:
        run.row_count, run.result = len(rows), _packed(rows)
        if len(run.result) > RESULT_BYTES:
            run.result, run.error = None, "El resultado es demasiado grande para guardarlo: pida menos filas."
    run.save()


def _packed(rows: list[Row]) -> bytes:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=6) as file:
        file.write(_line(columns))
        file.writelines(_line([row.get(name) for name in columns]) for row in rows)
    return out.getvalue()


def _line(values: list[Any]) -> bytes:
    return simplejson.dumps(values, use_decimal=True).encode() + b"\n"


class StoredRows:
    """The rows of a stored result, read one by one: memory does not grow with their number."""

    def __init__(self, run: QueryRun) -> None:
        self._packed = bytes(run.result or b"")
        self._count = run.row_count or 0 if self._packed else 0
        self.columns: list[str] = next(self._lines(), [])

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[list[Any]]:
        return islice(self._lines(), 1, None)

    def __getitem__(self, rows: slice) -> list[list[Any]]:
        return list(islice(iter(self), rows.start, rows.stop))

    def _lines(self) -> Iterator[list[Any]]:
        if self._packed:
            with gzip.GzipFile(fileobj=io.BytesIO(self._packed)) as file:
                for line in file:
                    yield simplejson.loads(line, use_decimal=True)


def drop_old_results() -> int:
    """Delete results older than RESULT_DAYS; the run stays. How many."""
    limit = timezone.now() - timedelta(days=RESULT_DAYS)
    return QueryRun.objects.filter(finished_at__lt=limit, result__isnull=False).update(result=None)
