"""The stand-in for Siigo, over a real socket."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from integrations.simulators.serving import RunningSimulator
from integrations.simulators.siigo import start_siigo
from integrations.simulators.siigo_rows import NUMBER, TEXT
from tests.integrations.simulators.client import (
    SIIGO_PATH,
    ask,
    export,
    post_siigo,
    published,
    read_back,
    row,
)


@pytest.fixture
def siigo() -> Iterator[RunningSimulator]:
    with start_siigo() as simulator:
        yield simulator


def codes(answer_json: dict[str, list[dict[str, str]]]) -> list[str]:
    return [error["code"] for error in answer_json["errors"]]


def test_the_published_request_is_accepted_as_it_stands(siigo: RunningSimulator) -> None:
    answer = post_siigo(siigo, published("siigo_movement.json"))
    assert answer.json == {
        "statusCode": 200,
        "message": "Movimientos contables insertados correctamente en Siigo Pyme",
        "errors": None,
    }


def test_the_published_row_reads_back_equal_and_of_the_same_types(siigo: RunningSimulator) -> None:
    sent = published("siigo_movement.json")
    post_siigo(siigo, sent)
    answer = post_siigo(siigo, read_back(year=2024))
    expected = json.loads(sent, parse_float=str)["data"]["list"]
    assert json.loads(answer.body, parse_float=str)["data"] == expected


def test_there_are_132_fields() -> None:
    assert (len(TEXT), len(NUMBER), len(TEXT | NUMBER)) == (54, 78, 132)


def test_a_decimal_keeps_its_digits(siigo: RunningSimulator) -> None:
    body = json.dumps(export(row())).replace('"sequence_value": 100', '"sequence_value": 9999999999999.90')
    post_siigo(siigo, body)
    assert b'"sequence_value":9999999999999.90' in post_siigo(siigo, read_back()).body


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"sequence_value": "100"}, "invalid_type"),
        ({"sequence_value": True}, "invalid_type"),
        ({"voucher_type": 1}, "invalid_type"),
        ({"unheard_of": 1}, "unknown_field"),
        ({"accounting_account": None}, "required"),
        ({"voucher_type": "V"}, "invalid_voucher_type"),
        ({"voucher_code": 1000}, "invalid_voucher_code"),
        ({"debit_or_credit": "X"}, "invalid_side"),
        ({"sequence_value": -1}, "invalid_value"),
        ({"voucher_code": 1.5}, "invalid_voucher_code"),
        ({"document_number": 10**30}, "invalid_number"),
        ({"accounting_account": 1.5}, "invalid_number"),
        ({"product_code": -1}, "invalid_number"),
        ({"document_month": 2, "document_day": 30}, "invalid_date"),
        ({"document_year": 10**40}, "invalid_date"),
    ],
)
def test_a_wrong_row_is_refused_with_its_code(siigo: RunningSimulator, changes: dict[str, object], code: str) -> None:
    answer = post_siigo(siigo, export(row(**changes)))
    assert (answer.status, codes(answer.json)) == (400, [code])


@pytest.mark.parametrize(
    "name", ["voucher_type", "voucher_code", "accounting_account", "debit_or_credit", "sequence_value"]
)
def test_a_row_without_an_obligatory_field_is_refused(siigo: RunningSimulator, name: str) -> None:
    answer = post_siigo(siigo, export(row(**{name: None})))
    assert [(error["code"], error["field"]) for error in answer.json["errors"]] == [("required", name)]


@pytest.mark.parametrize("name", ["basic_invoice", "modify_documents"])
def test_one_of_the_two_flags_makes_the_other_obligatory(siigo: RunningSimulator, name: str) -> None:
    request: Any = export(row())
    del request["data"]["params"][name]
    assert post_siigo(siigo, request).json["message"] == f"params.{name} debe ser S o N"


def test_a_refused_row_names_its_position_and_field(siigo: RunningSimulator) -> None:
    answer = post_siigo(siigo, export(row(), row(sequence=2, nit="900")))
    assert [(error["row"], error["field"]) for error in answer.json["errors"]] == [(2, "nit")]


def test_an_existing_document_is_refused_when_modify_is_n(siigo: RunningSimulator) -> None:
    post_siigo(siigo, export(row()))
    answer = post_siigo(siigo, export(row()))
    assert answer.json["errors"][0]["message"] == "El documento F-001-1 ya existe"


def test_an_existing_document_is_replaced_whole_when_modify_is_s(siigo: RunningSimulator) -> None:
    post_siigo(siigo, export(row(), row(sequence=2)))
    post_siigo(siigo, export(row(sequence_value=7), modify="S"))
    assert [voucher["rows"] for voucher in siigo.documents()["vouchers"]] == [[row(sequence_value=7)]]


def test_one_number_in_two_years_is_two_documents(siigo: RunningSimulator) -> None:
    post_siigo(siigo, export(row()))
    post_siigo(siigo, export(row(), year=2025))
    assert [voucher["year"] for voucher in siigo.documents()["vouchers"]] == [2026, 2025]


def test_a_document_without_number_gets_the_next(siigo: RunningSimulator) -> None:
    post_siigo(siigo, export(row(document_number=41)))
    post_siigo(siigo, export(row(document_number=None)))
    assert [voucher["number"] for voucher in siigo.documents()["vouchers"]] == [41, 42]


def test_a_bad_voucher_leaves_the_good_ones_of_its_list() -> None:
    with start_siigo(balance=True) as siigo:
        post_siigo(siigo, export(row(), row(sequence=2, debit_or_credit="C"), row(document_number=2)))
        assert [voucher["number"] for voucher in siigo.documents()["vouchers"]] == [1]


def test_a_bad_voucher_refuses_the_whole_list_by_switch() -> None:
    with start_siigo(balance=True, whole_list=True) as siigo:
        post_siigo(siigo, export(row(), row(sequence=2, debit_or_credit="C"), row(document_number=2)))
        assert siigo.documents() == {"vouchers": []}


@pytest.mark.parametrize(
    ("switch", "code"),
    [
        ({"balance": True}, "unbalanced"),
        ({"ten_digit_account": True}, "invalid_account"),
        ({"year_of_document": True}, "wrong_year"),
        ({"closed_periods": ("2025-03",)}, "closed_period"),
    ],
)
def test_each_strict_rule_refuses_the_published_request(switch: dict[str, Any], code: str) -> None:
    with start_siigo(**switch) as siigo:
        assert codes(post_siigo(siigo, published("siigo_movement.json")).json) == [code]


def test_251_lines_are_too_many(siigo: RunningSimulator) -> None:
    answer = post_siigo(siigo, export(*(row(sequence=number) for number in range(1, 252))))
    assert codes(answer.json) == ["too_many_lines"]


def test_a_repeated_sequence_is_refused(siigo: RunningSimulator) -> None:
    assert codes(post_siigo(siigo, export(row(), row())).json) == ["repeated_sequence"]


def test_two_dates_in_one_voucher_are_refused(siigo: RunningSimulator) -> None:
    assert codes(post_siigo(siigo, export(row(), row(sequence=2, document_day=6))).json) == ["mixed_dates"]


@pytest.mark.parametrize("key", ["", "other"])
def test_a_wrong_key_is_unauthorized(siigo: RunningSimulator, key: str) -> None:
    assert post_siigo(siigo, export(row()), key).status == 401


def test_an_unknown_connection_is_forbidden(siigo: RunningSimulator) -> None:
    assert post_siigo(siigo, {**export(row()), "id_connection": "another"}).status == 403


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", SIIGO_PATH, 405), ("POST", "/api/v1/other", 404), ("PUT", SIIGO_PATH, 405)],
)
def test_only_post_to_the_one_address_answers(siigo: RunningSimulator, method: str, path: str, status: int) -> None:
    assert ask(siigo, method, path).status == status


def test_another_media_type_is_refused(siigo: RunningSimulator) -> None:
    assert post_siigo(siigo, export(row()), Content_Type="text/plain").status == 415


@pytest.mark.parametrize(
    "broken",
    [
        b"{",
        b"[]",
        b'{"id_connection": NaN}',
        b"[" * 20_000,
        json.dumps({**export(row()), "execution_type": "both"}),
        json.dumps({**export(row()), "execution_type": ["export"]}),
        json.dumps({**export(row()), "resource": "other"}),
        json.dumps({**export(row()), "extra": 1}),
        json.dumps({**export(row()), "params": {}}),
        json.dumps({**export(row()), "request_config": {"timeout": 1}}),
        json.dumps({**export(row()), "request_config": {"attempts": 4}}),
        json.dumps({**export(row()), "data": {"params": {}, "list": []}}),
        json.dumps({**export(row()), "data": {"params": {"modify_documents": "X"}, "list": [row()]}}),
        json.dumps({**export(row()), "data": {"params": {"year": "2026"}, "list": [row()]}}),
        json.dumps(read_back(voucher_type="ff")),
        json.dumps(read_back(day_initial="1")),
        json.dumps(read_back(number_final=None)),
    ],
)
def test_a_broken_envelope_is_a_bad_request(siigo: RunningSimulator, broken: str | bytes) -> None:
    assert post_siigo(siigo, broken).status == 400


def test_a_read_takes_only_what_is_in_range(siigo: RunningSimulator) -> None:
    post_siigo(siigo, export(row(), row(document_number=2), row(document_number=3, document_day=9)))
    answer = post_siigo(siigo, read_back(number_initial=2, day_final="08", month_final="03"))
    assert [found["document_number"] for found in answer.json["data"]] == [2]


@pytest.mark.parametrize(
    ("style", "status", "body"),
    [
        ("strings", 400, {"statusCode": 400, "message": "Los datos no son válidos", "errors": ["Fila 1: x"]}),
        ("string", 400, {"statusCode": 400, "message": "Los datos no son válidos", "errors": "Fila 1: x"}),
        ("nest", 400, {"statusCode": 400, "message": ["Fila 1: x"], "error": "Bad Request"}),
    ],
)
def test_refusals_come_in_the_style_of_the_switch(style: str, status: int, body: dict[str, object]) -> None:
    with start_siigo(error_style=style) as siigo:
        answer = post_siigo(siigo, export(row(nit="1")))
    message = "El campo nit debe ser numérico"
    assert (answer.status, answer.body.decode().replace(message, "x")) == (
        status,
        json.dumps(body, ensure_ascii=False),
    )


@pytest.mark.parametrize(("style", "status"), [("ok_400", 200), ("html_502", 502), ("empty", 400)])
def test_a_refusal_may_hide_its_status(style: str, status: int) -> None:
    with start_siigo(error_style=style) as siigo:
        assert post_siigo(siigo, export(row(nit="1"))).status == status


def test_the_journal_tells_what_happened_and_no_secret(siigo: RunningSimulator) -> None:
    post_siigo(siigo, export(row()))
    (entry,) = ask(siigo, "GET", "/_sim/journal").json
    assert (entry["operation"], entry["status"], entry["outcome"]) == ("export", 200, "stored")
    assert "demo-key" not in json.dumps(entry)


def test_reset_forgets_everything(siigo: RunningSimulator) -> None:
    post_siigo(siigo, export(row()))
    ask(siigo, "POST", "/_sim/reset")
    assert ask(siigo, "GET", "/_sim/documents").json == {"vouchers": []}
