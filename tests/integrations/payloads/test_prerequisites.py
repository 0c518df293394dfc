"""Masters first: what a document names goes before it, in order, in the same batch."""

import hashlib
import json
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from integrations.choices import ItemVerdict, Kind, Register, Status, Target
from integrations.decisions import exclude
from integrations.dispatch import batches
from integrations.models import Connection, RegisterRow, Syncable, SyncBatch, SyncStanding
from integrations.sending import claims, engine
from integrations.standings import transitions
from integrations.standings.requester import Requester
from tests import builders
from tests.builders import standing_of

pytestmark = pytest.mark.django_db(transaction=True)


def drafted(record: Syncable) -> SyncBatch:
    return batches.draft(
        company=record.company,
        target=Target.SAG,
        kind=record.kind,
        record_ids=[record.pk],
        requester=Requester(origin="prueba"),
    )


def offered(batch: SyncBatch) -> list[tuple[str, int]]:
    before = batch.items.filter(position__lt=1, verdict=ItemVerdict.READY)
    return list(before.order_by("position").values_list("kind", "record_id"))


def status(record: Syncable) -> Status:
    return Status(standing_of(record, Target.SAG).status)


def read_from_sag(register: Register, *codes: str) -> None:
    connection = Connection.objects.get(target=Target.SAG)
    for code in codes:
        RegisterRow.objects.create(
            connection=connection,
            register=register,
            key=code,
            code=code,
            raw_hash=hashlib.sha256(code.encode()).hexdigest(),
            read_at=timezone.now(),
        )


def test_the_preview_offers_the_client_and_the_articles_in_that_order(sag: Any) -> None:
    article, client = builders.article("1001"), builders.client("800111222")
    batch = drafted(builders.order("PED-1"))
    assert offered(batch) == [(Kind.CLIENT, client.pk), (Kind.ARTICLE, article.pk)]


def test_masters_and_document_arrive_in_one_batch(sag: Any) -> None:
    article, client, order = builders.article("1001"), builders.client("800111222"), builders.order("PED-1")
    batch = batches.confirm(drafted(order).pk)
    engine.drain(batch.connection_id)
    assert [status(record) for record in (client, article, order)] == [Status.SYNCED] * 3


def test_the_document_waits_while_its_master_is_on_its_way(sag: Any) -> None:
    builders.client("800111222")
    order = builders.order("PED-1")
    batch = batches.confirm(drafted(order).pk)
    first = claims.claim_next(batch.connection_id)
    assert first is not None
    Connection.objects.update(concurrency=8)
    assert claims.claim_next(batch.connection_id) is None
    assert status(order) == Status.QUEUED


def test_a_document_goes_back_with_the_reason_when_its_master_was_refused(sag: Any) -> None:
    builders.client("800111222", city="99999")
    order = builders.order("PED-1")
    batch = batches.confirm(drafted(order).pk)
    engine.drain(batch.connection_id)
    assert status(order) == Status.NEW
    assert "CIUDAD NO EXISTE" in standing_of(order, Target.SAG).message.upper()


def test_declining_sends_the_document_alone(sag: Any) -> None:
    client, order = builders.client("800111222"), builders.order("PED-1")
    batch = batches.confirm(drafted(order).pk, masters_first=False)
    engine.drain(batch.connection_id)
    assert (status(client), status(order)) == (Status.NEW, Status.SYNCED)


def with_lines(order: Any, **of_each: list[str]) -> Any:
    """The order with these values in its lines, one after another."""
    with transitions.editing(order):
        for place, line in enumerate(order.lines.order_by("position")):
            for name, values in of_each.items():
                setattr(line, name, values[place])
            line.save()
    return order


def test_a_third_party_that_only_a_line_names_goes_first(sag: Any) -> None:
    named = builders.third_party("800333444")
    order = with_lines(builders.order("PED-1"), tax_id=["800333444", ""])
    batch = drafted(order)
    assert offered(batch) == [(Kind.THIRD_PARTY, named.pk)]
    engine.drain(batches.confirm(batch.pk).connection_id)
    assert (status(named), status(order)) == (Status.SYNCED, Status.SYNCED)


def test_an_article_of_two_lines_goes_once(sag: Any) -> None:
    article = builders.article("1001")
    order = with_lines(builders.order("PED-1"), article=["1001", "1001"])
    assert offered(drafted(order)) == [(Kind.ARTICLE, article.pk)]


def test_a_client_that_is_also_a_third_party_goes_once_as_a_client(sag: Any) -> None:
    client, _ = builders.client("800111222"), builders.third_party("800111222")
    assert offered(drafted(builders.order("PED-1"))) == [(Kind.CLIENT, client.pk)]


def test_a_client_is_there_where_its_third_party_is(sag: Any) -> None:
    builders.client("800111222")
    engine.drain(batches.confirm(drafted(builders.third_party("800111222")).pk).connection_id)
    assert offered(drafted(builders.order("PED-1"))) == []


def test_three_hundred_documents_of_one_client_offer_it_once_and_wait_for_it(sag: Any) -> None:
    client = builders.client("800111222")
    orders = [builders.order(f"PED-{number}") for number in range(300)]
    batch = batches.draft(
        company=client.company,
        target=Target.SAG,
        kind=Kind.MOVEMENT,
        record_ids=[order.pk for order in orders],
        requester=Requester(origin="prueba"),
    )
    assert (offered(batch), batch.items.exclude(needs=[]).count()) == ([(Kind.CLIENT, client.pk)], 300)
    batches.confirm(batch.pk)
    first = claims.claim_next(batch.connection_id)
    assert first is not None
    assert first.attempt.kind == Kind.CLIENT
    assert SyncStanding.objects.filter(kind=Kind.MOVEMENT, status=Status.QUEUED).count() == 300


def test_a_batch_cancelled_after_its_master_left_keeps_the_master_and_sends_nothing_more(sag: Any) -> None:
    client, order = builders.client("800111222"), builders.order("PED-1")
    batch = batches.confirm(drafted(order).pk)
    claim = claims.claim_next(batch.connection_id)
    assert claim is not None
    engine.deliver(claim)
    tally = batches.cancel(batch.pk)
    engine.drain(batch.connection_id)
    assert (status(client), status(order), tally.done) == (Status.SYNCED, Status.NEW, 1)
    assert [entry["operation"] for entry in sag.journal()].count("insercionSag") == 1


def test_a_batch_cancelled_while_its_master_is_leaving_keeps_what_became_of_it(sag: Any) -> None:
    client, order = builders.client("800111222"), builders.order("PED-1")
    batch = batches.confirm(drafted(order).pk)
    claim = claims.claim_next(batch.connection_id)
    assert claim is not None
    batches.cancel(batch.pk)
    engine.deliver(claim)
    engine.drain(batch.connection_id)
    assert (status(client), status(order)) == (Status.SYNCED, Status.NEW)


def test_what_sag_already_holds_is_not_offered(sag: Any) -> None:
    builders.client("800111222")
    read_from_sag(Register.THIRD_PARTIES, "800111222")
    assert offered(drafted(builders.order("PED-1"))) == []


def test_what_was_sent_before_is_not_offered(sag: Any) -> None:
    client = builders.client("800111222")
    engine.drain(batches.confirm(drafted(client).pk).connection_id)
    assert offered(drafted(builders.order("PED-1"))) == []


def test_a_master_that_cannot_go_is_told_before_the_document_leaves(sag: Any) -> None:
    builders.client("800111222", name="")
    item = drafted(builders.order("PED-1")).items.get(position=1)
    assert item.verdict == ItemVerdict.READY
    assert "SAG puede no tener el cliente" in item.problems[-1]["message"]


def test_a_master_known_to_be_absent_that_cannot_go_stops_the_document(sag: Any) -> None:
    builders.client("800111222", name="")
    read_from_sag(Register.CLIENTS, "800999888")
    item = drafted(builders.order("PED-1")).items.get(position=1)
    assert item.verdict == ItemVerdict.BLOCKED


def test_an_excluded_master_sends_its_document_back(sag: Any) -> None:
    client, order = builders.client("800111222"), builders.order("PED-1")
    batch = batches.confirm(drafted(order).pk)
    batches.cancel(batch.pk)
    exclude(kind=Kind.CLIENT, record_ids=[client.pk], target=Target.SAG, requester=Requester(origin="prueba"))
    again = drafted(order)
    read_from_sag(Register.CLIENTS, "800999888")
    assert "No aplica" in drafted(order).items.get(position=1).reason
    assert offered(again) == []


def test_preparing_twice_offers_once(sag: Any) -> None:
    builders.client("800111222")
    batch = drafted(builders.order("PED-1"))
    batches.prepare(batch)
    assert len(offered(batch)) == 1


def test_a_new_request_forgets_what_the_last_one_waited_for(sag: Any) -> None:
    builders.client("800111222")
    order = builders.order("PED-1")
    batches.cancel(batches.confirm(drafted(order).pk).pk)
    engine.drain(batches.confirm(drafted(order).pk, masters_first=False).connection_id)
    assert status(order) == Status.SYNCED


def test_an_edit_of_the_master_after_it_arrived_does_not_hold_the_document(sag: Any) -> None:
    client, order = builders.client("800111222"), builders.order("PED-1")
    batch = batches.confirm(drafted(order).pk)
    claim = claims.claim_next(batch.connection_id)
    assert claim is not None
    engine.deliver(claim)
    with transitions.editing(client):
        client.phone = "6045550000"
        client.save()
    engine.drain(batch.connection_id)
    assert status(order) == Status.SYNCED


def test_a_dry_run_of_the_shell_shows_the_masters_too(sag: Any, capsys: pytest.CaptureFixture[str]) -> None:
    builders.client("800111222")
    builders.order("PED-1")
    call_command("push", "sag", "movement", "--masters-first", "--dry-run", "--json")
    assert [one["kind"] for one in json.loads(capsys.readouterr().out)["records"]] == ["client", "movement"]


def test_the_shell_counts_apart_the_masters_that_go_first(sag: Any, capsys: pytest.CaptureFixture[str]) -> None:
    builders.client("800111222")
    builders.order("PED-1")
    call_command("push", "sag", "movement", "--masters-first")
    told = capsys.readouterr().out
    assert "1 en cola, 0 no se pueden enviar y 0 se omiten, de 1 seleccionados." in told
    assert "Antes salen los maestros que nombran y SAG no tiene: 1." in told


def test_the_shell_does_not_count_as_omitted_the_masters_that_nobody_asked_for(
    sag: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    builders.client("800111222")
    builders.order("PED-1")
    call_command("push", "sag", "movement", "--json")
    told = json.loads(capsys.readouterr().out)
    assert (told["queued"], told["skipped"], told["masters_first"], told["problems"]) == (1, 0, 0, [])
