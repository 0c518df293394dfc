"""What SAG's texts mean: the official text's table of errors, and what the notes saw beyond it (section 3.2)."""

from integrations.causes import Cause
from integrations.receipts import Verdict

CAUSES: tuple[Cause, ...] = (
    Cause(
        "object_reference",
        r"object reference not set",
        Verdict.AMBIGUOUS,
        "SAG falló o no aceptó el token",
        "El documento puede haberse creado: verifíquelo antes de reintentar.",
    ),
    Cause(
        "server_trouble",
        r"time-?out|deadlock|transacci[oó]n|transaction|connection|conexi[oó]n|network",
        Verdict.AMBIGUOUS,
        "SAG tuvo un problema interno",
        "El documento puede haberse creado: verifíquelo antes de reintentar.",
    ),
    Cause(
        "bad_token",
        r"token.*(incorrecto|expirado|inv[aá]lido)",
        Verdict.UNAUTHORIZED,
        "SAG no aceptó el token",
        "Actualice la conexión; nada se perdió.",
        retry_is_safe=True,
    ),
    Cause(
        "client_exists",
        r"ya existe",
        Verdict.DUPLICATE,
        "El registro ya existe en SAG",
        "Compare con lo que SAG tiene.",
    ),
    Cause(
        "unknown_city",
        r"ciudad no existe",
        Verdict.REFUSED,
        "La ciudad no existe en SAG",
        "Corrija la ciudad (código DANE o nombre del maestro de SAG) y envíe de nuevo.",
        retry_is_safe=True,
    ),
    Cause(
        "empty_fields",
        r"campos obligatorios vac[ií]os",
        Verdict.REFUSED,
        "Faltan campos obligatorios",
        "Complete los campos obligatorios y envíe de nuevo.",
        retry_is_safe=True,
    ),
    Cause(
        "bad_client_type",
        r"tipo de cliente inv[aá]lido",
        Verdict.REFUSED,
        "El tipo de cliente no existe en SAG",
        "Escriba un tipo de cliente del maestro de SAG y envíe de nuevo.",
        retry_is_safe=True,
    ),
    Cause(
        "bad_document_type",
        r"tipo de documento inv[aá]lido",
        Verdict.REFUSED,
        "El tipo de documento no es válido en SAG",
        "Corrija el tipo de documento y envíe de nuevo.",
        retry_is_safe=True,
    ),
)

OTHER = Cause(
    "other",
    "",
    Verdict.REFUSED_UNPROVEN,
    "SAG rechazó el registro",
    "Lea la respuesta, corrija y verifique antes de enviarlo de nuevo.",
)
UNAUTHORIZED = Cause(
    "unauthorized",
    "",
    Verdict.UNAUTHORIZED,
    "SAG no aceptó la clave",
    "Actualice la conexión; nada se perdió.",
    retry_is_safe=True,
)
THROTTLED = Cause("throttled", "", Verdict.THROTTLED, "SAG pidió esperar", "Se reintenta solo.", retry_is_safe=True)
UNANSWERED = Cause(
    "unanswered",
    "",
    Verdict.AMBIGUOUS,
    "SAG no respondió con claridad",
    "El documento puede haberse creado: verifíquelo antes de reintentar.",
)
UNCOMMITTED = Cause(
    "uncommitted",
    "",
    Verdict.UNCOMMITTED,
    "SAG lo aceptó sin confirmar que lo guardó",
    "El documento pidió RealizarCommit=N: verifíquelo en SAG.",
)
