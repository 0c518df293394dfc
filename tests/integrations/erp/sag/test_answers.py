"""SAG's answers, printed, seen and imaginable."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.erp.receipts import Receipt, Reference, Verdict
from integrations.erp.sag.answers import Sent, match_to_records, read_insertion, read_query
from integrations.erp.sag.causes import CAUSES
from integrations.erp.sag.rows import QueryMethod
from integrations.errors import NoAnswerError, QueryError
from tests.integrations.erp.sag.recorded import (
    ARRAYS,
    FAULT,
    INSTANCE,
    OBJECT_REFERENCE,
    PRINTED_FAILURE,
    PRINTED_SUCCESS,
    SOAP,
    envelope,
    failed,
    insertion,
    json_answer,
)

OK = {"s_estado": "OK", "s_mensaje": "DOCUMENTO CREADO CORRECTAMENTE"}


def read(body: bytes, *, status: int = 200, committed: bool = True) -> Receipt:
    receipts = read_insertion(status, body, Sent(committed=committed))
    assert len(receipts) == 1
    return receipts[0]


def test_the_printed_success_is_a_success() -> None:
    receipt = read(PRINTED_SUCCESS)
    assert (receipt.verdict, receipt.message) == (Verdict.ACCEPTED, "DOCUMENTO CREADO CORRECTAMENTE")
    assert receipt.reference == Reference()


def test_the_printed_failure_is_a_client_that_exists() -> None:
    receipt = read(PRINTED_FAILURE)
    assert (receipt.verdict, receipt.cause) == (Verdict.DUPLICATE, "client_exists")
    assert "«EL CLIENTE YA EXISTE»" in receipt.message


def test_a_document_that_asked_not_to_be_stored_is_not_a_success() -> None:
    assert read(PRINTED_SUCCESS, committed=False).verdict is Verdict.UNCOMMITTED


@pytest.mark.parametrize("cut", range(0, len(PRINTED_SUCCESS), 50))
def test_a_truncated_answer_is_never_a_success(cut: int) -> None:
    assert read(PRINTED_SUCCESS[:cut]).verdict is Verdict.AMBIGUOUS


@settings(deadline=None)
@given(st.integers(200, 599).filter(lambda status: status not in (401, 403, 429)), st.binary(max_size=80))
def test_random_bytes_may_exist(status: int, body: bytes) -> None:
    assert read(body, status=status).verdict is Verdict.AMBIGUOUS


def test_the_number_and_the_identifier_come_when_they_are_told() -> None:
    receipt = read(insertion({**OK, "s_num_documento": " 2051 ", "s_identificador": "900"}))
    assert receipt.reference == Reference("2051", "900")


def test_order_gaps_namespaces_and_prefixes_do_not_matter() -> None:
    body = (
        f'<?xml version="1.0"?><x:Envelope xmlns:x="{SOAP}"><x:Header/><x:Body>'
        '<q:insercionSagResponse xmlns:q="urn:other"><q:insercionSagResult><clsGenerales xmlns="urn:third">'
        "<s_extra>1</s_extra><s_mensaje>DOCUMENTO CREADO CORRECTAMENTE</s_mensaje>"
        "<s_estado> ok </s_estado></clsGenerales>"
        "</q:insercionSagResult></q:insercionSagResponse></x:Body></x:Envelope>"
    )
    assert read(body.encode()).verdict is Verdict.ACCEPTED


DOCUMENTED = {
    "EL CLIENTE YA EXISTE": Verdict.DUPLICATE,
    "CIUDAD NO EXISTE": Verdict.REFUSED,
    "CAMPOS OBLIGATORIOS VACÍOS": Verdict.REFUSED,
    "TIPO DE CLIENTE INVÁLIDO": Verdict.REFUSED,
    "TIPO DE DOCUMENTO INVÁLIDO": Verdict.REFUSED,
}


@pytest.mark.parametrize(("message", "verdict"), DOCUMENTED.items())
@pytest.mark.parametrize("change", [str.upper, str.lower, lambda text: f" {text}. "])
def test_the_documented_refusals_prove_that_nothing_was_written(message: str, verdict: Verdict, change: object) -> None:
    assert callable(change)
    assert read(failed(change(message))).verdict is verdict


@pytest.mark.parametrize("message", ["CAMPOS OBLIGATORIOS VACIOS", "CAMPOS OBLIGATORIOS VAC?OS"])
def test_lost_accents_are_understood(message: str) -> None:
    assert read(failed(message)).cause == "required_fields"


MAY_EXIST = [
    OBJECT_REFERENCE,
    "Timeout expired. The timeout period elapsed prior to completion of the operation",
    "Transaction (Process ID 52) was deadlocked on lock resources and has been chosen as the victim.",
    "A transport-level error has occurred when receiving results from the server.",
    "CIUDAD NO EXISTE (Timeout expired)",
    "Se agotó el tiempo de espera",
    "No hay conexión con la base de datos",
]


@pytest.mark.parametrize("message", MAY_EXIST)
def test_a_failure_amid_the_work_may_have_written(message: str) -> None:
    assert read(failed(message)).verdict is Verdict.AMBIGUOUS


@pytest.mark.parametrize("message", ["Invalid object name 'x'.", "CIUDAD NO EXISTE EN LA LINEA 2", "???"])
def test_an_unknown_refusal_proves_nothing(message: str) -> None:
    assert read(failed(message)).verdict is Verdict.REFUSED_UNPROVEN


def test_a_missing_client_is_named_as_such() -> None:
    assert read(failed("EL TERCERO 900123 NO EXISTE")).cause == "client_missing"


NO_VERDICT = {
    "no state": (200, insertion({"s_mensaje": "DOCUMENTO CREADO CORRECTAMENTE"})),
    "other state": (200, insertion({"s_estado": "1", "s_mensaje": "x"})),
    "two states": (
        200,
        PRINTED_SUCCESS.replace(b"<a:s_fuente", b"<a:s_estado>FALLIDO</a:s_estado><a:s_fuente"),
    ),
    "failed without a message": (200, failed("")),
    "empty array": (200, envelope("insercionSag", "")),
    "nil": (200, envelope("insercionSag", "<clsGenerales/>")),
    "answer of another operation": (200, envelope("consultaSagJson", "[]")),
    "fault with 500": (500, FAULT),
    "fault with 200": (200, FAULT),
    "500 that says OK": (500, PRINTED_SUCCESS),
    "404 that says OK": (404, PRINTED_SUCCESS),
    "html": (503, b"<html><body>Service Unavailable</body></html>"),
    "html with 200": (200, b"<html><body>OK</body></html>"),
    "nothing": (202, b""),
    "entity": (200, b'<!DOCTYPE a [<!ENTITY e "OK">]>' + PRINTED_SUCCESS.replace(b">OK<", b">&e;<")),
    "undeclared entity": (200, PRINTED_SUCCESS.replace(b">OK<", b">&e;<")),
    "dtd behind a comment": (200, b"<!-- x --><!DOCTYPE a>" + PRINTED_SUCCESS),
    "latin-1": (200, PRINTED_SUCCESS.replace(b"CREADO", b"CRE\xd1DO")),
    "control character": (200, PRINTED_SUCCESS.replace(b"CREADO", b"CREA\x0bDO")),
    "two documents": (200, PRINTED_SUCCESS * 2),
}


@pytest.mark.parametrize(("status", "body"), NO_VERDICT.values(), ids=NO_VERDICT)
def test_what_has_no_readable_verdict_may_exist(status: int, body: bytes) -> None:
    assert read(body, status=status).verdict is Verdict.AMBIGUOUS


@pytest.mark.parametrize(
    ("status", "verdict"),
    [(401, Verdict.UNAUTHORIZED), (403, Verdict.REFUSED_UNPROVEN), (429, Verdict.THROTTLED)],
)
def test_a_status_that_refuses_is_told_apart(status: int, verdict: Verdict) -> None:
    assert read(b"<html>", status=status).verdict is verdict


def test_a_throttled_call_waits_as_told() -> None:
    receipts = read_insertion(429, b"", Sent(), headers={"Retry-After": "7"})
    assert receipts[0].retry_after_seconds == 7


def test_every_element_of_the_array_is_a_receipt() -> None:
    receipts = read_insertion(200, insertion(OK, {"s_estado": "FALLIDO", "s_mensaje": "x"}), Sent())
    assert [one.verdict for one in receipts] == [Verdict.ACCEPTED, Verdict.REFUSED_UNPROVEN]


def receipts_of(*rows: dict[str, str]) -> list[Receipt]:
    return read_insertion(200, insertion(*rows), Sent())


REFUSED_ROW = {"s_estado": "FALLIDO", "s_mensaje": "CIUDAD NO EXISTE"}


@pytest.mark.parametrize(
    ("rows", "verdict"),
    [
        ([OK, REFUSED_ROW], Verdict.AMBIGUOUS),
        ([OK, OK, OK], Verdict.AMBIGUOUS),
        ([{**OK, "s_num_documento": "1"}, {**OK, "s_num_documento": "2"}], Verdict.AMBIGUOUS),
        ([{**OK, "s_num_documento": "1"}] * 3, Verdict.ACCEPTED),
        ([REFUSED_ROW] * 3, Verdict.REFUSED),
        ([{**OK, "s_identificador": "8"}, {**REFUSED_ROW, "s_identificador": "9"}], Verdict.REFUSED),
        ([{**OK, "s_identificador": "8"}, {**OK, "s_identificador": "7"}], Verdict.AMBIGUOUS),
        ([{**OK, "s_identificador": "9"}, REFUSED_ROW], Verdict.AMBIGUOUS),
        ([{**OK, "s_identificador": "77"}], Verdict.ACCEPTED),
    ],
)
def test_several_elements_for_one_record_never_give_it_the_success_of_another(
    rows: list[dict[str, str]], verdict: Verdict
) -> None:
    assert match_to_records(receipts_of(*rows), ["9"])[0].verdict is verdict


def test_each_record_takes_the_element_that_names_it_whatever_the_order() -> None:
    rows = receipts_of({**REFUSED_ROW, "s_identificador": "2"}, {**OK, "s_identificador": "1"})
    assert [one.verdict for one in match_to_records(rows, ["1", "2"])] == [Verdict.ACCEPTED, Verdict.REFUSED]


def test_elements_without_a_name_are_matched_by_order() -> None:
    assert [one.verdict for one in match_to_records(receipts_of(OK, REFUSED_ROW), ["1", "2"])] == [
        Verdict.ACCEPTED,
        Verdict.REFUSED,
    ]


@pytest.mark.parametrize("rows", [[OK], [OK, OK, OK], [{**OK, "s_identificador": "1"}]])
def test_a_count_that_does_not_match_leaves_every_record_in_doubt(rows: list[dict[str, str]]) -> None:
    assert [one.verdict for one in match_to_records(receipts_of(*rows), ["1", "2"])] == [Verdict.AMBIGUOUS] * 2


def test_causes_have_one_row_each() -> None:
    codes = [cause.code for cause in CAUSES]
    assert len(codes) == len(set(codes))


def pair(key: str, value: str, kind: str = "") -> str:
    typed = f' i:type="b:{kind}" xmlns:b="http://www.w3.org/2001/XMLSchema"' if kind else ' i:nil="true"'
    return (
        f"<a:KeyValueOfstringanyType><a:Key>{key}</a:Key><a:Value{typed}>{value}</a:Value></a:KeyValueOfstringanyType>"
    )


JSON2 = "".join(
    f"<a:ArrayOfKeyValueOfstringanyType>{row}</a:ArrayOfKeyValueOfstringanyType>"
    for row in (
        pair("Documento", "999", "long")
        + pair("Nombre", "VENTAS &amp; CO   ", "string")
        + pair("Valor", "12230.50", "decimal")
        + pair("Fecha", "2020-05-26T00:00:00", "dateTime")
        + pair("Ciudad", ""),
        pair("Documento", "15", "int")
        + pair("Nombre", "", "string")
        + pair("Valor", "0", "decimal")
        + pair("Fecha", "")
        + pair("Ciudad", "05001", "string"),
    )
)
DATA_SET = (
    "<NewDataSet><Consultas><Documento>999</Documento><Nombre>VENTAS &amp; CO   </Nombre>"
    "<Valor>12230.50</Valor><Fecha>2020-05-26T00:00:00-05:00</Fecha></Consultas>"
    "<Consultas><Documento>15</Documento><Nombre/><Valor>0</Valor><Ciudad>05001</Ciudad></Consultas></NewDataSet>"
)
JSON = """[
 {"Documento": 999, "Nombre": "VENTAS & CO   ", "Valor": 12230.50,
  "Fecha": "2020-05-26T00:00:00", "Ciudad": null},
 {"Documento": 15, "Nombre": "", "Valor": 0, "Fecha": null, "Ciudad": "05001"}]"""


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


SAME: dict[str, tuple[QueryMethod, bytes]] = {
    "json": ("json", json_answer(JSON)),
    "json2": ("json2", envelope("consultaSagJson2", JSON2)),
    "xml as text": ("xml", envelope("consultaSagXml", escaped(DATA_SET))),
    "xml as text with a false label": (
        "xml",
        envelope("consultaSagXml", escaped(f'<?xml version="1.0" encoding="utf-16"?>{DATA_SET}')),
    ),
    "xml as node": ("xml", envelope("consultaSagXml", DATA_SET)),
    "xml in a diffgram": (
        "xml",
        envelope("consultaSagXml", f'<schema xmlns="urn:s"/><d:diffgram xmlns:d="urn:d">{DATA_SET}</d:diffgram>'),
    ),
}


@pytest.mark.parametrize(("method", "body"), SAME.values(), ids=SAME)
def test_the_rows_are_the_same_whichever_method_asked(method: QueryMethod, body: bytes) -> None:
    rows = read_query(200, body, method)
    assert [{name: str(value) for name, value in row.items()} for row in rows] == [
        {
            "Documento": "999",
            "Nombre": "VENTAS & CO",
            "Valor": "12230.50",
            "Fecha": "2020-05-26T00:00:00",
            "Ciudad": "None",
        },
        {"Documento": "15", "Nombre": "", "Valor": "0", "Fecha": "None", "Ciudad": "05001"},
    ]


def test_no_float_is_ever_made() -> None:
    rows = [row for method, body in SAME.values() for row in read_query(200, body, method)]
    assert not any(isinstance(value, float) for row in rows for value in row.values())


@pytest.mark.parametrize(
    ("method", "body"),
    [
        ("json", json_answer("[]")),
        ("json2", envelope("consultaSagJson2", "")),
        ("xml", envelope("consultaSagXml", "&lt;NewDataSet /&gt;")),
        ("xml", envelope("consultaSagXml", "<NewDataSet/>")),
    ],
)
def test_no_rows_is_an_empty_list(method: QueryMethod, body: bytes) -> None:
    assert read_query(200, body, method) == []


def test_a_column_name_is_read_as_it_was_selected() -> None:
    body = envelope("consultaSagXml", "<NewDataSet><C><Nombre_x0020_largo>x</Nombre_x0020_largo></C></NewDataSet>")
    assert read_query(200, body, "xml") == [{"Nombre largo": "x"}]


FAILED_ROW = '[{"s_estado": "FALLIDO", "S_MENSAJE": "%s", "s_fuente": null}]'
FAILED_PAIRS = pair("s_estado", "FALLIDO", "string") + pair("s_mensaje", OBJECT_REFERENCE, "string")
FAILED_SET = f"<NewDataSet><T><s_estado>FALLIDO</s_estado><s_mensaje>{OBJECT_REFERENCE}</s_mensaje></T></NewDataSet>"


@pytest.mark.parametrize(
    ("method", "body"),
    [
        ("json", json_answer(FAILED_ROW % OBJECT_REFERENCE)),
        (
            "json2",
            envelope(
                "consultaSagJson2",
                f"<a:ArrayOfKeyValueOfstringanyType>{FAILED_PAIRS}</a:ArrayOfKeyValueOfstringanyType>",
            ),
        ),
        ("xml", envelope("consultaSagXml", FAILED_SET)),
        ("xml", envelope("consultaSagXml", FAILED_ROW % OBJECT_REFERENCE)),
    ],
)
def test_a_failure_that_may_be_the_token_is_ambiguous(method: QueryMethod, body: bytes) -> None:
    with pytest.raises(QueryError) as caught:
        read_query(200, body, method)
    assert caught.value.ambiguous


@pytest.mark.parametrize("message", ["Invalid object name 'v_cl'.", "Invalid column name 'x'.", ""])
def test_a_query_that_sql_refuses_is_a_plain_query_error(message: str) -> None:
    with pytest.raises(QueryError) as caught:
        read_query(200, json_answer(FAILED_ROW % message), "json")
    assert not caught.value.ambiguous


def test_an_envelope_that_says_ok_is_a_row() -> None:
    assert read_query(200, json_answer('[{"s_estado": "OK", "s_mensaje": ""}]'), "json")


@pytest.mark.parametrize("status", [401, 403, 429])
def test_a_refused_query_is_a_query_error(status: int) -> None:
    with pytest.raises(QueryError):
        read_query(status, b"", "json")


UNREAD = {
    "500": ("json", 500, FAULT),
    "fault": ("json", 200, FAULT),
    "html": ("json", 200, b"<html/>"),
    "nil": (
        "json",
        200,
        json_answer("").replace(b"<consultaSagJsonResult", b'<consultaSagJsonResult i:nil="true"'),
    ),
    "empty text": ("json", 200, json_answer("")),
    "cut json": ("json", 200, json_answer('[{"a": 1}')),
    "nan": ("json", 200, json_answer('[{"a": NaN}]')),
    "nested": ("json", 200, json_answer('[{"a": [1]}]')),
    "number": ("json", 200, json_answer("7")),
    "rows of numbers": ("json", 200, json_answer("[7]")),
    "other operation": ("xml", 200, json_answer("[]")),
    "no data set": ("xml", 200, envelope("consultaSagXml", "&lt;html/&gt;")),
    "nothing": ("xml", 200, envelope("consultaSagXml", "")),
    "cut xml": ("xml", 200, envelope("consultaSagXml", escaped(DATA_SET[:-5]))),
    "entity bomb": (
        "xml",
        200,
        envelope("consultaSagXml", escaped(f'<!DOCTYPE a [<!ENTITY e "e">]>{DATA_SET}')),
    ),
    "no key": (
        "json2",
        200,
        envelope(
            "consultaSagJson2",
            f'<a:ArrayOfKeyValueOfstringanyType xmlns:a="{ARRAYS}" xmlns:i="{INSTANCE}">'
            "<a:KeyValueOfstringanyType/></a:ArrayOfKeyValueOfstringanyType>",
        ),
    ),
    "false number": (
        "json2",
        200,
        envelope(
            "consultaSagJson2",
            f"<a:ArrayOfKeyValueOfstringanyType>{pair('a', 'x', 'int')}</a:ArrayOfKeyValueOfstringanyType>",
        ),
    ),
}


@pytest.mark.parametrize(("method", "status", "body"), UNREAD.values(), ids=UNREAD)
def test_an_unreadable_answer_is_never_no_rows(method: QueryMethod, status: int, body: bytes) -> None:
    with pytest.raises(NoAnswerError):
        read_query(status, body, method)


@pytest.mark.parametrize("name", SAME)
def test_a_truncated_answer_is_never_rows(name: str) -> None:
    method, body = SAME[name]
    for cut in range(0, len(body), 50):
        with pytest.raises(NoAnswerError):
            read_query(200, body[:cut], method)
