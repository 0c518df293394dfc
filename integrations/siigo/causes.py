"""What Siigo's texts mean. Only the success text is official; these patterns are *assumed* (`siigo-notes`, 1.5)."""

from integrations.causes import Cause
from integrations.receipts import Verdict

CAUSES: tuple[Cause, ...] = (
    Cause(
        "unknown_connection",
        r"(id_connection|conexi[oó]n).*(no existe|no encontrad|inv[aá]lid|desconocid|no autorizad)",
        Verdict.UNAUTHORIZED,
        "Siigo no reconoce la conexión",
        "Revise el identificador de la conexión; nada se perdió.",
        retry_is_safe=True,
    ),
    Cause(
        "duplicate",
        r"ya existe|duplicad|already exists",
        Verdict.DUPLICATE,
        "El comprobante ya existe en Siigo",
        "Verifique si es este mismo documento.",
    ),
    Cause(
        "busy",
        r"ocupad|en uso|proceso en curso|busy",
        Verdict.REFUSED_UNPROVEN,
        "Siigo está ocupado con otra solicitud",
        "Verifique y envíe de nuevo más tarde.",
    ),
    Cause(
        "account",
        r"cuenta",
        Verdict.REFUSED_UNPROVEN,
        "Una cuenta no sirve en Siigo",
        "Corrija la cuenta que se indica y envíe de nuevo.",
    ),
    Cause(
        "third_party",
        r"tercero|\bnit\b",
        Verdict.REFUSED_UNPROVEN,
        "Un tercero no sirve en Siigo",
        "Revise que el NIT exista en Siigo y envíe de nuevo.",
    ),
)

OTHER = Cause(
    "other",
    "",
    Verdict.REFUSED_UNPROVEN,
    "Siigo rechazó el documento",
    "Lea la respuesta, corrija y verifique antes de enviarlo de nuevo.",
)
UNAUTHORIZED = Cause(
    "unauthorized",
    "",
    Verdict.UNAUTHORIZED,
    "Siigo no aceptó la clave",
    "Actualice la conexión; nada se perdió.",
    retry_is_safe=True,
)
THROTTLED = Cause(
    "throttled",
    "",
    Verdict.THROTTLED,
    "Siigo pidió esperar",
    "Se reintenta solo.",
    retry_is_safe=True,
)
UNANSWERED = Cause(
    "unanswered",
    "",
    Verdict.AMBIGUOUS,
    "Siigo no respondió con claridad",
    "El documento puede haberse creado: verifíquelo antes de reintentar.",
)
