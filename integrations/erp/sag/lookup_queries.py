"""The queries by which our documents and masters are found in SAG: settings of the connection, with defaults. Pure.

Tables and columns are those of `sag-notes`, section 4. Without NOLOCK: a dirty read proves nothing. `LEFT JOIN
terceros`, because accounting documents may have no header NIT; annulled ones are read too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache, reduce

from integrations.erp.fields.dialect import Setting
from integrations.errors import ConfigurationError

NUMBER2 = "NumeroDocumento2"
KEYS_AT_ONCE = 500
"""Values of one `IN (…)`: in live use for that many (`sag-notes`, section 3.5)."""


@dataclass(frozen=True, slots=True)
class KeyField:
    """Where SAG keeps a field of the document that may carry our key: the column, and the join that it needs."""

    column: str
    join: str = ""


_OTHER_DATA = "LEFT JOIN movimientos_otros_datos o ON o.ka_nl_movimiento = m.ka_nl_movimiento"
KEY_FIELDS: dict[str, KeyField] = {
    NUMBER2: KeyField("m.ss_nro_dcto"),
    "Pedido": KeyField("m.ss_pedido"),
    # assumed: the columns of the other data are numbered as their fields.
    **{f"Dato{number}": KeyField(f"o.ss_dato{number}", _OTHER_DATA) for number in range(1, 31)},
}


@dataclass(frozen=True, slots=True)
class LookupQuery:
    """One query of the read-back. `placeholders` must be in `sql`; `columns` must come back, by these names."""

    key: str
    label: str
    sql: str
    columns: tuple[str, ...]
    placeholders: tuple[str, ...] = ("{keys}",)

    @property
    def help(self) -> str:
        """What a person who changes it must keep, in Spanish."""
        placeholders = ", ".join(self.placeholders)
        return f"Un solo SELECT, sin NOLOCK. Conserve {placeholders} y devuelva las columnas {', '.join(self.columns)}."


DOCUMENTS = LookupQuery(
    "query_documents",
    "Consulta de documentos por clave",
    "SELECT m.ka_nl_movimiento AS movimiento, f.k_sc_codigo_fuente AS fuente, m.ss_prefijo AS prefijo, "
    "m.n_numero_documento AS numero, {key} AS clave, m.d_fecha_documento AS fecha, t.n_nit AS nit, "
    "m.sc_anulado AS anulado "
    "FROM movimientos m INNER JOIN fuentes f ON f.ka_ni_fuente = m.ka_ni_fuente "
    "LEFT JOIN terceros t ON t.ka_nl_tercero = m.ka_nl_tercero {join} "
    "WHERE f.k_sc_codigo_fuente = {source} AND {key} IN ({keys})",
    ("movimiento", "fuente", "prefijo", "numero", "clave", "fecha", "nit", "anulado"),
    ("{key}", "{join}", "{source}", "{keys}"),
)
DOCUMENTS_ABOVE = LookupQuery(
    "query_documents_above",
    "Consulta de documentos por consecutivo, donde no viaja una clave",
    "SELECT m.ka_nl_movimiento AS movimiento, f.k_sc_codigo_fuente AS fuente, m.ss_prefijo AS prefijo, "
    "m.n_numero_documento AS numero, m.ss_nro_dcto AS clave, m.d_fecha_documento AS fecha, t.n_nit AS nit, "
    "m.sc_anulado AS anulado "
    "FROM movimientos m INNER JOIN fuentes f ON f.ka_ni_fuente = m.ka_ni_fuente "
    "LEFT JOIN terceros t ON t.ka_nl_tercero = m.ka_nl_tercero "
    "WHERE f.k_sc_codigo_fuente = {source} AND m.n_numero_documento > {above}",
    DOCUMENTS.columns,
    ("{source}", "{above}"),
)
LAST_NUMBER = LookupQuery(
    "query_last_number",
    "Consulta del último número de una fuente",
    "SELECT MAX(m.n_numero_documento) AS numero FROM movimientos m "
    "INNER JOIN fuentes f ON f.ka_ni_fuente = m.ka_ni_fuente WHERE f.k_sc_codigo_fuente = {source}",
    ("numero",),
    ("{source}",),
)
ITEMS = LookupQuery(
    "query_items",
    "Consulta de las líneas de un documento",
    "SELECT i.ka_nl_movimiento AS movimiento, a.k_sc_codigo_articulo AS articulo, i.n_cantidad AS cantidad, "
    "i.n_valor AS valor, i.n_descuento AS descuento, b.ss_codigo AS bodega FROM movimientos_items i "
    "LEFT JOIN articulos a ON a.ka_nl_articulo = i.ka_nl_articulo "
    "LEFT JOIN bodegas b ON b.ka_nl_bodega = i.ka_nl_bodega WHERE i.ka_nl_movimiento IN ({keys})",
    ("movimiento", "articulo", "cantidad", "valor", "descuento", "bodega"),
)
TRANSFERS = LookupQuery(
    "query_transfers",
    "Consulta de las líneas de un traslado",
    "SELECT i.ka_nl_movimiento AS movimiento, a.k_sc_codigo_articulo AS articulo, i.nd_cantidad AS cantidad, "
    "i.nd_valor AS valor, NULL AS descuento, b.ss_codigo AS bodega FROM movimientos_traslados i "
    "LEFT JOIN articulos a ON a.ka_nl_articulo = i.ka_nl_articulo "
    "LEFT JOIN bodegas b ON b.ka_nl_bodega = i.ka_nl_bodega_origen WHERE i.ka_nl_movimiento IN ({keys})",
    ITEMS.columns,
)
CLIENTS = LookupQuery(
    "query_clients",
    "Consulta de clientes por NIT",
    "SELECT t.n_nit AS clave, t.sc_nombre AS nombre, t.sc_naturaleza AS naturaleza "
    "FROM clientes c INNER JOIN terceros t ON t.ka_nl_tercero = c.ka_nl_tercero WHERE t.n_nit IN ({keys})",
    ("clave", "nombre", "naturaleza"),
)
THIRD_PARTIES = LookupQuery(
    "query_third_parties",
    "Consulta de terceros por NIT",
    "SELECT t.n_nit AS clave, t.sc_nombre AS nombre, t.sc_naturaleza AS naturaleza, t.sc_direccion AS direccion, "
    "t.ss_email AS email, t.sc_telefono_ppal AS telefono, t.sc_telefono_alterno AS telefono_alterno, "
    "t.sc_codigo_alterno AS codigo_alterno, t.sc_tipo_dcto AS tipo_documento, t.sc_tipo_tercero AS tipo_tercero, "
    "t.ss_cod_act_econ AS actividad FROM terceros t WHERE t.n_nit IN ({keys})",
    (
        "clave",
        "nombre",
        "naturaleza",
        "direccion",
        "email",
        "telefono",
        "telefono_alterno",
        "codigo_alterno",
        "tipo_documento",
        "tipo_tercero",
        "actividad",
    ),
)
ARTICLES = LookupQuery(
    "query_articles",
    "Consulta de artículos por código",
    "SELECT a.k_sc_codigo_articulo AS clave, a.sc_detalle_articulo AS nombre, a.n_porcentaje_iva AS iva, "
    "a.sc_referencia AS referencia FROM articulos a WHERE a.k_sc_codigo_articulo IN ({keys})",
    ("clave", "nombre", "iva", "referencia"),
)
QUERIES = (DOCUMENTS, DOCUMENTS_ABOVE, LAST_NUMBER, ITEMS, TRANSFERS, CLIENTS, THIRD_PARTIES, ARTICLES)

SERIES_MARKS = "series_marks"
KEY_FIELD = "key_field"
SETTINGS = (
    Setting(
        KEY_FIELD,
        "Campo en que viaja nuestra clave",
        NUMBER2,
        "Con ella se encuentra el documento en SAG. La prueba de la conexión dice cuáles vuelven intactos.",
        tuple((name, name) for name in KEY_FIELDS),
        assumed=True,
    ),
    Setting(
        SERIES_MARKS,
        "Anotar el último número de cada fuente antes de enviar",
        "keyless",
        "Un salto de uno con el mismo contenido prueba que el documento entró.",
        (("keyless", "Solo donde no viaja una clave"), ("always", "Siempre"), ("never", "Nunca")),
    ),
    *(Setting(query.key, query.label, query.sql, query.help, assumed=True) for query in QUERIES),
)
"""What the connection's form offers for the read-back; *assumed* where no text of SAG names the columns."""


@dataclass(frozen=True)
class LookupQueries:
    """The queries of one connection, checked."""

    texts: Mapping[str, str]

    def text_of(self, query: LookupQuery, **values: str) -> str:
        """The query with its placeholders filled. Values are quoted by the caller; a brace in one stays as it is."""
        text = self.texts[query.key]
        for placeholder in query.placeholders:
            text = text.replace(placeholder, values[placeholder.strip("{}")])
        return text


def read_queries(settings: Mapping[str, object]) -> LookupQueries:
    """The queries of a connection's settings, changed or default.

    Raises: ConfigurationError with what is wrong with one of them, in Spanish.
    """
    texts = {query.key: str(settings.get(query.key) or query.sql) for query in QUERIES}
    for query in QUERIES:
        reason = why_unusable(query, texts[query.key])
        if reason:
            raise ConfigurationError(f"El ajuste «{query.label}» no sirve: {reason}")
    return LookupQueries(texts)


_EXAMPLES = {"{key}": "m.ss_nro_dcto", "{join}": "", "{source}": "'FV'", "{keys}": "'1'", "{above}": "1"}


@lru_cache(maxsize=256)
def why_unusable(query: LookupQuery, text: str) -> str:
    """Why `text` can't serve as this query, in Spanish; empty where it can.

    It must be one SELECT that only reads, with the placeholders and the columns of `query`.
    """
    if text == query.sql:
        return ""
    # The parser is heavy and only a changed query needs it.
    from integrations.erp.sag.queries import why_not_read_only

    missing = [placeholder for placeholder in query.placeholders if placeholder not in text]
    if missing:
        return f"falta {' y '.join(missing)}."
    example = reduce(lambda filled, pair: filled.replace(*pair), _EXAMPLES.items(), text)
    refused = why_not_read_only(example)
    if refused:
        return refused[:1].lower() + refused[1:]
    if "nolock" in text.casefold():
        return "NOLOCK lee lo que aún no se ha guardado y no prueba nada."
    returned = _columns(example)
    absent = ", ".join(name for name in query.columns if name not in returned)
    return f"no devuelve {absent}." if absent else ""


def _columns(text: str) -> set[str]:
    import sqlglot
    from sqlglot import exp

    statement = sqlglot.parse_one(text, read="tsql")
    return {name.casefold() for name in statement.named_selects} if isinstance(statement, exp.Query) else set()
