"""The SAG queries that come with the product; an administrator edits them afterwards.

The columns are those of an installed database (`sag-notes`, section 4). assumed: another installation may have other
views, so each query is created once and never overwritten.
"""

from integrations.models import SavedQuery
from integrations.pulls.sag_queries import TAX_ID

_NIT = {"name": "nit", "label": "NIT del cliente", "type": TAX_ID}
_BARE_NIT = {"name": "nit", "label": "NIT sin dígito de verificación", "type": "number"}
"""How the same was asked for once."""

SHIPPED: tuple[dict[str, object], ...] = (
    {
        "name": "Precios y existencias",
        "description": "Cada artículo con sus precios y lo que hay en cada bodega en el último periodo.",
        "text": (
            "SELECT a.k_sc_codigo_articulo AS codigo, a.sc_detalle_articulo AS articulo,"
            " a.n_valor_venta_normal AS precio1, a.n_valor_venta_especial AS precio2,"
            " s.ka_nl_bodega AS bodega, s.n_saldo_actual AS existencia\n"
            "FROM articulos a WITH (NOLOCK)\n"
            "LEFT JOIN saldos_articulos s WITH (NOLOCK) ON s.ka_nl_articulo = a.ka_nl_articulo\n"
            "  AND s.k_sc_periodo = (SELECT MAX(k_sc_periodo) FROM saldos_articulos)\n"
            "ORDER BY a.k_sc_codigo_articulo"
        ),
        "parameters": [],
    },
    {
        "name": "Cartera de un cliente",
        "description": "Facturas de un cliente con saldo en el último periodo.",
        "text": (
            "SELECT f.k_sc_codigo_fuente AS fuente, m.n_numero_documento AS numero,"
            " m.d_fecha_documento AS fecha, s.n_saldo_actual AS saldo\n"
            "FROM movimientos m WITH (NOLOCK)\n"
            "INNER JOIN fuentes f WITH (NOLOCK) ON f.ka_ni_fuente = m.ka_ni_fuente\n"
            "INNER JOIN terceros t WITH (NOLOCK) ON t.ka_nl_tercero = m.ka_nl_tercero\n"
            "INNER JOIN saldos_facturas s WITH (NOLOCK) ON s.ka_nl_movimiento = m.ka_nl_movimiento\n"
            "  AND s.k_sc_periodo = (SELECT MAX(k_sc_periodo) FROM saldos_facturas)\n"
            "WHERE t.n_nit = @nit AND m.sc_anulado = 'N' AND s.n_saldo_actual <> 0\n"
            "ORDER BY m.d_fecha_documento"
        ),
        "parameters": [_NIT],
    },
    {
        "name": "Clientes",
        "description": "Documento y nombre de los clientes, como los muestra el manual de SAG.",
        "text": "SELECT n_nit AS Documento, sc_nombre AS Nombre FROM v_clientes ORDER BY sc_nombre",
        "parameters": [],
    },
)


def ship() -> None:
    """Create the queries that are not there; one that an administrator changed stays."""
    for row in SHIPPED:
        SavedQuery.objects.get_or_create(name=row["name"], defaults=row)
    SavedQuery.objects.filter(parameters=[_BARE_NIT]).update(parameters=[_NIT])
