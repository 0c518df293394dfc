"""The part of SAG's database that the stand-in has, under SAG's own names (notes, section 4).

Text is compared without regard to case, as SQL Server does by default. Columns whose name is not public
are marked. `sv_recibido` is the stand-in's own: every attribute received, as JSON.
"""

import sqlite3
from collections.abc import Mapping

from integrations.simulators import sag_balances, sag_sources
from integrations.simulators.store import Store, insert

T = "TEXT COLLATE NOCASE"
PADDED = "TEXT COLLATE PADDED"
"""A CHAR column: its texts end in blanks, which count for nothing when they are compared."""
SCHEMA = f"""
CREATE TABLE IF NOT EXISTS terceros (ka_nl_tercero INTEGER PRIMARY KEY, n_nit INTEGER UNIQUE, sc_digito {T},
  sc_nombre {T}, sc_nombre_alterno {T}, ss_apellido1 {T}, ss_apellido2 {T}, ss_nombre1 {T}, ss_nombre2 {T},
  sc_naturaleza {T}, sc_tipo_dcto {T}, sc_tipo_tercero {T}, sc_codigo_alterno {T}, sc_direccion {T},
  ss_direccion2 {T}, ka_ni_ciudad INTEGER, ka_nl_departamento INTEGER, ka_ni_centro_costo INTEGER,
  sc_telefono_ppal {T}, sc_telefono_alterno {T}, sc_telefono_fax {T},
  ss_email {T}, ss_email2 {T}, ss_pagina_web {T}, ss_cod_act_econ {T}, ss_rut {T}, ss_zip_code {T},
  ddt_fecha_modificacion TEXT, ddt_fecha_creacion_tercero TEXT,
  sc_provisional {T} DEFAULT 'N', sv_recibido TEXT DEFAULT '{{}}');
CREATE TABLE IF NOT EXISTS clientes (ka_nl_tercero INTEGER PRIMARY KEY, n_cupo_maximo NUMERIC,
  ka_ni_zona INTEGER, sv_recibido TEXT DEFAULT '{{}}'); -- ka_ni_zona: assumed name
CREATE TABLE IF NOT EXISTS vendedores (ka_nl_tercero INTEGER PRIMARY KEY, nd_comision_ventas NUMERIC,
  nd_comision_cobros NUMERIC, sc_activo {T} DEFAULT 'S', ka_ni_zona INTEGER, ka_ni_canal INTEGER);
CREATE TABLE IF NOT EXISTS zonas (ka_ni_zona INTEGER PRIMARY KEY, sc_detalle_zona {T} UNIQUE);
DROP VIEW IF EXISTS v_clientes;
CREATE VIEW v_clientes AS SELECT t.*, c.n_cupo_maximo FROM clientes c
  JOIN terceros t ON t.ka_nl_tercero = c.ka_nl_tercero;
CREATE TABLE IF NOT EXISTS articulos (ka_nl_articulo INTEGER PRIMARY KEY, k_sc_codigo_articulo {T} UNIQUE,
  sc_detalle_articulo {T}, ss_detalle_artic2 {T}, sc_referencia {T}, ss_codigo_barras {T}, ka_ni_grupo INTEGER,
  ka_ni_subgrupo INTEGER, ka_nl_linea INTEGER, ss_unidad {T}, k_sc_clase_articulo {T}, sc_maneja_kardex {T},
  sc_lotes {T}, sc_maneja_tallas {T}, SS_COD_IVA {T}, n_porcentaje_iva NUMERIC, sc_iva_incluido {T},
  n_valor_venta_normal NUMERIC, n_valor_venta_especial NUMERIC, n_valor_venta_promocion NUMERIC,
  nd_valor_venta4 NUMERIC, nd_precio5 NUMERIC, nd_precio6 NUMERIC, nd_precio7 NUMERIC, nd_precio8 NUMERIC,
  nd_costo_std NUMERIC, n_cantidad_maxima NUMERIC, n_cantidad_minima NUMERIC, sc_activo {T}, sc_bloqueado {T},
  sc_tienda_virtual {T}, ddt_fecha_new TEXT, dd_fecha_ult_modificacion TEXT,
  sc_provisional {T} DEFAULT 'N', sv_recibido TEXT DEFAULT '{{}}');
CREATE TABLE IF NOT EXISTS grupos (ka_ni_grupo INTEGER PRIMARY KEY, sc_detalle_grupo {T} UNIQUE);
CREATE TABLE IF NOT EXISTS subgrupos (ka_ni_subgrupo INTEGER PRIMARY KEY, sc_detalle_subgrupo {PADDED} UNIQUE);
CREATE TABLE IF NOT EXISTS lineas (ka_nl_linea INTEGER PRIMARY KEY, ss_linea {T} UNIQUE);
CREATE TABLE IF NOT EXISTS bodegas (ka_nl_bodega INTEGER PRIMARY KEY, ss_codigo {T} UNIQUE, ss_nombre {T},
  sc_clase {T} DEFAULT 'P', sc_activo {T} DEFAULT 'S', sc_aplica_inv {T} DEFAULT 'S', ka_nl_tercero INTEGER,
  sc_maneja_bin {T} DEFAULT 'N', sc_tienda_virtual {T} DEFAULT 'N');
CREATE TABLE IF NOT EXISTS ciudades (ka_ni_ciudad INTEGER PRIMARY KEY, ss_codigo_dane {T} UNIQUE,
  sc_nombre_ciudad {T}); -- ss_codigo_dane: assumed name
CREATE TABLE IF NOT EXISTS tarifas_iva (KA_NL_TARIFA_IVA INTEGER PRIMARY KEY, SS_COD_IVA {T} UNIQUE,
  SS_NOM_IVA {T}, ND_PORCENTAJE_IVA NUMERIC, sc_excluido {T} DEFAULT 'N');
CREATE TABLE IF NOT EXISTS tipos_clientes (ka_ni_tipo_cliente INTEGER PRIMARY KEY, ss_tipo_cliente {T} UNIQUE);
DROP VIEW IF EXISTS v_articulos;
CREATE VIEW v_articulos AS SELECT a.*, g.sc_detalle_grupo, s.sc_detalle_subgrupo,
  l.ss_linea AS sc_detalle_linea, a.ss_unidad AS sc_unidad, a.sc_maneja_kardex AS sc_es_kardex,
  a.n_porcentaje_iva AS n_iva, a.n_valor_venta_normal AS nd_precio1, a.n_valor_venta_especial AS nd_precio2,
  a.n_valor_venta_promocion AS nd_precio3, a.nd_valor_venta4 AS nd_precio4,
  a.sc_maneja_tallas AS sc_maneja_tc
  FROM articulos a LEFT JOIN grupos g ON g.ka_ni_grupo = a.ka_ni_grupo
  LEFT JOIN subgrupos s ON s.ka_ni_subgrupo = a.ka_ni_subgrupo LEFT JOIN lineas l ON l.ka_nl_linea = a.ka_nl_linea;
CREATE TABLE IF NOT EXISTS movimientos (ka_nl_movimiento INTEGER PRIMARY KEY AUTOINCREMENT, ka_ni_fuente INTEGER,
  n_numero_documento INTEGER, ss_prefijo {T}, ka_nl_tercero INTEGER, sc_beneficiario {T}, d_fecha_documento TEXT,
  dd_fecha_original TEXT, ss_centro_costo {T}, sc_anulado {T} DEFAULT 'N', sv_observaciones {T}, ss_nro_dcto {T},
  ss_pedido {T}, ss_remision {T}, ss_otros {T}, ss_moneda {T}, nd_trm NUMERIC, nd_trm_me NUMERIC,
  ka_nl_tercero_vend INTEGER, ss_cuenta_banco {T}, sc_impreso {T}, sc_generado {T}, sc_remision {T},
  sc_facturado {T}, sc_autorizacion {T}, sc_dcto_cerrado {T}, ss_usuario_new {PADDED}, ddt_fecha_new TEXT,
  ss_sistema_origen {T}, ss_integracion_id {T} DEFAULT '', ss_cod_cufe {T} DEFAULT '', sv_recibido TEXT);
  -- ss_centro_costo, ss_cuenta_banco: assumed names (SAG keeps integer keys)
CREATE INDEX IF NOT EXISTS movimientos_numero2 ON movimientos (ss_nro_dcto);
CREATE INDEX IF NOT EXISTS movimientos_numero ON movimientos (ka_ni_fuente, n_numero_documento);
CREATE TABLE IF NOT EXISTS movimientos_items (ka_nl_movimiento_item INTEGER PRIMARY KEY AUTOINCREMENT,
  ka_nl_movimiento INTEGER, ka_nl_articulo INTEGER, n_cantidad NUMERIC, n_valor NUMERIC, n_iva NUMERIC,
  n_descuento NUMERIC, n_descuento2 NUMERIC, ka_nl_bodega INTEGER, ss_talla {T}, ss_color {T}, ss_lote {T},
  sc_cual_precio {T}, ss_centro_costo {T}, sc_detalle_adicional {T}, sv_det_adicional {T},
  ka_nl_tercero_item INTEGER, ss_cuenta {T}, nd_valor_cuenta NUMERIC, nd_porcentaje_base NUMERIC,
  nd_valor_base NUMERIC, ss_valor_posible {T}, ddt_fecha_new_item TEXT, sv_recibido TEXT);
  -- ss_cuenta, nd_valor_cuenta, nd_porcentaje_base, nd_valor_base, ss_valor_posible: assumed names
CREATE INDEX IF NOT EXISTS items_movimiento ON movimientos_items (ka_nl_movimiento);
CREATE TABLE IF NOT EXISTS movimientos_traslados (ka_nl_movimiento_traslado INTEGER PRIMARY KEY AUTOINCREMENT,
  ka_nl_movimiento INTEGER, ka_nl_articulo INTEGER, nd_cantidad NUMERIC, nd_valor NUMERIC,
  ka_nl_bodega_origen INTEGER, ka_nl_bodega_destino INTEGER, ss_talla {T}, ss_color {T}, ss_lote {T},
  sc_detalle_adicional {T}, sv_recibido TEXT);
CREATE INDEX IF NOT EXISTS traslados_movimiento ON movimientos_traslados (ka_nl_movimiento);
CREATE TABLE IF NOT EXISTS movimientos_otros_datos (ka_nl_movimiento_dato INTEGER PRIMARY KEY AUTOINCREMENT,
  ka_nl_movimiento INTEGER, ddt_fecha_autorizacion TEXT,
  {", ".join(f"ss_dato{n} {T}" for n in range(1, 31))}, sv_recibido TEXT); -- ss_datoN: assumed names
CREATE INDEX IF NOT EXISTS datos_movimiento ON movimientos_otros_datos (ka_nl_movimiento);
CREATE TABLE IF NOT EXISTS movimientos_medios_pagos (ka_nl_movimiento_pago INTEGER PRIMARY KEY AUTOINCREMENT,
  ka_nl_movimiento INTEGER, ss_medio_pago {T}, n_valor NUMERIC, ss_transaccion {T}, ss_numero_transaccion {T},
  sc_factura_pos {T}, sv_recibido TEXT); -- the whole table is assumed
CREATE TABLE IF NOT EXISTS movimientos_referencias (ka_nl_movimiento_referencia INTEGER PRIMARY KEY AUTOINCREMENT,
  ka_nl_movimiento INTEGER, ka_nl_movimiento_ref INTEGER, n_valor NUMERIC, k_sc_periodo {T}); -- columns assumed
CREATE INDEX IF NOT EXISTS referencias_factura ON movimientos_referencias (ka_nl_movimiento_ref);
CREATE INDEX IF NOT EXISTS pagos_movimiento ON movimientos_medios_pagos (ka_nl_movimiento);
"""  # noqa: S608 - a schema, no input; long as tables are
TABLES = (
    "movimientos_medios_pagos", "movimientos_otros_datos", "movimientos_traslados", "movimientos_items",
    "movimientos_referencias", "movimientos", "clientes", "vendedores", "terceros", "articulos", "grupos",
    "subgrupos", "lineas", "bodegas", "ciudades", "zonas", "tarifas_iva", "tipos_clientes", *sag_sources.TABLES,
)  # fmt: skip

CITIES = """
05001 Medellín|05002 Abejorral|05003 (muestra publicada)|05088 Bello|05266 Envigado|05360 Itagüí
05615 Rionegro|05631 Sabaneta|08001 Barranquilla|08758 Soledad|11001 Bogotá|13001 Cartagena|15001 Tunja
17001 Manizales|18001 Florencia|19001 Popayán|20001 Valledupar|23001 Montería|25175 Chía|25754 Soacha
27001 Quibdó|41001 Neiva|44001 Riohacha|47001 Santa Marta|50001 Villavicencio|52001 Pasto|54001 Cúcuta
63001 Armenia|66001 Pereira|66170 Dosquebradas|68001 Bucaramanga|68276 Floridablanca|70001 Sincelejo
73001 Ibagué|76001 Cali|76109 Buenaventura|76111 Guadalajara de Buga|76520 Palmira|76834 Tuluá|81001 Arauca
85001 Yopal|86001 Mocoa|88001 San Andrés|91001 Leticia|94001 Inírida|95001 San José del Guaviare|97001 Mitú
99001 Puerto Carreño
"""
VAT_RATES = {
    "IVA19": 19,
    "IVA16": 16,
    "IVA10": 10,
    "IVA8": 8,
    "IVA5": 5,
    "05": 5,
    "10": 10,
    "20": 20,
    "EXE": 0,
    "EXC": 0,
}
"""The published IVA19 and codes seen in one installation; IVA5 and IVA10 assumed."""
CLIENT_TYPES = (
    "E-COMMERCE",
    "MAYORISTA",
    "MINORISTA",
    "DISTRIBUIDOR",
    "INSTITUCIONAL",
    "EMPLEADO",
    "EXTERIOR",
)
"""The published one, and others that are assumed: the register is each company's own."""

ZONES = ("ANTIOQUIA", "MEDELLIN Y AREA METROPOLITANA")
SUBGROUP_WIDTH = 40
"""How far a subgroup's name is padded (assumed)."""


def create(store: Store) -> None:
    """Tables, and the registers that an empty company has."""
    store.define(sag_sources.SCHEMA + SCHEMA + sag_balances.VIEWS)
    if not store.rows("SELECT 1 FROM fuentes LIMIT 1"):
        with store.transaction() as db:
            _seed(db)


def _seed(db: sqlite3.Connection) -> None:
    sag_sources.seed(db)
    for city in CITIES.strip().replace("\n", "|").split("|"):
        insert(db, "ciudades", {"ss_codigo_dane": city[:5], "sc_nombre_ciudad": city[6:].upper()})
    for code, percent in VAT_RATES.items():
        insert(db, "tarifas_iva", {"SS_COD_IVA": code, "SS_NOM_IVA": code, "ND_PORCENTAJE_IVA": percent})
    for client_type in CLIENT_TYPES:
        insert(db, "tipos_clientes", {"ss_tipo_cliente": client_type})
    for zone in ZONES:
        insert(db, "zonas", {"sc_detalle_zona": zone})


def key_of(db: sqlite3.Connection, table: str, key: str, column: str, value: object) -> int | None:
    """The integer key of the row that has `value` in `column`."""
    row = db.execute(f'SELECT "{key}" FROM "{table}" WHERE "{column}" = ?', (value,)).fetchone()  # noqa: S608
    return row[0] if row else None


def named_key(db: sqlite3.Connection, table: str, key: str, column: str, name: str) -> int | None:
    """The key of a register's entry; an unknown name makes a new one (assumed). None for no name."""
    if not name:
        return None
    return key_of(db, table, key, column, name) or insert(db, table, {column: name})


def third_party_key(db: sqlite3.Connection, tax_id: str, more: Mapping[str, object] | None = None) -> int | None:
    """The tercero of a NIT; an unknown one becomes a provisional row, to be filled later (assumed)."""
    if not tax_id:
        return None
    found = key_of(db, "terceros", "ka_nl_tercero", "n_nit", int(tax_id))
    return found or insert(
        db, "terceros", {"n_nit": int(tax_id), "sc_nombre": "", "sc_provisional": "S", **(more or {})}
    )
