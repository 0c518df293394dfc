"""Logging that can't print a credential: patterns and the configured values are masked in every record."""

import logging
import re
from collections.abc import Sequence
from typing import Any

_PATTERNS = (
    re.compile(r"(?i)(bearer\s+)[^\s\"',}]+"),
    re.compile(r"(<(?:\w+:)?a_s_token>)[^<]*"),
    re.compile(r"(?i)((?:api_?key|token|password|secret)[\"']?\s*[:=]\s*[\"']?)[^\s\"',}]+"),
)


class MaskSecrets(logging.Filter):
    """Masks the message, its arguments and the exception's text. `secrets` are values to mask wherever they stand."""

    def __init__(self, secrets: Sequence[str] = ()) -> None:
        super().__init__()
        self._secrets = [secret for secret in secrets if len(secret) >= 4]

    def mask(self, text: str) -> str:
        """The text with every credential as `***`."""
        for pattern in _PATTERNS:
            text = pattern.sub(r"\1***", text)
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return text

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = self.mask(record.getMessage()), ()
        if record.exc_info:
            record.exc_text = self.mask(logging.Formatter().formatException(record.exc_info))
            record.exc_info = None
        return True


def logging_config(level: str, secrets: Sequence[str]) -> dict[str, Any]:
    """`LOGGING`: one line for each record, on the error stream."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"mask": {"()": "config.log_config.MaskSecrets", "secrets": list(secrets)}},
        "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["mask"]},
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django-q": {"handlers": ["stderr"], "level": level, "propagate": False},
            # Django's own handlers would print around the mask, and twice.
            "django": {"handlers": ["stderr"], "level": level, "propagate": False},
            "django.server": {"handlers": ["stderr"], "level": level, "propagate": False},
            "django.security.DisallowedHost": {"level": "CRITICAL"},
            # zeep logs whole envelopes, token included, at DEBUG.
            "zeep": {"level": "WARNING"},
            "urllib3": {"level": "WARNING"},
        },
    }
