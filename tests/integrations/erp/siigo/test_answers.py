"""Siigo's answers, as documented, as imaginable and as nonsense."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.erp.receipts import Verdict
from integrations.erp.siigo.answers import read_export, read_import
from integrations.erp.siigo.causes import CAUSES
from integrations.errors import NoAnswerError, QueryError

SUCCESS = (
    b'{ "statusCode": 200, "message": "Movimientos contables insertados correctamente en Siigo Pyme", "errors": null}'
)
PUBLISHED = "Movimientos contables insertados correctamente en Siigo Pyme"
LABELS = {"accounting_account": "CUENTA CONTABLE"}


def answer(status: object = 400, message: object = "Solicitud rechazada", errors: object = None) -> bytes:
    return json.dumps({"statusCode": status, "message": message, "errors": errors}).encode()


def test_the_documented_success_is_a_success() -> None:
    receipt = read_export(200, SUCCESS)
    assert receipt.verdict is Verdict.ACCEPTED
    assert receipt.message == PUBLISHED


@pytest.mark.parametrize("errors", [None, "", [], {}])
@pytest.mark.parametrize("status", [200, 201, "200"])
def test_every_empty_errors_is_a_success(errors: object, status: object) -> None:
    assert read_export(201, answer(status, PUBLISHED, errors)).verdict is Verdict.ACCEPTED


@pytest.mark.parametrize("cut", range(1, len(SUCCESS), 5))
def test_a_truncated_success_is_never_a_success(cut: int) -> None:
    assert read_export(200, SUCCESS[:cut]).verdict is Verdict.AMBIGUOUS


NO_VERDICT = {
    "nothing": (200, b""),
    "html": (200, b"<html><body>OK</body></html>"),
    "html 502": (502, b"<html>Bad Gateway</html>"),
    "bare 200": (200, b"{}"),
    "bare text": (200, b'"OK"'),
    "bare list": (200, b"[]"),
    "true as status": (200, answer(True)),
    "status in words": (200, answer("ok")),
    "302 inside": (200, answer(302)),
    "500": (500, answer(500, "Internal server error")),
    "500 that says 200": (500, SUCCESS),
    "503 that refuses": (503, answer(400, "x", ["y"])),
    "400 that says 200": (400, SUCCESS),
    "202 without body": (202, b""),
    "204": (204, b""),
    "404 html": (404, b"<html>Not found</html>"),
    "refused for a timeout": (400, answer(400, "Tiempo de espera agotado en Siigo")),
    "500 inside": (200, answer(500, "Error")),
    "latin-1": (200, '{"statusCode": 200, "message": "ñ", "errors": null}'.encode("latin-1")),
    "too deep": (200, b'{"errors":' + b"[" * 200_000),
}


@pytest.mark.parametrize(("status", "body"), NO_VERDICT.values(), ids=NO_VERDICT)
def test_what_has_no_readable_verdict_may_exist(status: int, body: bytes) -> None:
    assert read_export(status, body).verdict is Verdict.AMBIGUOUS


@settings(deadline=None)
@given(st.integers(200, 599).filter(lambda status: status not in (401, 403, 429)), st.binary(max_size=60))
def test_random_bytes_are_never_a_success(status: int, body: bytes) -> None:
    assert read_export(status, body).verdict is not Verdict.ACCEPTED


REFUSED = {
    "http 400": (400, answer(400, "Solicitud rechazada", ["x"])),
    "200 with 400 inside": (200, answer(400)),
    "200 with errors": (200, answer(200, "Listo", ["La cuenta no existe"])),
    "errors as text": (422, answer(422, "No", "La cuenta 1105 no existe")),
    "without statusCode": (400, b'{"errors": ["x"]}'),
    "nest": (400, b'{"statusCode": 400, "message": ["a", "b"], "error": "Bad Request"}'),
    "error true": (200, b'{"statusCode": 200, "message": "", "errors": true}'),
}


@pytest.mark.parametrize(("status", "body"), REFUSED.values(), ids=REFUSED)
def test_a_refusal_proves_nothing_about_what_was_written(status: int, body: bytes) -> None:
    assert read_export(status, body).verdict is Verdict.REFUSED_UNPROVEN


@pytest.mark.parametrize("status", [401, 403])
def test_refused_credentials_pause(status: int) -> None:
    assert read_export(status, b'{"statusCode": 401, "errors": ["key"]}').verdict is Verdict.UNAUTHORIZED
    assert read_export(200, answer(status)).verdict is Verdict.UNAUTHORIZED


@pytest.mark.parametrize(
    "text",
    [
        "La conexión no existe",
        "id_connection no encontrado",
        "Conexión OBai6kmwKH no encontrada.",
        "id_connection inválido",
        "Connection not found",
    ],
)
def test_an_unknown_connection_pauses(text: str) -> None:
    assert read_export(404, answer(404, text)).verdict is Verdict.UNAUTHORIZED


def test_a_lost_connection_to_the_database_is_no_unknown_connection() -> None:
    receipt = read_export(400, answer(400, "La conexión con la base de datos no existe"))
    assert receipt.verdict is Verdict.REFUSED_UNPROVEN


@pytest.mark.parametrize("text", ["El documento ya existe", "Consecutivo duplicado", "already exists"])
def test_what_is_there_already_is_compared(text: str) -> None:
    receipt = read_export(409, answer(409, "Error", [{"row": 1, "message": text}]))
    assert (receipt.verdict, receipt.cause) == (Verdict.DUPLICATE, "duplicate")


def test_of_several_texts_the_most_dangerous_wins() -> None:
    body = answer(400, "Error", ["La cuenta no existe", "ya existe", "deadlock victim"])
    assert read_export(400, body).verdict is Verdict.AMBIGUOUS


@pytest.mark.parametrize(
    ("headers", "body", "seconds"),
    [
        ({"Retry-After": "30"}, b"", 30.0),
        ({"retry-after": "Thu, 01 Jan 2015 00:00:00 GMT"}, b"", 0.0),
        ({}, b'{"statusCode": 429, "retryAfter": 12}', 12.0),
        ({"Retry-After": "soon"}, b"", None),
        ({}, b"", None),
    ],
)
def test_a_throttled_call_waits_as_told(headers: dict[str, str], body: bytes, seconds: float | None) -> None:
    receipt = read_export(429, body, headers=headers)
    assert (receipt.verdict, receipt.retry_after_seconds) == (Verdict.THROTTLED, seconds)


IN_WORDS = {
    "text": "Línea 3, cuenta contable: no existe",
    "list of texts": ["Línea 3, cuenta contable: no existe"],
    "objects": [{"row": 3, "field": "accounting_account", "code": "E1", "message": "no existe"}],
    "objects in Spanish": [{"fila": "3", "campo": "accounting_account", "mensaje": "no existe"}],
    "by row": {"3": {"accounting_account": ["no existe"]}},
    "by named row": {"Fila 3": [{"field": "accounting_account", "error": "no existe"}]},
}


@pytest.mark.parametrize("errors", IN_WORDS.values(), ids=IN_WORDS)
def test_row_and_field_are_put_in_words(errors: object) -> None:
    receipt = read_export(400, answer(400, "Error", errors), labels=LABELS)
    assert "«Línea 3, cuenta contable: no existe»" in receipt.message


def test_the_answer_is_kept_as_evidence() -> None:
    receipt = read_export(400, answer())
    assert (receipt.body, receipt.http_status) == (answer(), 400)


def test_causes_have_one_row_each() -> None:
    codes = [cause.code for cause in CAUSES]
    assert len(codes) == len(set(codes))


def test_rows_are_read_back_exactly() -> None:
    body = b'{"statusCode": 200, "message": "", "errors": null, "data": [{"sequence_value": 10.10, "nit": 9}]}'
    assert str(read_import(200, body)[0]["sequence_value"]) == "10.10"


def test_no_rows_is_said_with_an_empty_list() -> None:
    assert read_import(200, b'{"statusCode": 200, "errors": null, "data": []}') == []


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b'{"statusCode": 200, "errors": null}'),
        (200, b'{"statusCode": 200, "errors": null, "data": null}'),
        (200, b'{"statusCode": 200, "errors": null, "data": [1]}'),
        (200, b'{"statusCode": 200, "errors": null, "data": ['),
        (502, b"<html>"),
        (200, b""),
    ],
)
def test_a_read_without_rows_never_proves_absence(status: int, body: bytes) -> None:
    with pytest.raises(NoAnswerError):
        read_import(status, body)


@pytest.mark.parametrize(("status", "body"), [(400, answer()), (401, b""), (429, b""), (200, answer(404))])
def test_a_refused_read_is_a_query_error(status: int, body: bytes) -> None:
    with pytest.raises(QueryError):
        read_import(status, body)
