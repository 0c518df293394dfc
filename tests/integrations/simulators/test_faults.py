"""What goes wrong on purpose, and what is stored when it does."""

import http.client
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from integrations.simulators.fault_injection import DELIVERIES, ON_READS, ON_WRITES
from integrations.simulators.faults import UnknownFaultError, read_faults
from integrations.simulators.sag import start_sag
from integrations.simulators.serving import RunningSimulator
from integrations.simulators.siigo import start_siigo
from tests.integrations.simulators.client import (
    ask,
    call,
    document,
    envelope,
    export,
    insert,
    post_siigo,
    post_soap,
    read_back,
    row,
    select,
)

BRIEF_SECONDS = 0.2
"""How long a hang lasts here; nothing is timed."""
NO_ANSWER = (http.client.HTTPException, OSError)


def post(sag: RunningSimulator) -> Any:
    inner = (
        f"<t:a_s_token>t0k3n1</t:a_s_token><t:a_s_tipo>28</t:a_s_tipo><t:a_s_xml><![CDATA[{document()}]]></t:a_s_xml>"
    )
    return post_soap(sag, "insercionSag", envelope("insercionSag", inner))


def stored(sag: RunningSimulator) -> int:
    return len(sag.documents()["movimientos"])


@pytest.mark.parametrize(
    ("fault", "documents"),
    [
        ("commit_then_hang", 1),
        ("hang", 0),
        ("commit_then_reset", 1),
        ("reset_before", 0),
        ("commit_then_garbage", 1),
        ("truncated", 1),
        ("dripping", 1),
    ],
)
def test_no_answer_comes_and_the_document_is_there_or_not(fault: str, documents: int) -> None:
    with start_sag(faults=[{"fault": fault, "seconds": BRIEF_SECONDS}]) as sag:
        with pytest.raises(NO_ANSWER):
            post(sag)
        assert stored(sag) == documents


@pytest.mark.parametrize(
    ("fault", "status", "documents"),
    [
        ("commit_then_500", 500, 1),
        ("status_503_html", 503, 0),
        ("redirect_307", 307, 0),
        ("bare_200", 200, 1),
        ("empty_result", 200, 1),
        ("soap_fault", 500, 0),
        ("throttled_429", 429, 0),
        ("unauthorized_401", 401, 0),
        ("object_reference", 200, 0),
        ("duplicate_commit", 200, 2),
        ("late_commit", 200, 1),
    ],
)
def test_another_answer_comes_and_the_document_is_there_or_not(fault: str, status: int, documents: int) -> None:
    with start_sag(faults=[{"fault": fault, "seconds": BRIEF_SECONDS}]) as sag:
        assert (post(sag).status, stored(sag)) == (status, documents)


@pytest.mark.parametrize("fault", sorted(DELIVERIES))
def test_every_fault_happens_to_siigo_too(fault: str) -> None:
    with start_siigo(faults=[{"fault": fault, "seconds": BRIEF_SECONDS}]) as siigo:
        with suppress(*NO_ANSWER):
            post_siigo(siigo, read_back() if fault in ON_READS else export(row()))
        assert [entry["fault"] for entry in siigo.journal()] == [fault]


@pytest.mark.parametrize("fault", sorted(ON_READS))
def test_a_fault_of_reads_leaves_writes_alone(fault: str) -> None:
    with start_siigo(faults=[{"fault": fault}]) as siigo:
        post_siigo(siigo, export(row()))
        assert [entry["fault"] for entry in siigo.journal()] == [""]


@pytest.mark.parametrize("fault", sorted(ON_WRITES))
def test_a_fault_of_writes_leaves_reads_alone(fault: str) -> None:
    with start_sag(faults=[{"fault": fault}]) as sag:
        select(sag, "SELECT 1 AS x")
        assert [entry["fault"] for entry in sag.journal()] == [""]


def test_a_reset_is_a_reset() -> None:
    with start_sag(faults=[{"fault": "reset_before"}]) as sag, pytest.raises(ConnectionResetError):
        post(sag)


def test_an_answer_that_commits_by_flag_commits() -> None:
    with start_sag(faults=[{"fault": "object_reference", "commit": True}]) as sag:
        post(sag)
        assert stored(sag) == 1


@pytest.mark.parametrize("retry_after", [7, 2099, "Thu, 01 Jan 2099 00:00:00 GMT", None])
def test_throttling_says_how_long_or_does_not(retry_after: int | str | None) -> None:
    with start_sag(faults=[{"fault": "throttled_429", "retry_after": retry_after}]) as sag:
        found = post(sag).headers["Retry-After"]
        assert found == (None if retry_after is None else str(retry_after))


def test_a_firewall_forbids_a_document_with_a_given_word() -> None:
    entry = {"fault": "forbidden_403_html", "times": 9, "when": {"match": "DROP TABLE"}}
    with start_siigo(faults=[entry]) as siigo:
        texts = ("Tornillos", "DROP TABLE", "Tuercas")
        found = [
            post_siigo(siigo, export(row(document_number=number, sequence_description=text)))
            for number, text in enumerate(texts, 1)
        ]
        assert [answer.status for answer in found] == [200, 403, 200]
        assert found[1].headers["Content-Type"].startswith("text/html")
        assert [voucher["number"] for voucher in siigo.documents()["vouchers"]] == [1, 3]


def test_a_duplicate_in_siigo_is_two_vouchers_of_one_number() -> None:
    with start_siigo(faults=[{"fault": "duplicate_commit"}]) as siigo:
        post_siigo(siigo, export(row()))
        assert [voucher["number"] for voucher in siigo.documents()["vouchers"]] == [1, 1]


def test_a_fault_happens_as_often_as_it_says_and_after_what_it_skips() -> None:
    with start_sag(faults=[{"fault": "status_503_html", "times": 2, "skip": 1}]) as sag:
        assert [post(sag).status for _ in range(4)] == [200, 503, 503, 200]


def test_a_fault_happens_only_to_what_it_names() -> None:
    entry = {
        "fault": "status_503_html",
        "target": "sag",
        "when": {"operation": "insercionSag", "match": "BO-2"},
    }
    with start_sag(faults=[entry]) as sag:
        call(sag, "consultaSagJson", a_s_consulta="SELECT 'BO-2' AS x")
        insert(sag, 28, document())
        with pytest.raises(AssertionError):
            insert(sag, 28, document(NumeroDocumento2="BO-2"))


def test_a_fault_of_the_other_target_does_not_happen() -> None:
    with start_sag(faults=[{"fault": "status_503_html", "target": "siigo"}]) as sag:
        assert post(sag).status == 200


def test_faults_are_set_over_http() -> None:
    with start_sag() as sag:
        ask(sag, "POST", "/_sim/faults", json.dumps([{"fault": "unauthorized_401"}]))
        assert [post(sag).status, post(sag).status] == [401, 200]


@pytest.mark.parametrize(
    "body",
    [
        "{}",
        "x",
        '[{"fault": "nothing"}]',
        '[{"fault": "hang", "when": 1}]',
        '[{"fault": "hang", "x": 1}]',
        '[{"fault": "success_names_another", "names": "colour"}]',
        "[1]",
    ],
)
def test_a_wrong_list_is_refused(body: str) -> None:
    with start_sag() as sag:
        assert ask(sag, "POST", "/_sim/faults", body).status == 400


def test_stopping_ends_a_hang_at_once() -> None:
    sag = start_sag(faults=[{"fault": "hang", "seconds": 3600}])
    connection = http.client.HTTPConnection("127.0.0.1", sag.port, timeout=10)
    connection.request("POST", "/ServiceSagWeb.svc/soap", b"x")
    while not sag.journal():
        pass
    sag.stop()
    with pytest.raises(NO_ANSWER):
        connection.getresponse()
    connection.close()


def test_a_file_that_is_no_list_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "faults.json"
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(UnknownFaultError):
        read_faults(path)


@pytest.mark.parametrize("fault", sorted(DELIVERIES))
def test_every_fault_is_documented(fault: str) -> None:
    page = Path(__file__).parents[3] / "docs" / "simulators.md"
    assert f"`{fault}`" in page.read_text(encoding="utf-8")
