"""The envelope of a Siigo request: JSON, its parts, its parameters. Refusals are assumed texts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import cast

from integrations.simulators.siigo_masters import MASTERS
from integrations.simulators.siigo_rows import MovementRow, RowRefusal, is_number
from integrations.simulators.siigo_vouchers import MovementFilters, read_json

MEMBERS = {"id_connection", "execution_type", "resource", "data", "params", "request_config"}
FLAGS = ("basic_invoice", "modify_documents")
"""Obligatory in the table, both missing in its example: so it is both or none, unless `strict_flags` (assumed)."""
MINUTES = {"export": 20, "import": 60}
CODES, NUMBERS = (1, 999), (1, 9_999_999_999)
PRODUCTS = (1, 9_999_999_999_999)
"""The page says twelve digits; line 3, group 4 and code 6 make thirteen, so one more is taken (assumed)."""


class RefusedError(Exception):
    """The request is refused with an HTTP status, a message and, where rows are to blame, which."""

    def __init__(self, status: int, message: str, errors: Sequence[RowRefusal] = ()) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Envelope:
    """A request that passed: rows to write, or a range `filters` to read."""

    connection: str
    year: int
    modify: bool = False
    rows: tuple[MovementRow, ...] = ()
    filters: MovementFilters | None = None
    resource: str = "accounting_movements"
    bounds: tuple[int, int] = (0, 0)
    """The keys of masters to read, when `rows` is empty."""


def read_envelope(body: bytes, *, strict_flags: bool, strict_filters: bool, year: int) -> Envelope:
    """Raises `RefusedError`. `year` is the process year where the request names none."""
    request = _object(body)
    connection, execution = _connection_and_execution(request)
    resource = _resource(request, execution)
    _check_config(request.get("request_config"), MINUTES[execution])
    if resource in MASTERS:
        return _of_master(connection, request, resource, execution, year)
    if execution == "export":
        return _export(connection, request, strict_flags, year)
    return _import(connection, request, strict_filters, year)


def _connection_and_execution(request: Mapping[str, object]) -> tuple[str, str]:
    """Who asks, and whether to export or to import. Raises `RefusedError`."""
    connection, execution = request.get("id_connection"), request.get("execution_type")
    if not isinstance(connection, str) or not connection:
        raise RefusedError(400, "id_connection es obligatorio")
    if not isinstance(execution, str) or execution not in MINUTES:
        raise RefusedError(400, "execution_type debe ser export o import")
    return connection, execution


def _object(body: bytes) -> Mapping[str, object]:
    """The request as an object of known members."""
    try:
        request = read_json(body)
    except (ValueError, RecursionError):
        raise RefusedError(400, "El cuerpo no es JSON válido") from None
    if not isinstance(request, dict):
        raise RefusedError(400, "El cuerpo debe ser un objeto")
    if unknown := sorted(set(request) - MEMBERS):
        raise RefusedError(400, f"Propiedades desconocidas: {', '.join(unknown)}")
    return request


def _resource(request: Mapping[str, object], execution: str) -> str:
    """Movements, or a master; only some masters can be written."""
    resource = request.get("resource")
    if resource == "accounting_movements":
        return "accounting_movements"
    master = MASTERS.get(resource) if isinstance(resource, str) else None
    if master is None or (execution == "export" and not master.exported):
        raise RefusedError(400, "El recurso no existe")
    return str(resource)


def _of_master(connection: str, request: Mapping[str, object], resource: str, execution: str, year: int) -> Envelope:
    """Filters are optional here (assumed); others than the bounds are taken and change nothing."""
    if execution == "export":
        return replace(_export(connection, request, strict_flags=False, year=year), resource=resource)
    params, master = request.get("params"), MASTERS[resource]
    if not isinstance(params, dict) or "data" in request:
        raise RefusedError(400, "params es obligatorio en una importación")
    bounds = _bounds(params, master.filter, (1, master.last), strict=False)
    return Envelope(connection, _year(params, year), resource=resource, bounds=bounds)


def _check_config(config: object, minutes: int) -> None:
    if config is None:
        return
    limits = {"timeout": (2, minutes), "attempts": (1, 3), "backoff": (Decimal("0.5"), 30)}
    if not isinstance(config, dict) or set(config) - set(limits):
        raise RefusedError(400, "request_config no es válido")
    for name, value in config.items():
        low, high = limits[name]
        if not is_number(value) or not low <= value <= high:
            raise RefusedError(400, f"request_config.{name} debe estar entre {low} y {high}")


def _export(connection: str, request: Mapping[str, object], strict_flags: bool, year: int) -> Envelope:
    data = request.get("data")
    if not isinstance(data, dict) or "params" in request:
        raise RefusedError(400, "data es obligatorio y contiene params y list")
    if not isinstance(params := data.get("params"), dict):
        raise RefusedError(400, "data.params es obligatorio")
    if not isinstance(rows := data.get("list"), list) or not rows:
        raise RefusedError(400, "data.list debe ser una lista con movimientos")
    obligatory = strict_flags or any(params.get(name) is not None for name in FLAGS)
    for name in FLAGS:
        _letter(params, name, ("S", "N"), obligatory=obligatory)
    return Envelope(connection, _year(params, year), params.get("modify_documents") == "S", rows=tuple(rows))


def _year(params: Mapping[str, object], default: int) -> int:
    year = params.get("year", default)
    if isinstance(year, bool) or not isinstance(year, int) or not 1000 <= year <= 9999:
        raise RefusedError(400, "params.year debe ser un año de cuatro dígitos")
    return year


def _letter(params: Mapping[str, object], name: str, allowed: Sequence[str], *, obligatory: bool) -> str:
    value = params.get(name)
    if value is None and not obligatory:
        return ""
    if value not in allowed:
        raise RefusedError(400, f"params.{name} debe ser {' o '.join(allowed)}")
    return str(value)


def _import(connection: str, request: Mapping[str, object], strict: bool, year: int) -> Envelope:
    params = request.get("params")
    if not isinstance(params, dict) or "data" in request:
        raise RefusedError(400, "params es obligatorio en una importación")
    _letter(params, "basic_model", ("S", "N"), obligatory=strict)
    filters = MovementFilters(
        connection,
        _year(params, year),
        _voucher_type(params, strict),
        codes=_bounds(params, "voucher_code", CODES, strict),
        numbers=_bounds(params, "number", NUMBERS, strict),
        accounts=_bounds(params, "account", NUMBERS, strict),
        products=_bounds(params, "product", PRODUCTS, strict),
        days=_days(params, strict),
    )
    return Envelope(connection, filters.year, filters=filters)


def _voucher_type(params: Mapping[str, object], strict: bool) -> str:
    value = params.get("voucher_type", None if strict else "*")
    if not isinstance(value, str) or not (value == "*" or (len(value) == 1 and "A" <= value <= "Z")):
        raise RefusedError(400, "params.voucher_type debe ser una letra mayúscula o *")
    return value


def _bounds(params: Mapping[str, object], name: str, limits: tuple[int, int], strict: bool) -> tuple[int, int]:
    found = []
    for end, limit in zip(("initial", "final"), limits, strict=True):
        value = params.get(f"{name}_{end}", None if strict else limit)
        if isinstance(value, bool) or not isinstance(value, int) or not limits[0] <= value <= limits[1]:
            raise RefusedError(400, f"params.{name}_{end} debe estar entre {limits[0]} y {limits[1]}")
        found.append(value)
    return cast("tuple[int, int]", tuple(found))


def _days(params: Mapping[str, object], strict: bool) -> tuple[str, str]:
    """Text of two digits at least, as the page says; `MMDD` at both ends."""
    ends = []
    for end, month, day in (("initial", "01", "01"), ("final", "12", "31")):
        for name, default in (("month", month), ("day", day)):
            value = params.get(f"{name}_{end}", None if strict else default)
            if not isinstance(value, str) or len(value) != 2 or not value.isdecimal():
                raise RefusedError(400, f"params.{name}_{end} debe ser texto de dos dígitos")
            ends.append(value)
    return ends[0] + ends[1], ends[2] + ends[3]
