"""Several whole vouchers in one request. Pure.

Nobody says that Siigo takes more than one voucher a request, nor what it does with the rest when it refuses one:
*assumed*, and a setting of the connection (`siigo.dialect`).
"""

from collections.abc import Sequence
from typing import Any

import simplejson

from integrations.errors import PayloadError


def envelope(body: str) -> str:
    """All of a request but its vouchers: only requests with the same envelope may be joined."""
    content = _read(body)
    content["data"]["list"] = []
    return _serialised(content)


def rows_in(body: str) -> int:
    """How many lines a request carries."""
    return len(_read(body)["data"]["list"])


def joined(bodies: Sequence[str]) -> str:
    """One request with the vouchers of all, whole and in this order; numbers stay as they were written.

    Raises: PayloadError where their envelopes differ: another year, another connection, another switch.
    """
    contents = [_read(body) for body in bodies]
    if len({envelope(body) for body in bodies}) != 1:
        raise PayloadError("Los comprobantes no pueden ir en una misma petición.")
    first = contents[0]
    first["data"]["list"] = [row for content in contents for row in content["data"]["list"]]
    return _serialised(first)


def _read(body: str) -> dict[str, Any]:
    content: dict[str, Any] = simplejson.loads(body, use_decimal=True)
    return content


def _serialised(content: dict[str, Any]) -> str:
    return str(simplejson.dumps(content, use_decimal=True, ensure_ascii=False, separators=(",", ":")))
