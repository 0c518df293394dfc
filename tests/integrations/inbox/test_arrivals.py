"""What waited for a master, a code or a register may leave once that arrived, and staff are told."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from integrations import sweep
from integrations.choices import Kind, Register, Status, Target
from integrations.inbox import arrivals, code_mappings
from integrations.models import (
    CodeMapping,
    Connection,
    Prerequisite,
    RegisterRow,
    Syncable,
    SyncAttempt,
    SyncStanding,
    Unblocking,
)
from integrations.payloads import builder, judgement
from integrations.standings import unblockings
from integrations.standings.transitions import editing
from tests import builders

NO_REFERENCE = "http://127.0.0.1:9/"
SOUND = {"read_seconds": 150.0, "deadline_seconds": 180.0, "lease_seconds": 420.0, "settle_seconds": 600.0}
pytestmark = pytest.mark.django_db


@pytest.fixture
def sag() -> Connection:
    return builders.sag_connection(NO_REFERENCE, **SOUND)


@pytest.fixture
def siigo() -> Connection:
    return builders.siigo_connection(NO_REFERENCE, **SOUND)


def standing_of(record: Syncable, target: Target = Target.SAG) -> SyncStanding:
    return SyncStanding.objects.of(record).get(target=target)


def put(record: Syncable, status: Status, **facts: Any) -> SyncStanding:
    row = standing_of(record)
    for name, value in {"status": status, **facts}.items():
        setattr(row, name, value)
    row.save()
    return row


def refused(record: Syncable, connection: Connection, cause: str, **facts: Any) -> SyncStanding:
    """An hour ago SAG refused it; a read proved since that it is not there."""
    ended = timezone.now() - timedelta(hours=1)
    attempt = SyncAttempt.objects.create(
        kind=record.kind,
        record_id=record.pk,
        target=connection.target,
        company=connection.company,
        connection=connection,
        finished_at=ended,
        cause=cause,
    )
    return put(record, Status.REJECTED, cause=cause, attempt=attempt.pk, connection=connection, **facts)


def sent(record: Syncable, at: datetime | None = None) -> None:
    put(record, Status.SYNCED, ever_present=True, synced_at=at or timezone.now())


def order(connection: Connection, **changes: Any) -> Syncable:
    return builders.order("1", company=connection.company, **changes)


def test_a_document_refused_for_its_client_is_free_once_the_client_was_sent(sag: Connection) -> None:
    client, document = builders.client("800111222"), order(sag)
    refused(document, sag, "client_missing")
    sent(client)
    assert arrivals.release() == 1
    assert standing_of(document).status == Status.NEW


def test_the_record_itself_shows_that_it_is_free(sag: Connection) -> None:
    client, document = builders.client("800111222"), order(sag)
    refused(document, sag, "client_missing")
    sent(client)
    arrivals.release()
    document.refresh_from_db()
    assert document.sag_status == Status.NEW


def test_it_says_what_arrived(sag: Connection) -> None:
    client, document = builders.client("800111222"), order(sag)
    refused(document, sag, "client_missing")
    sent(client)
    arrivals.release()
    assert Unblocking.objects.get().reason == "Ya está en SAG el cliente 800111222."


def test_a_client_that_a_read_of_the_erp_brought_frees_it_too(sag: Connection) -> None:
    document = order(sag)
    refused(document, sag, "client_missing")
    RegisterRow.objects.create(
        connection=sag,
        register=Register.CLIENTS,
        key="800111222",
        code="800111222",
        raw_hash="x",
        read_at=timezone.now(),
    )
    assert arrivals.release() == 1


def test_a_client_that_was_there_before_the_refusal_frees_nothing(sag: Connection) -> None:
    client, document = builders.client("800111222"), order(sag)
    refused(document, sag, "client_missing")
    sent(client, at=timezone.now() - timedelta(days=1))
    assert arrivals.release() == 0


def test_what_may_be_in_the_erp_waits_for_its_verification_first(sag: Connection) -> None:
    client, document = builders.client("800111222"), order(sag)
    refused(document, sag, "client_missing", verify_first=True)
    sent(client)
    assert arrivals.release() == 0
    assert standing_of(document).status == Status.REJECTED


def test_a_document_that_lacks_another_master_too_keeps_waiting(sag: Connection) -> None:
    article, document = builders.article("1001"), order(sag)  # it names 1002 as well
    refused(document, sag, "article_missing")
    sent(article)
    assert arrivals.release() == 0


def test_an_error_of_another_cause_stays(sag: Connection) -> None:
    client, document = builders.client("800111222"), order(sag)
    refused(document, sag, "wrong_value")
    sent(client)
    assert arrivals.release() == 0


def test_a_second_look_frees_nothing_twice(sag: Connection) -> None:
    client, document = builders.client("800111222"), order(sag)
    refused(document, sag, "client_missing")
    sent(client)
    arrivals.release()
    assert arrivals.release() == 0


def test_the_sweeper_looks_by_itself(sag: Connection) -> None:
    client, document = builders.client("800111222"), order(sag)
    refused(document, sag, "client_missing")
    sent(client)
    sweep.sweep()
    assert standing_of(document).status == Status.NEW


def test_a_document_that_went_back_for_its_master_is_free_once_that_arrived(sag: Connection) -> None:
    client, document = builders.client("800111222"), order(sag)
    row = put(document, Status.NEW, message="No salió porque SAG no tiene el cliente ALMACÉN.")
    Prerequisite.objects.create(standing=row, needs=standing_of(client))
    sent(client)
    assert arrivals.release() == 1
    assert "Puede enviarlo" in standing_of(document).message


def test_a_code_that_was_mapped_frees_what_was_refused_for_it(sag: Connection) -> None:
    document = order(sag)
    refused(document, sag, "source_missing")
    CodeMapping.objects.create(connection=sag, kind="source", code="PD", erp_code="PE")
    assert arrivals.codes_arrived(sag) == 1


def test_a_code_that_the_document_does_not_use_frees_nothing(sag: Connection) -> None:
    document = order(sag)
    refused(document, sag, "source_missing")
    CodeMapping.objects.create(connection=sag, kind="source", code="FV", erp_code="F1")
    assert arrivals.codes_arrived(sag) == 0


def test_filling_in_a_code_tells_how_many_it_freed(siigo: Connection) -> None:
    siigo.settings = {"map_account": True}
    siigo.save()
    movement = builders.voucher()
    judgement.keep_verdicts(movement.company_id, movement.kind, [movement.pk])
    waiting = code_mappings.waiting(siigo)
    counts = [code_mappings.fill_in(siigo, one.kind, one.code, "9" * 10) for one in waiting]
    assert (len(waiting), counts[-1]) == (3, 1)
    assert Unblocking.objects.count() == 1


def test_a_register_that_was_read_frees_what_asked_for_it(sag: Connection) -> None:
    sag.severities = {"unknown_source": "block"}
    sag.save()
    RegisterRow.objects.create(
        connection=sag, register=Register.SOURCES, key="1", code="FV", raw_hash="x", read_at=timezone.now()
    )
    document = order(sag)
    judgement.keep_verdicts(document.company_id, document.kind, [document.pk])
    stopped = standing_of(document).rule_ids
    RegisterRow.objects.create(
        connection=sag,
        register=Register.SOURCES,
        key="2",
        code="PD",
        raw_hash="y",
        read_at=timezone.now(),
        facts={"sc_nombre": "PEDIDO"},
    )
    assert (stopped, arrivals.register_read(sag, Register.SOURCES)) == (["unknown_source"], 1)


def test_an_edit_frees_the_one_whose_number_it_had_taken(siigo: Connection) -> None:
    one, other = builders.voucher(7), builders.voucher(7, external_id="otro")
    judgement.keep_verdicts(one.company_id, one.kind, [one.pk, other.pk])
    with editing(one):
        one.number = 8
        one.save()
    freed = judgement.after_edit(one)
    assert {row.record_id for row in freed} == {one.pk, other.pk}


def test_only_the_other_ones_are_told_as_freed_by_an_edit(siigo: Connection) -> None:
    one, other = builders.voucher(7), builders.voucher(7, external_id="otro")
    judgement.keep_verdicts(one.company_id, one.kind, [one.pk, other.pk])
    with editing(one):
        one.number = 8
        one.save()
    judgement.after_edit(one)
    assert [told.standing.record_id for told in Unblocking.objects.all()] == [other.pk]


def test_a_record_counts_once_however_often_it_was_freed(sag: Connection) -> None:
    row = standing_of(order(sag))
    unblockings.record([row], "uno"), unblockings.record([row], "dos")
    assert unblockings.count_since(timezone.now() - timedelta(days=1), [Kind.MOVEMENT]) == 1


@pytest.mark.parametrize(("count", "said"), [(1, "1 documento desbloqueado"), (12, "12 documentos desbloqueados")])
def test_how_many_is_said_in_words(count: int, said: str) -> None:
    assert unblockings.counted(count) == said


def test_those_whose_client_never_comes_do_not_hold_back_the_newer(
    sag: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrivals, "MOST_AT_ONCE", 2)
    client = builders.client("800333444")
    for number in range(5):
        refused(builders.order(f"nunca-{number}", company=sag.company), sag, "client_missing")
    waiting = builders.order("ya", company=sag.company, tax_id="800333444")
    refused(waiting, sag, "client_missing")
    sent(client)
    assert sum(arrivals.release() for _ in range(3)) == 1
    assert standing_of(waiting).status == Status.NEW


def test_a_pass_begins_anew_after_the_last_record(sag: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrivals, "MOST_AT_ONCE", 2)
    first = builders.order("primero", company=sag.company, tax_id="800333444")
    for document in (first, *(builders.order(f"nunca-{number}", company=sag.company) for number in range(4))):
        refused(document, sag, "client_missing")
    arrivals.release()
    sent(builders.client("800333444"))
    assert sum(arrivals.release() for _ in range(3)) == 1


def test_what_cannot_be_judged_does_not_hold_back_the_rest(sag: Connection) -> None:
    """Standings whose record is gone."""
    for number in range(900_001, 900_006):
        SyncStanding.objects.create(kind=Kind.MOVEMENT, record_id=number, target=Target.SAG, company=sag.company)
    document = order(sag)
    for _ in range(4):
        judgement.keep_stale_verdicts(most=2)
    assert standing_of(document).version_checked == 1


def test_what_an_edit_freed_is_told_however_many_are_stopped(sag: Connection) -> None:
    """Those beyond the first are left to the sweeper."""
    for number in range(4):
        document = builders.order(f"V-{number}", company=sag.company)
        row = standing_of(document)
        row.verdict, row.rule_ids, row.version_checked = SyncStanding.Verdict.BLOCKED, ["number_taken"], row.version
        row.rules_version = builder.rules_version(sag)
        row.save()
    judgement.rejudge_stopped(sag, {"number_taken"}, most=1)
    judgement.keep_stale_verdicts()
    rows = SyncStanding.objects.filter(target=Target.SAG)
    assert not [row for row in rows if "number_taken" in row.rule_ids]
