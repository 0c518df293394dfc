"""SAG's masters: clientes (tipo 1), terceros (3 creates, 4 updates) and artículos (5)."""

import json
import sqlite3
from collections.abc import Mapping

from integrations.simulators import sag_tables as tables
from integrations.simulators.sag_records import (
    DOCUMENT_TYPES,
    MISSING,
    TAXPAYER_TYPES,
    FailedError,
    Fields,
    RecordResult,
    first,
    now,
    number,
    plain,
    require,
    require_among,
    tax_id,
)  # fmt: skip
from integrations.simulators.store import insert, update

CLIENT_CREATED = "CLIENTE CREADO CORRECTAMENTE"
THIRD_PARTY_CREATED = "TERCERO CREADO CORRECTAMENTE"
THIRD_PARTY_UPDATED = "TERCERO ACTUALIZADO CORRECTAMENTE"
ARTICLE_STORED = "ARTÍCULO CREADO CORRECTAMENTE"
"""Assumed: no success text of a master is public."""
CLIENT_REQUIRED = (
    "actividadComercial", "codigoDaneCiudad", "naturaleza|Naturaleza", "tipoDocumento", "documento|Documento",
    "nombre|Nombre", "direccion", "tipoTercero", "telefonoPpal", "email", "activoFijo", "formaPago", "zona",
    "retenedor", "iva", "activoComercial", "activo", "comisionCobros", "descuento", "descuentoPp",
    "precioVenta", "cupoMaximo",
)  # fmt: skip
CLIENT_FLAGS = ("retenedor", "iva", "activoComercial", "activo", "habeasData", "generafacelectronica")
CLIENT_NUMBERS = ("comisionVentas", "comisionCobros", "descuento", "descuentoPp", "cupoMaximo")
THIRD_PARTY_REQUIRED = (
    "tipoDocumento",
    "documentoActual|nitActual",
    "nombre",
    "naturaleza",
    "codigoDaneCiudad",
)
ARTICLE_REQUIRED = (
    "codigo", "descripcion", "grupo", "unidad", "manejaKardex", "manejaLote", "manejaTallaColor", "activo",
    "bloqueado", "clase", "tarifaIVA", "porcentajeIVA", "incluidoIVA",
)  # fmt: skip
ARTICLE_LETTERS = {
    "manejaKardex": "SN", "manejaLote": "NVES", "manejaTallaColor": "SNI", "activo": "SN", "bloqueado": "SN",
    "clase": "ASGO", "incluidoIVA": "SN", "tiendaVirtual": "SN",
}  # fmt: skip

PERSON_COLUMNS = {
    "sc_digito": "digitoVerificacion", "sc_nombre": "nombre|Nombre", "ss_apellido1": "apellido1",
    "ss_apellido2": "apellido2", "ss_nombre1": "nombre1", "ss_nombre2": "nombre2",
    "sc_naturaleza": "naturaleza|Naturaleza", "sc_tipo_dcto": "tipoDocumento",
    "sc_tipo_tercero": "tipoTercero",
    "sc_codigo_alterno": "codigoAlterno", "sc_direccion": "direccion|dirección",
    "ss_direccion2": "direccion2",
    "sc_telefono_ppal": "telefonoPpal", "sc_telefono_alterno": "telefonoAlterno",
    "sc_telefono_fax": "telefonoFax", "ss_email": "email", "ss_email2": "email2",
    "ss_pagina_web": "paginaWeb", "ss_cod_act_econ": "codActividadEconomica", "ss_rut": "rut",
    "ss_zip_code": "codigoPostal",
}  # fmt: skip
ARTICLE_COLUMNS = {
    "k_sc_codigo_articulo": "codigo", "sc_detalle_articulo": "descripcion",
    "ss_detalle_artic2": "descripcion2",
    "sc_referencia": "referencia", "ss_codigo_barras": "codBarras", "ss_unidad": "unidad",
    "k_sc_clase_articulo": "clase", "sc_maneja_kardex": "manejaKardex", "sc_lotes": "manejaLote",
    "sc_maneja_tallas": "manejaTallaColor", "SS_COD_IVA": "tarifaIVA", "sc_iva_incluido": "incluidoIVA",
    "sc_activo": "activo", "sc_bloqueado": "bloqueado", "sc_tienda_virtual": "tiendaVirtual",
}  # fmt: skip
ARTICLE_NUMBERS = {
    "n_porcentaje_iva": "porcentajeIVA", "n_valor_venta_normal": "PV1", "n_valor_venta_especial": "PV2",
    "n_valor_venta_promocion": "PV3", "nd_valor_venta4": "PV4", "nd_precio5": "PV5", "nd_precio6": "PV6",
    "nd_precio7": "PV7", "nd_precio8": "PV8", "nd_costo_std": "costoSTD", "n_cantidad_maxima": "cantMaxima",
    "n_cantidad_minima": "cantMinima",
}  # fmt: skip


def create_client(db: sqlite3.Connection, fields: Fields) -> RecordResult:
    """tipo 1. Refusals: official text, «validaciones»; their order is assumed."""
    _check_client(db, fields)
    document = tax_id(first(fields, "documento", "Documento"))
    _check_client_type(db, first(fields, "tipoCliente"))
    key = tables.third_party_key(db, document)
    if tables.key_of(db, "clientes", "ka_nl_tercero", "ka_nl_tercero", key):
        raise FailedError("EL CLIENTE YA EXISTE")
    _store_person(db, int(key or 0), fields)
    _store_client(db, key, fields)
    return RecordResult("OK", CLIENT_CREATED, identifier=document)


def _check_client(db: sqlite3.Connection, fields: Fields) -> None:
    require(fields, *CLIENT_REQUIRED)
    _check_person(db, fields)
    for name in CLIENT_FLAGS:
        require_among(first(fields, name), ("S", "N"))
    require_among(first(fields, "activoFijo"), ("N",))
    _check_numbers(fields, CLIENT_NUMBERS)


def _check_client_type(db: sqlite3.Connection, name: str) -> None:
    if name and not tables.key_of(db, "tipos_clientes", "ka_ni_tipo_cliente", "ss_tipo_cliente", name):
        raise FailedError("TIPO DE CLIENTE INVÁLIDO")


def _check_numbers(fields: Fields, names: tuple[str, ...]) -> None:
    for name in names:
        try:
            number(fields.get(name, ""))
        except FailedError:
            raise FailedError(MISSING) from None


def create_third_party(db: sqlite3.Connection, fields: Fields) -> RecordResult:
    """tipo 3. The refusal of one that exists is assumed."""
    require(fields, *THIRD_PARTY_REQUIRED)
    _check_person(db, fields)
    document = tax_id(first(fields, "documentoActual", "nitActual"))
    found = db.execute("SELECT sc_provisional FROM terceros WHERE n_nit = ?", (int(document),)).fetchone()
    if found and found["sc_provisional"] != "S":
        raise FailedError("EL TERCERO YA EXISTE")
    _store_person(db, int(tables.third_party_key(db, document) or 0), fields)
    return RecordResult("OK", THIRD_PARTY_CREATED)


def update_third_party(db: sqlite3.Connection, fields: Fields) -> RecordResult:
    """tipo 4: only what is sent changes (official text, note). Refusals of its own are assumed."""
    require(fields, "documentoActual|nitActual")
    _check_person(db, fields)
    document = tax_id(first(fields, "documentoActual", "nitActual"))
    key = tables.key_of(db, "terceros", "ka_nl_tercero", "n_nit", int(document))
    if key is None:
        raise FailedError("EL TERCERO NO EXISTE")
    _renumber(db, key, tax_id(first(fields, "documentoActualizar")))
    _store_person(db, key, fields)
    return RecordResult("OK", THIRD_PARTY_UPDATED)


def _renumber(db: sqlite3.Connection, key: int, document: str) -> None:
    if not document:
        return
    owner = tables.key_of(db, "terceros", "ka_nl_tercero", "n_nit", int(document))
    if owner not in (None, key):
        raise FailedError("EL TERCERO YA EXISTE")
    update(db, "terceros", "ka_nl_tercero", key, {"n_nit": int(document)})


def _check_person(db: sqlite3.Connection, fields: Fields) -> None:
    require_among(first(fields, "tipoDocumento"), DOCUMENT_TYPES, "TIPO DE DOCUMENTO INVÁLIDO")
    require_among(first(fields, "naturaleza", "Naturaleza"), ("N", "J"))
    require_among(first(fields, "tipoTercero"), TAXPAYER_TYPES)
    city = first(fields, "codigoDaneCiudad")
    if city and _city_key(db, city) is None:
        raise FailedError("CIUDAD NO EXISTE")


def _city_key(db: sqlite3.Connection, code_or_name: str) -> int | None:
    wanted = plain(code_or_name)
    cities = db.execute("SELECT ka_ni_ciudad, ss_codigo_dane, sc_nombre_ciudad FROM ciudades")
    return next((row[0] for row in cities if wanted in (row[1], plain(row[2]))), None)


def _store_client(db: sqlite3.Connection, key: int | None, fields: Fields) -> None:
    """What is a client's only, beside the third party that it is."""
    zone = tables.named_key(db, "zonas", "ka_ni_zona", "sc_detalle_zona", first(fields, "zona"))
    values = {"ka_nl_tercero": key, "n_cupo_maximo": number(fields["cupoMaximo"]), "ka_ni_zona": zone}
    insert(db, "clientes", {**values, "sv_recibido": raw(fields)})


def _store_person(db: sqlite3.Connection, key: int, fields: Fields) -> None:
    """What is sent, over what is there. What was received accumulates in `sv_recibido`."""
    stored = db.execute(
        "SELECT sv_recibido, ddt_fecha_creacion_tercero FROM terceros WHERE ka_nl_tercero = ?", (key,)
    ).fetchone()
    values = _person_columns(db, fields) | {
        "sc_provisional": "N",
        "ddt_fecha_modificacion": now(),
        "ddt_fecha_creacion_tercero": stored["ddt_fecha_creacion_tercero"] or now(),
        "sv_recibido": raw({**json.loads(stored["sv_recibido"]), **fields}),
    }
    update(db, "terceros", "ka_nl_tercero", key, values)


def create_article(db: sqlite3.Connection, fields: Fields, *, upsert: bool) -> RecordResult:
    """tipo 5. The text says «crear»; whether it also updates is unknown, so `upsert` is a switch."""
    require(fields, *ARTICLE_REQUIRED)
    for name, letters in ARTICLE_LETTERS.items():
        require_among(first(fields, name), letters)
    if tables.key_of(db, "tarifas_iva", "KA_NL_TARIFA_IVA", "SS_COD_IVA", first(fields, "tarifaIVA")) is None:
        raise FailedError("TARIFA DE IVA NO EXISTE (simulador)")
    found = db.execute("SELECT * FROM articulos WHERE k_sc_codigo_articulo = ?", (first(fields, "codigo"),)).fetchone()
    if found and found["sc_provisional"] != "S" and not upsert:
        raise FailedError("EL ARTÍCULO YA EXISTE")
    values = _article_values(db, fields)
    if found:
        update(db, "articulos", "ka_nl_articulo", found["ka_nl_articulo"], values)
    else:
        insert(db, "articulos", {**values, "ddt_fecha_new": now()})
    return RecordResult("OK", ARTICLE_STORED)


def _article_values(db: sqlite3.Connection, fields: Fields) -> dict[str, object]:
    subgroup = first(fields, "subgrupo", "subGrupo")
    subgroup = subgroup.ljust(tables.SUBGROUP_WIDTH) if subgroup else ""
    numbers: dict[str, object] = {column: number(fields.get(name, "")) for column, name in ARTICLE_NUMBERS.items()}
    return (
        _columns(fields, ARTICLE_COLUMNS)
        | numbers
        | {
            "ka_ni_grupo": tables.named_key(db, "grupos", "ka_ni_grupo", "sc_detalle_grupo", first(fields, "grupo")),
            "ka_ni_subgrupo": tables.named_key(db, "subgrupos", "ka_ni_subgrupo", "sc_detalle_subgrupo", subgroup),
            "ka_nl_linea": tables.named_key(db, "lineas", "ka_nl_linea", "ss_linea", first(fields, "linea")),
            "dd_fecha_ult_modificacion": now()[:10] + "T00:00:00",
            "sc_provisional": "N",
            "sv_recibido": raw(fields),
        }
    )


def _person_columns(db: sqlite3.Connection, fields: Fields) -> dict[str, object]:
    """The columns of a third party that were sent; its city by the key of the table of cities."""
    values, city = _columns(fields, PERSON_COLUMNS), first(fields, "codigoDaneCiudad")
    return {**values, "ka_ni_ciudad": _city_key(db, city)} if city else values


def _columns(fields: Fields, columns: Mapping[str, str]) -> dict[str, object]:
    """The columns whose field was sent, in any of its spellings; empty text included."""
    values: dict[str, object] = {}
    for column, names in columns.items():
        sent = [name for name in names.split("|") if name in fields]
        if sent:
            values[column] = first(fields, *sent)
    return values


def raw(fields: Fields) -> str:
    """Everything received, as it was received."""
    return json.dumps(dict(fields), ensure_ascii=False)
