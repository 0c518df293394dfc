"""SAG's documents: tipos 2, 6 and 28 into movimientos and its lines.

The printed vocabulary is taken under all three; the legacy one under 2 (`sag_legacy`).
What a document must bear is in `sag_obligations`; every refusal is assumed: the text gives none for documents.
"""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from integrations.simulators import sag_obligations as obligations
from integrations.simulators import sag_sources as sources
from integrations.simulators import sag_tables as tables
from integrations.simulators.sag_legacy import VOCABULARIES
from integrations.simulators.sag_masters import raw
from integrations.simulators.sag_records import (
    FailedError,
    Fields,
    RecordNode,
    RecordResult,
    day,
    first,
    now,
    number,
    require,
    tax_id,
)
from integrations.simulators.store import insert
from integrations.simulators.switches import check_choice
from integrations.simulators.treatment import Treatment

CREATED = "DOCUMENTO CREADO CORRECTAMENTE"
AVERAGE_COST = -9_999_999
USER_WIDTH = 30
"""`ss_usuario_new` is a CHAR column: padded with blanks (the width is assumed)."""

HEADER_TEXT = {
    "sc_beneficiario": "Beneficiario", "ss_centro_costo": "CentroCosto", "sv_observaciones": "Observaciones",
    "ss_pedido": "Pedido", "ss_remision": "Remision", "ss_otros": "Otros",
    "ss_moneda": "Moneda", "ss_cuenta_banco": "CodigoCuentaBanco", "sc_impreso": "Impreso",
    "sc_generado": "Generado", "sc_remision": "EsRemision", "sc_facturado": "Facturado",
    "sc_autorizacion": "Autorizado", "sc_dcto_cerrado": "DocumentoCerrado",
    "ss_sistema_origen": "SistemaOrigen", "ss_prefijo": "Prefijo",
}  # fmt: skip
LINE_TEXT = {
    "ss_talla": "Talla", "ss_color": "Color", "ss_lote": "Lote", "sc_cual_precio": "CualPrecio",
    "sc_detalle_adicional": "DetalleAdicional", "sv_det_adicional": "ObservacionesItem",
    "ss_centro_costo": "CodigoCentroCostoItem|CodigoCentroCosto", "ss_cuenta": "CodigoCuentaContable",
    "ss_valor_posible": "CodigoValorPosible",
}  # fmt: skip
LINE_NUMBERS = {
    "n_cantidad": "Cantidad", "n_valor": "ValorUnitario", "n_iva": "Iva", "n_descuento": "Descuento",
    "n_descuento2": "Descuento2", "nd_valor_cuenta": "Valor", "nd_porcentaje_base": "PorcentajeBase",
    "nd_valor_base": "ValorBase",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DocumentRules:
    """Switches. The defaults take the five published documents as they stand."""

    obligations: bool = True
    """A document that lacks what the official text makes obligatory is refused (`sag_obligations`)."""
    refuse_duplicates: bool = False
    """An explicit number repeated in its fuente and prefix; two published examples share FV/PR/14516."""
    store_uncommitted: bool = True
    """A document with `RealizarCommit="N"` is stored all the same (settled.md)."""
    create_masters: bool = True
    """Unknown fuentes, terceros, artículos and bodegas are made on the fly; else they are refused."""
    fill_numbers: bool = False
    """Fill `s_num_documento` and its neighbours, which the published answer leaves nil."""
    tipo_2_vocabulary: str = "both"
    """`both`, `legacy` or `printed`: the words that tipo 2 understands; those it does not are lost (assumed)."""
    key_characters: int = 0
    """How much of `NumeroDocumento2` is kept; 0 keeps all. Its column's length is unknown (notes, section 4.4)."""
    source_flags: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Flags of FUENTES by code, such as {"PD": {"sc_vendedor_obl": "S"}}."""

    def __post_init__(self) -> None:
        check_choice("tipo_2_vocabulary", self.tipo_2_vocabulary, VOCABULARIES)


def create_document(db: sqlite3.Connection, node: RecordNode, rules: DocumentRules) -> RecordResult:
    """One `<Movimiento>`. Raises `FailedError`; the caller's transaction then leaves nothing."""
    header = node.fields
    require(header, "CodigoFuente", "FechaDocumento", "NumeroDocumento", "LoginUsuario")
    source = _source(db, first(header, "CodigoFuente"), rules)
    if rules.obligations:
        obligations.check(node, source)
    sources.check(source, header, obligations.lines_of(node))
    requested = int(number(header["NumeroDocumento"]) or 0)
    _check_number(db, source, header, requested, rules)
    _check_key(db, source, header, rules)
    issued = requested or sources.next_number(db, source, first(header, "Prefijo"))
    movement = insert(db, "movimientos", _header_values(db, source, header, issued, rules))
    for child in node.children:
        _store_child(db, movement, source, child, rules)
    references = (first(header, "CodigoFuente"), str(movement), str(movement), str(issued))
    return RecordResult("OK", CREATED, *(references if rules.fill_numbers else ()))


def treated(rules: DocumentRules, treatment: Treatment) -> DocumentRules:
    """The switches as the fault `truncated_key` changes them for one request."""
    return replace(rules, key_characters=treatment.key_characters) if treatment.key_characters else rules


def in_source(node: RecordNode, code: str) -> RecordNode:
    """The document under another fuente; as it is for no code."""
    return RecordNode(node.name, {**node.fields, "CodigoFuente": code}, node.children) if code else node


def _kept_key(header: Fields, rules: DocumentRules) -> str:
    return first(header, "NumeroDocumento2")[: rules.key_characters or None]


def is_uncommitted(node: RecordNode) -> bool:
    """The document asks for no commit."""
    return first(node.fields, "RealizarCommit") == "N"


def _source(db: sqlite3.Connection, code: str, rules: DocumentRules) -> dict[str, object]:
    """The fuente's row. Codes are matched without regard to case."""
    row = sources.row_of(db, code)
    if row is None:
        _make_or_refuse(rules, "FUENTE", code)
        flags = rules.source_flags.get(code.upper(), {})
        sources.add(db, code, code, 5, "O", flags)
        row = sources.row_of(db, code) or {}
    return row


def _make_or_refuse(rules: DocumentRules, what: str, code: str) -> None:
    if not rules.create_masters:
        raise FailedError(f"{what} {code} NO EXISTE (simulador)")


def _check_number(
    db: sqlite3.Connection, source: Mapping[str, object], header: Fields, requested: int, rules: DocumentRules
) -> None:
    """An explicit number that its fuente and prefix have already. Raises `FailedError`."""
    if requested and (rules.refuse_duplicates or source["sc_duplicado"] == "N"):
        sql = "SELECT 1 FROM movimientos WHERE ka_ni_fuente = ? AND n_numero_documento = ? AND ss_prefijo = ?"
        if db.execute(sql, (source["ka_ni_fuente"], requested, first(header, "Prefijo"))).fetchone():
            raise FailedError("EL DOCUMENTO YA EXISTE")


def _check_key(db: sqlite3.Connection, source: Mapping[str, object], header: Fields, rules: DocumentRules) -> None:
    """A Número2 that the tercero has already, where the fuente minds it. Raises `FailedError`."""
    key = _kept_key(header, rules)
    if key and source["sc_duplicado_dcto2_tercero"] == "N":
        tercero = _third_party(db, first(header, "Nit", "NitTercero"), rules)
        sql = "SELECT 1 FROM movimientos WHERE ka_ni_fuente = ? AND ss_nro_dcto = ? AND ka_nl_tercero IS ?"
        if db.execute(sql, (source["ka_ni_fuente"], key, tercero)).fetchone():
            raise FailedError("EL NUMERO2 YA EXISTE")


def _header_values(
    db: sqlite3.Connection, source: Mapping[str, object], header: Fields, issued: int, rules: DocumentRules
) -> dict[str, object]:
    return {
        **{column: first(header, name) for column, name in HEADER_TEXT.items()},
        "ss_nro_dcto": _kept_key(header, rules),
        "ka_ni_fuente": source["ka_ni_fuente"],
        "n_numero_documento": issued,
        "ka_nl_tercero": _third_party(db, first(header, "Nit", "NitTercero"), rules),
        "ka_nl_tercero_vend": _seller(db, first(header, "NitVendedor"), rules),
        "d_fecha_documento": day(first(header, "FechaDocumento")),
        "dd_fecha_original": day(first(header, "FechaOriginal")),
        "nd_trm": number(header.get("Trm", "")),
        "nd_trm_me": number(header.get("TrmMe", "")),
        "ss_usuario_new": first(header, "LoginUsuario").ljust(USER_WIDTH),
        "ddt_fecha_new": now(),
        "sv_recibido": raw(header),
    }


def _third_party(db: sqlite3.Connection, text: str, rules: DocumentRules) -> int | None:
    document = tax_id(text)
    if document and not tables.key_of(db, "terceros", "ka_nl_tercero", "n_nit", int(document)):
        _make_or_refuse(rules, "TERCERO", document)
    return tables.third_party_key(db, document)


def _seller(db: sqlite3.Connection, text: str, rules: DocumentRules) -> int | None:
    """A tercero who sells becomes a row of VENDEDORES (assumed)."""
    key = _third_party(db, text, rules)
    if key:
        db.execute("INSERT OR IGNORE INTO vendedores (ka_nl_tercero) VALUES (?)", (key,))
    return key


def _store_child(
    db: sqlite3.Connection, movement: int, source: Mapping[str, object], child: RecordNode, rules: DocumentRules
) -> None:
    fields = child.fields
    match child.name.lower():
        case obligations.LINE:
            _store_line(db, movement, source, fields, rules)
        case name if name in obligations.OTHER_DATA:
            insert(db, "movimientos_otros_datos", {"ka_nl_movimiento": movement, **_other_values(fields)})
        case obligations.PAYMENT:
            insert(db, "movimientos_medios_pagos", {"ka_nl_movimiento": movement, **_payment_values(fields)})


def _other_values(fields: Fields) -> dict[str, object]:
    """`Dato1` and `Dato01` are one."""
    values: dict[str, object] = {f"ss_dato{n}": first(fields, f"Dato{n}", f"Dato{n:02d}") or None for n in range(1, 31)}
    return {**values, "sv_recibido": raw(fields)}


def _payment_values(fields: Fields) -> dict[str, object]:
    return {
        "ss_medio_pago": first(fields, "CodigoMedioPago"),
        "n_valor": number(fields.get("Valor", "")),
        "ss_transaccion": first(fields, "CodigoTransaccion"),
        "ss_numero_transaccion": first(fields, "NumeroTransaccion"),
        "sc_factura_pos": first(fields, "EsFacturaPos"),
        "sv_recibido": raw(fields),
    }


def _store_line(
    db: sqlite3.Connection, movement: int, source: Mapping[str, object], fields: Fields, rules: DocumentRules
) -> None:
    article = _article_key(db, first(fields, "CodigoArticulo"), rules)
    shared = {"ka_nl_movimiento": movement, "ka_nl_articulo": article, "sv_recibido": raw(fields)}
    if obligations.is_transfer(source, [fields]):
        insert(db, "movimientos_traslados", {**shared, **_transfer_values(db, fields, rules)})
        return
    values: dict[str, object] = {column: number(fields.get(name, "")) for column, name in LINE_NUMBERS.items()}
    if values["n_valor"] == AVERAGE_COST:
        values["n_valor"] = _average_cost(db, article)
    values |= _texts(fields, LINE_TEXT) | shared
    values |= {
        "ka_nl_bodega": _warehouse_key(db, first(fields, "Bodega"), rules),
        "ka_nl_tercero_item": _third_party(db, first(fields, "NitTercero"), rules),
        "ddt_fecha_new_item": now(),
    }
    insert(db, "movimientos_items", values)


def _transfer_values(db: sqlite3.Connection, fields: Fields, rules: DocumentRules) -> dict[str, object]:
    """Lines of transfers are kept apart from the others (notes, section 4.3)."""
    return {
        **_texts(fields, {name: LINE_TEXT[name] for name in ("ss_talla", "ss_color", "ss_lote")}),
        "sc_detalle_adicional": first(fields, "DetalleAdicional"),
        "nd_cantidad": number(fields.get("Cantidad", "")),
        "nd_valor": number(fields.get("ValorUnitario", "")),
        "ka_nl_bodega_origen": _warehouse_key(db, first(fields, "BodegaOrigen"), rules),
        "ka_nl_bodega_destino": _warehouse_key(db, first(fields, "BodegaDestino"), rules),
    }


def _texts(fields: Fields, columns: Mapping[str, str]) -> dict[str, object]:
    return {column: first(fields, *names.split("|")) for column, names in columns.items()}


def _average_cost(db: sqlite3.Connection, article: int | None) -> object:
    """Assumed: the standard cost stands for the average one, and no cost is 0."""
    row = db.execute("SELECT nd_costo_std FROM articulos WHERE ka_nl_articulo = ?", (article,)).fetchone()
    return (row and row[0]) or 0


def _article_key(db: sqlite3.Connection, code: str, rules: DocumentRules) -> int | None:
    """Accounting lines have no article; an unknown one becomes a provisional row."""
    if not code:
        return None
    if found := tables.key_of(db, "articulos", "ka_nl_articulo", "k_sc_codigo_articulo", code):
        return found
    _make_or_refuse(rules, "ARTÍCULO", code)
    return insert(db, "articulos", {"k_sc_codigo_articulo": code, "sc_provisional": "S"})


def _warehouse_key(db: sqlite3.Connection, code: str, rules: DocumentRules) -> int | None:
    if code and not tables.key_of(db, "bodegas", "ka_nl_bodega", "ss_codigo", code):
        _make_or_refuse(rules, "BODEGA", code)
    return tables.named_key(db, "bodegas", "ka_nl_bodega", "ss_codigo", code)
