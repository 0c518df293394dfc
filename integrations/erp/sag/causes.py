"""Why SAG did not take a record. The documented texts prove that nothing was written; no other text does.

Documented: the manual's table of validations for tipo 1. "Object reference…" and SQL Server's own texts were
seen on the live service (notes, 2.3 and 3.2). The other patterns are assumed, and only group errors.
"""

from integrations.erp.causes import Cause, Remedy, call_causes
from integrations.erp.receipts import Verdict

_MISSING = r".*(no existe|no encontrad|no se encontr).*"
_VERIFY = "Verifique en SAG antes de reintentar."

OBJECT_REFERENCE = "object_reference"

CAUSES: tuple[Cause, ...] = (
    Cause(
        OBJECT_REFERENCE,
        "SAG falló sin decir por qué",
        "Puede ser la clave de la conexión o una falla de SAG: verifique el documento antes de reintentar.",
        Verdict.AMBIGUOUS,
        pattern=r".*object reference not set.*",
        remedy=Remedy.VERIFY,
    ),
    Cause(
        "interrupted",
        "SAG se interrumpió mientras guardaba",
        "Puede haberse guardado: verifíquelo antes de reintentar.",
        Verdict.AMBIGUOUS,
        pattern=(
            r".*(timeout|time-out|timed out|tiempo de espera|deadlock|interbloqueo|transaccion|transaction"
            r"|rollback|conexion|connection|transport-level|network).*"
        ),
        remedy=Remedy.VERIFY,
    ),
    Cause(
        "client_exists",
        "El cliente ya existe en SAG",
        "Compare los datos; para cambiarlos, envíelo como tercero.",
        Verdict.DUPLICATE,
        pattern=r"el cliente ya existe\W*",
    ),
    Cause(
        "duplicate",
        "SAG ya tiene un documento o dato igual",
        "Verifique en SAG si es el mismo.",
        Verdict.DUPLICATE,
        pattern=r".*(ya existe|duplicad|duplicate key).*",
        remedy=Remedy.VERIFY,
    ),
    Cause(
        "city_missing",
        "La ciudad no existe en SAG",
        "Corrija la ciudad o créela en SAG, y reintente.",
        Verdict.REFUSED,
        retry_safe=True,
        pattern=r"ciudad no existe\W*",
        remedy=Remedy.MAP_CODES,
        mapped_kind="city",
    ),
    Cause(
        "required_fields",
        "Faltan datos obligatorios o están mal escritos",
        "Complete los datos obligatorios y reintente.",
        Verdict.REFUSED,
        retry_safe=True,
        # Accents have been seen lost on the way: VAC?OS.
        pattern=r"campos obligatorios vac\W?i?os\W*",
    ),
    Cause(
        "client_type",
        "El tipo de cliente no está configurado en SAG",
        "Corrija el tipo de cliente y reintente.",
        Verdict.REFUSED,
        retry_safe=True,
        pattern=r"tipo de cliente inv\W?a?lido\W*",
    ),
    Cause(
        "document_type",
        "El tipo de documento no está configurado en SAG",
        "Corrija el tipo de documento y reintente.",
        Verdict.REFUSED,
        retry_safe=True,
        pattern=r"tipo de documento inv\W?a?lido\W*",
    ),
    Cause(
        "client_missing",
        "El cliente no existe en SAG",
        f"Envíe primero el cliente. {_VERIFY}",
        Verdict.REFUSED_UNPROVEN,
        pattern=r".*\b(cliente|tercero|nit)" + _MISSING,
        remedy=Remedy.SEND_MASTERS,
        master_kinds=("client", "third_party"),
    ),
    Cause(
        "article_missing",
        "El artículo no existe en SAG",
        f"Envíe primero el artículo. {_VERIFY}",
        Verdict.REFUSED_UNPROVEN,
        pattern=r".*\b(articulo|producto)" + _MISSING,
        remedy=Remedy.SEND_MASTERS,
        master_kinds=("article",),
    ),
    Cause(
        "source_missing",
        "La fuente no existe en SAG",
        f"Corrija la fuente del documento. {_VERIFY}",
        Verdict.REFUSED_UNPROVEN,
        pattern=r".*\bfuente" + _MISSING,
        remedy=Remedy.MAP_CODES,
        mapped_kind="source",
    ),
    Cause(
        "warehouse_missing",
        "La bodega no existe en SAG",
        f"Corrija la bodega o créela en SAG. {_VERIFY}",
        Verdict.REFUSED_UNPROVEN,
        pattern=r".*\bbodega" + _MISSING,
        remedy=Remedy.MAP_CODES,
        mapped_kind="warehouse",
    ),
    Cause(
        "login_missing",
        "El usuario no existe en SAG",
        f"Corrija el usuario en Conexiones o en el documento. {_VERIFY}",
        Verdict.REFUSED_UNPROVEN,
        pattern=r".*\b(login|usuario)" + _MISSING,
        remedy=Remedy.OPEN_CONNECTION,
    ),
    Cause(
        "number_too_large",
        "Un número es demasiado grande para SAG",
        f"Revise cantidades, valores y números de documento. {_VERIFY}",
        Verdict.REFUSED_UNPROVEN,
        pattern=r".*(arithmetic overflow|overflow error).*",
    ),
    Cause(
        "wrong_value",
        "Un valor no tiene la forma que SAG espera",
        f"Revise números y fechas del documento. {_VERIFY}",
        Verdict.REFUSED_UNPROVEN,
        pattern=r".*(conversion failed|error converting|converting data type|out-of-range).*",
    ),
    Cause(
        "text_too_long",
        "Un texto es demasiado largo para SAG",
        f"Acorte los textos del documento. {_VERIFY}",
        Verdict.REFUSED_UNPROVEN,
        pattern=r".*would be truncated.*",
    ),
    Cause(
        "required_value",
        "Falta un dato que SAG exige",
        f"Complete los datos del documento. {_VERIFY}",
        Verdict.REFUSED_UNPROVEN,
        pattern=r".*cannot insert the value null.*",
    ),
    Cause(
        "related_missing",
        "El documento nombra un dato que SAG no tiene",
        f"Revise tercero, artículos, bodegas y centros de costo. {_VERIFY}",
        Verdict.REFUSED_UNPROVEN,
        pattern=r".*(foreign key constraint|conflicted with the).*",
        remedy=Remedy.SEND_MASTERS,
        master_kinds=("client", "third_party", "article"),
    ),
    Cause(
        "sag_schema",
        "La base de SAG no tiene una tabla o columna que se usó",
        f"Avise al administrador o al proveedor de SAG. {_VERIFY}",
        Verdict.REFUSED_UNPROVEN,
        pattern=r".*invalid (object|column) name.*",
    ),
    Cause(
        "uncommitted",
        "SAG aceptó el documento sin guardarlo en firme",
        "El documento pidió no quedar en firme: verifique si quedó en SAG.",
        Verdict.UNCOMMITTED,
        remedy=Remedy.VERIFY,
    ),
    *call_causes("SAG"),
)
