"""What went wrong, in terms that people can act on. Pure: the web process reads it too.

A cause is a row: the inbox groups by its code, shows its title and its advice. The rows of each ERP are in
`siigo.causes` and `sag.causes`; those that any call to any ERP can have are made here.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from re import DOTALL, fullmatch

from integrations.erp.receipts import Verdict

_QUOTED_CHARACTERS = 500
"""How much of an ERP's own text a message repeats; the whole of it is in the attempt."""


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

    def told(self, said: str = "", erp: str = "El ERP") -> str:
        """The message for staff: title, advice and what the ERP said, shortened."""
        said = " ".join(said.split())
        if len(said) > _QUOTED_CHARACTERS:
            said = said[:_QUOTED_CHARACTERS] + "…"
        quoted = f" {erp} respondió: «{said}»." if said else ""
        return f"{self.title}. {self.advice}{quoted}"


def fold(text: str) -> str:
    """Lower case, without accents, blanks as single spaces: what patterns are written for."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def find(causes: Iterable[Cause], text: str) -> Cause | None:
    """The first row whose pattern matches the whole text: tables list the dangerous rows first."""
    folded = fold(text)
    for cause in causes:
        if cause.pattern and fullmatch(cause.pattern, folded, DOTALL):
            return cause
    return None


def named(causes: Iterable[Cause], code: str) -> Cause:
    """The row with that code. Raises LookupError when there is none."""
    for cause in causes:
        if cause.code == code:
            return cause
    raise LookupError(code)


def call_causes(erp: str) -> tuple[Cause, ...]:
    """The rows of a call that failed or has no readable verdict (sync protocol, section 3)."""
    verify = "Puede haberse guardado: verifíquelo antes de reintentar."
    return (
        Cause(
            "never_sent",
            f"No se pudo conectar con {erp}",
            "Se reintenta solo.",
            Verdict.NEVER_SENT,
            retry_safe=True,
        ),
        Cause("no_answer", f"{erp} no respondió", f"Resultado incierto. {verify}", Verdict.AMBIGUOUS),
        Cause("unreadable", f"La respuesta de {erp} no se entiende", verify, Verdict.AMBIGUOUS),
        Cause("server_error", f"{erp} tuvo un error interno", verify, Verdict.AMBIGUOUS),
        Cause(
            "redirected",
            f"La dirección de {erp} no es la correcta",
            f"Corrija la dirección en Conexiones. {verify}",
            Verdict.REDIRECTED,
        ),
        Cause(
            "unauthorized",
            f"{erp} no aceptó la clave de la conexión",
            "Actualice la conexión; nada se perdió.",
            Verdict.UNAUTHORIZED,
            retry_safe=True,
        ),
        Cause(
            "throttled",
            f"{erp} pidió esperar por exceso de consultas",
            "Se reintenta solo más tarde.",
            Verdict.THROTTLED,
            retry_safe=True,
        ),
        Cause(
            "other_refusal",
            f"{erp} rechazó el documento",
            f"Lea la respuesta de {erp}, corrija y verifique antes de reintentar.",
            Verdict.REFUSED_UNPROVEN,
        ),
    )
