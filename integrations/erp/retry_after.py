"""How long an answer asks to wait before the next call."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from integrations.erp.causes import Cause
from integrations.erp.receipts import Verdict
from integrations.errors import ThrottledError

_BODY_KEYS = ("retryafter", "retry_after", "retry-after", "retryafterseconds", "retry_after_seconds")
"""assumed: no ERP's text names one."""
LONGEST_SECONDS = 400 * 365 * 86_400.0
"""More is no moment that a calendar has."""


def retry_after_seconds(headers: Mapping[str, str], content: Mapping[str, Any] | None = None) -> float | None:
    """Seconds, from the Retry-After header (RFC 9110: a number or a date), else from the body's own key.

    None where it names no time, or one that nobody understands. Whoever waits bounds it: it may be centuries.
    """
    for key, value in headers.items():
        if key.lower() == "retry-after":
            return _seconds(value)
    for key, value in (content or {}).items():
        if key.lower() in _BODY_KEYS:
            return _seconds(str(value))
    return None


def raise_if_asked_to_wait(
    cause: Cause, status: int, headers: Mapping[str, str], content: Mapping[str, Any] | None = None
) -> None:
    """Of a read that was not answered with rows. Raises: ThrottledError for a 429, or a server error that names a time.

    A write with such a server error may have been stored and stays in doubt; a read has nothing else to say.
    """
    seconds = retry_after_seconds(headers, content)
    if cause.verdict is Verdict.THROTTLED:
        raise ThrottledError(cause.message(), seconds)
    if status >= 500 and seconds is not None:
        raise ThrottledError(f"{cause.title}, y pidió esperar antes de la consulta siguiente.", seconds)


def _seconds(text: str) -> float | None:
    text = text.strip()
    try:
        if text.replace(".", "", 1).isdecimal():
            return min(float(text), LONGEST_SECONDS)
        moment = parsedate_to_datetime(text)
        return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
