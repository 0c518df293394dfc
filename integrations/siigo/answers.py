"""Reading what the connector answers. Only its success is official; the rest is read with every tolerance.

Success needs all three: HTTP 2xx, `statusCode` 2xx in the body, and nothing in `errors`.
"""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from integrations.causes import Cause, first_match
from integrations.errors import NoAnswerError, QueryError
from integrations.receipts import Receipt, Verdict
from integrations.siigo import causes
from integrations.siigo.fields import MOVEMENT

ERP = "Siigo"


def read_export(status: int, body: bytes, headers: Mapping[str, str] | None = None) -> Receipt:
    """What one write came to. What is not recognised may exist."""
    answer = _json_object(body)
    message, errors = _message(answer), list(_errors(answer))
    text = " ".join([message, *errors])
    if status in (401, 403):
        return _receipt(causes.UNAUTHORIZED, status, body, message)
    if status == 429:
        return _throttled(status, body, message, headers or {})
    if status >= 500 or status < 200 or answer is None or "statusCode" not in answer:
        return _receipt(causes.UNANSWERED, status, body, message)
    code = _code(answer)
    if 200 <= status < 300 and 200 <= code < 300 and not errors:
        return Receipt(Verdict.ACCEPTED, f"Siigo: {message or 'recibido'}.", http_status=status, body=body)
    if code in (401, 403):
        return _receipt(causes.UNAUTHORIZED, status, body, message)
    if code >= 500 or not (errors or code >= 400):
        return _receipt(causes.UNANSWERED, status, body, message)
    return _receipt(first_match(causes.CAUSES, text) or causes.OTHER, status, body, " ".join(errors) or message)


def read_import(status: int, body: bytes) -> list[dict[str, Any]]:
    """The rows of a read; the envelope is *assumed* to be `{statusCode, message, data: [...]}` or a bare list.

    Raises: QueryError where Siigo refused, NoAnswerError where the answer can't be read.
    """
    if status in (401, 403):
        raise QueryError(causes.UNAUTHORIZED.told(ERP, ""))
    answer = _json(body)
    if isinstance(answer, list) and 200 <= status < 300:
        return _rows(answer)
    if not isinstance(answer, dict) or status >= 500:
        raise NoAnswerError("Siigo no respondió la consulta.", status=status, body=body)
    if not 200 <= status < 300 or not 200 <= _code(answer) < 300 or any(_errors(answer)):
        raise QueryError(f"Siigo rechazó la consulta: {' '.join([_message(answer), *_errors(answer)])}")
    if not isinstance(answer.get("data"), list):
        raise NoAnswerError("Siigo respondió la consulta sin datos.", status=status, body=body)
    return _rows(answer["data"])


def _rows(values: list[Any]) -> list[dict[str, Any]]:
    if not all(isinstance(value, dict) for value in values):
        raise NoAnswerError("Siigo respondió la consulta con un formato desconocido.")
    return values


def _receipt(cause: Cause, status: int, body: bytes, said: str) -> Receipt:
    return Receipt(cause.verdict, cause.told(ERP, said), cause.code, status, body)


def _throttled(status: int, body: bytes, said: str, headers: Mapping[str, str]) -> Receipt:
    wait = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    seconds = float(wait) if wait.isdigit() else None
    cause = causes.THROTTLED
    return Receipt(cause.verdict, cause.told(ERP, said), cause.code, status, body, retry_after_seconds=seconds)


def _json(body: bytes) -> Any:
    try:
        return json.loads(body, parse_float=Decimal)
    except (ValueError, RecursionError):
        return None


def _json_object(body: bytes) -> dict[str, Any] | None:
    answer = _json(body)
    return answer if isinstance(answer, dict) else None


def _code(answer: Mapping[str, Any]) -> int:
    code = answer.get("statusCode", 200)
    return int(code) if isinstance(code, int) or (isinstance(code, str) and code.isdigit()) else 0


def _message(answer: Mapping[str, Any] | None) -> str:
    message = (answer or {}).get("message") or ""
    return "; ".join(map(str, message)) if isinstance(message, list) else str(message)


def _errors(answer: Mapping[str, Any] | None) -> Iterator[str]:
    """Each error as a sentence: null, text, list of texts, list of objects, or a dict by row."""
    errors = (answer or {}).get("errors")
    if isinstance(errors, Mapping):
        for row, error in errors.items():
            yield f"Línea {row}: {_one_error(error)}"
    elif isinstance(errors, list):
        yield from map(_one_error, errors)
    elif errors:
        yield str(errors)


def _one_error(error: Any) -> str:
    if isinstance(error, list):
        return "; ".join(map(_one_error, error))
    if not isinstance(error, Mapping):
        return str(error)
    where = [f"Línea {error['row']}"] if error.get("row") is not None else []
    field = MOVEMENT.by_spelling.get(str(error.get("field", "")))
    where += [field.label.lower()] if field else [str(error["field"])] if error.get("field") else []
    said = str(error.get("message") or error.get("error") or error.get("code") or dict(error))
    return f"{', '.join(where)}: {said}" if where else said
