"""Reads of many records at once, reads that disagree, and what one read must and must not prove."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import pytest

from integrations.choices import Status, Target
from integrations.erp.read_back import Match
from integrations.models import Connection, SyncAttempt, SyncStanding
from integrations.sending import claims, engine
from integrations.standings import transitions
from integrations.verifying import reconcile
from tests import builders
from tests.builders import standing_of
from tests.integrations.verifying.conftest import accepted, confirmed, edited, lost, sent, voided
from tests.integrations.wire import Line, WireServer, http

pytestmark = pytest.mark.django_db(transaction=True)


def queries(simulator: Any) -> int:
    """How many reads the stand-in answered."""
    reads = ("consultaSagJson", "import")
    return sum(str(one.get("operation")) in reads for one in simulator.journal())


def test_many_orders_in_doubt_cost_as_many_queries_as_one(sag: Any) -> None:
    Connection.objects.update(concurrency=9)
    sent(builders.order("CONTROL"), Target.SAG)
    rows = [lost(builders.order(f"CLAVE-{n}"), Target.SAG, arrived=n % 2 == 0) for n in range(6)]
    before = queries(sag)
    reconcile.verify_many({row.pk: row.attempt for row in rows})
    # Two reads, each of the documents and of their lines.
    assert queries(sag) - before == 4


def test_a_wide_read_settles_each_record_by_what_it_shows_of_it(sag: Any) -> None:
    Connection.objects.update(concurrency=9)
    sent(builders.order("CONTROL"), Target.SAG)
    rows = [lost(builders.order(f"CLAVE-{n}"), Target.SAG, arrived=n % 2 == 0) for n in range(4)]
    reconcile.verify_many({row.pk: row.attempt for row in rows})
    reached = [SyncStanding.objects.get(pk=row.pk).status for row in rows]
    assert reached == [Status.SYNCED, Status.NEW, Status.SYNCED, Status.NEW]


def test_vouchers_of_one_series_are_read_as_one_range(siigo: Any) -> None:
    Connection.objects.update(concurrency=9)
    sent(builders.voucher(1), Target.SIIGO)
    rows = [lost(builders.voucher(n), Target.SIIGO, arrived=n % 2 == 0) for n in range(2, 7)]
    before = queries(siigo)
    reconcile.verify_many({row.pk: row.attempt for row in rows})
    assert queries(siigo) - before == 2


def test_vouchers_too_far_apart_are_read_in_two_ranges(siigo: Any) -> None:
    Connection.objects.update(concurrency=9)
    rows = [lost(builders.voucher(n), Target.SIIGO, arrived=True) for n in (1, 900_000)]
    before = queries(siigo)
    reconcile.verify_many({row.pk: row.attempt for row in rows})
    assert queries(siigo) - before == 4


def test_what_never_arrived_is_proven_absent_beside_its_neighbour_though_the_newest_are_far_away(siigo: Any) -> None:
    Connection.objects.update(concurrency=9)
    sent(builders.voucher(1), Target.SIIGO)
    row = lost(builders.voucher(2), Target.SIIGO, arrived=False)
    for number in (500_001, 500_002, 500_003):
        sent(builders.voucher(number), Target.SIIGO)
    reconcile.verify_many({row.pk: row.attempt})
    assert SyncStanding.objects.get(pk=row.pk).status == Status.NEW


def test_what_a_read_saw_of_one_sending_says_nothing_of_the_next(sag: Any) -> None:
    sent(builders.order("CONTROL"), Target.SAG)
    order = builders.order("CLAVE")
    first = lost(order, Target.SAG, arrived=False)
    seen = reconcile._read_twice([first], Connection.objects.get())[first.pk]
    reconcile.verify(first.pk)
    second = lost(order, Target.SAG, arrived=True)
    reconcile._apply(first, None, seen, "una lectura que tardó")
    assert (seen.finding and seen.finding.match, standing_of_row(second).status) == (Match.ABSENT, Status.UNCERTAIN)


def test_every_record_of_a_wide_read_has_it_in_its_story(sag: Any) -> None:
    Connection.objects.update(concurrency=9)
    rows = [lost(builders.order(f"CLAVE-{n}"), Target.SAG, arrived=True) for n in range(3)]
    reconcile.verify_many({row.pk: row.attempt for row in rows}, "prueba")
    read = SyncAttempt.objects.filter(operation=SyncAttempt.Operation.VERIFY, finished_at__isnull=False)
    assert {one.record_id for one in read} == {row.record_id for row in rows}


def test_a_wide_read_holds_one_slot_and_gives_it_back(sag: Any) -> None:
    rows = [lost(builders.order("A"), Target.SAG, arrived=True)]
    reconcile.verify_many({row.pk: row.attempt for row in rows})
    assert not SyncAttempt.objects.filter(operation=SyncAttempt.Operation.VERIFY, finished_at__isnull=True).exists()


def answering(answers: Sequence[list[dict[str, Any]]]) -> WireServer:
    """A connector whose reads answer these rows, one list after another."""
    left = list(answers)

    def script(line: Line) -> None:
        line.read_request()
        line.say(http(json.dumps({"statusCode": 200, "message": "", "data": left.pop(0)}).encode()))

    return WireServer(script)


def claimed_and_lost_voucher(url: str) -> tuple[SyncStanding, list[dict[str, Any]]]:
    builders.siigo_connection(url)
    row = lost(builders.voucher(7), Target.SIIGO, arrived=False)
    attempt = SyncAttempt.objects.get(pk=str(row.attempt))
    assert attempt.payload is not None
    return row, json.loads(attempt.payload.body)["data"]["list"]


def test_two_reads_that_disagree_keep_it_uncertain() -> None:
    answers: list[list[dict[str, Any]]] = []
    with answering(answers) as connector:
        row, rows = claimed_and_lost_voucher(connector.url)
    with answering([[], rows]) as connector:
        Connection.objects.update(endpoint=connector.url)
        assert "no coincidieron" in reconcile.verify(row.pk)
    assert standing_of_row(row).status == Status.UNCERTAIN


def test_two_reads_that_agree_settle_it() -> None:
    with answering([]) as connector:
        row, rows = claimed_and_lost_voucher(connector.url)
    with answering([rows, rows]) as connector:
        Connection.objects.update(endpoint=connector.url)
        reconcile.verify(row.pk)
    assert standing_of_row(row).status == Status.SYNCED


def test_two_vouchers_under_one_key_are_a_conflict() -> None:
    with answering([]) as connector:
        row, rows = claimed_and_lost_voucher(connector.url)
    with answering([rows * 2, rows * 2]) as connector:
        Connection.objects.update(endpoint=connector.url)
        reconcile.verify(row.pk)
    assert standing_of_row(row).status == Status.CONFLICT


def test_an_annulled_voucher_is_a_conflict() -> None:
    with answering([]) as connector:
        row, rows = claimed_and_lost_voucher(connector.url)
    annulled = [{**one, "canceled_voucher": "S"} for one in rows]
    with answering([annulled, annulled]) as connector:
        Connection.objects.update(endpoint=connector.url)
        reconcile.verify(row.pk)
    assert (standing_of_row(row).status, "anulado" in standing_of_row(row).message) == (Status.CONFLICT, True)


def standing_of_row(row: SyncStanding) -> SyncStanding:
    return SyncStanding.objects.get(pk=row.pk)


def test_an_annulled_order_is_a_conflict(sag: Any) -> None:
    row = lost(builders.order(), Target.SAG, arrived=True)
    voided(sag)
    reconcile.verify(row.pk)
    assert standing_of_row(row).status == Status.CONFLICT


def test_an_order_whose_line_was_changed_in_sag_is_a_conflict(sag: Any) -> None:
    row = lost(builders.order(), Target.SAG, arrived=True)
    edited(sag, "UPDATE movimientos_items SET n_cantidad = 3 WHERE ka_nl_movimiento_item = 1")
    told = reconcile.verify(row.pk)
    assert (standing_of_row(row).status, "cantidad" in told) == (Status.CONFLICT, True)


def test_a_second_document_of_a_synced_record_freezes_it(sag: Any) -> None:
    row = sent(builders.order(), Target.SAG)
    copied = "ka_ni_fuente, n_numero_documento + 1, ka_nl_tercero, d_fecha_documento, ss_nro_dcto"
    edited(
        sag,
        "INSERT INTO movimientos (ka_ni_fuente, n_numero_documento, ka_nl_tercero, d_fecha_documento, ss_nro_dcto) "
        f"SELECT {copied} FROM movimientos",
    )
    SyncStanding.objects.filter(pk=row.pk).update(settles_at=None)
    reconcile.verify(row.pk)
    assert standing_of_row(row).status == Status.CONFLICT


def test_a_read_that_finds_a_sent_document_annulled_is_a_conflict(sag: Any) -> None:
    row = sent(builders.order(), Target.SAG)
    voided(sag)
    reconcile.verify(row.pk)
    assert standing_of_row(row).status == Status.CONFLICT


def test_a_verdict_on_another_attempt_frees_nothing(sag: Any) -> None:
    row = lost(builders.order(), Target.SAG, arrived=True)
    assert "no se aplica" in reconcile.verify(row.pk, uuid4())
    assert standing_of_row(row).status == Status.UNCERTAIN


def test_a_client_in_doubt_that_sag_holds_equal_is_synced(sag: Any) -> None:
    row = lost(builders.client(), Target.SAG, arrived=True)
    reconcile.verify(row.pk)
    assert standing_of_row(row).status == Status.SYNCED


def test_a_client_in_doubt_that_sag_holds_with_another_name_is_changed(sag: Any) -> None:
    row = lost(builders.client(), Target.SAG, arrived=True)
    edited(sag, "UPDATE terceros SET sc_nombre = 'OTRO'")
    reconcile.verify(row.pk)
    assert standing_of_row(row).status == Status.CHANGED


def test_a_client_is_absent_only_beside_another_that_is_there(sag: Any) -> None:
    row = lost(builders.client("800111222"), Target.SAG, arrived=False)
    reconcile.verify(row.pk)
    without = standing_of_row(row).status
    sent(builders.client("800333444"), Target.SAG)
    reconcile.verify(row.pk)
    assert (without, standing_of_row(row).status) == (Status.UNCERTAIN, Status.NEW)


def keyless(**changes: Any) -> None:
    settings = {"fill_NumeroDocumento2": False, "other_key_field": ""}
    Connection.objects.update(settings={**settings, **changes})


def killed_in_a_lane(movement: Any) -> SyncStanding:
    """The lane notes its marks and sends; the worker dies before the answer is written down."""
    from integrations.sending import series_marks

    batch = confirmed(movement, Target.SAG)
    series_marks.read_before_lane(batch.connection_id)
    return _lost_claim(batch.connection_id)


def _lost_claim(connection_id: int) -> SyncStanding:
    from django.utils import timezone

    from integrations.sweep import sweep

    claim = claims.claim_next(connection_id)
    assert claim is not None
    engine.call(claim)
    SyncStanding.objects.filter(pk=claim.standing_id).update(lease_until=timezone.now(), settles_at=timezone.now())
    sweep()
    return SyncStanding.objects.get(pk=claim.standing_id)


def test_without_a_key_a_jump_of_one_with_the_same_content_proves_the_commit(sag: Any) -> None:
    keyless()
    row = killed_in_a_lane(builders.order())
    reconcile.verify(row.pk)
    assert standing_of_row(row).status == Status.SYNCED


def test_without_a_key_a_document_that_looks_the_same_leaves_it_to_a_person(sag: Any) -> None:
    keyless()
    row = killed_in_a_lane(builders.order())
    copied(sag)
    reconcile.verify(row.pk)
    assert standing_of_row(row).status == Status.UNCERTAIN


def test_without_a_key_another_document_above_the_mark_does_not_hide_ours(sag: Any) -> None:
    keyless()
    row = killed_in_a_lane(builders.order())
    copied(sag)
    newest = "(SELECT MAX(ka_nl_movimiento) FROM movimientos)"
    edited(sag, f"UPDATE movimientos_items SET n_cantidad = 9 WHERE ka_nl_movimiento = {newest}")
    reconcile.verify(row.pk)
    assert standing_of_row(row).status == Status.SYNCED


def copied(sag: Any) -> None:
    """Somebody enters by hand the document that we sent, under the next number."""
    header = "ka_ni_fuente, ka_nl_tercero, ka_nl_tercero_vend, d_fecha_documento, ss_prefijo"
    line = "ka_nl_articulo, n_cantidad, n_valor, n_iva, n_descuento, ka_nl_bodega"
    newest = "(SELECT MAX(ka_nl_movimiento) FROM movimientos)"
    copy = f"SELECT n_numero_documento + 1, {header} FROM movimientos"
    edited(sag, f"INSERT INTO movimientos (n_numero_documento, {header}) {copy}")
    copy = f"SELECT {newest}, {line} FROM movimientos_items"
    edited(sag, f"INSERT INTO movimientos_items (ka_nl_movimiento, {line}) {copy}")


def test_without_a_key_and_without_a_mark_a_person_decides(sag: Any) -> None:
    keyless(series_marks="never")
    row = killed_in_a_lane(builders.order())
    reconcile.verify(row.pk)
    assert standing_of_row(row).status == Status.UNCERTAIN


def test_the_key_travels_and_is_found_in_the_field_that_a_probe_chose(sag: Any) -> None:
    Connection.objects.update(settings={"key_field": "Dato7", "fill_NumeroDocumento2": False})
    row = lost(builders.order(), Target.SAG, arrived=True)
    reconcile.verify(row.pk)
    assert standing_of_row(row).status == Status.SYNCED


def test_an_update_that_did_not_arrive_leaves_what_was_before(sag: Any) -> None:
    master = builders.third_party()
    sent(master, Target.SAG)
    with transitions.editing(master):
        master.name = "NOMBRE NUEVO S.A.S."
        master.save()
    row = lost(master, Target.SAG, arrived=False)
    reconcile.verify(row.pk)
    assert standing_of_row(row).status == Status.CHANGED


def test_an_update_whose_master_is_gone_is_a_conflict(sag: Any) -> None:
    sent(builders.third_party("800111222"), Target.SAG)
    master = builders.third_party()
    sent(master, Target.SAG)
    with transitions.editing(master):
        master.name = "NOMBRE NUEVO S.A.S."
        master.save()
    row = lost(master, Target.SAG, arrived=False)
    edited(sag, "DELETE FROM terceros WHERE n_nit = 800333444")
    reconcile.verify(row.pk)
    assert standing_of(master, Target.SAG).status == Status.CONFLICT


def sent_again_after_a_doubtful_call() -> SyncStanding:
    """Released by a person as absent and sent again, while the first call had never been answered."""
    from datetime import timedelta

    from django.utils import timezone

    row = lost(builders.order(), Target.SAG, arrived=False)
    SyncStanding.objects.filter(pk=row.pk).update(status=Status.NEW)
    movement = type(builders.order("CONTROL")).objects.get(pk=row.record_id)
    accepted(movement, Target.SAG)
    SyncStanding.objects.filter(pk=row.pk).update(settles_at=timezone.now() - timedelta(seconds=1))
    return standing_of_row(row)


def verifications_queued() -> list[int]:
    from django_q.models import OrmQ

    from integrations.queue import work_kinds

    return [queued.args()[0] for queued in OrmQ.objects.all() if queued.func() == work_kinds.VERIFY]


def test_what_was_sent_again_after_a_doubtful_call_is_looked_at_once(sag: Any) -> None:
    from django_q.models import OrmQ

    from integrations.sweep import sweep

    row = sent_again_after_a_doubtful_call()
    OrmQ.objects.all().delete()
    sweep()
    asked = verifications_queued()
    reconcile.verify(row.pk)
    SyncStanding.objects.update(due_at=None)
    OrmQ.objects.all().delete()
    sweep()
    assert (asked, verifications_queued()) == ([row.pk], [])


def test_what_was_sent_once_is_not_looked_at_by_itself(sag: Any) -> None:
    from integrations.sweep import sweep

    row = sent(builders.order(), Target.SAG)
    SyncStanding.objects.filter(pk=row.pk).update(settles_at=row.synced_at)
    sweep()
    assert verifications_queued() == []
