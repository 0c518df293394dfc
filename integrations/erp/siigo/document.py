"""Siigo's two request envelopes as bytes. Pure: whoever has the rows builds here, nothing is sent.

Official text: "Exportar Movimientos Contables", Parámetros de la Solicitud. "Export" and "import" are named
from the integrator's side: export writes into Siigo, import reads from it (notes, 1.1 and 1.2).
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

import simplejson

from integrations.errors import PayloadError

Minutes = int | float | Decimal
NumberRange = tuple[int, int]

MOVEMENTS = "accounting_movements"
THIRDS = "thirds"
PRODUCTS = "inventory_products"
ALL_TYPES = "*"

_HIGHEST_NUMBER = 9_999_999_999
HIGHEST_READ = 999_999_999_999
"""A read asks for third parties and products of at most 12 digits; Siigo keeps 13 (notes, 2.4)."""
_EVERYTHING: dict[str, object] = {
    "basic_model": "N",
    "account_initial": 1,
    "account_final": _HIGHEST_NUMBER,
    "product_initial": 1,
    "product_final": HIGHEST_READ,
}
"""The filters of movements that leave nothing out."""
_WRITE_MINUTES = (2, 20)
_READ_MINUTES = (2, 60)
"""Notes, 1.3: the import pages allow more than the export pages."""


def export_request(
    rows: Sequence[Mapping[str, object]],
    *,
    id_connection: str,
    year: int,
    basic_invoice: str = "N",
    modify_documents: str = "N",
    timeout_minutes: Minutes = 2,
    attempts: int = 1,
    backoff_minutes: Minutes = 0.5,
) -> bytes:
    """The request that writes `rows`, one per line of the voucher: wire name → value.

    Values are text, int or Decimal and travel as given: Decimal("1.0") as 1.0. `attempts` stays 1 unless
    someone knows better: with more, the connector sends again behind our back (sync protocol, 4.7).
    Raises PayloadError for what the envelope can't carry or the official ranges exclude.
    """
    if not rows:
        raise PayloadError("El documento no tiene líneas para enviar.")
    params = {
        "year": _year(year),
        "basic_invoice": _flag("factura básica", basic_invoice),
        "modify_documents": _flag("modificar documentos", modify_documents),
    }
    config = _config(timeout_minutes, attempts, backoff_minutes, _WRITE_MINUTES)
    return _export(_head(id_connection, "export"), params, rows, config)


def master_export_request(
    resource: str,
    row: Mapping[str, object],
    *,
    id_connection: str,
    year: int,
    timeout_minutes: Minutes = 2,
    backoff_minutes: Minutes = 0.5,
) -> bytes:
    """The request that writes a third party or product, with `year` alone (notes, 1.2). Raises as `export_request`."""
    config = _config(timeout_minutes, 1, backoff_minutes, _WRITE_MINUTES)
    return _export(_head(id_connection, "export", resource), {"year": _year(year)}, [row], config)


def _export(
    head: Mapping[str, object], params: Mapping[str, object], rows: Sequence[Mapping[str, object]], config: object
) -> bytes:
    lines = [_row(number, row) for number, row in enumerate(rows, start=1)]
    return _encoded({**head, "data": {"params": params, "list": lines}, "request_config": config})


def movement_filters(
    *,
    year: int,
    since: date,
    until: date,
    voucher_type: str = ALL_TYPES,
    voucher_codes: NumberRange = (1, 999),
    numbers: NumberRange = (1, _HIGHEST_NUMBER),
) -> dict[str, object]:
    """`params` of a read of accounting movements. Every filter is obligatory (notes, 1.4).

    `year` is the process year; of `since` and `until` only day and month travel.
    assumed: ranges include both ends, the full range of products does not leave out lines without product,
    and day and month travel as two digits ("string, min 2 chars").
    Raises PayloadError for a filter out of its range.
    """
    if not re.fullmatch(r"[A-Z]|\*", voucher_type):
        raise PayloadError("El tipo de comprobante de la consulta debe ser una letra mayúscula.")
    return {
        "year": _year(year),
        **_days(since, until),
        "voucher_type": voucher_type,
        **_range("voucher_code", voucher_codes, 999),
        **_range("number", numbers, _HIGHEST_NUMBER),
        **_EVERYTHING,
    }


def _days(since: date, until: date) -> dict[str, str]:
    if (since.month, since.day) > (until.month, until.day):
        raise PayloadError("La fecha inicial de la consulta es posterior a la final.")
    return {
        "day_initial": f"{since.day:02}",
        "day_final": f"{until.day:02}",
        "month_initial": f"{since.month:02}",
        "month_final": f"{until.month:02}",
    }


def import_request(
    resource: str,
    params: Mapping[str, object],
    *,
    id_connection: str,
    timeout_minutes: Minutes = 2,
    backoff_minutes: Minutes = 0.5,
) -> bytes:
    """The request that reads `resource`: movements, `thirds`, `inventory_products` or `accounting_accounts`.

    `params` are its filters (notes, 1.4): `movement_filters` for movements. Raises PayloadError as `export_request`.
    """
    envelope = {
        **_head(id_connection, "import", resource),
        "params": params,
        "request_config": _config(timeout_minutes, 1, backoff_minutes, _READ_MINUTES),
    }
    return _encoded(envelope)


def _head(id_connection: str, execution_type: str, resource: str = MOVEMENTS) -> dict[str, object]:
    if not id_connection.strip():
        raise PayloadError("Falta el identificador de la conexión con Siigo. Regístrelo en Conexiones.")
    return {"id_connection": id_connection, "execution_type": execution_type, "resource": resource}


def _config(timeout: Minutes, attempts: int, backoff: Minutes, timeouts: tuple[int, int]) -> dict[str, object]:
    _within("El tiempo de espera (minutos)", timeout, *timeouts)
    _within("El número de intentos", attempts, 1, 3)
    _within("La pausa entre intentos (minutos)", backoff, Decimal("0.5"), 30)
    return {"timeout": _minutes(timeout), "attempts": attempts, "backoff": _minutes(backoff)}


def _within(what: str, value: Minutes, least: Minutes, most: Minutes) -> None:
    if isinstance(value, bool) or not least <= value <= most:
        raise PayloadError(f"{what} debe estar entre {least} y {most}. Corríjalo en Conexiones.")


def _minutes(value: Minutes) -> int | Decimal:
    """Whole minutes without a decimal point, as the tables print them."""
    exact = Decimal(str(value))
    return int(exact) if exact == exact.to_integral_value() else exact


def _year(value: int) -> int:
    if not 1900 <= value <= 9999:
        raise PayloadError(f"El año de proceso «{value}» no es válido.")
    return value


def _flag(what: str, value: str) -> str:
    if value not in ("S", "N"):
        raise PayloadError(f"La opción «{what}» debe ser S o N.")
    return value


def _range(name: str, ends: NumberRange, most: int) -> dict[str, int]:
    first, last = ends
    if not 1 <= first <= last <= most:
        raise PayloadError(f"El rango de la consulta ({first} a {last}) debe estar entre 1 y {most}.")
    return {f"{name}_initial": first, f"{name}_final": last}


def _row(number: int, row: Mapping[str, object]) -> dict[str, object]:
    return {name: _value(number, name, value) for name, value in row.items()}


def _value(number: int, name: str, value: object) -> object:
    if isinstance(value, Decimal) and value.is_finite():
        return Decimal(format(value, "f"))  # 1E+3 travels as 1000
    if isinstance(value, (str, int)) and not isinstance(value, bool):
        return value
    raise PayloadError(f"Línea {number}: el valor de «{name}» no es un texto ni un número exacto.")


def _encoded(envelope: Mapping[str, object]) -> bytes:
    try:
        text = simplejson.dumps(envelope, use_decimal=True, ensure_ascii=False, separators=(",", ":"))
        return text.encode()
    except UnicodeEncodeError:
        raise PayloadError("Un texto del documento tiene caracteres que no se pueden enviar.") from None
