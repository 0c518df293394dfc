"""What can go wrong between us and an ERP. The class says what may be done next.

IntegrationError
├── ConfigurationError      the connection can't be used as it is configured: a person mends it
├── PayloadError            the record can't be expressed in the ERP's format: a person mends it
├── QueryError              the ERP answered a query with an error: nothing was written
│   └── ThrottledError      it asked to wait: the whole lane rests
└── ExchangeError           the call itself failed
    ├── NotSentError        no byte of the request was written: nothing can exist, try again
    └── NoAnswerError       bytes left and no usable answer came: it may exist, never resend blindly
        └── RedirectedError the ERP answered 3xx: following it would post again, token included
"""


class IntegrationError(Exception):
    """Base of all; its text is Spanish, for staff, and never holds a secret."""


class ConfigurationError(IntegrationError):
    """The connection lacks something or contradicts itself."""


class PayloadError(IntegrationError):
    """The record has a value that the target's wire format can't carry."""


class QueryError(IntegrationError):
    """The ERP refused or failed a read. `ambiguous` when bad credentials and a crash look alike."""

    def __init__(self, message: str, *, ambiguous: bool = False) -> None:
        super().__init__(message)
        self.ambiguous = ambiguous


class ThrottledError(QueryError):
    """The ERP turned a read away for now. `retry_after_seconds`: the wait that it named, None where it named none."""

    def __init__(self, message: str, retry_after_seconds: float | None) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class ExchangeError(IntegrationError):
    """The exchange of one request for one answer did not complete."""


class NotSentError(ExchangeError):
    """By the transport's own marker, not by exception class: not one request byte was written."""


class NoAnswerError(ExchangeError):
    """The request, or part of it, left; the answer is missing, late, cut or unreadable."""

    def __init__(self, message: str, *, status: int | None = None, body: bytes = b"") -> None:
        super().__init__(message)
        self.status = status
        self.body = body


class RedirectedError(NoAnswerError):
    """3xx. Never followed."""
