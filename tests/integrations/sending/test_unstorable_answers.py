"""Whatever an ERP answers can be stored, and nothing that it says kills a task (sync protocol, section 10.13)."""

import json
import signal
from typing import Any

import pytest
from django.utils import timezone

from integrations.choices import Status, Target
from integrations.models import Connection, SyncAttempt, SyncStanding
from integrations.sending import engine
from integrations.verifying import looks, reconcile
from tests import builders
from tests.builders import standing_of
from tests.integrations.sending.conftest import confirmed, fault, sent
from tests.integrations.sending.test_success_texts import after_the_window, pushed
from tests.integrations.wire import Line, WireServer, http

pytestmark = pytest.mark.django_db(transaction=True)

ODD = ["message_with_nul", "message_with_surrogate", "huge_status_code", "huge_message"]


def open_attempts() -> int:
    return SyncAttempt.objects.filter(finished_at__isnull=True).count()


@pytest.mark.parametrize("is_stored", [True, False])
@pytest.mark.parametrize("name", ODD)
def test_an_odd_answer_of_siigo_is_kept_and_ends_where_the_protocol_says(
    siigo: Any, name: str, is_stored: bool
) -> None:
    pushed(builders.voucher(1), Target.SIIGO)
    siigo.set_faults(fault(name, operation="export", commit=is_stored))
    row = after_the_window(pushed(builders.voucher(2), Target.SIIGO))
    assert (row.status == Status.SYNCED, open_attempts()) == (is_stored, 0)
    attempt = SyncAttempt.objects.sends().filter(record_id=row.record_id).get()
    assert attempt.answer is not None
    assert len(attempt.answer.body) > 50


@pytest.mark.parametrize("is_stored", [True, False])
@pytest.mark.parametrize("name", ODD)
def test_an_odd_answer_of_sag_is_kept_and_ends_where_the_protocol_says(sag: Any, name: str, is_stored: bool) -> None:
    pushed(builders.order(), Target.SAG)
    sag.set_faults(fault(name, operation="insercionSag", commit=is_stored))
    row = after_the_window(pushed(builders.order(), Target.SAG))
    assert (row.status == Status.SYNCED, open_attempts()) == (is_stored, 0)


STATUSES = ["9" * 5000, '"' + "9" * 5000 + '"', "2e99999999", "-1", "1e5", '"²"', "[]", "NaN"]


@pytest.mark.parametrize("status", STATUSES, ids=lambda text: text[:12])
def test_a_status_of_any_length_is_no_success(status: str) -> None:
    body = f'{{"statusCode": {status}, "message": "Listo", "errors": null}}'.encode()
    assert standing_of(told(body)).status == Status.UNCERTAIN


def told(body: bytes, **headers: str) -> Any:
    """A voucher that was answered so."""
    movement = builders.voucher()

    def script(line: Line) -> None:
        line.read_request()
        line.say(http(body))

    with WireServer(script) as server:
        builders.siigo_connection(server.url)
        engine.drain(confirmed(movement).connection_id)
    return movement


NASTY = {
    "row of 5,000 digits": {"statusCode": 400, "errors": [f"Fila {'9' * 5000}: no va"]},
    "row number as a name": {"statusCode": 400, "errors": {"9" * 5000: "no va"}},
    "a row that is NUL": {"statusCode": 400, "errors": [{"row": "\x00", "field": "\ud800", "message": "\x00"}]},
    "nested deep": {"statusCode": 400, "errors": [[[[[[[[[["x"]]]]]]]]]]},
    "a megabyte of months": {"statusCode": 400, "message": "mes " * 250_000},
    "keys that no database takes": {"statusCode": 200, "\x00": "\ud800", "message": "\udfff"},
}


@pytest.mark.parametrize("content", NASTY.values(), ids=NASTY)
def test_no_refusal_kills_the_finish(content: dict[str, Any]) -> None:
    movement = told(json.dumps(content).encode())
    assert standing_of(movement).status in (Status.REJECTED, Status.UNCERTAIN)
    assert open_attempts() == 0


def reads_say(rows: list[dict[str, Any]]) -> Any:
    """A Siigo that takes every voucher and answers reads with `rows`."""
    stored = {"statusCode": 200, "message": "Movimientos contables insertados correctamente en Siigo Pyme"}

    def script(line: Line) -> None:
        is_write = b'"execution_type":"export"' in line.read_request()
        line.say(http(json.dumps(stored if is_write else {"statusCode": 200, "data": rows}).encode()))

    return script


def test_a_read_that_fails_in_an_unforeseen_way_ends_its_attempt_and_frees_the_slot() -> None:
    line = {"voucher_type": "F", "voucher_code": 1, "document_number": 1001, "accounting_account": 1, "nit": 1}
    rows: list[dict[str, Any]] = [{**line, "sequence": {"x": 1}, "sequence_value": "x"}] * 3
    with WireServer(reads_say(rows)) as server:
        builders.siigo_connection(server.url)
        movement = builders.voucher()
        engine.drain(confirmed(movement).connection_id)
        row = standing_of(movement)
        SyncStanding.objects.filter(pk=row.pk).update(status=Status.UNCERTAIN, settles_at=timezone.now())
        message = reconcile.verify(row.pk)
    assert ("no se pudo leer" in message, open_attempts()) == (True, 0)


def test_a_look_that_fails_in_an_unforeseen_way_ends_its_attempt_and_is_put_off() -> None:
    line = {"voucher_type": "F", "voucher_code": 1, "document_number": 1001, "accounting_account": 1, "nit": 1}
    rows: list[dict[str, Any]] = [{**line, "sequence": {"x": 1}, "sequence_value": "x"}] * 3
    with WireServer(reads_say(rows)) as server:
        builders.siigo_connection(server.url)
        movement = builders.voucher()
        sent(movement)
    row = standing_of(movement)
    assert (row.status, open_attempts()) == (Status.SYNCED, 0)
    assert row.look_at is not None
    assert row.look_at > timezone.now()


def test_text_that_no_database_takes_can_be_read_back(siigo: Any) -> None:
    line = {"voucher_type": "F", "voucher_code": 1, "document_number": 1001, "accounting_account": 1305050001}
    rows: list[dict[str, Any]] = [
        {**line, "sequence": place, "sequence_value": 7, "debit_or_credit": "\x00", "sequence_description": "\ud800"}
        for place in (1, 2, 3)
    ]
    Connection.objects.all().delete()
    with WireServer(reads_say(rows)) as server:
        builders.siigo_connection(server.url)
        movement = builders.voucher()
        engine.drain(confirmed(movement).connection_id)
        looks.look(standing_of(movement).connection_id or 0)
    row = standing_of(movement)
    assert (row.status, open_attempts()) == (Status.CONFLICT, 0)


@pytest.mark.parametrize("name", ["upper_case_columns", "missing_column", "padded_columns"])
def test_odd_columns_of_a_read_leave_no_attempt_open(sag: Any, name: str) -> None:
    sag.set_faults(fault("commit_then_reset", operation="insercionSag"), fault(name, times=9))
    row = after_the_window(pushed(builders.order(), Target.SAG))
    assert open_attempts() == 0
    assert row.status == (Status.UNCERTAIN if name == "missing_column" else Status.SYNCED)


def interrupted(_signal: int, _frame: object) -> None:
    raise SystemExit


def test_a_read_that_the_queue_interrupts_ends_its_attempt_and_frees_the_slot(siigo: Any) -> None:
    row = pushed(builders.voucher(), Target.SIIGO)
    SyncStanding.objects.filter(pk=row.pk).update(status=Status.UNCERTAIN, settles_at=timezone.now())
    siigo.set_faults(fault("hang", operation="import", times=9))
    before = signal.signal(signal.SIGALRM, interrupted)
    signal.setitimer(signal.ITIMER_REAL, 0.7)
    try:
        with pytest.raises(SystemExit):
            reconcile.verify(row.pk)
    finally:
        signal.signal(signal.SIGALRM, before)
    assert open_attempts() == 0


@pytest.mark.parametrize("character", ["\x00", "\ud800"], ids=["NUL", "surrogate"])
def test_the_words_around_a_character_that_no_database_takes_are_kept(character: str) -> None:
    row = standing_of(told(json.dumps({"statusCode": 400, "errors": [f"La secuencia{character} no va"]}).encode()))
    assert (row.status, "no va" in row.message, character in row.message) == (Status.REJECTED, True, False)
