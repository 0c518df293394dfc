"""What went wrong, in terms that people can act on. Pure: the web process reads it too.

A cause is a row: the inbox groups by its code, shows its title and its advice. The rows of each ERP are in
`siigo.causes` and `sag.causes`; those that any call to any ERP can have are made here.
"""

import logging
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from re import DOTALL, fullmatch
from typing import Protocol

from integrations.erp.receipts import NO_ANSWER, Receipt, Verdict
from integrations.errors import NoAnswerError, NotSentError, RedirectedError

log = logging.getLogger(__name__)

UNKNOWN = "unknown_success"
DENIED = "denied_success"
OTHER_COUNT = "other_count"
NAMES_ANOTHER = "names_another"
DOUBTED_SUCCESSES = (UNKNOWN, DENIED, OTHER_COUNT, NAMES_ANOTHER)
"""Causes of an answer that calls itself a success and proves none."""
_READ_CHARACTERS = 5_000
"""How much of a text is read for its cause: patterns are slow on a megabyte."""
_QUOTED_CHARACTERS = 500
"""How much of an ERP's own text a message repeats; the whole of it is in the attempt."""


class Remedy(StrEnum):
    """What a person does about a cause; the inbox shows a button for it."""

    SEND_MASTERS = "send_masters"
    MAP_CODES = "map_codes"
    OPEN_DOCUMENT = "open_document"
    VERIFY = "verify"
    OPEN_CONNECTION = "open_connection"
    READ_REGISTER = "read_register"
    WAIT = "wait"
    READ_ANSWER = "read_answer"


@dataclass(frozen=True, slots=True)
class Cause:
    """One reason for an answer that is no plain success."""

    code: str
    title: str
    """What failed, in Spanish, without a final stop."""
    advice: str
    """What to do, one or two Spanish sentences."""
    verdict: Verdict
    retry_safe: bool = False
    """Whether sending again, corrected or not, can't make a second document."""
    pattern: str = ""
    """Regular expression that the whole folded text of the ERP matches; empty: never found by text."""
    remedy: Remedy = Remedy.OPEN_DOCUMENT
    master_kinds: tuple[str, ...] = ()
    """The kinds of master that are missing (`choices.Kind`), where the remedy is to send them."""
    mapped_kind: str = ""
    """The kind of code that is missing (a key of `dialect.MAPPED_KINDS`), where the remedy is to map it."""

    def message(self, answer: str = "", erp: str = "El ERP") -> str:
        """The Spanish message for staff: title, advice and the ERP's own words, shortened."""
        words = " ".join(answer.split())
        if len(words) > _QUOTED_CHARACTERS:
            words = words[:_QUOTED_CHARACTERS] + "…"
        quoted = f" {erp} respondió: «{words}»." if words else ""
        return f"{self.title}. {self.advice}{quoted}"


def is_learnable(cause: Cause) -> bool:
    """Whether a connection can learn what a text with this cause means: an unknown success, a refusal without proof."""
    return cause.code == UNKNOWN or cause.verdict is Verdict.REFUSED_UNPROVEN


def fold(text: str) -> str:
    """Lower case, without accents, blanks as single spaces: what patterns are written for."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def cause_of_text(causes: Iterable[Cause], text: str) -> Cause | None:
    """The first row whose pattern matches the whole text: tables list the dangerous rows first."""
    folded = fold(text[:_READ_CHARACTERS])
    for cause in causes:
        if cause.pattern and fullmatch(cause.pattern, folded, DOTALL):
            return cause
    return None


def cause_with_code(causes: Iterable[Cause], code: str) -> Cause:
    """The row with that code. Raises LookupError when there is none."""
    for cause in causes:
        if cause.code == code:
            return cause
    raise LookupError(code)


GATE_PAGE = "gate_page"
"""The code of the cause that is no ERP's: a page of something in between."""
_VERIFY = "Puede haberse guardado: verifíquelo antes de reintentar."
_CALL_CAUSES = (
    Cause(
        "never_sent",
        "No se pudo conectar con {erp}",
        "Se reintenta solo.",
        Verdict.NEVER_SENT,
        retry_safe=True,
        remedy=Remedy.WAIT,
    ),
    Cause(NO_ANSWER, "{erp} no respondió", f"Resultado incierto. {_VERIFY}", Verdict.AMBIGUOUS, remedy=Remedy.VERIFY),
    Cause("unreadable", "La respuesta de {erp} no se entiende", _VERIFY, Verdict.AMBIGUOUS, remedy=Remedy.VERIFY),
    Cause("server_error", "{erp} tuvo un error interno", _VERIFY, Verdict.AMBIGUOUS, remedy=Remedy.VERIFY),
    Cause(
        UNKNOWN,
        "{erp} lo dio por recibido con un mensaje que aquí aún no se conoce",
        "Verifíquelo: se busca solo en {erp} antes de enviar el siguiente. Si no se encuentra, mírelo usted allá.",
        Verdict.AMBIGUOUS,
        remedy=Remedy.VERIFY,
    ),
    Cause(
        DENIED,
        "{erp} lo dio por recibido, pero su mensaje dice que no lo guardó o que hay que revisar",
        "Lea el mensaje y verifíquelo en {erp} antes de reintentar; también se busca solo.",
        Verdict.AMBIGUOUS,
        remedy=Remedy.VERIFY,
    ),
    Cause(
        OTHER_COUNT,
        "{erp} dice que guardó otra cantidad de la que se envió",
        "Verifíquelo en {erp} antes de reintentar; también se busca solo.",
        Verdict.AMBIGUOUS,
        remedy=Remedy.VERIFY,
    ),
    Cause(
        NAMES_ANOTHER,
        "La respuesta de {erp} nombra otro documento, o es la misma que dio para otro",
        "Verifíquelo en {erp} antes de reintentar; también se busca solo.",
        Verdict.AMBIGUOUS,
        remedy=Remedy.VERIFY,
    ),
    Cause(
        "redirected",
        "La dirección de {erp} no es la correcta",
        f"Corrija la dirección en Conexiones. {_VERIFY}",
        Verdict.REDIRECTED,
        remedy=Remedy.OPEN_CONNECTION,
    ),
    Cause(
        "unauthorized",
        "{erp} no aceptó la clave de la conexión",
        "Actualice la conexión; nada se perdió.",
        Verdict.UNAUTHORIZED,
        retry_safe=True,
        remedy=Remedy.OPEN_CONNECTION,
    ),
    Cause(
        GATE_PAGE,
        "Algo entre nosotros y {erp} bloqueó este documento",
        "Suele ser un cortafuegos al que no le gusta un texto; los demás documentos siguen. Muestre esta respuesta a "
        "quien administra la red, y verifique el documento antes de reintentar.",
        Verdict.REFUSED_UNPROVEN,
        remedy=Remedy.READ_ANSWER,
    ),
    Cause(
        "throttled",
        "{erp} pidió esperar por exceso de consultas",
        "Se reintenta solo más tarde.",
        Verdict.THROTTLED,
        retry_safe=True,
        remedy=Remedy.WAIT,
    ),
    Cause(
        "other_refusal",
        "{erp} rechazó el documento",
        "Lea la respuesta de {erp}, corrija y verifique antes de reintentar.",
        Verdict.REFUSED_UNPROVEN,
        remedy=Remedy.READ_ANSWER,
    ),
)
"""Of a call that failed or has no readable verdict (sync protocol, section 3); `{erp}` stands for the ERP's name."""


def call_causes(erp: str) -> tuple[Cause, ...]:
    """The causes that a call to any ERP can have, with the name of this one in their texts."""
    return tuple(
        replace(cause, title=cause.title.format(erp=erp), advice=cause.advice.format(erp=erp)) for cause in _CALL_CAUSES
    )


_FAILURE_CODES = {NotSentError: "never_sent", RedirectedError: "redirected", NoAnswerError: NO_ANSWER}


def receipt_without_answer(error: NotSentError | NoAnswerError, causes: Iterable[Cause]) -> Receipt:
    """The receipt of a write that the transport could not complete."""
    cause = cause_with_code(causes, _FAILURE_CODES[type(error)])
    message = f"{error} {cause.advice}"
    if isinstance(error, NotSentError):
        return Receipt(cause.verdict, message, cause=cause.code)
    return Receipt(cause.verdict, message, cause=cause.code, http_status=error.status, body=error.body)


class _Answered(Protocol):
    """An answer that came."""

    @property
    def status(self) -> int: ...

    @property
    def body(self) -> bytes: ...


def judged(read: Callable[[], Receipt], answer: _Answered, causes: Iterable[Cause]) -> Receipt:
    """What `read` makes of an answer; in doubt, with the answer as evidence, where reading it fails in any way."""
    try:
        return read()
    except Exception:
        log.exception("an answer could not be read")
        cause = cause_with_code(causes, "unreadable")
        return Receipt(cause.verdict, cause.message(), cause=cause.code, http_status=answer.status, body=answer.body)
