"""Consecutives: given at the confirmation, kept through every retry, never given twice."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission

from integrations.choices import Kind, Status, Target
from integrations.decisions import renumbering
from integrations.dispatch import batches, numbering
from integrations.errors import ConfigurationError
from integrations.models import Connection, GivenNumber, NumberSeries, SyncAttempt, SyncBatch
from integrations.sending import engine
from integrations.standings import deletion, transitions
from integrations.standings.requester import Requester
from ledger.models import Movement
from tests import builders
from tests.builders import standing_of

pytestmark = pytest.mark.django_db(transaction=True)
WHO = Requester(origin="prueba")


def unnumbered(key: str, **changes: Any) -> Movement:
    return builders.voucher(number=None, external_id=key, **changes)


def drafted(*records: Movement) -> SyncBatch:
    ids = [record.pk for record in records]
    return batches.draft(
        company=records[0].company, target=Target.SIIGO, kind=Kind.MOVEMENT, record_ids=ids, requester=WHO
    )


def confirmed(*records: Movement) -> SyncBatch:
    batch = batches.confirm(drafted(*records).pk)
    for record in records:
        record.refresh_from_db()
    return batch


def status(record: Movement) -> Status:
    return Status(standing_of(record, Target.SIIGO).status)


def connection() -> Connection:
    return Connection.objects.get(target=Target.SIIGO)


def test_a_preview_takes_no_number_and_says_that_one_will_be_given(siigo: Any) -> None:
    batch = drafted(unnumbered("a"))
    told = {problem["rule"]: problem["message"] for problem in batch.items.get().problems}
    assert told["number_pending"] == "Se asignará el número al confirmar el envío."
    assert GivenNumber.objects.count() == 0


def test_confirming_gives_consecutive_numbers_in_the_order_asked_for(siigo: Any) -> None:
    records = [unnumbered(key) for key in "abc"]
    confirmed(*records)
    assert [record.number for record in records] == [1, 2, 3]


def test_what_leaves_is_the_numbered_voucher(siigo: Any) -> None:
    record = unnumbered("a")
    confirmed(record)
    engine.drain(connection().pk)
    assert (status(record), standing_of(record, Target.SIIGO).reference) == (Status.SYNCED, "F-1 1")


def test_the_series_starts_above_the_highest_number_that_came_with_a_movement(siigo: Any) -> None:
    builders.voucher(number=500)
    record = unnumbered("a")
    confirmed(record)
    assert record.number == 501


def test_each_type_and_code_has_its_own_series(siigo: Any) -> None:
    first, second = unnumbered("a"), unnumbered("b", voucher_code=2)
    confirmed(first, second)
    assert (first.number, second.number) == (1, 1)


def test_a_connection_may_number_each_year_apart(siigo: Any) -> None:
    Connection.objects.update(settings={"numbering_by_year": True})
    builders.voucher(number=500, process_year=2025)
    record = unnumbered("a")
    confirmed(record)
    assert record.number == 1


def test_a_cancelled_movement_keeps_its_number(siigo: Any) -> None:
    record = unnumbered("a")
    batches.cancel(confirmed(record).pk)
    confirmed(record)
    assert (record.number, GivenNumber.objects.count()) == (1, 1)


def test_confirming_twice_gives_one_number(siigo: Any) -> None:
    batch = drafted(unnumbered("a"))
    batches.confirm(batch.pk)
    batches.confirm(batch.pk)
    assert GivenNumber.objects.count() == 1


def test_what_changed_after_the_preview_takes_no_number(siigo: Any) -> None:
    record = unnumbered("a")
    batch = drafted(record)
    with transitions.editing(record):
        record.observations = "otra"
        record.save()
    batches.confirm(batch.pk)
    assert (status(record), GivenNumber.objects.count()) == (Status.NEW, 0)


def test_what_would_be_sent_otherwise_than_shown_takes_no_number(siigo: Any) -> None:
    batch = drafted(unnumbered("a"))
    Connection.objects.update(settings={"timeout_minutes": 5})
    batches.confirm(batch.pk)
    assert GivenNumber.objects.count() == 0


def test_a_person_with_a_reason_gives_the_next_number(siigo: Any) -> None:
    record = unnumbered("a")
    batches.cancel(confirmed(record).pk)
    given = renumbering.give_next(kind=Kind.MOVEMENT, record_id=record.pk, requester=WHO, reason="El 1 ya lo usó Siigo")
    record.refresh_from_db()
    assert (given, record.number, status(record)) == (2, 2, Status.NEW)


def test_the_retired_number_is_a_reported_gap_with_its_reason(siigo: Any) -> None:
    record = unnumbered("a")
    batches.cancel(confirmed(record).pk)
    renumbering.give_next(kind=Kind.MOVEMENT, record_id=record.pk, requester=WHO, reason="El 1 ya lo usó Siigo")
    found = list(numbering.gaps(NumberSeries.objects.get()))
    assert [(gap.first, gap.last, gap.what) for gap in found] == [(1, 1, "Retirado: El 1 ya lo usó Siigo")]


def test_giving_the_next_number_is_written_down_as_a_decision(siigo: Any) -> None:
    record = unnumbered("a")
    batches.cancel(confirmed(record).pk)
    renumbering.give_next(kind=Kind.MOVEMENT, record_id=record.pk, requester=WHO, reason="El 1 ya lo usó Siigo")
    decided = SyncAttempt.objects.get(operation=SyncAttempt.Operation.DECIDE)
    assert decided.message == "Se retiró el número 1 y se dio el 2: El 1 ya lo usó Siigo"


def test_no_other_number_without_a_reason(siigo: Any) -> None:
    record = unnumbered("a")
    batches.cancel(confirmed(record).pk)
    with pytest.raises(ConfigurationError, match="motivo"):
        renumbering.give_next(kind=Kind.MOVEMENT, record_id=record.pk, requester=WHO, reason=" ")


@pytest.mark.parametrize("held", [Status.QUEUED, Status.SENDING, Status.UNCERTAIN, Status.SYNCED])
def test_what_is_on_its_way_or_may_be_in_siigo_keeps_its_number(siigo: Any, held: Status) -> None:
    record = unnumbered("a")
    confirmed(record)
    row = standing_of(record, Target.SIIGO)
    row.status, row.ever_present = held, held == Status.SYNCED
    row.save()
    with pytest.raises(ConfigurationError):
        renumbering.give_next(kind=Kind.MOVEMENT, record_id=record.pk, requester=WHO, reason="porque sí")


def test_a_refusal_that_proves_nothing_keeps_its_number(siigo: Any) -> None:
    record = unnumbered("a")
    confirmed(record)
    row = standing_of(record, Target.SIIGO)
    row.status, row.verify_first = Status.REJECTED, True
    row.save()
    with pytest.raises(ConfigurationError, match="verifíquelo"):
        renumbering.give_next(kind=Kind.MOVEMENT, record_id=record.pk, requester=WHO, reason="porque sí")


def test_a_movement_that_is_deleted_leaves_a_reported_gap(siigo: Any) -> None:
    record = unnumbered("a")
    batches.cancel(confirmed(record).pk)
    deletion.delete(record)
    found = list(numbering.gaps(NumberSeries.objects.get()))
    assert [gap.what for gap in found] == ["El movimiento F-1 1 se eliminó."]


def test_a_document_of_siigo_under_the_number_frees_the_movement_for_the_next(siigo: Any) -> None:
    theirs = builders.voucher(number=1, amount="5000")
    confirmed(theirs)
    engine.drain(connection().pk)
    Movement.objects.filter(pk=theirs.pk).update(number=9, voucher_code=9)
    standing_of(theirs, Target.SIIGO).__class__.objects.filter(record_id=theirs.pk).update(reference_key=None)
    record = unnumbered("a")
    confirmed(record)
    engine.drain(connection().pk)
    assert (record.number, status(record)) == (1, Status.CONFLICT)
    renumbering.give_next(kind=Kind.MOVEMENT, record_id=record.pk, requester=WHO, reason="El 1 es de Siigo")
    assert status(record) == Status.NEW


@pytest.mark.parametrize("wanted", ["0", "9999999999"])
def test_an_administrator_cannot_take_a_series_back_below_what_was_given(
    siigo: Any, admin_client: Any, wanted: str
) -> None:
    confirmed(unnumbered("a"))
    series = NumberSeries.objects.get()
    admin_client.post(f"/admin/integrations/numberseries/{series.pk}/change/", {"last_number": wanted})
    series.refresh_from_db()
    assert series.last_number == 1


def test_an_administrator_says_where_a_series_goes_on(siigo: Any, admin_client: Any) -> None:
    confirmed(unnumbered("a"))
    series = NumberSeries.objects.get()
    answer = admin_client.post(f"/admin/integrations/numberseries/{series.pk}/change/", {"last_number": "40"})
    later = unnumbered("b")
    confirmed(later)
    assert (answer.status_code, later.number) == (302, 41)


def test_the_page_of_a_series_tells_its_gaps(siigo: Any, admin_client: Any) -> None:
    record = unnumbered("a")
    batches.cancel(confirmed(record).pk)
    renumbering.give_next(kind=Kind.MOVEMENT, record_id=record.pk, requester=WHO, reason="El 1 ya lo usó Siigo")
    page = admin_client.get(f"/admin/integrations/numberseries/{NumberSeries.objects.get().pk}/change/")
    assert "Retirado: El 1 ya lo usó Siigo" in page.content.decode()


def test_the_button_of_the_next_number_answers_with_the_number(siigo: Any, admin_client: Any) -> None:
    record = unnumbered("a")
    batches.cancel(confirmed(record).pk)
    url = f"/admin/ledger/movement/{record.pk}/siigo/siguiente-numero/"
    admin_client.post(url, {"motivo": "El 1 ya lo usó Siigo"})
    record.refresh_from_db()
    assert record.number == 2


def test_who_lacks_the_permission_gives_no_number(siigo: Any, client: Any, django_user_model: Any) -> None:
    record = unnumbered("a")
    batches.cancel(confirmed(record).pk)
    user = django_user_model.objects.create_user("asistente", is_staff=True)
    user.user_permissions.add(*Permission.objects.filter(codename__in=["view_movement", "change_movement"]))
    client.force_login(user)
    client.post(f"/admin/ledger/movement/{record.pk}/siigo/siguiente-numero/", {"motivo": "El 1 ya lo usó"})
    record.refresh_from_db()
    assert record.number == 1
