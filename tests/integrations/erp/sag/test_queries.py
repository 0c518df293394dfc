"""What may leave as a query, and the text that leaves in its place."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.erp.sag.queries import MOST_CHARACTERS, Parameter, RefusedQueryError, prepared, why_not_read_only

REFUSED = [
    "",
    "no es sql (",
    "DELETE FROM movimientos",
    "SELECT 1; SELECT 2",
    "SELECT 1; DROP TABLE x",
    "SELECT a FROM t -- nota\n; DROP TABLE t",
    "SELECT 1 /* */ ; DROP TABLE x --",
    "SELECT 1 DELETE FROM x",
    "SELECT 1 DROP TABLE x",
    "SELECT a FROM t DELETE FROM t",
    "SELECT a FROM t EXEC('drop table t')",
    "SELECT a x FROM t y EXEC sp_who",
    "SELECT a FROM t UPDATE STATISTICS t",
    "SELECT 1 TRUNCATE TABLE x",
    "SELECT 1 SHUTDOWN",
    "EXEC sp_who",
    "SELECT * INTO copia FROM movimientos",
    "WITH x AS (DELETE FROM t OUTPUT deleted.*) SELECT * FROM x",
    "SELECT a FROM (UPDATE t SET a = 1 OUTPUT inserted.a) q",
    "SELECT * FROM OPENROWSET('SQLNCLI', 's', 'EXEC x')",
    "SELECT * FROM OPENQUERY(otro, 'DELETE x')",
    "SELECT * FROM OPENDATASOURCE('a', 'b').db.dbo.t",
    "SELECT xp_cmdshell('dir')",
    "SELECT master.dbo.xp_cmdshell('dir')",
    "SELECT * FROM sp_algo(1)",
    "WAITFOR DELAY '0:0:10'",
    "SELECT 1 WAITFOR DELAY '0:0:10'",
    "DECLARE @x INT = 1 SELECT @x",
    "SELECT @x = 1",
    "SELECT @@VERSION",
    "SELECT NEXT VALUE FOR numeros",
    "SELECT a FROM t WITH (XLOCK, TABLOCKX)",
    "SELECT 1 \u037e DROP TABLE x",
]
ALLOWED = [
    "SELECT 1 AS ok",
    "SELECT 1 AS ok;",
    "SELECT a FROM t WITH (NOLOCK) ORDER BY a",
    "SELECT 'it''s; DROP TABLE x' AS a FROM t",
    "SELECT a AS [delete] FROM [update]",
    "SELECT a /* /* */ ; DROP TABLE t */ FROM t",
    "SELECT a FROM t FOR XML PATH('')",
    "WITH x AS (SELECT a FROM t) SELECT a FROM x",
    "SELECT a FROM t UNION ALL SELECT b FROM u",
    "SELECT CAST(SUM(CAST(a AS BIGINT)) AS BIGINT) s, GETDATE() f FROM t GROUP BY b HAVING COUNT(*) > 1",
]


@pytest.mark.parametrize("query", REFUSED)
def test_what_is_not_one_select_that_reads_is_refused_with_its_reason(query: str) -> None:
    assert why_not_read_only(query)


@pytest.mark.parametrize(
    "query", ["SELECT 1 /* ; */ DROP TABLE x", "SELECT 1 GO DROP TABLE x", "SELECT 1; DROP TABLE x"]
)
def test_the_reason_names_the_word_that_writes(query: str) -> None:
    assert why_not_read_only(query) == "Solo se permite leer: la consulta no puede usar DROP."


@pytest.mark.parametrize("query", ALLOWED)
def test_a_select_that_reads_may_leave(query: str) -> None:
    assert why_not_read_only(query) == ""


@pytest.mark.parametrize(
    ("query", "sent"),
    [
        ("SELECT a FROM t", "SELECT TOP 10 a FROM t"),
        ("SELECT TOP 5 a FROM t", "SELECT TOP 5 a FROM t"),
        ("SELECT TOP 50 a FROM t ORDER BY a DESC", "SELECT TOP 10 a FROM t ORDER BY a DESC"),
        ("SELECT DISTINCT a FROM t -- nota", "SELECT DISTINCT TOP 10 a FROM t"),
        (
            "SELECT a FROM t ORDER BY a OFFSET 5 ROWS FETCH NEXT 50 ROWS ONLY",
            "SELECT a FROM t ORDER BY a OFFSET 5 ROWS FETCH NEXT 10 ROWS ONLY",
        ),
        (
            "SELECT a FROM t UNION ALL SELECT b FROM u ORDER BY a",
            "SELECT TOP 10 * FROM (SELECT a FROM t UNION ALL SELECT b FROM u) AS consulta ORDER BY a",
        ),
    ],
)
def test_the_limit_is_written_into_the_query(query: str, sent: str) -> None:
    assert prepared(query, 10) == sent


@pytest.mark.parametrize(
    "query",
    ["SELECT TOP 5 PERCENT a FROM t", "SELECT TOP 5 WITH TIES a FROM t ORDER BY a", "SELECT TOP (2 + 3) a FROM t"],
)
def test_a_limit_that_can_not_be_told_is_refused(query: str) -> None:
    with pytest.raises(RefusedQueryError):
        prepared(query, 10)


def test_parameters_are_literals_of_their_type() -> None:
    query = "SELECT a FROM t WHERE n = @n AND d >= @desde AND x = @x"
    values: dict[str, Parameter] = {"n": Decimal("1.5"), "desde": date(2026, 1, 2), "x": "O'Hara'; DROP TABLE t --"}
    sent = "SELECT TOP 9 a FROM t WHERE n = 1.5 AND d >= '20260102' AND x = 'O''Hara''; DROP TABLE t --'"
    assert prepared(query, 9, values) == sent


@pytest.mark.parametrize(
    "query",
    [
        "select  isnull(a,0) AS x, LEN(b)b, getdate() from [dbo].t with(nolock) where  a<>1 and b!=2",
        "SELECT CONVERT(VARCHAR(10), d, 112), a%2, N'ñ', 0xFF FROM t CROSS APPLY (SELECT 1 AS z) q",
        "SELECT IIF(a=1,'x','y'), DATEADD(day,-1,d) FROM t OPTION (MAXDOP 1)",
    ],
)
def test_what_leaves_is_what_was_typed(query: str) -> None:
    typed = " ".join(query.split())
    first, rest = typed.split(" ", 1)
    assert prepared(query, 10) == f"{first} TOP 10 {rest}"


def test_no_comment_leaves() -> None:
    assert prepared("SELECT a/* x */,b -- '\nFROM/**/t", 10) == "SELECT TOP 10 a ,b FROM t"


def test_a_negative_value_after_a_minus_is_no_comment() -> None:
    assert prepared("SELECT a-@n FROM t", 10, {"n": Decimal(-5)}) == "SELECT TOP 10 a- -5 FROM t"


def test_a_value_beside_a_text_stays_apart_from_it() -> None:
    sent = prepared("SELECT a FROM t WHERE x = @x'y'", 10, {"x": "v"})
    assert sent == "SELECT TOP 10 a FROM t WHERE x = 'v' 'y'"


def test_a_union_with_names_of_its_own_keeps_them_outside() -> None:
    names = "WITH x AS (SELECT a FROM t), y (b) AS (SELECT 1)"
    sent = prepared(f"{names} SELECT a FROM x UNION SELECT b FROM y ORDER BY 1", 9)
    assert sent == f"{names} SELECT TOP 9 * FROM (SELECT a FROM x UNION SELECT b FROM y) AS consulta ORDER BY 1"


def test_a_limit_in_an_inner_query_is_not_the_limit() -> None:
    sent = prepared("SELECT a FROM (SELECT TOP 3 a FROM t ORDER BY a) q", 9)
    assert sent == "SELECT TOP 9 a FROM (SELECT TOP 3 a FROM t ORDER BY a) q"


def test_limit_of_another_dialect_is_told() -> None:
    with pytest.raises(RefusedQueryError, match="LIMIT no existe en SAG"):
        prepared("SELECT a FROM t LIMIT 5", 9)


def test_a_query_that_is_too_long_is_told_before_it_is_parsed() -> None:
    with pytest.raises(RefusedQueryError, match=f"el máximo es {MOST_CHARACTERS}"):
        prepared("SELECT a FROM t WHERE " + "n = 1 OR " * 70_000 + "n = 2", 9)


@pytest.mark.parametrize(
    "query",
    ["SELECT a FROM otra.dbo.t", "SELECT a FROM otra..t", "SELECT a FROM srv.otra.dbo.t", "SELECT otra.dbo.fn(1)"],
)
def test_another_database_is_never_read(query: str) -> None:
    with pytest.raises(RefusedQueryError, match="otra base de datos"):
        prepared(query, 9)


TABLES = ["articulos", "v_*"]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT a FROM articulos",
        "SELECT a FROM dbo.[Articulos] x WITH (NOLOCK)",
        "SELECT a FROM V_CLIENTES c JOIN articulos a ON a.x = c.x",
        "WITH propia AS (SELECT a FROM articulos) SELECT a FROM propia",
        "SELECT a, (SELECT MAX(b) FROM v_saldos) FROM articulos WHERE ISNULL(a, 0) IN (SELECT a FROM v_x)",
    ],
)
def test_what_reads_only_the_tables_that_are_allowed_may_leave(query: str) -> None:
    assert prepared(query, 9, tables=TABLES)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("SELECT a FROM nomina", "nomina"),
        ("SELECT a FROM articulos WHERE x IN (SELECT x FROM nomina)", "nomina"),
        ("SELECT a, (SELECT 1 FROM nomina) FROM articulos", "nomina"),
        ("SELECT a FROM articulos UNION SELECT b FROM nomina", "nomina"),
        ("WITH nomina AS (SELECT 1 AS a) SELECT a FROM dbo.nomina", "dbo.nomina"),
        ("SELECT a FROM sys.objects", "sys.objects"),
        ("SELECT a FROM INFORMATION_SCHEMA.TABLES", "INFORMATION_SCHEMA.TABLES"),
        ("SELECT a FROM fn_lee(1)", "fn_lee"),
        ("SELECT dbo.fn_lee(1) FROM articulos", "dbo.fn_lee"),
        ("SELECT a FROM articulos CROSS APPLY dbo.fn_lee(1) q", "dbo.fn_lee"),
        ("SELECT a FROM articulos CROSS APPLY fn_lee(1) q", "fn_lee"),
    ],
)
def test_any_other_table_is_refused_by_its_name(query: str, told: str) -> None:
    with pytest.raises(RefusedQueryError, match=f"no permite consultar «{told}»"):
        prepared(query, 9, tables=TABLES)


@given(st.text(max_size=40))
@settings(deadline=None)
def test_a_value_never_leaves_its_literal(value: str) -> None:
    sent = prepared("SELECT a FROM t WHERE x = @x", 9, {"x": value})
    assert sent == "SELECT TOP 9 a FROM t WHERE x = '" + value.replace("'", "''") + "'"


PIECES = [
    *["SELECT", "TOP", "5", "FETCH", "NEXT", "(", ")", "UNION", "a", ",", "'", "--", "/*", "*/", "[", "@", ";"],
    "WITH x AS (",
    "FROM t",
    "ORDER BY",
    "LIMIT 3",
    "\n",
]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join))
@settings(deadline=None)
def test_whatever_is_put_together_is_refused_or_leaves_as_one_select(text: str) -> None:
    try:
        sent = prepared(f"SELECT {text}", 9)
    except RefusedQueryError:
        return
    assert why_not_read_only(sent) == ""


@given(st.text(max_size=60))
@settings(deadline=None)
def test_any_text_is_refused_or_leaves_as_one_select(text: str) -> None:
    try:
        sent = prepared(text, 9)
    except RefusedQueryError:
        return
    assert why_not_read_only(sent) == ""
