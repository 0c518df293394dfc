"""What may leave as a query, and the text that leaves in its place."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.erp.sag.queries import Parameter, RefusedQueryError, prepared, why_not_read_only

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


@given(st.text(max_size=40))
def test_a_value_never_leaves_its_literal(value: str) -> None:
    sent = prepared("SELECT a FROM t WHERE x = @x", 9, {"x": value})
    assert sent == "SELECT TOP 9 a FROM t WHERE x = '" + value.replace("'", "''") + "'"


@given(st.text(max_size=60))
def test_any_text_is_refused_or_leaves_as_one_select(text: str) -> None:
    try:
        sent = prepared(text, 9)
    except RefusedQueryError:
        return
    assert why_not_read_only(sent) == ""
