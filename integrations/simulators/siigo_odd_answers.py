"""The answers of the stand-in for Siigo that no request calls for: faults in the connector's own form."""

import json
from collections.abc import Callable, Mapping

from integrations.simulators.fault_injection import Fault
from integrations.simulators.siigo_answers import ACCEPTED, refused
from integrations.simulators.siigo_envelope import RefusedError
from integrations.simulators.siigo_rows import MovementRow, whole
from integrations.simulators.siigo_vouchers import read_json
from integrations.simulators.wire import Reply, Request

NOTHING_STORED = "0 registros insertados. Revise ErrorMov.xlsx"
UNPUBLISHED = "Documento procesado con exito. Consecutivo 123"
DIGITS = 5_000
MEGABYTE = 2**20
HUGE = f'{{"statusCode":2{"0" * (DIGITS - 1)},"message":{json.dumps(ACCEPTED["message"])},"errors":null}}'
_UNEXPLAINED = {"empty_result": b"{}", "huge_status_code": HUGE.encode()}
NUL, SURROGATE = "\x00", "\ud800"
"""They travel as `\\u0000` and `\\ud800`, which JSON allows."""


def _answer(message: str, *, accepted: bool) -> Reply:
    """ASCII, so that every character can travel."""
    status = 200 if accepted else 400
    return Reply(status, json.dumps({"statusCode": status, "message": message, "errors": None}).encode())


def _naming_another(rows: list[MovementRow], settings: Fault) -> str:
    return f"{ACCEPTED['message']}: {_another(rows[0] if rows else {}, settings)}"


def _another(row: MovementRow, settings: Fault) -> str:
    """A NIT or a voucher that the request does not bear."""
    if settings.names == "nit":
        return f"NIT {settings.value or whole(row, 'nit') + 1}"
    kind, code, number = row.get("voucher_type", "F"), whole(row, "voucher_code"), whole(row, "document_number")
    if settings.names == "source":
        return f"comprobante {settings.value or f'ZZ-{code:03d}'}-{number}"
    return f"comprobante {kind}-{code:03d}-{settings.value or number + 1}"


def _rows(request: Request) -> list[MovementRow]:
    """The rows of the request; none where it can't be read."""
    try:
        return [row for row in read_json(request.body)["data"]["list"] if isinstance(row, dict)]
    except (ValueError, RecursionError, KeyError, TypeError):
        return []


MESSAGES: Mapping[str, str] = {
    "message_with_nul": f"{ACCEPTED['message']}{NUL}",
    "message_with_surrogate": f"{ACCEPTED['message']}{SURROGATE}",
    "huge_message": "X" * MEGABYTE,
}
SUCCESSES: Mapping[str, Callable[[list[MovementRow], Fault], str]] = {
    "success_nothing_stored": lambda *_: NOTHING_STORED,
    "success_unpublished": lambda *_: UNPUBLISHED,
    "success_other_count": lambda rows, settings: f"{settings.value or len(rows) + 1} registros insertados",
    "success_names_another": _naming_another,
}


def odd_answer(name: str, request: Request, settings: Fault, style: str) -> Reply:
    """The answer of a fault; refusals in the shape `style`. A message is a success where the fault stores."""
    if name in MESSAGES:
        return _answer(settings.text or MESSAGES[name], accepted=settings.commit)
    if name in SUCCESSES:
        return _answer(settings.text or SUCCESSES[name](_rows(request), settings), accepted=True)
    if name in _UNEXPLAINED:
        return Reply(200, _UNEXPLAINED[name])
    if name == "unauthorized":
        return refused(RefusedError(401, "Unauthorized"), style)
    return refused(RefusedError(500, "Internal server error"), style)
