"""Answers larger than what an XML parser takes by default are read whole."""

import tracemalloc

import pytest

from integrations.erp.sag.answers import read_query
from integrations.erp.sag.rows import QueryMethod
from tests.benchmarks.bench_query import answer
from tests.integrations.erp.sag.recorded import json_answer

MANY = 5000
MOST_TIMES_THE_BODY = 20


@pytest.mark.slow
def test_fifty_megabytes_of_json_arrive_whole() -> None:
    text = "x" * (50 * 2**20)
    assert read_query(200, json_answer(f'[{{"a": "{text}"}}]'), "json") == [{"a": text}]


@pytest.mark.slow
@pytest.mark.parametrize("method", ["json", "json2", "xml"])
def test_reading_takes_memory_in_proportion_to_the_body(method: QueryMethod) -> None:
    body = answer(method, MANY)
    tracemalloc.start()
    try:
        rows = read_query(200, body, method)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(rows) == MANY
    assert peak < MOST_TIMES_THE_BODY * len(body)
