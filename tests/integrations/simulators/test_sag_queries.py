"""What the three queries of the stand-in for SAG read back."""

import json
from collections.abc import Iterator
from xml.etree.ElementTree import fromstring

import pytest

from integrations.simulators.sag import start_sag
from integrations.simulators.serving import RunningSimulator
from tests.integrations.simulators.client import call, document, insert, line, published, select

LINE = line()
ARRAYS = "{http://schemas.microsoft.com/2003/10/Serialization/Arrays}"


@pytest.fixture
def sag() -> Iterator[RunningSimulator]:
    with start_sag() as simulator:
        insert(simulator, 28, document(LINE, Pedido="OC-1", Observaciones="Señor & Cía <uno>"))
        yield simulator


def test_the_probe_answers(sag: RunningSimulator) -> None:
    assert select(sag, "SELECT 1 AS ok") == [{"ok": 1}]


def test_no_rows_are_an_empty_list(sag: RunningSimulator) -> None:
    assert select(sag, "SELECT TOP 0 * FROM movimientos") == []


def test_a_document_is_found_by_its_own_key(sag: RunningSimulator) -> None:
    (found,) = select(
        sag,
        "SELECT m.n_numero_documento AS numero, f.k_sc_codigo_fuente AS fuente, t.n_nit AS nit,"
        " m.d_fecha_documento AS fecha, m.sc_anulado AS anulado, m.sv_observaciones AS nota"
        " FROM movimientos m WITH (NOLOCK) INNER JOIN fuentes f ON f.ka_ni_fuente = m.ka_ni_fuente"
        " LEFT JOIN dbo.terceros t WITH (NOLOCK) ON t.ka_nl_tercero = m.ka_nl_tercero"
        " WHERE f.k_sc_codigo_fuente = 'pd' AND m.ss_nro_dcto IN (N'BO-1', 'BO-2')",
    )
    assert found == {
        "numero": 1,
        "fuente": "PD",
        "nit": 900123456,
        "fecha": "2026-03-05T00:00:00",
        "anulado": "N",
        "nota": "Señor & Cía <uno>",
    }


def test_its_lines_are_found_with_article_and_warehouse(sag: RunningSimulator) -> None:
    (line,) = select(
        sag,
        "SELECT a.k_sc_codigo_articulo AS articulo, b.ss_codigo AS bodega, i.n_cantidad AS cantidad,"
        " i.n_valor AS valor, i.n_iva AS iva, i.n_descuento AS descuento FROM movimientos_items i"
        " JOIN articulos a ON a.ka_nl_articulo = i.ka_nl_articulo"
        " JOIN bodegas b ON b.ka_nl_bodega = i.ka_nl_bodega",
    )
    assert line == {
        "articulo": "A1",
        "bodega": "01",
        "cantidad": 2,
        "valor": 10.5,
        "iva": 19,
        "descuento": 0,
    }


def test_transfers_have_their_lines_apart(sag: RunningSimulator) -> None:
    insert(sag, 28, published("sag_transfer.xml"))
    (line,) = select(
        sag,
        "SELECT o.ss_codigo AS origen, d.ss_codigo AS destino, t.nd_cantidad AS cantidad"
        " FROM movimientos_traslados t JOIN bodegas o ON o.ka_nl_bodega = t.ka_nl_bodega_origen"
        " JOIN bodegas d ON d.ka_nl_bodega = t.ka_nl_bodega_destino",
    )
    assert line == {"origen": "A", "destino": "B", "cantidad": 1}


def test_an_accounting_document_has_no_header_nit_but_lines_with_accounts(sag: RunningSimulator) -> None:
    insert(sag, 28, published("sag_accounting.xml"))
    lines = select(
        sag,
        "SELECT i.ss_cuenta AS cuenta, i.nd_valor_cuenta AS valor, m.ka_nl_tercero AS tercero"
        " FROM movimientos_items i JOIN movimientos m ON m.ka_nl_movimiento = i.ka_nl_movimiento"
        " WHERE i.ss_cuenta <> '' ORDER BY i.ka_nl_movimiento_item",
    )
    assert lines == [
        {"cuenta": "41201401", "valor": 1000, "tercero": None},
        {"cuenta": "24080105", "valor": -1000, "tercero": None},
    ]


def test_other_data_is_read_with_and_without_zero(sag: RunningSimulator) -> None:
    insert(sag, 28, published("sag_accounting.xml"))
    assert select(sag, "SELECT ss_dato1 FROM movimientos_otros_datos") == [{"ss_dato1": "Dato1"}]


def test_the_users_name_is_padded(sag: RunningSimulator) -> None:
    (row,) = select(sag, "SELECT ss_usuario_new AS x FROM movimientos")
    assert row["x"] == "INTEGRA".ljust(30)


def test_creation_is_answered_without_zone(sag: RunningSimulator) -> None:
    assert select(sag, "SELECT 1 AS x FROM movimientos WHERE ddt_fecha_new > DATEADD(day, -1, GETDATE())") == [{"x": 1}]


@pytest.mark.parametrize("literal", ["'20260305'", "'2026-03-05'", "'2026/03/05'", "'2026-03-05 00:00:00'"])
def test_a_date_is_compared_in_every_usual_form(sag: RunningSimulator, literal: str) -> None:
    sql = f"SELECT 1 AS x FROM movimientos m WHERE m.d_fecha_documento BETWEEN {literal} AND {literal}"
    assert select(sag, sql) == [{"x": 1}]


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        ("SELECT TOP (1) k_sc_codigo_fuente AS x FROM FUENTES ORDER BY ka_ni_fuente", [{"x": "PD"}]),
        ("SELECT DISTINCT TOP 1 sc_anulado AS x FROM movimientos;", [{"x": "N"}]),
        ("SELECT ISNULL(NULL, N'a''b') AS x -- note", [{"x": "a'b"}]),
        ("SELECT CAST(SUM(n_cantidad) AS BIGINT) AS x FROM movimientos_items", [{"x": 2}]),
        ("SELECT CONVERT(VARCHAR(10), d_fecha_documento, 112) AS x FROM movimientos", [{"x": "20260305"}]),
        ("SELECT CONVERT(BIGINT, '12') AS x", [{"x": 12}]),
        ("SELECT CAST(d_fecha_documento AS DATETIME) AS x FROM movimientos", [{"x": "2026-03-05T00:00:00"}]),
        ("SELECT LEN('abc') AS x", [{"x": 3}]),
        ("SELECT YEAR(d_fecha_documento) AS x FROM movimientos", [{"x": 2026}]),
        ("SELECT MONTH(d_fecha_documento) AS x, DAY(d_fecha_documento) AS y FROM movimientos", [{"x": 3, "y": 5}]),
        ("SELECT YEAR(dd_fecha_original) AS x FROM movimientos", [{"x": None}]),
        ("SELECT LEFT('abc', 2) AS x, RIGHT('abc', 2) AS y, RIGHT('abc', 0) AS z", [{"x": "ab", "y": "bc", "z": ""}]),
        ("SELECT CHARINDEX('B', 'abc') AS x", [{"x": 2}]),
        ("SELECT DATEDIFF(DAY, d_fecha_documento, '2026-03-07T23:00:00') AS x FROM movimientos", [{"x": 2}]),
        ("SELECT ss_nro_dcto + '-' + sc_anulado AS x FROM movimientos", [{"x": "BO-1-N"}]),
        ("SELECT 1 + 2 AS x", [{"x": 3}]),
        ("WITH p AS (SELECT 1 AS n) SELECT TOP 1 n AS x FROM p", [{"x": 1}]),
        (
            "SELECT ka_ni_fuente AS x FROM fuentes ORDER BY ka_ni_fuente OFFSET 2 ROWS FETCH NEXT 2 ROWS ONLY",
            [{"x": 3}, {"x": 4}],
        ),
        (
            "SELECT COUNT(*) AS x FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = 'BODEGAS'",
            [{"x": 9}],
        ),
        ("SELECT [ss_pedido] AS [el pedido] FROM [movimientos]", [{"el pedido": "OC-1"}]),
        ("SELECT 1 AS a, 2 AS a", [{"a": 1, "a1": 2}]),
        (
            "SELECT n FROM (SELECT TOP 2 ka_ni_fuente AS n FROM fuentes ORDER BY ka_ni_fuente) f",
            [{"n": 1}, {"n": 2}],
        ),
        (
            "SELECT TOP 1 COLUMN_NAME AS x FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = 'bodegas'",
            [{"x": "ka_nl_bodega"}],
        ),
    ],
)
def test_usual_t_sql_is_understood(sag: RunningSimulator, sql: str, rows: list[dict[str, object]]) -> None:
    assert select(sag, sql) == rows


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("SELECT * FROM v_cl", "Invalid object name 'v_cl'."),
        ("SELECT m.nada FROM movimientos m", "Invalid column name 'nada'."),
        ("SELECT FROM movimientos", "Incorrect syntax near 'FROM'."),
        ("DELETE FROM movimientos", "Incorrect syntax near 'DELETE'."),
        ("SELECT TOP x 1", "Incorrect syntax near 'x'."),
        ("", "Incorrect syntax near ''."),
        ("SELECT 1; DROP TABLE movimientos", "Only one SELECT statement is allowed (simulador)."),
    ],
)
def test_a_bad_query_is_one_failed_row(sag: RunningSimulator, sql: str, message: str) -> None:
    assert select(sag, sql) == [{"s_estado": "FALLIDO", "s_mensaje": message}]


@pytest.mark.slow
def test_an_endless_query_ends(sag: RunningSimulator) -> None:
    endless = "SELECT COUNT(*) AS n FROM " + ", ".join(f"fuentes f{number}" for number in range(12))
    assert select(sag, endless)[0]["s_estado"] == "FALLIDO"


@pytest.mark.parametrize("token", ["", "t0k3n2"])
def test_a_wrong_token_is_the_object_reference_row(sag: RunningSimulator, token: str) -> None:
    rows = json.loads(call(sag, "consultaSagJson", token, a_s_consulta="SELECT 1 AS ok").text or "")
    assert rows == [{"s_estado": "FALLIDO", "s_mensaje": "Object reference not set to an instance of an object."}]


def test_json2_is_a_list_of_keys_and_typed_values(sag: RunningSimulator) -> None:
    found = call(sag, "consultaSagJson2", a_s_consulta="SELECT 1 AS a, NULL AS b, 'x' AS c, 1.5 AS d")
    pairs = {
        pair.findtext(f"{ARRAYS}Key"): (
            pair[1].get("{http://www.w3.org/2001/XMLSchema-instance}type"),
            pair[1].text,
        )
        for pair in found[0]
    }
    assert pairs == {
        "a": ("b:long", "1"),
        "b": (None, None),
        "c": ("b:string", "x"),
        "d": ("b:decimal", "1.5"),
    }


def test_xml_is_escaped_text_without_its_nulls(sag: RunningSimulator) -> None:
    found = call(sag, "consultaSagXml", a_s_consulta="SELECT 'a<b' AS [un nombre], NULL AS b")
    assert found.text == "<NewDataSet><Consultas><un_x0020_nombre>a&lt;b</un_x0020_nombre></Consultas></NewDataSet>"


def test_xml_is_a_node_by_switch() -> None:
    with start_sag(xml_as_node=True) as sag:
        found = call(sag, "consultaSagXml", a_s_consulta="SELECT 1 AS ok")
    assert found[0][0][0].text == "1"


def test_the_failed_row_has_the_shape_of_its_operation(sag: RunningSimulator) -> None:
    text = call(sag, "consultaSagXml", a_s_consulta="SELECT * FROM v_cl").text or ""
    assert fromstring(text).findtext("Consultas/s_estado") == "FALLIDO"
