"""What SAG derives from its documents: values, receivables and stock, as views under SAG's own names.

Names are of the notes, section 4.3; how the figures come about is assumed, as simply as it can be: a line's
value after its discounts, plus its IVA; a balance at each month in which anything moved. Annulled documents
count nowhere. Of `movimientos_valores` only 99 (total) and 90 (IVA) are made.
"""

_NET = (
    "COALESCE(i.n_cantidad * i.n_valor, 0) * (1 - COALESCE(i.n_descuento, 0) / 100.0)"
    " * (1 - COALESCE(i.n_descuento2, 0) / 100.0)"
)
_LINES = "FROM movimientos_items i WHERE i.ka_nl_movimiento = m.ka_nl_movimiento"
_VAT = f"(SELECT ROUND(COALESCE(SUM({_NET} * COALESCE(i.n_iva, 0) / 100.0), 0), 2) {_LINES})"
_TOTAL = (
    f"(SELECT ROUND(COALESCE(SUM({_NET} * (1 + COALESCE(i.n_iva, 0) / 100.0)"
    f" + MAX(COALESCE(i.nd_valor_cuenta, 0), 0)), 0), 2) {_LINES})"
)
_PERIOD = "SUBSTR({0}.d_fecha_documento, 1, 4) || SUBSTR({0}.d_fecha_documento, 6, 2)"
_OWN = _PERIOD.format("m")
_SIGN = "CASE f.sc_signo_inventario WHEN '-' THEN -1 ELSE 1 END"
_OF_SOURCE = "FROM movimientos m JOIN fuentes f ON f.ka_ni_fuente = m.ka_ni_fuente"
_MOVED = (
    "FROM movimientos m JOIN movimientos_traslados t ON t.ka_nl_movimiento = m.ka_nl_movimiento"
    " WHERE m.sc_anulado = 'N'"
)
VIEWS = f"""
DROP VIEW IF EXISTS calendario;
CREATE VIEW calendario AS SELECT DISTINCT {_OWN} AS k_sc_periodo,
  SUBSTR(m.d_fecha_documento, 1, 8) || '01T00:00:00' AS dd_fecha_ini,
  DATE(SUBSTR(m.d_fecha_documento, 1, 8) || '01', '+1 month', '-1 day') || 'T00:00:00' AS dd_fecha_fin
  FROM movimientos m;
DROP VIEW IF EXISTS movimientos_valores;
CREATE VIEW movimientos_valores AS
  SELECT m.ka_nl_movimiento, 99 AS n_tipo_valor, {_TOTAL} AS n_valor FROM movimientos m
  UNION ALL SELECT m.ka_nl_movimiento, 90, {_VAT} FROM movimientos m;
DROP VIEW IF EXISTS movimientos_facturas;
CREATE VIEW movimientos_facturas AS SELECT m.ka_nl_movimiento,
  COALESCE(REPLACE(JSON_EXTRACT(m.sv_recibido, '$.FechaVencimiento'), '/', '-') || 'T00:00:00',
    m.d_fecha_documento) AS d_vencimiento,
  {_TOTAL} AS n_valor_inicial, m.ka_nl_tercero_vend AS ka_nl_tercero
  {_OF_SOURCE} WHERE f.sc_tipo_dcto IN ('F', 'M');
DROP VIEW IF EXISTS saldos_facturas;
CREATE VIEW saldos_facturas AS SELECT m.ka_nl_movimiento, c.k_sc_periodo,
  {_TOTAL} - (SELECT COALESCE(SUM(r.n_valor), 0) FROM movimientos_referencias r
    WHERE r.ka_nl_movimiento_ref = m.ka_nl_movimiento AND r.k_sc_periodo <= c.k_sc_periodo) AS n_saldo_actual
  {_OF_SOURCE} JOIN calendario c ON c.k_sc_periodo >= {_OWN}
  WHERE f.sc_tipo_dcto IN ('F', 'M') AND m.sc_anulado = 'N';
DROP VIEW IF EXISTS sag_existencias;
CREATE VIEW sag_existencias AS
  SELECT i.ka_nl_articulo, i.ka_nl_bodega, {_OWN} AS periodo, i.n_cantidad * {_SIGN} AS cantidad
  {_OF_SOURCE} JOIN movimientos_items i ON i.ka_nl_movimiento = m.ka_nl_movimiento
  WHERE m.sc_anulado = 'N' AND f.sc_afecta_inventario = 'S' AND i.ka_nl_articulo IS NOT NULL
  UNION ALL SELECT t.ka_nl_articulo, t.ka_nl_bodega_origen, {_OWN}, -t.nd_cantidad {_MOVED}
  UNION ALL SELECT t.ka_nl_articulo, t.ka_nl_bodega_destino, {_OWN}, t.nd_cantidad {_MOVED};
DROP VIEW IF EXISTS saldos_articulos;
CREATE VIEW saldos_articulos AS SELECT e.ka_nl_articulo, e.ka_nl_bodega, c.k_sc_periodo,
  SUM(e.cantidad) AS n_saldo_actual,
  (SELECT a.nd_costo_std FROM articulos a WHERE a.ka_nl_articulo = e.ka_nl_articulo) AS n_costo_promedio,
  (SELECT a.nd_costo_std FROM articulos a WHERE a.ka_nl_articulo = e.ka_nl_articulo) AS n_ultimo_costo
  FROM sag_existencias e JOIN calendario c ON c.k_sc_periodo >= e.periodo
  GROUP BY e.ka_nl_articulo, e.ka_nl_bodega, c.k_sc_periodo;
"""  # noqa: S608 - a schema, no input
