"""Rows that are read while they arrive: those of the whole, never more than asked for, in memory that stays flat."""

import itertools
import tracemalloc
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.erp.receipts import NO_SECRET, Secret, Timeouts
from integrations.erp.sag.answers import read_query
from integrations.erp.sag.client import SagClient
from integrations.erp.sag.envelopes import UnreadableError
from integrations.erp.sag.row_stream import RowStream
from integrations.erp.sag.rows import OPERATIONS, QueryMethod, QueryRow
from integrations.erp.transport import EnoughError
from integrations.errors import NoAnswerError, QueryError
from tests.benchmarks.bench_query import answer
from tests.integrations.erp.sag.recorded import json_answer
from tests.integrations.erp.sag.test_client import TOKEN
from tests.integrations.wire import Line, WireServer, answers, http

ROWS = 600
KEPT = 10_000
METHODS: tuple[QueryMethod, ...] = ("json", "json2", "xml")
LARGE = {method: answer(method, ROWS) for method in METHODS}
WHOLE = {method: read_query(200, body, method) for method, body in LARGE.items()}


def client(url: str) -> SagClient:
    """One that has the time that a busy machine takes."""
    return SagClient(url, Secret(TOKEN), Timeouts(5.0, 30.0, 90.0))


class Taken(list[QueryRow]):
    """Rows, taken one by one."""

    def take(self, row: QueryRow) -> bool:
        self.append(row)
        return True


def read(body: bytes, method: QueryMethod, sizes: list[int], most_rows: int = 10**9) -> list[QueryRow]:
    """The rows of a body that arrives in pieces of these sizes, over and over."""
    rows = Taken()
    stream = RowStream(method, most_rows, rows.take, NO_SECRET, KEPT)
    at = turn = 0
    while at < len(body):
        stream.feed(200, body[at : at + sizes[turn % len(sizes)]])
        at, turn = at + sizes[turn % len(sizes)], turn + 1
    stream.end(200, {})
    return rows


def _with_every_column(rows: list[QueryRow]) -> list[QueryRow]:
    names = dict.fromkeys(name for row in rows for name in row)
    return [{name: row.get(name) for name in names} for row in rows]


@pytest.mark.parametrize("method", METHODS)
def test_a_large_answer_is_larger_than_what_is_kept(method: QueryMethod) -> None:
    assert len(LARGE[method]) > KEPT


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=20, deadline=None)
@given(sizes=st.lists(st.integers(70, 20_000), min_size=1, max_size=4))
def test_however_it_is_cut_into_pieces_the_rows_are_those_of_the_whole(method: QueryMethod, sizes: list[int]) -> None:
    assert _with_every_column(read(LARGE[method], method, sizes)) == WHOLE[method]


ODD = ['{"a": "llave } y \\"comillas\\" y \\\\"}', '{"a": "[{,}]", "b": -1.50}', '{ "a" : null }', "{}"]


@settings(max_examples=25, deadline=None)
@given(sizes=st.lists(st.integers(3_000, 90_000), min_size=1, max_size=4), odd=st.lists(st.sampled_from(ODD)))
def test_braces_commas_and_quotes_inside_of_texts_are_no_ends_of_rows(sizes: list[int], odd: list[str]) -> None:
    filling = ['{"relleno": "' + "x" * 2_000 + '"}'] * 10
    body = json_answer("[" + " ,\n".join([*filling, *odd, *filling]) + " ]")
    assert read(body, "json", sizes) == read_query(200, body, "json")


@pytest.mark.parametrize("method", METHODS)
def test_an_answer_that_is_cut_is_never_all_of_it(method: QueryMethod) -> None:
    body = LARGE[method]
    for end in (len(body) - 1, len(body) - 200, len(body) * 9 // 10):
        with pytest.raises((UnreadableError, NoAnswerError)):
            read(body[:end], method, [4096])


def test_a_json_array_that_does_not_end_is_refused_though_its_envelope_does() -> None:
    text = "[" + ",".join(['{"a": "' + "x" * 1000 + '"}'] * 2000)
    with pytest.raises(UnreadableError):
        read(json_answer(text), "json", [4096])


def test_a_large_answer_that_declares_entities_is_refused() -> None:
    with pytest.raises(UnreadableError):
        read(b"<!DOCTYPE x [<!ENTITY a 'b'>]>" + LARGE["json"], "json", [4096])


def test_a_row_without_end_is_refused() -> None:
    text = '[{"a": "' + "x" * (17 * 1024 * 1024) + '"}]'
    with pytest.raises(UnreadableError):
        read(json_answer(text), "json", [4096])


@pytest.mark.parametrize("method", METHODS)
def test_no_row_after_the_limit_is_taken_from_a_small_answer_either(method: QueryMethod) -> None:
    with WireServer(answers(http(answer(method, 20), kind="text/xml"))) as server:
        rows = Taken()
        was_cut = client(server.url).query_in_pieces("SELECT 1", method, 7, rows.take)
    assert (len(rows), was_cut) == (7, True)


def test_an_answer_within_the_limit_is_not_said_to_be_cut() -> None:
    with WireServer(answers(http(answer("json", 7), kind="text/xml"))) as server:
        assert client(server.url).query_in_pieces("SELECT 1", "json", 7, lambda _: True) is False


class Endless:
    """An ERP that takes no notice of TOP: rows until nobody listens any more."""

    def __init__(self, method: QueryMethod) -> None:
        body = answer(method, 4000)
        self.said = 0
        middle = len(body) // 2
        first, last = body.find(b"{", middle), body.rfind(b"},", 0, len(body) - 300) + 2
        self._begin, self._again = body[:first], body[first:last]
        self._operation = OPERATIONS[method]

    def __call__(self, line: Line) -> None:
        line.read_request()
        line.say(b"HTTP/1.0 200 OK\r\nContent-Type: text/xml\r\n\r\n" + self._begin)
        try:
            while True:
                line.say(self._again)
                self.said += len(self._again)
        except OSError:
            return


def test_the_connection_is_closed_at_the_limit_and_memory_stays_flat() -> None:
    erp = Endless("json")
    with WireServer(erp) as server:
        tracemalloc.start()
        try:
            count = itertools.count()
            was_cut = client(server.url).query_in_pieces("SELECT 1", "json", 60_000, lambda _: next(count) >= 0)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert (next(count), was_cut) == (60_000, True)
    assert peak < 24 * 1024 * 1024


def test_no_row_tells_the_token() -> None:
    quoting = json_answer("[" + ",".join([f'{{"a": "dijo {TOKEN}", "b": "{"x" * 500}"}}'] * 4000) + "]")
    told = Taken()
    stream = RowStream("json", 10, told.take, Secret(TOKEN))
    with pytest.raises(EnoughError):
        stream.feed(200, quoting)
    assert {row["a"] for row in told} == {"dijo ***"}


def test_what_sag_says_instead_of_rows_is_said() -> None:
    refusal = json_answer('[{"s_estado": "ERROR", "s_mensaje": "Invalid column"}]')
    with (
        WireServer(answers(http(refusal, kind="text/xml"))) as server,
        pytest.raises(QueryError, match="Invalid column"),
    ):
        client(server.url).query_in_pieces("SELECT 1", "json", 5, lambda _: True)


def _packed(times: int) -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    return b"".join(packer.compress(b" " * 1024 * 1024) for _ in range(times)) + packer.flush()


@pytest.mark.parametrize("is_chunked", [False, True])
def test_a_packed_answer_that_swells_ends_early(is_chunked: bool) -> None:
    bomb = _packed(150)
    if is_chunked:
        framing, body = b"Transfer-Encoding: chunked", b"%x\r\n%b\r\n0\r\n\r\n" % (len(bomb), bomb)
    else:
        framing, body = b"Content-Length: %d" % len(bomb), bomb
    said = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n" + framing + b"\r\n\r\n" + body
    with WireServer(answers(said)) as server:
        tracemalloc.start()
        try:
            with pytest.raises(NoAnswerError, match="demasiado grande"):
                client(server.url).query("SELECT 1")
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert peak < 64 * 1024 * 1024


@pytest.mark.parametrize("wbits", [31, 15])
def test_an_honest_packed_answer_is_read(wbits: int) -> None:
    packer = zlib.compressobj(9, wbits=wbits)
    body = packer.compress(LARGE["json"]) + packer.flush()
    headers = (f"Content-Encoding: {'gzip' if wbits == 31 else 'deflate'}",)
    with WireServer(answers(http(body, kind="text/xml", headers=headers))) as server:
        assert client(server.url).query("SELECT 1") == WHOLE["json"]


def test_a_packed_answer_that_is_cut_is_not_whole() -> None:
    packer = zlib.compressobj(9, wbits=31)
    body = (packer.compress(LARGE["json"]) + packer.flush())[:-12]
    head = b"HTTP/1.0 200 OK\r\nContent-Encoding: gzip\r\n\r\n"
    with WireServer(answers(head + body)) as server, pytest.raises(NoAnswerError):
        client(server.url).query("SELECT 1")
