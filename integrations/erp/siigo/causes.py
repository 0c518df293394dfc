"""Why Siigo did not take a document. Siigo documents no error text at all: every pattern here is assumed."""

from integrations.erp.causes import Cause, Remedy, call_causes
from integrations.erp.receipts import Verdict

_MISSING = r".*(no existe|no encontrad|no se encontr|invalid|no esta cread|desconocid|not found).*"
_VERIFY = "Verifique en Siigo antes de reintentar."

BUSY = r".*(ocupad[ao]|busy|locked|(otra|una) (ejecucion|operacion|peticion|solicitud) en (curso|proceso)).*"
"""With HTTP 409 or 423 only: the connector turned the call away at its door (assumed)."""

CAUSES: tuple[Cause, ...] = (
    Cause(
        "interrupted",
        "Siigo se interrumpió mientras guardaba",
        "Puede haberse guardado: verifíquelo antes de reintentar.",
        Verdict.AMBIGUOUS,
        pattern=(
            r".*(timeout|time-out|timed out|tiempo de espera|etimedout|econnreset|socket hang up|deadlock"
            r"|interbloqueo|transaccion|transaction|internal server error|error interno|exclusiv).*"
        ),
        remedy=Remedy.VERIFY,
    ),
    Cause(
        "duplicate",
        "Consecutivo duplicado",
        "Verifique si el documento ya existe en Siigo.",
        Verdict.DUPLICATE,
        pattern=r".*(ya existe|ya (fue|esta) (cread|registrad)|duplicad|duplicate|already exist).*",
        remedy=Remedy.VERIFY,
    ),
    Cause(
        "unbalanced",
        "Débitos y créditos no cuadran",
        f"Corrija las líneas. {_VERIFY}",
        Verdict.REFUSED_UNPROVEN,
        pattern=r".*(descuadr|no cuadra|desbalance|no esta balancead|debitos y creditos|unbalanced).*",
    ),
    Cause(
        "account_unknown",
        "Cuenta PUC sin homologar",
        f"Asigne la cuenta equivalente. {_VERIFY}",
        Verdict.REFUSED_UNPROVEN,
        pattern=r".*cuenta" + _MISSING,
        remedy=Remedy.MAP_CODES,
        mapped_kind="account",
    ),
    Cause(
        "third_party_missing",
        "El tercero no existe en Siigo",
        f"Cree primero el tercero en Siigo. {_VERIFY}",
        Verdict.REFUSED_UNPROVEN,
        pattern=r".*\b(tercero|nit|cliente|proveedor)" + _MISSING,
        remedy=Remedy.SEND_MASTERS,
        master_kinds=("third_party", "client"),
    ),
    Cause(
        "article_missing",
        "El producto no existe en Siigo",
        f"Cree primero el producto en Siigo o corrija su código. {_VERIFY}",
        Verdict.REFUSED_UNPROVEN,
        pattern=r".*\b(producto|articulo)" + _MISSING,
        remedy=Remedy.SEND_MASTERS,
        master_kinds=("article",),
    ),
    Cause(
        "period_closed",
        "El periodo está cerrado en Siigo",
        f"Abra el periodo en Siigo o corrija la fecha. {_VERIFY}",
        Verdict.REFUSED_UNPROVEN,
        pattern=r".*\b(periodo|fecha|ano|mes)\b.*(cerrad|bloquead).*",
    ),
    # After the others: of several texts, one that may mean something written wins.
    Cause(
        "unknown_connection",
        "Siigo no conoce el identificador de la conexión",
        "Corrija el identificador en Conexiones; nada se perdió.",
        Verdict.UNAUTHORIZED,
        retry_safe=True,
        # At most one word between subject and verdict: "la conexión con la base de datos…" is another matter.
        pattern=(
            r"(el |la )?(id_connection|(id |identificador )?(de )?conexion|connection( id)?)"
            r"\W*(\S+ )?\W*(is )?(no existe|no (fue )?encontrad[ao]|(no|not) valid[ao]?|invalid[ao]?"
            r"|desconocid[ao]|inactiv[ao]|unknown|not found)\W*"
        ),
        remedy=Remedy.OPEN_CONNECTION,
    ),
    Cause(
        "busy",
        "Siigo estaba ocupado con otra operación",
        "No recibió el documento; se reintenta solo más tarde.",
        Verdict.THROTTLED,
        retry_safe=True,
        remedy=Remedy.WAIT,
    ),
    *call_causes("Siigo"),
)
