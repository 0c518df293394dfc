"""The outcome of one call to an ERP, in the terms of the sync protocol (section 3)."""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from integrations.erp.storable import storable


class Verdict(StrEnum):
    """The class of an answer. Where two fit, the more dangerous wins; the unrecognised is `AMBIGUOUS`."""

    ACCEPTED = "accepted"
    UNCOMMITTED = "uncommitted"
    """Accepted for a document that asked not to be committed: not stored until a read shows it."""
    REFUSED = "refused"
    """Refused, and the refusal proves that nothing was written."""
    REFUSED_UNPROVEN = "refused_unproven"
    """Refused, but something may have been written: verify before sending again."""
    DUPLICATE = "duplicate"
    """«Ya existe»: it may be ours. Read back and compare."""
    AMBIGUOUS = "ambiguous"
    """It may exist: never resend, verify."""
    NEVER_SENT = "never_sent"
    UNAUTHORIZED = "unauthorized"
    """The credentials or the connection id were refused: pause the lane."""
    THROTTLED = "throttled"
    REDIRECTED = "redirected"
    """3xx: may exist, and the lane pauses, because the address is wrong."""


SETTLED = (Verdict.ACCEPTED, Verdict.REFUSED, Verdict.NEVER_SENT, Verdict.UNAUTHORIZED, Verdict.THROTTLED)
"""Answers after which the ERP stores nothing more of that call."""


LONGEST_REFERENCE = 120
LONGEST_MESSAGE = 2_000


@dataclass(frozen=True, slots=True)
class AnswerText:
    """A text of an ERP that a connection can learn (`success_texts`)."""

    operation: str
    """SAG's `a_s_tipo`, Siigo's `resource`: the same text may mean something else for another."""
    template: str
    """The text with places for numbers and names; empty where it can't be learned."""
    original: str
    names_document: bool = False
    """Whether the answer names a document that only the ERP numbers: then no other answer may be the same."""


@dataclass(frozen=True, slots=True)
class Reference:
    """How the ERP names what it stored. Empty text where it did not say."""

    number: str = ""
    identifier: str = ""
    series: str = ""
    """The sequence that it is numbered in: SAG's fuente, Siigo's year, type and code."""

    def __post_init__(self) -> None:
        for name in ("number", "identifier", "series"):
            object.__setattr__(self, name, storable(getattr(self, name), LONGEST_REFERENCE))

    def __str__(self) -> str:
        return self.number or self.identifier


NO_ANSWER = "no_answer"
"""The cause of a call that left and was not answered in full."""
NO_REFERENCE = Reference()
"""The ERP did not say how it names it."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The outcome of one write. `message` is Spanish for staff; `body` is the raw answer, as evidence."""

    verdict: Verdict
    message: str
    cause: str = ""
    """Normalised cause, a key of the causes' table (`client_exists`, `timeout`, …)."""
    http_status: int | None = None
    body: bytes = field(default=b"", repr=False)
    reference: Reference = NO_REFERENCE
    retry_after_seconds: float | None = None
    text: AnswerText | None = None
    """What the ERP said, where its words may be learned."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "message", storable(self.message, LONGEST_MESSAGE))

    @property
    def is_unanswered(self) -> bool:
        """Whether it left and no whole answer came: the ERP may still be at work on it."""
        return self.verdict is Verdict.AMBIGUOUS and (self.http_status is None or self.cause == NO_ANSWER)

    def with_verdict(self, verdict: Verdict, message: str = "") -> "Receipt":
        """The same evidence with another verdict, as after a probe; an empty message keeps the old one."""
        return replace(self, verdict=verdict, message=message or self.message)


class Secret:
    """A credential that can't be printed: only `reveal()` gives its text."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The credential itself."""
        return self._text

    def mask(self, body: bytes) -> bytes:
        """`body` with every occurrence of the credential replaced by asterisks."""
        return body.replace(self._text.encode(), b"***") if self._text else body

    def mask_text(self, text: str) -> str:
        """The same for a text."""
        return text.replace(self._text, "***") if self._text else text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __repr__(self) -> str:
        return "Secret('***')"

    __str__ = __repr__


NO_SECRET = Secret("")


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds. `deadline` bounds the whole call: a read timeout is per read, and a dripping body outlives it."""

    connect: float = 10.0
    read: float = 60.0
    deadline: float = 90.0
