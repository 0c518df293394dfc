"""How each register is read: the defaults of its ERP, changed by the settings of a plan. Loads no ERP client."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from integrations.choices import Kind, Register, Target
from integrations.erp.registers import (
    AFTER,
    CODE,
    KEY,
    LIMIT,
    NAME,
    SINCE,
    MappingError,
    RegisterReading,
    parse_columns,
)
from integrations.erp.sag import pulls as sag_pulls
from integrations.erp.sag.queries import why_not_read_only
from integrations.erp.siigo import pulls as siigo_pulls
from integrations.errors import ConfigurationError
from integrations.models import Connection, PullPlan, Syncable
from integrations.models.syncable import syncable_models
from integrations.payloads.prerequisites import REGISTERS

BOGOTA = ZoneInfo("America/Bogota")
PAGE_ROWS = 5_000
"""Rows of one page, and so the most that is in memory at once of a register that is read by pages."""
BEGINNING = date(1900, 1, 1)
"""A day before any document: reading from here on is reading everything."""
FIRST_KEY = -(2**31)
"""Below every key of SQL Server's INT."""

READINGS: dict[str, dict[str, RegisterReading]] = {Target.SIIGO: siigo_pulls.READINGS, Target.SAG: sag_pulls.READINGS}
_KINDS = {register: kind for kind, register in REGISTERS.items()}
_ROW_FIELDS = {KEY: "clave en el ERP", CODE: "código", NAME: "nombre"}


def model_of(register: str) -> type[Syncable] | None:
    """The model of the records that a register's rows become; None where they stay in the mirror."""
    kind = _KINDS.get(Register(register))
    return syncable_models().get(Kind(kind)) if kind else None


def fields_of(register: str) -> dict[str, str]:
    """Field → its Spanish name, of all fields that a column of this register may fill."""
    model = model_of(register)
    if model is None:
        return dict(_ROW_FIELDS)
    named = {column.name: str(column.verbose_name) for column in model._meta.concrete_fields}
    return {KEY: _ROW_FIELDS[KEY], **{name: named[name] for name in model.pulled_columns}}


def required_fields(register: str) -> tuple[str, ...]:
    """The fields that every row must have: its key, and the code that documents name it by."""
    model = model_of(register)
    return (KEY, CODE) if model is None else (KEY, model.natural_key_columns[-1])


def plan_for(connection: Connection, register: str) -> PullPlan:
    """The plan of a register, created with the defaults the first time.

    Raises: ConfigurationError where this ERP has no such register.
    """
    readings = READINGS[connection.target]
    if register not in readings:
        raise ConfigurationError(f"De {connection.get_target_display()} se lee: {', '.join(readings)}.")
    return PullPlan.objects.get_or_create(connection=connection, register=register)[0]


def reading_of(plan: PullPlan) -> RegisterReading:
    """The query and columns of a plan: its own where it has them, else the defaults.

    Raises: ConfigurationError for a query that may not leave, or columns that can't be read.
    """
    own = {"query": plan.query, "params": plan.params, "columns": plan.columns}
    reading = replace(default_of(plan), **{name: value for name, value in own.items() if value})
    problems = query_problems(reading.query)
    problems += [problem for _, problem in column_problems(plan.register, reading.columns)]
    if problems:
        raise ConfigurationError(f"La lectura de {plan} no está bien configurada. {problems[0]}")
    return reading


def query_problems(query: str) -> list[str]:
    """Why a query of a plan can't be used, in Spanish; empty where it can, or is empty."""
    if not query:
        return []
    refusal = why_not_read_only(written(query, FIRST_KEY, BEGINNING))
    if refusal:
        return [refusal]
    if (AFTER in query) != (LIMIT in query):
        return [f"Para leer por páginas escriba {AFTER} y {LIMIT}; para leer todo de una vez, ninguno de los dos."]
    if AFTER in query and "ORDER BY" not in query.upper():
        return ["Para leer por páginas ordene por la clave: agregue ORDER BY con la columna de la clave."]
    return []


def column_problems(register: str, columns: Mapping[str, str]) -> list[tuple[str, str]]:
    """(field, what is wrong with its columns, in Spanish)."""
    labels = fields_of(register)
    missing = [name for name in required_fields(register) if not columns.get(name)]
    problems = [(name, f"Falta decir qué columna es «{labels[name]}».") for name in missing]
    return problems + [(name, why) for name, text in columns.items() for why in _problems_of(name, text, labels)]


def _problems_of(name: str, columns: str, labels: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with one field and the columns that it is read from."""
    if name not in labels:
        yield f"El campo «{name}» no existe en este maestro."
    try:
        parse_columns(columns)
    except MappingError as wrong:
        yield str(wrong)


def written(query: str, after: int, since: date | None, limit: int = PAGE_ROWS) -> str:
    """The query as it is sent. The day is a quoted `'YYYYMMDD'`, which every server reads alike."""
    day = f"'{since or BEGINNING:%Y%m%d}'"
    return query.replace(SINCE, day).replace(AFTER, str(after)).replace(LIMIT, str(limit))


def today(now: datetime) -> date:
    """The day in Colombia, whatever the server's time zone."""
    return now.astimezone(BOGOTA).date()


def changed_since(plan: PullPlan, reading: RegisterReading, now: datetime) -> date | None:
    """The first day of an incremental read.

    None reads everything: the first time, each `whole_every_days`, and where rows have no date.
    """
    if plan.read_through is None or not reading.by_date or _whole_is_due(plan, now):
        return None
    # A cursor of the future would hide what is written until then.
    return min(plan.read_through, today(now)) - timedelta(days=plan.overlap_days)


def _whole_is_due(plan: PullPlan, now: datetime) -> bool:
    """Whether everything is to be read again, which alone shows what is no longer there."""
    if not plan.whole_every_days:
        return False
    return plan.whole_at is None or plan.whole_at + timedelta(days=plan.whole_every_days) <= now


def default_of(plan: PullPlan) -> RegisterReading:
    """How the register is read where the plan changes nothing."""
    return READINGS[plan.connection.target][plan.register]


def siigo_params(reading: RegisterReading, year: int) -> dict[str, Any]:
    """The filters of an import; only accounts are of a process year (notes, 1.4)."""
    return {"year": year, **reading.params} if reading.register == Register.ACCOUNTS else dict(reading.params)
