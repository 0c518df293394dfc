"""What a connection reads and how: the defaults of its ERP, changed by its own settings. Loads no ERP client."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from integrations.choices import Kind, Register, Target
from integrations.erp.registers import AFTER, CODE, KEY, LIMIT, NAME, SINCE, MappingError, Reading, parse_columns
from integrations.erp.sag import pulls as sag_pulls
from integrations.erp.sag.queries import why_not_read_only
from integrations.erp.siigo import pulls as siigo_pulls
from integrations.errors import ConfigurationError
from integrations.models import Connection, PullPlan, Syncable
from integrations.models.syncable import syncable_models
from integrations.payloads.prerequisites import REGISTERS

BOGOTA = ZoneInfo("America/Bogota")
PAGE_ROWS = 5_000
"""Rows of one page of a query, and the most that is in memory at once of an ERP that is read by pages."""
BEGINNING = date(1900, 1, 1)
"""Before anything was written: reading from here on is reading everything."""
FIRST_KEY = -(2**31)
"""Below every key of SQL Server's INT."""

READINGS: dict[str, dict[str, Reading]] = {Target.SIIGO: siigo_pulls.READINGS, Target.SAG: sag_pulls.READINGS}
_KINDS = {register: kind for kind, register in REGISTERS.items()}
_ROW_FIELDS = {KEY: "clave en el ERP", CODE: "código", NAME: "nombre"}


def model_of(register: str) -> type[Syncable] | None:
    """The records that a register's rows become; None for what is kept in the mirror alone."""
    kind = _KINDS.get(Register(register))
    return syncable_models().get(Kind(kind)) if kind else None


def fields_of(register: str) -> dict[str, str]:
    """Our field → its Spanish name: everything that a column of this register may fill."""
    model = model_of(register)
    if model is None:
        return dict(_ROW_FIELDS)
    named = {column.name: str(column.verbose_name) for column in model._meta.concrete_fields}
    return {KEY: _ROW_FIELDS[KEY], **{name: named[name] for name in model.pulled_columns}}


def required_fields(register: str) -> tuple[str, ...]:
    """What no row can do without: its key, and what documents name it by."""
    model = model_of(register)
    return (KEY, CODE) if model is None else (KEY, model.natural_key_columns[-1])


def plan_for(connection: Connection, register: str) -> PullPlan:
    """The plan of a register, made with the defaults the first time.

    Raises: ConfigurationError where this ERP does not give it.
    """
    known = READINGS[connection.target]
    if register not in known:
        given = ", ".join(known)
        raise ConfigurationError(f"De {connection.get_target_display()} se lee: {given}.")
    return PullPlan.objects.get_or_create(connection=connection, register=register)[0]


def reading_of(plan: PullPlan) -> Reading:
    """What this plan asks and how its columns are read.

    Raises: ConfigurationError for a query that may not leave, or columns that can't be read.
    """
    given = READINGS[plan.connection.target][plan.register]
    reading = replace(
        given,
        query=plan.query or given.query,
        params=plan.params or given.params,
        columns=plan.columns or given.columns,
    )
    problems = [*query_problems(reading.query), *(told for _, told in column_problems(plan.register, reading.columns))]
    if problems:
        raise ConfigurationError(f"La lectura de {plan} no está bien configurada. {problems[0]}")
    return reading


def query_problems(query: str) -> list[str]:
    """Why a query of a plan can't be used, in Spanish; nothing for one that can, or for none."""
    if not query:
        return []
    told = why_not_read_only(written(query, FIRST_KEY, BEGINNING))
    if told:
        return [told]
    if (AFTER in query) != (LIMIT in query):
        return [f"Para leer por páginas escriba {AFTER} y {LIMIT}; para leer todo de una vez, ninguno de los dos."]
    if AFTER in query and "ORDER BY" not in query.upper():
        return ["Para leer por páginas ordene por la clave: agregue ORDER BY con la columna de la clave."]
    return []


def column_problems(register: str, columns: Mapping[str, str]) -> list[tuple[str, str]]:
    """(our field, what is wrong with its columns)."""
    named = fields_of(register)
    told = [(name, f"Falta decir qué columna es «{named[name]}».") for name in required_fields(register)
            if not columns.get(name)]  # fmt: skip
    for name, text in columns.items():
        if name not in named:
            told.append((name, f"El campo «{name}» no existe en este maestro."))
        try:
            parse_columns(text)
        except MappingError as wrong:
            told.append((name, str(wrong)))
    return told


def written(query: str, after: int, since: date | None, limit: int = PAGE_ROWS) -> str:
    """The query as it leaves. The day is a quoted `'YYYYMMDD'`, the form that never depends on the server."""
    day = f"'{since or BEGINNING:%Y%m%d}'"
    return query.replace(SINCE, day).replace(AFTER, str(after)).replace(LIMIT, str(limit))


def today(now: datetime) -> date:
    """The day in Colombia, whatever the server's clock is set to."""
    return now.astimezone(BOGOTA).date()


def changed_since(plan: PullPlan, reading: Reading, now: datetime) -> date | None:
    """The first day of an incremental read; None reads everything: the first time, every so often, and where
    nothing has a date.
    """
    if plan.read_through is None or not reading.by_date or _whole_is_due(plan, now):
        return None
    # A cursor of the future would hide what is written until then.
    return min(plan.read_through, today(now)) - timedelta(days=plan.overlap_days)


def _whole_is_due(plan: PullPlan, now: datetime) -> bool:
    """Only a read of everything shows what is no longer there."""
    if not plan.whole_every_days:
        return False
    return plan.whole_at is None or plan.whole_at + timedelta(days=plan.whole_every_days) <= now


def default_of(plan: PullPlan) -> Reading:
    return READINGS[plan.connection.target][plan.register]


def siigo_params(reading: Reading, year: int) -> dict[str, Any]:
    """The filters of an import; only accounts are of a process year (notes, 1.4)."""
    return {"year": year, **reading.params} if reading.register == Register.ACCOUNTS else dict(reading.params)
