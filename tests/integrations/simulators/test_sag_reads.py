"""The SQL that the product and its people send, against the stand-in for SAG: every text gives rows.

The texts are copies, written out here on purpose: a stand-in knows nothing of the product.
"""

from collections.abc import Iterator

import pytest

from integrations.simulators.sag import start_sag
from integrations.simulators.serving import RunningSimulator
from tests.integrations.simulators.client import act, document, insert, line, published, select

PARTY = """t.ka_nl_tercero AS clave, t.n_nit AS nit, t.sc_digito AS digito, t.sc_nombre AS nombre,
       t.sc_naturaleza AS naturaleza, t.sc_tipo_dcto AS tipo_documento, t.sc_tipo_tercero AS tipo_tercero,
       t.sc_direccion AS direccion, t.sc_telefono_ppal AS telefono, t.sc_telefono_alterno AS telefono_alterno,
       t.ss_email AS correo, t.ddt_fecha_modificacion AS modificado"""
SINCE = "'20200101'"
THIRD_PARTIES = f"""SELECT TOP 500 {PARTY},
       t.sc_codigo_alterno AS codigo_alterno, t.ss_cod_act_econ AS actividad
FROM TERCEROS t WITH (NOLOCK)
WHERE t.ka_nl_tercero > 0 AND (t.ddt_fecha_modificacion >= {SINCE} OR t.ddt_fecha_modificacion IS NULL)
ORDER BY t.ka_nl_tercero"""
CLIENTS = f"""SELECT TOP 500 {PARTY},
       t.ss_apellido1 AS apellido1, t.ss_apellido2 AS apellido2, t.ss_nombre1 AS nombre1, t.ss_nombre2 AS nombre2,
       c.n_cupo_maximo AS cupo
FROM clientes c WITH (NOLOCK)
INNER JOIN TERCEROS t WITH (NOLOCK) ON t.ka_nl_tercero = c.ka_nl_tercero
WHERE t.ka_nl_tercero > 0 AND (t.ddt_fecha_modificacion >= {SINCE} OR t.ddt_fecha_modificacion IS NULL)
ORDER BY t.ka_nl_tercero"""
ARTICLES = f"""SELECT TOP 500 a.ka_nl_articulo AS clave, a.k_sc_codigo_articulo AS codigo,
       a.sc_detalle_articulo AS nombre, a.ss_detalle_artic2 AS descripcion2, a.sc_referencia AS referencia,
       a.ss_codigo_barras AS codigo_barras, a.ss_cod_iva AS codigo_iva, a.n_porcentaje_iva AS porcentaje_iva,
       a.n_valor_venta_normal AS precio1, a.sc_activo AS activo, a.dd_fecha_ult_modificacion AS modificado
FROM ARTICULOS a WITH (NOLOCK)
WHERE a.ka_nl_articulo > 0 AND (a.dd_fecha_ult_modificacion >= {SINCE} OR a.dd_fecha_ult_modificacion IS NULL)
ORDER BY a.ka_nl_articulo"""
SOURCES = """SELECT TOP 500 f.*
FROM FUENTES f WITH (NOLOCK)
WHERE f.ka_ni_fuente > 0
ORDER BY f.ka_ni_fuente"""
PRICES_AND_STOCK = (
    "SELECT a.k_sc_codigo_articulo AS codigo, a.sc_detalle_articulo AS articulo,"
    " a.n_valor_venta_normal AS precio1, a.n_valor_venta_especial AS precio2,"
    " s.ka_nl_bodega AS bodega, s.n_saldo_actual AS existencia\n"
    "FROM articulos a WITH (NOLOCK)\n"
    "LEFT JOIN saldos_articulos s WITH (NOLOCK) ON s.ka_nl_articulo = a.ka_nl_articulo\n"
    "  AND s.k_sc_periodo = (SELECT MAX(k_sc_periodo) FROM saldos_articulos)\n"
    "ORDER BY a.k_sc_codigo_articulo"
)
RECEIVABLES = (
    "SELECT f.k_sc_codigo_fuente AS fuente, m.n_numero_documento AS numero,"
    " m.d_fecha_documento AS fecha, s.n_saldo_actual AS saldo\n"
    "FROM movimientos m WITH (NOLOCK)\n"
    "INNER JOIN fuentes f WITH (NOLOCK) ON f.ka_ni_fuente = m.ka_ni_fuente\n"
    "INNER JOIN terceros t WITH (NOLOCK) ON t.ka_nl_tercero = m.ka_nl_tercero\n"
    "INNER JOIN saldos_facturas s WITH (NOLOCK) ON s.ka_nl_movimiento = m.ka_nl_movimiento\n"
    "  AND s.k_sc_periodo = (SELECT MAX(k_sc_periodo) FROM saldos_facturas)\n"
    "WHERE t.n_nit = 900123456 AND m.sc_anulado = 'N' AND s.n_saldo_actual <> 0\n"
    "ORDER BY m.d_fecha_documento"
)
NAMES_OF_CLIENTS = "SELECT n_nit AS Documento, sc_nombre AS Nombre FROM v_clientes ORDER BY sc_nombre"
RECONCILE = """SELECT m.ka_nl_movimiento AS movimiento, f.k_sc_codigo_fuente AS fuente, m.ss_prefijo AS prefijo,
       m.n_numero_documento AS numero, m.ss_nro_dcto AS numero2, m.d_fecha_documento AS fecha,
       t.n_nit AS nit, m.sc_anulado AS anulado, m.ss_sistema_origen AS origen, m.ddt_fecha_new AS creado
FROM movimientos m WITH (NOLOCK)
INNER JOIN fuentes f WITH (NOLOCK) ON f.ka_ni_fuente = m.ka_ni_fuente
INNER JOIN terceros t WITH (NOLOCK) ON t.ka_nl_tercero = m.ka_nl_tercero
WHERE f.k_sc_codigo_fuente = 'PD' AND m.ss_nro_dcto = 'BO-1' AND m.sc_anulado = 'N'"""
STOCK_LINE = line(CodigoArticulo="1001", Cantidad="{}", ValorUnitario="10")


@pytest.fixture
def sag() -> Iterator[RunningSimulator]:
    """One artículo, one client, an entry of ten, an order, and an invoice of three that is due in May."""
    with start_sag() as simulator:
        insert(simulator, 5, published("sag_article.xml"))
        insert(simulator, 1, published("sag_client.xml"))
        insert(simulator, 28, document(STOCK_LINE.format(10), CodigoFuente="EA", NumeroDocumento2="E-1"))
        insert(simulator, 28, document(STOCK_LINE.format(1)))
        invoice = {"CodigoFuente": "FV", "NumeroDocumento2": "F-1", "FechaVencimiento": "2026/05/05"}
        insert(simulator, 28, document(STOCK_LINE.format(3), **invoice, NitVendedor="70100200"))
        yield simulator


@pytest.mark.parametrize(
    "sql",
    [THIRD_PARTIES, CLIENTS, ARTICLES, SOURCES, PRICES_AND_STOCK, RECEIVABLES, NAMES_OF_CLIENTS, RECONCILE],
)
def test_each_text_of_the_product_gives_rows(sag: RunningSimulator, sql: str) -> None:
    rows = select(sag, sql)
    assert rows
    assert "s_estado" not in rows[0]


def test_a_pull_gives_the_client_as_it_was_inserted(sag: RunningSimulator) -> None:
    (row,) = select(sag, CLIENTS)
    assert (row["nit"], row["tipo_documento"], row["modificado"][:2]) == (811040859, "A", "20")


def test_what_changed_before_is_not_pulled_and_what_has_no_date_is(sag: RunningSimulator) -> None:
    rows = select(sag, THIRD_PARTIES.replace(SINCE, "'29990101'"))
    assert {row["nit"] for row in rows} == {900123456, 70100200}


def test_a_pull_goes_on_after_a_key(sag: RunningSimulator) -> None:
    keys = [row["ka_ni_fuente"] for row in select(sag, SOURCES.replace("TOP 500", "TOP 2").replace("> 0", "> 3"))]
    assert keys == [4, 5]


def test_stock_is_what_came_in_less_what_was_sold(sag: RunningSimulator) -> None:
    (row,) = select(sag, PRICES_AND_STOCK)
    assert (row["codigo"], row["precio1"], row["existencia"]) == ("1001", 50000, 7)


def test_a_transfer_moves_stock_between_warehouses(sag: RunningSimulator) -> None:
    moved = STOCK_LINE.format(4).replace('Bodega="01"', 'BodegaOrigen="01" BodegaDestino="02"')
    insert(sag, 28, document(moved, CodigoFuente="TR"))
    sql = (
        "SELECT b.ss_codigo AS bodega, s.n_saldo_actual AS n FROM saldos_articulos s"
        " JOIN bodegas b ON b.ka_nl_bodega = s.ka_nl_bodega ORDER BY b.ss_codigo"
    )
    assert select(sag, sql) == [{"bodega": "01", "n": 3}, {"bodega": "02", "n": 4}]


def test_an_invoice_owes_its_total_until_it_is_paid(sag: RunningSimulator) -> None:
    (row,) = select(sag, RECEIVABLES)
    act(sag, "pay", numero2="F-1", amount=35.7)
    assert (row["saldo"], select(sag, RECEIVABLES)) == (35.7, [])


def test_a_balance_goes_on_in_every_later_period(sag: RunningSimulator) -> None:
    insert(sag, 28, document(STOCK_LINE.format(1), FechaDocumento="2026-06-01"))
    sql = "SELECT k_sc_periodo AS p, n_saldo_actual AS n FROM saldos_articulos ORDER BY k_sc_periodo"
    assert select(sag, sql) == [{"p": "202603", "n": 7}, {"p": "202606", "n": 7}]


def test_an_invoice_has_its_due_date_its_seller_and_its_values(sag: RunningSimulator) -> None:
    (row,) = select(
        sag,
        "SELECT f.d_vencimiento AS vence, f.n_valor_inicial AS valor, t.n_nit AS vendedor, v.n_valor AS iva"
        " FROM movimientos_facturas f JOIN terceros t ON t.ka_nl_tercero = f.ka_nl_tercero"
        " JOIN movimientos_valores v ON v.ka_nl_movimiento = f.ka_nl_movimiento AND v.n_tipo_valor = 90",
    )
    assert row == {"vence": "2026-05-05T00:00:00", "valor": 35.7, "vendedor": 70100200, "iva": 5.7}


@pytest.mark.parametrize(
    ("sql", "row"),
    [
        (
            """SELECT t.n_nit AS nit, v.sc_activo AS activo FROM VENDEDORES v
            JOIN TERCEROS t ON t.ka_nl_tercero = v.ka_nl_tercero""",
            {"nit": 70100200, "activo": "S"},
        ),
        (
            "SELECT ss_codigo AS codigo, sc_activo AS activo, sc_clase AS clase FROM BODEGAS",
            {"codigo": "01", "activo": "S", "clase": "P"},
        ),
        ("SELECT TOP 1 sc_detalle_zona AS zona FROM ZONAS ORDER BY ka_ni_zona", {"zona": "ANTIOQUIA"}),
        (
            "SELECT TOP 1 * FROM TARIFAS_IVA",
            {
                "KA_NL_TARIFA_IVA": 1,
                "SS_COD_IVA": "IVA19",
                "SS_NOM_IVA": "IVA19",
                "ND_PORCENTAJE_IVA": 19,
                "sc_excluido": "N",
            },
        ),
        ("SELECT k_sc_codigo_articulo AS codigo, nd_precio1 AS p FROM v_articulos", {"codigo": "1001", "p": 50000}),
        (
            "SELECT k_sc_periodo AS p, dd_fecha_ini AS a, dd_fecha_fin AS b FROM calendario",
            {"p": "202603", "a": "2026-03-01T00:00:00", "b": "2026-03-31T00:00:00"},
        ),
    ],
)
def test_each_register_is_read(sag: RunningSimulator, sql: str, row: dict[str, object]) -> None:
    assert select(sag, sql) == [row]


def test_a_char_column_is_padded_and_compared_without_its_blanks(sag: RunningSimulator) -> None:
    (row,) = select(sag, "SELECT sc_detalle_subgrupo AS x FROM v_articulos")
    name = row["x"].rstrip()
    sql = f"SELECT sc_detalle_subgrupo AS x FROM v_articulos WHERE sc_detalle_subgrupo = '{name.lower()}'"
    assert select(sag, sql) == [{"x": name.ljust(40)}]


def test_column_names_are_of_both_cases_and_some_values_are_null(sag: RunningSimulator) -> None:
    (row,) = select(sag, "SELECT * FROM articulos")
    assert {"SS_COD_IVA", "ka_nl_articulo"} <= set(row)
    assert None in row.values()


@pytest.mark.slow
def test_a_hundred_thousand_third_parties_are_read_in_one_answer() -> None:
    with start_sag() as sag:
        act(sag, "seed", third_parties=100_000)
        rows = select(sag, THIRD_PARTIES.replace("TOP 500 ", ""))
        assert (len(rows), len({row["nit"] for row in rows})) == (100_000, 100_000)


@pytest.mark.slow
def test_125_000_rows_come_in_one_answer() -> None:
    with start_sag() as sag:
        act(sag, "seed", documents=125_000)
        rows = select(sag, "SELECT m.ka_nl_movimiento AS k FROM movimientos m WITH (NOLOCK)")
        assert len(rows) == 125_000


def test_seeds_add_up_and_documents_go_on_after_them(sag: RunningSimulator) -> None:
    for _ in range(2):
        act(sag, "seed", third_parties=3, articles=3, documents=3)
    insert(sag, 28, document(STOCK_LINE.format(1), NumeroDocumento2="BO-9"))
    numbers = [found["numero"] for found in sag.documents()["movimientos"] if found["fuente"] == "PD"]
    assert len(numbers) == len(set(numbers)) == 8
