"""The queries by which our documents and masters are found in SAG: settings of the connection, with defaults. Pure.

Tables and columns are those of `sag-notes`, section 4. Without NOLOCK: a dirty read proves nothing. `LEFT JOIN
terceros`, because accounting documents may have no header NIT; annulled ones are read too.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache, reduce
from typing import Any

from integrations.erp.equality import whole_number
from integrations.erp.fields.dialect import Setting
from integrations.errors import ConfigurationError, NoAnswerError

NUMBER2 = "NumeroDocumento2"
KEYS_AT_ONCE = 500
"""Values of one `IN (…)`: in live use for that many (`sag-notes`, section 3.5)."""


Ask = Callable[[str], list[dict[str, Any]]]
"""Runs one query of SAG: its rows, all of them, or QueryError."""


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


_DOCUMENT_COLUMNS = (
    "SELECT m.ka_nl_movimiento AS movimiento, f.k_sc_codigo_fuente AS fuente, m.ss_prefijo AS prefijo, "
    "m.n_numero_documento AS numero, {key} AS clave, m.d_fecha_documento AS fecha, t.n_nit AS nit, "
    "m.sc_anulado AS anulado, m.ss_nro_dcto AS numero2, m.ss_sistema_origen AS origen, v.n_nit AS vendedor, "
    "m.ss_pedido AS pedido, m.ss_moneda AS moneda, m.nd_trm AS trm, m.ss_otros AS otros, "
    "m.sc_beneficiario AS beneficiario, m.sv_observaciones AS observaciones "
    "FROM movimientos m INNER JOIN fuentes f ON f.ka_ni_fuente = m.ka_ni_fuente "
    "LEFT JOIN terceros t ON t.ka_nl_tercero = m.ka_nl_tercero "
    "LEFT JOIN terceros v ON v.ka_nl_tercero = m.ka_nl_tercero_vend "
)
_OWN_NUMBER_AS_KEY = _DOCUMENT_COLUMNS.replace("{key}", "m.ss_nro_dcto")
DOCUMENTS = LookupQuery(
    "query_documents",
    "Consulta de documentos por clave",
    f"{_DOCUMENT_COLUMNS}{{join}} WHERE f.k_sc_codigo_fuente = {{source}} AND {{key}} IN ({{keys}})",
    ("movimiento", "fuente", "prefijo", "numero", "clave", "fecha", "nit", "anulado"),
    ("{key}", "{join}", "{source}", "{keys}"),
)
DOCUMENTS_BY_IDENTIFIER = LookupQuery(
    "query_documents_by_identifier",
    "Consulta de documentos por el identificador que SAG les dio",
    f"{_OWN_NUMBER_AS_KEY}WHERE m.ka_nl_movimiento IN ({{keys}})",
    DOCUMENTS.columns,
)
DOCUMENTS_ABOVE = LookupQuery(
    "query_documents_above",
    "Consulta de documentos por consecutivo, donde no viaja una clave",
    f"{_OWN_NUMBER_AS_KEY}WHERE f.k_sc_codigo_fuente = {{source}} AND m.n_numero_documento > {{above}}",
    DOCUMENTS.columns,
    ("{source}", "{above}"),
)
DOCUMENTS_WITH_OUR_KEYS = LookupQuery(
    "query_documents_with_our_keys",
    "Consulta de documentos con claves nuestras, tras restaurar una copia",
    f"{_DOCUMENT_COLUMNS}{{join}} WHERE {{key}} LIKE 'IC%' AND m.ka_nl_movimiento > {{above}}",
    DOCUMENTS.columns,
    ("{key}", "{join}", "{above}"),
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
    "i.n_valor AS valor, i.n_descuento AS descuento, b.ss_codigo AS bodega, i.n_iva AS iva, "
    "i.n_descuento2 AS descuento2, i.ss_talla AS talla, i.ss_color AS color, i.ss_lote AS lote, "
    "ti.n_nit AS nit, i.sc_detalle_adicional AS detalle FROM movimientos_items i "
    "LEFT JOIN articulos a ON a.ka_nl_articulo = i.ka_nl_articulo "
    "LEFT JOIN terceros ti ON ti.ka_nl_tercero = i.ka_nl_tercero_item "
    "LEFT JOIN bodegas b ON b.ka_nl_bodega = i.ka_nl_bodega WHERE i.ka_nl_movimiento IN ({keys})",
    ("movimiento", "articulo", "cantidad", "valor", "descuento", "bodega"),
)
TRANSFERS = LookupQuery(
    "query_transfers",
    "Consulta de las líneas de un traslado",
    "SELECT i.ka_nl_movimiento AS movimiento, a.k_sc_codigo_articulo AS articulo, i.nd_cantidad AS cantidad, "
    "i.nd_valor AS valor, NULL AS descuento, b.ss_codigo AS bodega, d.ss_codigo AS bodega_destino, "
    "i.ss_talla AS talla, i.ss_color AS color FROM movimientos_traslados i "
    "LEFT JOIN articulos a ON a.ka_nl_articulo = i.ka_nl_articulo "
    "LEFT JOIN bodegas d ON d.ka_nl_bodega = i.ka_nl_bodega_destino "
    "LEFT JOIN bodegas b ON b.ka_nl_bodega = i.ka_nl_bodega_origen WHERE i.ka_nl_movimiento IN ({keys})",
    ITEMS.columns,
)
_PARTY_COLUMNS = (
    "SELECT t.n_nit AS clave, t.sc_nombre AS nombre, t.sc_naturaleza AS naturaleza, t.sc_direccion AS direccion, "
    "t.ss_email AS email, t.sc_telefono_ppal AS telefono, t.sc_telefono_alterno AS telefono_alterno, "
    "t.sc_codigo_alterno AS codigo_alterno, t.sc_tipo_dcto AS tipo_documento, t.sc_tipo_tercero AS tipo_tercero, "
    "t.ss_cod_act_econ AS actividad, t.ss_nombre1 AS nombre1, t.ss_nombre2 AS nombre2, t.ss_apellido1 AS apellido1, "
    "t.ss_apellido2 AS apellido2"
)
CLIENTS = LookupQuery(
    "query_clients",
    "Consulta de clientes por NIT",
    f"{_PARTY_COLUMNS}, c.n_cupo_maximo AS cupo FROM clientes c "
    "INNER JOIN terceros t ON t.ka_nl_tercero = c.ka_nl_tercero WHERE t.n_nit IN ({keys})",
    ("clave", "nombre", "naturaleza"),
)
THIRD_PARTIES = LookupQuery(
    "query_third_parties",
    "Consulta de terceros por NIT",
    f"{_PARTY_COLUMNS} FROM terceros t WHERE t.n_nit IN ({{keys}})",
    ("clave", "nombre", "naturaleza"),
)
ARTICLES = LookupQuery(
    "query_articles",
    "Consulta de artículos por código",
    "SELECT a.k_sc_codigo_articulo AS clave, a.sc_detalle_articulo AS nombre, a.n_porcentaje_iva AS iva, "
    "a.sc_referencia AS referencia, a.ss_detalle_artic2 AS descripcion2, a.ss_codigo_barras AS codigo_barras, "
    "a.ss_cod_iva AS codigo_iva, a.n_valor_venta_normal AS precio1, a.sc_activo AS activo "
    "FROM articulos a WHERE a.k_sc_codigo_articulo IN ({keys})",
    ("clave", "nombre", "iva", "referencia"),
)
QUERIES = (
    DOCUMENTS,
    DOCUMENTS_BY_IDENTIFIER,
    DOCUMENTS_ABOVE,
    DOCUMENTS_WITH_OUR_KEYS,
    LAST_NUMBER,
    ITEMS,
    TRANSFERS,
    CLIENTS,
    THIRD_PARTIES,
    ARTICLES,
)

OTHER_KEY_FIELD = "other_key_field"
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
        OTHER_KEY_FIELD,
        "Campo de nuestra clave cuando el documento ya ocupa el primero",
        "Dato30",
        "Un documento con número 2 propio lo conserva y lleva la clave aquí. «Ninguno»: viaja sin clave, y su "
        "ausencia en SAG nunca se da por probada.",
        (("", "Ninguno"), *((name, name) for name in KEY_FIELDS if name != NUMBER2)),
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

    def rows(self, ask: Ask, query: LookupQuery, **values: str) -> list[dict[str, Any]]:
        """The rows of a query, by column names in lower case; identifiers and numbers as whole numbers.

        Raises: NoAnswerError where a row lacks a column that the query names: the answer can't be read.
        """
        rows = [dict(map(_plain, row.items())) for row in ask(self.text_of(query, **values))]
        missing = next((name for row in rows for name in query.columns if name not in row), "")
        if missing:
            raise NoAnswerError(f"SAG respondió filas sin la columna «{missing}»: no se pueden leer.")
        return rows

    def text_of(self, query: LookupQuery, **values: str) -> str:
        """The query with its placeholders filled. Values are quoted by the caller; a brace in one stays as it is."""
        text = self.texts[query.key]
        for placeholder in query.placeholders:
            text = text.replace(placeholder, values[placeholder.strip("{}")])
        return text


_WHOLE = frozenset({"movimiento", "numero"})
"""Columns that some installations print with a point (101.0), or as a text."""


def _plain(column: tuple[str, Any]) -> tuple[str, Any]:
    name, value = column[0].casefold(), column[1]
    whole = whole_number(value) if name in _WHOLE else None
    return name, value if whole is None else whole


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


def quoted(values: Iterable[str]) -> str:
    """T-SQL text literals: a quote is doubled, nothing else is special inside one."""
    return ", ".join("'" + value.replace("'", "''") + "'" for value in values)
