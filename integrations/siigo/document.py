"""The requests of the connector, as its official text prints them. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

import simplejson

from integrations.errors import PayloadError

EXPORT_MINUTES = (2, 20)
IMPORT_MINUTES = (2, 60)
ATTEMPTS = (1, 3)
BACKOFF_MINUTES = (0.5, 30)


def export_request(
    rows: Sequence[Mapping[str, object]],
    *,
    id_connection: str,
    year: int,
    resource: str = "accounting_movements",
    basic_invoice: str = "N",
    modify_documents: str = "N",
    timeout_minutes: float = 2,
    attempts: int = 1,
    backoff_minutes: float = 0.5,
) -> bytes:
    """A write: the envelope with `data.params`, `data.list` and `request_config`.

    Amounts are Decimal and never pass through a binary float. More than one attempt lets the intermediary
    resend behind our back.

    Raises: PayloadError where `request_config` is out of the official limits.
    """
    return _encode(
        {
            "id_connection": id_connection,
            "execution_type": "export",
            "resource": resource,
            "data": {
                "params": {
                    "year": year,
                    "basic_invoice": basic_invoice,
                    "modify_documents": modify_documents,
                },
                "list": [dict(row) for row in rows],
            },
            "request_config": _request_config(EXPORT_MINUTES, timeout_minutes, attempts, backoff_minutes),
        }
    )


def import_request(
    *,
    id_connection: str,
    resource: str,
    params: Mapping[str, object],
    timeout_minutes: float = 2,
    attempts: int = 1,
    backoff_minutes: float = 0.5,
) -> bytes:
    """A read: `params` stand at the top level (`siigo-notes`, section 1.2: beyond the official text).

    Raises: PayloadError where `request_config` is out of its limits.
    """
    return _encode(
        {
            "id_connection": id_connection,
            "execution_type": "import",
            "resource": resource,
            "params": dict(params),
            "request_config": _request_config(IMPORT_MINUTES, timeout_minutes, attempts, backoff_minutes),
        }
    )


def _request_config(minutes: tuple[float, float], timeout: float, attempts: int, backoff: float) -> dict[str, Any]:
    for label, value, (least, most) in (
        ("El tiempo de espera", timeout, minutes),
        ("El número de intentos", attempts, ATTEMPTS),
        ("La espera entre intentos", backoff, BACKOFF_MINUTES),
    ):
        if not least <= value <= most:
            raise PayloadError(f"{label} debe estar entre {least:g} y {most:g}; en la conexión es {value:g}.")
    return {"timeout": timeout, "attempts": attempts, "backoff": backoff}


def _encode(request: Mapping[str, object]) -> bytes:
    encoded: str = simplejson.dumps(request, use_decimal=True, ensure_ascii=False)
    return encoded.encode()
