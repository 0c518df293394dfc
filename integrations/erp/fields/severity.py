"""What a broken rule does."""

from enum import StrEnum


class Severity(StrEnum):
    """Stop the send, say so, or nothing."""

    BLOCK = "block"
    WARN = "warn"
    OFF = "off"
