"""*Consultas a SAG*: asked by those who may, run by the worker, shown and downloaded."""

import io
import tracemalloc
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.test import Client

from integrations.erp.sag.queries import RefusedQueryError, prepared
from integrations.models import Connection, QueryRun, SavedQuery
from integrations.pulls import sag_queries, sag_query_worker, shipped_queries
from integrations.pulls.query_results import StoredRows
from integrations.simulators.sag import start_sag
from tests import builders
from tests.integrations.admin.conftest import person

ADD = "/admin/integrations/queryrun/add/"


def ask(who: Client, connection: Connection, text: str) -> Any:
    asked = {"connection": connection.pk, "text": text, "method": "json", "row_limit": "50"}
    return who.post(ADD, asked, follow=True)


@pytest.fixture
def done(sag: Connection) -> QueryRun:
    run = sag_queries.create_run(sag, "SELECT a FROM t", method="json", limit=9)
    builders.finish_query(run, [{"a": "=1+1", "b": None}, {"a": "Ñ", "b": 12}])
    return run


def test_a_query_is_written_down_as_it_leaves_with_its_author(staff: Client, sag: Connection) -> None:
    page = ask(staff, sag, "SELECT a FROM t -- nota")
    run = QueryRun.objects.get()
    assert (run.text, str(run.requested_by), run.row_limit) == ("SELECT TOP 50 a FROM t", "ana", 50)
    assert "En curso" in page.content.decode()


def test_a_query_that_writes_is_refused_with_its_reason(staff: Client, sag: Connection) -> None:
    assert "DELETE" in ask(staff, sag, "SELECT 1 DELETE FROM x").content.decode()
    assert not QueryRun.objects.exists()


def test_a_table_that_the_connection_does_not_allow_is_refused_by_its_name(staff: Client, sag: Connection) -> None:
    Connection.objects.filter(pk=sag.pk).update(settings={"query_tables": "articulos, v_*"})
    page = ask(staff, sag, "SELECT a FROM nomina").content.decode()
    assert "Esta conexión no permite consultar «nomina»" in page
    assert not QueryRun.objects.exists()


def test_a_table_that_the_connection_allows_is_queried(staff: Client, sag: Connection) -> None:
    Connection.objects.filter(pk=sag.pk).update(settings={"query_tables": "articulos, v_*"})
    ask(staff, sag, "SELECT a FROM V_Clientes")
    assert QueryRun.objects.get().text == "SELECT TOP 50 a FROM V_Clientes"


def test_a_query_that_is_too_long_is_told_and_not_parsed(staff: Client, sag: Connection) -> None:
    page = ask(staff, sag, "SELECT a FROM t WHERE " + "n = 1 OR " * 70_000 + "n = 2").content.decode()
    assert "el máximo es 20000" in page


def test_a_result_that_was_cut_says_so(staff: Client, db: None) -> None:
    with start_sag() as simulator:
        connection = builders.sag_connection(simulator.url)
        run = sag_queries.create_run(connection, "SELECT 1 AS ok", method="json", limit=5)
        # As a SAG that takes no notice of TOP: two rows where one was asked for.
        QueryRun.objects.update(row_limit=1, text="SELECT 1 AS ok UNION ALL SELECT 2")
        sag_query_worker.perform(run.pk)
    page = staff.get(f"/admin/integrations/queryrun/{run.pk}/change/").content.decode()
    assert "Se cortó en 1 fila, el límite que se pidió: SAG enviaba más." in page


def test_who_lacks_the_permission_sees_nothing(sag: Connection, done: QueryRun) -> None:
    luis = person("integrations.view_connection")
    paths = ("", "add/", f"{done.pk}/change/", f"{done.pk}/descargar/csv/")
    assert [luis.get(f"/admin/integrations/queryrun/{path}").status_code for path in paths] == [403] * 4


def test_who_has_the_permission_finds_it_in_the_menu(sag: Connection) -> None:
    assert "Consultas a SAG" in person("integrations.query_sag").get("/admin/").content.decode()


def test_the_worker_puts_a_query_once(db: None) -> None:
    with start_sag() as simulator:
        run = sag_queries.create_run(builders.sag_connection(simulator.url), "SELECT 1 AS ok", method="json", limit=9)
        assert [sag_query_worker.perform(run.pk), sag_query_worker.perform(run.pk)] == ["1 fila", "ya se había hecho"]
    run.refresh_from_db()
    kept = StoredRows(run)
    assert (kept.columns, list(kept)) == (["ok"], [[1]])


def test_a_query_that_fails_says_why(sag: Connection) -> None:
    run = sag_queries.create_run(sag, "SELECT a FROM t", method="json", limit=9)
    sag_query_worker.perform(run.pk)
    run.refresh_from_db()
    assert run.error
    assert run.finished_at


def test_the_rows_are_shown(staff: Client, done: QueryRun) -> None:
    assert "Ñ" in staff.get(f"/admin/integrations/queryrun/{done.pk}/change/").content.decode()


def test_a_csv_never_runs_a_formula(staff: Client, done: QueryRun) -> None:
    file: Any = staff.get(f"/admin/integrations/queryrun/{done.pk}/descargar/csv/")
    assert b"".join(file.streaming_content).decode("utf-8-sig") == "a;b\r\n'=1+1;\r\nÑ;12\r\n"


def test_a_large_result_leaves_in_small_pieces_and_shows_one_page(staff: Client, sag: Connection) -> None:
    run = sag_queries.create_run(sag, "SELECT a FROM t", method="json", limit=20_000)
    builders.finish_query(run, [{"fila": number, "texto": "x" * 500} for number in range(20_000)])
    file: Any = staff.get(f"/admin/integrations/queryrun/{run.pk}/descargar/csv/")
    pieces = list(file.streaming_content)
    assert (b"".join(pieces).count(b"\r\n"), max(map(len, pieces)) < 300_000) == (20_001, True)
    page: Any = staff.get(f"/admin/integrations/queryrun/{run.pk}/change/?p=100").context["page"]
    assert (page.paginator.num_pages, len(page.object_list), page.object_list[-1][0]) == (100, 200, 19_999)


def test_a_result_is_unpacked_row_by_row(sag: Connection) -> None:
    run = sag_queries.create_run(sag, "SELECT a FROM t", method="json", limit=20_000)
    builders.finish_query(run, [{"texto": "x" * 1_000}] * 20_000)
    tracemalloc.start()
    try:
        kept = sum(1 for _ in StoredRows(run))
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (kept, peak_bytes < 2_000_000) == (20_000, True)


def test_a_workbook_never_runs_a_formula(staff: Client, done: QueryRun) -> None:
    file: Any = staff.get(f"/admin/integrations/queryrun/{done.pk}/descargar/xlsx/")
    sheet: Any = openpyxl.load_workbook(io.BytesIO(b"".join(file.streaming_content))).active
    assert [(cell.value, cell.data_type) for cell in sheet["A"]] == [("a", "s"), ("=1+1", "s"), ("Ñ", "s")]


def test_old_results_go_and_requester_name_stays(done: QueryRun) -> None:

    QueryRun.objects.update(finished_at=done.finished_at and done.finished_at - timedelta(days=8))
    assert sag_queries.drop_old_results() == 1
    assert QueryRun.objects.get().row_count == 2


@pytest.fixture
def receivables(db: None) -> SavedQuery:
    shipped_queries.ship()
    return SavedQuery.objects.get(name="Cartera de un cliente")


def test_a_saved_query_runs_with_what_was_typed(staff: Client, sag: Connection, receivables: SavedQuery) -> None:
    page = f"/admin/integrations/savedquery/{receivables.pk}/ejecutar/"
    staff.post(page, {"connection": sag.pk, "row_limit": "10", "p_nit": "800111222"})
    assert "t.n_nit = 800111222 " in QueryRun.objects.get().text


@pytest.mark.parametrize("nit", ["800.111.222-7", "NIT 800111222", "0800111222"])
def test_a_nit_is_asked_for_as_people_write_it_and_goes_plain(
    staff: Client, sag: Connection, receivables: SavedQuery, nit: str
) -> None:
    page = f"/admin/integrations/savedquery/{receivables.pk}/ejecutar/"
    staff.post(page, {"connection": sag.pk, "row_limit": "10", "p_nit": nit})
    assert "t.n_nit = 800111222 " in QueryRun.objects.get().text


@pytest.mark.parametrize(("nit", "told"), [("800111222-3", "es 7, no 3"), ("8001112227", "CC 8001112227")])
def test_a_nit_that_can_not_be_taken_is_told(
    staff: Client, sag: Connection, receivables: SavedQuery, nit: str, told: str
) -> None:
    page = f"/admin/integrations/savedquery/{receivables.pk}/ejecutar/"
    answer = staff.post(page, {"connection": sag.pk, "row_limit": "10", "p_nit": nit})
    assert told in answer.content.decode()
    assert not QueryRun.objects.exists()


def test_what_was_shipped_once_asks_for_a_nit_from_now_on(receivables: SavedQuery) -> None:
    asked = {"name": "nit", "label": "NIT sin dígito de verificación", "type": "number"}
    SavedQuery.objects.filter(pk=receivables.pk).update(parameters=[asked])
    shipped_queries.ship()
    receivables.refresh_from_db()
    assert receivables.parameters[0]["type"] == "tax_id"


def test_a_value_of_another_type_is_told(staff: Client, sag: Connection, receivables: SavedQuery) -> None:
    page = f"/admin/integrations/savedquery/{receivables.pk}/ejecutar/"
    told = staff.post(page, {"connection": sag.pk, "row_limit": "10", "p_nit": "1 OR 1=1"})
    assert "no sirve" in told.content.decode()
    assert not QueryRun.objects.exists()


def test_what_is_shipped_may_leave(receivables: SavedQuery) -> None:
    for saved in SavedQuery.objects.all():
        prepared(saved.text, 10, {one["name"]: "1" for one in saved.parameters})


def test_a_saved_query_opens(staff: Client, receivables: SavedQuery) -> None:
    assert staff.get(f"/admin/integrations/savedquery/{receivables.pk}/change/").status_code == 200


def test_a_refused_query_is_not_written_down(sag: Connection) -> None:
    with pytest.raises(RefusedQueryError):
        sag_queries.create_run(sag, "DELETE FROM t", method="json", limit=9)
    assert not QueryRun.objects.exists()


def _kept(staff: Client, saved: SavedQuery, asked: str) -> Any:
    given = {"name": saved.name, "description": "", "text": saved.text, "parameters": asked}
    return staff.post(f"/admin/integrations/savedquery/{saved.pk}/change/", given, follow=True)


def test_what_a_saved_query_asks_for_is_written_in_words(staff: Client, receivables: SavedQuery) -> None:
    _kept(staff, receivables, "nit | NIT del cliente | número")
    receivables.refresh_from_db()
    assert receivables.parameters == [{"name": "nit", "label": "NIT del cliente", "type": "number"}]


@pytest.mark.parametrize(
    ("asked", "told"), [("nit", "Línea 1: «nit» no se entiende"), ("nit | NIT | entero", "«entero» no es un tipo")]
)
def test_a_line_that_is_not_understood_is_told(staff: Client, receivables: SavedQuery, asked: str, told: str) -> None:
    assert told in _kept(staff, receivables, asked).content.decode()
