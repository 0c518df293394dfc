"""Every answer of Siigo through the whole protocol: the state that it leaves and the sentence that staff read."""

import json
import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from integrations.choices import Status
from integrations.models import Connection
from integrations.selectors import siigo_line_errors
from integrations.sending import engine
from integrations.simulators.siigo import start_siigo
from ledger.models import Movement
from tests import builders
from tests.builders import standing_of
from tests.integrations.payloads.test_updates import edited
from tests.integrations.sending.conftest import confirmed
from tests.integrations.wire import Script, WireServer, answers, hangs_after_request, http, unused_port

pytestmark = pytest.mark.django_db(transaction=True)

TECHNICAL = re.compile(r"json|http|html|timeout|status|null|traceback|errno|socket|exception|\bNone\b", re.IGNORECASE)


def said_by_siigo(body: object, status: str = "200 OK") -> Script:
    return answers(http(json.dumps(body).encode(), status=status))


def whole(status: object = 400, message: object = "Solicitud rechazada", errors: object = None) -> dict[str, object]:
    return {"statusCode": status, "message": message, "errors": errors}


def sent_to(script: Script, movement: Movement | None = None) -> Movement:
    movement = movement or builders.voucher()
    with WireServer(script) as server:
        builders.siigo_connection(server.url, read_seconds=1.0, deadline_seconds=1.5)
        engine.drain(confirmed(movement).connection_id)
    return movement


NO = "400 Bad Request"
ROW = "Línea 2, nit: no está"
REFUSALS: dict[str, tuple[Script, str]] = {
    "errors null, statusCode 400": (said_by_siigo(whole()), "Solicitud rechazada"),
    "errors as text": (said_by_siigo(whole(errors="No se puede"), NO), "No se puede"),
    "errors as texts": (said_by_siigo(whole(errors=["Uno", "Otro"]), NO), "Uno · Otro"),
    "errors as objects": (said_by_siigo(whole(errors=[{"row": 2, "field": "nit", "message": "no está"}]), NO), ROW),
    "errors in Spanish": (said_by_siigo(whole(errors=[{"fila": 2, "campo": "nit", "mensaje": "no está"}]), NO), ROW),
    "errors by row": (said_by_siigo(whole(errors={"2": {"nit": ["no está"]}}), NO), ROW),
    "errors by named row": (said_by_siigo(whole(errors={"fila 2": {"nit": "no está"}}), NO), ROW),
    "message as list": (
        said_by_siigo(whole(message=["Falta el dato", "Sobra otro"]), NO),
        "Falta el dato · Sobra otro",
    ),
    "2xx that refuses": (said_by_siigo(whole(400, "Revise", ["x"])), "«x»"),
    "2xx with errors": (said_by_siigo(whole(200, "Listo", ["Cuadre"])), "«Cuadre»"),
    "unknown account": (said_by_siigo(whole(errors=["La cuenta 1 no existe"]), NO), "Asigne la cuenta equivalente"),
    "unknown third party": (said_by_siigo(whole(errors=["El tercero no existe"]), NO), "Cree primero el tercero"),
    "closed period": (said_by_siigo(whole(errors=["El período está cerrado"]), NO), "Abra el periodo"),
    "unbalanced": (said_by_siigo(whole(errors=["Documento descuadrado"]), NO), "Débitos y créditos no cuadran"),
}


@pytest.mark.parametrize(("script", "sentence"), REFUSALS.values(), ids=REFUSALS)
def test_a_refusal_is_shown_and_is_to_be_verified_first(script: Script, sentence: str) -> None:
    row = standing_of(sent_to(script))
    assert (row.status, row.verify_first) == (Status.REJECTED, True)
    assert sentence in row.message


DOUBTS: dict[str, Script] = {
    "html": answers(http(b"<html><body>Error</body></html>", kind="text/html")),
    "html 502": answers(http(b"<html>Bad Gateway</html>", status="502 Bad Gateway", kind="text/html")),
    "nothing": answers(http(b"")),
    "nothing 202": answers(http(b"", status="202 Accepted")),
    "4xx that says 200": said_by_siigo(whole(200, "Insertados"), NO),
    "4xx without a body": answers(http(b"", status=NO)),
    "423 without a body": answers(http(b"", status="423 Locked")),
    "500 in JSON": said_by_siigo(whole(500, "Internal server error"), "500 Internal Server Error"),
    "500 inside 200": said_by_siigo(whole(500, "Error")),
    "cut in the middle": answers(http(b'{"statusCode": 200, "message": "Inser')),
    "after the deadline": hangs_after_request,
    "a list": said_by_siigo([1, 2]),
    "busy, and a deadlock": said_by_siigo(whole(409, "Ocupado", ["deadlock"]), "409 Conflict"),
    "there already": said_by_siigo(whole(409, "El documento ya existe"), "409 Conflict"),
}


@pytest.mark.parametrize("script", DOUBTS.values(), ids=DOUBTS)
def test_what_may_have_been_stored_is_uncertain_and_says_to_verify(script: Script) -> None:
    row = standing_of(sent_to(script))
    assert row.status == Status.UNCERTAIN
    assert re.search(r"verif[ií]que", row.message, re.IGNORECASE), row.message


@pytest.mark.parametrize("script", DOUBTS.values(), ids=DOUBTS)
def test_a_doubt_is_told_without_technical_words(script: Script) -> None:
    ours = standing_of(sent_to(script)).message.partition(" respondió: «")[0]
    assert not TECHNICAL.search(ours), ours


PAUSES: dict[str, tuple[Script, str]] = {
    "wrong key": (said_by_siigo(whole(401, "Unauthorized"), "401 Unauthorized"), "no aceptó la clave"),
    "wrong key without a body": (answers(http(b"", status="401 Unauthorized")), "no aceptó la clave"),
    "forbidden": (said_by_siigo(whole(403, "Forbidden"), "403 Forbidden"), "no aceptó la clave"),
    "unknown connection": (
        said_by_siigo(whole(404, "La conexión OBai6kmwKH no existe"), "404 Not Found"),
        "identificador de la conexión",
    ),
    "unknown connection inside 200": (said_by_siigo(whole(400, "id_connection no encontrado")), "identificador"),
}


@pytest.mark.parametrize(("script", "sentence"), PAUSES.values(), ids=PAUSES)
def test_what_is_wrong_with_the_connection_pauses_it_and_leaves_the_voucher_queued(
    script: Script, sentence: str
) -> None:
    movement = sent_to(script)
    connection = Connection.objects.get()
    assert (standing_of(movement).status, connection.is_paused) == (Status.QUEUED, True)
    assert sentence in connection.pause_reason


WAITS: dict[str, tuple[Script, str]] = {
    "429": (answers(http(b"", status="429 Too Many Requests", headers=("Retry-After: 30",))), "pidió esperar"),
    "423": (said_by_siigo(whole(423, "La conexión está ocupada"), "423 Locked"), "ocupado con otra operación"),
    "409": (said_by_siigo(whole(409, "Siigo ocupado, intente más tarde"), "409 Conflict"), "se reintenta solo"),
    "the second call at once": (
        said_by_siigo(whole(409, "El conector está ocupado con otra solicitud de esta conexión", []), "409 Conflict"),
        "ocupado con otra operación",
    ),
    "409 inside 200": (said_by_siigo(whole(409, "Hay otra ejecución en curso")), "se reintenta solo"),
}


@pytest.mark.parametrize(("script", "sentence"), WAITS.values(), ids=WAITS)
def test_a_busy_siigo_is_asked_again_later(script: Script, sentence: str) -> None:
    row = standing_of(sent_to(script))
    assert (row.status, row.verify_first, row.due_at is not None) == (Status.RETRYING, False, True)
    assert sentence in row.message


def test_busy_in_a_plain_refusal_is_no_proof_that_nothing_was_written() -> None:
    row = standing_of(sent_to(said_by_siigo(whole(400, errors=["El archivo está ocupado"]), NO)))
    assert (row.status, row.verify_first) == (Status.REJECTED, True)


def test_a_siigo_that_nobody_answers_for_is_asked_again() -> None:
    movement = builders.voucher()
    builders.siigo_connection(f"http://127.0.0.1:{unused_port()}/api")
    engine.drain(confirmed(movement).connection_id)
    assert standing_of(movement).status == Status.RETRYING


# --- beside the line and the field

STYLES = {
    "objects": [{"row": 2, "field": "accounting_account", "message": "La cuenta no existe"}],
    "by row": {"2": {"accounting_account": ["La cuenta no existe"]}},
    "by label": [{"fila": 2, "campo": "CUENTA CONTABLE", "mensaje": "La cuenta no existe"}],
}


@pytest.mark.parametrize("errors", STYLES.values(), ids=STYLES)
def test_what_siigo_says_of_a_field_is_about_that_field_of_that_line(errors: object) -> None:
    (one,) = siigo_line_errors.line_errors(sent_to(said_by_siigo(whole(errors=errors), NO)))
    assert (one.line, one.fields, one.text) == (2, ("account",), "La cuenta no existe")


@pytest.mark.parametrize(
    "errors",
    ["Fila 2: La cuenta no existe", ["Línea 2, La cuenta no existe"], "Fila 2: La cuenta no existe; fila 3: x"],
)
def test_a_row_said_in_words_reaches_its_line(errors: object) -> None:
    one = siigo_line_errors.line_errors(sent_to(said_by_siigo(whole(errors=errors), NO)))[0]
    assert (one.line, one.text) == (2, "La cuenta no existe")


def test_rows_are_counted_as_they_were_sent_though_positions_have_gaps() -> None:
    movement = builders.voucher()
    movement.lines.filter(position=3).update(position=7)
    (one,) = siigo_line_errors.line_errors(sent_to(said_by_siigo(whole(errors={"3": "No va"}), NO), movement))
    assert one.line == 7


def test_a_row_that_the_voucher_does_not_have_is_about_no_line() -> None:
    assert siigo_line_errors.line_errors(sent_to(said_by_siigo(whole(errors={"9": "No va"}), NO))) == []


def page_of(movement: Movement) -> str:
    staff = Client()
    staff.force_login(User.objects.create_superuser("ana", password="x"))
    return str(staff.get(f"/admin/ledger/movement/{movement.pk}/change/").content.decode())


def test_the_page_shows_it_beside_the_field_of_the_line() -> None:
    page = page_of(sent_to(said_by_siigo(whole(errors=STYLES["objects"]), NO)))
    beside = re.search(r'<td class="field-account">(.*?)</td>', page.split('id="lines-1"')[1], re.DOTALL)
    assert beside is not None
    assert "Siigo dijo en el último intento: La cuenta no existe" in beside[1]


def test_what_names_a_line_only_stands_above_its_row() -> None:
    page = page_of(sent_to(said_by_siigo(whole(errors={"2": "No va"}), NO)))
    assert page.index("Siigo dijo en el último intento: No va") < page.index('id="lines-1"')


def test_an_amount_is_marked_in_the_column_that_is_filled() -> None:
    errors = [{"row": 2, "field": "sequence_value", "message": "Valor inválido"}]
    page = page_of(sent_to(said_by_siigo(whole(errors=errors), NO)))
    beside = re.search(r'<td class="field-credit">(.*?)</td>', page.split('id="lines-1"')[1], re.DOTALL)
    assert beside is not None
    assert "Valor inválido" in beside[1]


def test_once_the_voucher_changes_it_applies_no_more() -> None:
    movement = sent_to(said_by_siigo(whole(errors=STYLES["objects"]), NO))
    edited(movement)
    assert siigo_line_errors.line_errors(movement) == []


@pytest.mark.parametrize("style", ["objects", "strings", "string", "nest", "ok_400"])
def test_every_style_of_the_stand_in_reaches_the_line(style: str) -> None:
    movement = builders.voucher()
    movement.lines.filter(position=3).update(account="240805")
    with start_siigo(error_style=style, ten_digit_account=True) as simulator:
        builders.siigo_connection(simulator.url)
        engine.drain(confirmed(movement).connection_id)
    found: Any = siigo_line_errors.line_errors(movement)
    assert [one.line for one in found] == [3]
