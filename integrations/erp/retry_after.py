"""How long an answer asks to wait before the next call."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

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


def _seconds(text: str) -> float | None:
    text = text.strip()
    try:
        if text.replace(".", "", 1).isdecimal():
            return min(float(text), LONGEST_SECONDS)
        moment = parsedate_to_datetime(text)
        return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
