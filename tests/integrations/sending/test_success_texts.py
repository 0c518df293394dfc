"""What counts as a success: published texts and learned ones, and nothing else (sync protocol, 10.11 and 10.12)."""

import datetime as dt
from importlib import import_module
from typing import Any

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from integrations.choices import Kind, Status, Target
from integrations.decisions import resolving
from integrations.models import Connection, LearnedAnswer, Syncable, SyncAttempt, SyncStanding
from integrations.selectors import lane_status
from integrations.sending import claims, engine
from integrations.simulators.sag import start_sag
from integrations.standings import read_back_questions
from integrations.standings.requester import Requester
from integrations.verifying import looks, reconcile
from tests import builders
from tests.builders import standing_of
from tests.integrations.sending.conftest import confirmed, documents, fault

pytestmark = pytest.mark.django_db(transaction=True)

SIIGO, SAG = Target.SIIGO, Target.SAG
KEYLESS = {"fill_NumeroDocumento2": False, "other_key_field": "", "series_marks": "never"}
UNKNOWN_TEXT = "Listo el documento. Quedó en firme"


def run_queue() -> None:
    """Do what waits in the queue, one task after another, until nothing does."""
    while (queued := OrmQ.objects.order_by("pk").first()) is not None:
        task = queued.task
        queued.delete()
        room, _, name = task["func"].rpartition(".")
        getattr(import_module(room), name)(*task["args"])


def pushed(record: Syncable, target: Target) -> SyncStanding:
    """Sent, and all that follows from it done."""
    confirmed(record, target)
    run_queue()
    return standing_of(record, target)


def odd(name: str, **facts: Any) -> dict[str, Any]:
    return fault(name, operation=facts.pop("operation", "insercionSag"), **facts)


def after_the_window(row: SyncStanding) -> SyncStanding:
    SyncStanding.objects.filter(pk=row.pk).update(settles_at=timezone.now(), lease_until=timezone.now())
    reconcile.verify(row.pk)
    row.refresh_from_db()
    return row


DENIED = {
    "nothing stored": {"name": "success_nothing_stored"},
    "another count": {"name": "success_other_count"},
    "no record": {"name": "success_unpublished", "text": "Se insertaron 0 registros"},
    "none": {"name": "success_unpublished", "text": "Ningún documento fue grabado"},
    "failed": {"name": "success_unpublished", "text": "Proceso terminado con error en línea 3"},
    "another number": {"name": "success_names_another"},
    "an unknown text": {"name": "success_unpublished"},
}


@pytest.mark.parametrize("facts", DENIED.values(), ids=DENIED)
def test_siigo_that_stored_nothing_never_leaves_a_voucher_as_sent(siigo: Any, facts: dict[str, Any]) -> None:
    siigo.set_faults(odd(**facts, operation="export"))
    row = pushed(builders.voucher(), SIIGO)
    assert (row.status, documents(siigo)) == (Status.UNCERTAIN, 0)


@pytest.mark.parametrize("facts", DENIED.values(), ids=DENIED)
def test_sag_that_stored_nothing_never_leaves_a_document_as_sent(sag: Any, facts: dict[str, Any]) -> None:
    sag.set_faults(odd(**facts))
    row = pushed(builders.order(number=77), SAG)
    assert (row.status, documents(sag)) == (Status.UNCERTAIN, 0)


CAUSES = [
    ("success_nothing_stored", "", "denied_success"),
    ("success_other_count", "", "other_count"),
    ("success_unpublished", "Se insertaron 0 registros", "denied_success"),
    ("success_unpublished", "Registros insertados: 9", "other_count"),
    ("success_unpublished", "3 registros insertados, 0 errores", "unknown_success"),
    ("success_unpublished", "Terminado con advertencias", "denied_success"),
]


@pytest.mark.parametrize(("name", "text", "cause"), CAUSES)
def test_staff_read_the_cause_of_each_doubt(siigo: Any, name: str, text: str, cause: str) -> None:
    siigo.set_faults(odd(name, text=text, operation="export"))
    engine.drain(confirmed(builders.voucher(), SIIGO).connection_id)
    row = SyncStanding.objects.get(target=SIIGO)
    assert (row.cause, "erifíquelo" in row.message) == (cause, True)


def test_a_text_that_denies_itself_is_never_learned(sag: Any) -> None:
    sag.set_faults(odd("success_nothing_stored", commit=True, times=9))
    rows = [pushed(builders.order(), SAG) for _ in range(5)]
    assert {row.status for row in rows} == {Status.SYNCED}
    assert outcomes() == ["ambiguous"] * 5


@pytest.mark.parametrize("facts", DENIED.values(), ids=DENIED)
def test_what_was_stored_all_the_same_is_found_at_once(sag: Any, facts: dict[str, Any]) -> None:
    sag.set_faults(odd(**facts, commit=True))
    row = pushed(builders.order(number=77), SAG)
    assert (row.status, row.seen_at is not None, documents(sag)) == (Status.SYNCED, True, 1)


def test_a_document_that_was_not_stored_may_be_sent_again_once_that_is_proven(sag: Any) -> None:
    pushed(builders.order(), SAG)
    sag.set_faults(odd("success_nothing_stored"))
    row = after_the_window(pushed(builders.order(), SAG))
    assert (row.status, documents(sag)) == (Status.NEW, 1)


@pytest.mark.parametrize("names", ["number", "source"])
def test_an_answer_of_sag_that_names_another_document_is_no_success(sag: Any, names: str) -> None:
    sag.set_faults(odd("success_names_another", names=names))
    row = pushed(builders.order(number=77), SAG)
    assert (row.status, row.cause, row.reference) == (Status.UNCERTAIN, "names_another", "")


def test_an_answer_of_sag_that_names_another_client_is_no_success(sag: Any) -> None:
    sag.set_faults(odd("success_names_another", names="nit"))
    assert pushed(builders.client(), SAG).cause == "names_another"


def test_the_answer_given_to_another_is_no_success_where_it_names_a_document() -> None:
    with start_sag(fill_numbers=True) as sag:
        builders.sag_connection(sag.url)
        pushed(builders.order(), SAG)
        sag.set_faults(odd("repeated_answer"))
        row = pushed(builders.order(), SAG)
    assert (row.status, row.cause) == (Status.UNCERTAIN, "names_another")


def test_a_text_without_a_name_is_no_repetition(sag: Any) -> None:
    assert {pushed(builders.order(), SAG).status for _ in range(2)} == {Status.SYNCED}


def outcomes() -> list[str]:
    return list(SyncAttempt.objects.sends().order_by("started_at").values_list("outcome", flat=True))


def test_a_text_is_known_once_three_of_its_documents_were_found(sag: Any) -> None:
    sag.set_faults(odd("success_unpublished", text=UNKNOWN_TEXT, commit=True, times=9))
    rows = [pushed(builders.order(), SAG) for _ in range(4)]
    assert {row.status for row in rows} == {Status.SYNCED}
    assert outcomes() == ["ambiguous"] * 3 + ["accepted"]


def test_while_a_text_is_unknown_each_document_is_looked_for_before_the_next_leaves(sag: Any) -> None:
    Connection.objects.update(concurrency=4)
    sag.set_faults(odd("success_unpublished", text=UNKNOWN_TEXT, commit=True, times=9))
    batches = [confirmed(builders.order(), SAG) for _ in range(6)]
    OrmQ.objects.all().delete()
    engine.drain(batches[0].connection_id)
    assert len(outcomes()) == 1
    run_queue()
    assert outcomes() == ["ambiguous"] * 3 + ["accepted"] * 3
    asked = [row["operation"] for row in sag.journal() if row["operation"]]
    assert asked[:5].count("insercionSag") < 3


def test_numbers_and_the_own_name_are_places_in_a_learned_text(sag: Any) -> None:
    for number in range(4):
        text = f"1 documento listo, número {9000 + number}"
        sag.set_faults(odd("success_unpublished", text=text, commit=True))
        pushed(builders.order(), SAG)
    assert outcomes() == ["ambiguous"] * 3 + ["accepted"]


def test_a_learned_text_with_the_number_of_another_is_no_success(siigo: Any) -> None:
    for number in (71, 72):
        siigo.set_faults(odd("success_unpublished", text=f"Listo {number}", commit=True, operation="export"))
        assert pushed(builders.voucher(number), SIIGO).status == Status.SYNCED
    siigo.set_faults(odd("success_unpublished", text="Listo 71", operation="export"))
    assert pushed(builders.voucher(73), SIIGO).status == Status.UNCERTAIN


def test_one_read_of_siigo_is_enough(siigo: Any) -> None:
    siigo.set_faults(odd("success_unpublished", text=UNKNOWN_TEXT, commit=True, times=9, operation="export"))
    rows = [pushed(builders.voucher(number), SIIGO) for number in (1, 2)]
    assert ({row.status for row in rows}, outcomes()) == ({Status.SYNCED}, ["ambiguous", "accepted"])


def test_a_text_that_is_removed_has_to_be_learned_again(sag: Any) -> None:
    sag.set_faults(odd("success_unpublished", text=UNKNOWN_TEXT, commit=True, times=9))
    for _ in range(4):
        pushed(builders.order(), SAG)
    LearnedAnswer.objects.filter(connection__target=SAG, operation__startswith=Kind.MOVEMENT).delete()
    pushed(builders.order(), SAG)
    assert outcomes()[-1] == "ambiguous"


def test_a_text_that_lied_is_unknown_again(sag: Any) -> None:
    sag.set_faults(odd("success_unpublished", text=UNKNOWN_TEXT, commit=True, times=3))
    for _ in range(3):
        pushed(builders.order(), SAG)
    sag.set_faults(odd("success_unpublished", text=UNKNOWN_TEXT))
    lied = pushed(builders.order(), SAG)
    SyncStanding.objects.filter(pk=lied.pk).update(look_at=timezone.now(), settles_at=timezone.now())
    looks.look(lied.connection_id or 0)
    assert not LearnedAnswer.objects.get(connection=lied.connection, operation__startswith=Kind.MOVEMENT).is_known


def test_where_no_read_is_possible_three_wait_for_a_person_and_no_more_leave(sag: Any) -> None:
    Connection.objects.update(settings=KEYLESS)
    sag.set_faults(odd("success_unpublished", text=UNKNOWN_TEXT, commit=True, times=9))
    orders = [builders.order() for _ in range(5)]
    for order in orders:
        pushed(order, SAG)
    rows = [standing_of(order, SAG) for order in orders]
    assert [row.status for row in rows] == [Status.UNCERTAIN] * 3 + [Status.QUEUED] * 2
    assert "dígalo" in lane_status.why_closed(Connection.objects.get())


def test_three_confirmations_of_a_person_make_a_text_known_where_no_read_is_possible(sag: Any) -> None:
    Connection.objects.update(settings=KEYLESS)
    sag.set_faults(odd("success_unpublished", text=UNKNOWN_TEXT, commit=True, times=9))
    orders = [builders.order() for _ in range(5)]
    for order in orders:
        pushed(order, SAG)
    for position, order in enumerate(orders[:3]):
        row = standing_of(order, SAG)
        SyncStanding.objects.filter(pk=row.pk).update(settles_at=timezone.now())
        row.refresh_from_db()
        decided_by = Requester(origin="prueba")
        resolving.mark_by_hand(row.pk, row.attempt, decided_by, f"PD-{position}", "lo vi", timezone.now())
    run_queue()
    assert outcomes() == ["ambiguous"] * 3 + ["accepted"] * 2


def test_a_refusal_proven_three_times_to_write_nothing_needs_no_verification_any_more(siigo: Any) -> None:
    pushed(builders.voucher(100), SIIGO)
    verified_first = []
    for number in range(101, 105):
        siigo.set_faults(odd("huge_message", text=f"La secuencia {number} no va", operation="export"))
        row = pushed(builders.voucher(number), SIIGO)
        verified_first.append(row.verify_first)
        after_the_window(row)
    assert verified_first == [True, True, True, False]


def test_the_first_document_of_a_connection_without_keys_leaves_alone(sag: Any) -> None:
    Connection.objects.update(settings=KEYLESS, concurrency=4)
    batches = [confirmed(builders.order(), SAG) for _ in range(3)]
    assert claims.claim_next(batches[0].connection_id) is not None
    assert claims.claim_next(batches[0].connection_id) is None


def test_a_number_that_only_an_answer_named_goes_to_the_record_that_a_read_finds_it_for(sag: Any) -> None:
    sag.set_faults(odd("success_names_another", value="2", commit=True))
    first, second = builders.order(), builders.order()
    engine.drain(confirmed(first, SAG).connection_id)
    hinted = standing_of(first, SAG)
    assert (hinted.status, hinted.reference) == (Status.SYNCED, "2")
    later = timezone.now() + dt.timedelta(days=1)
    engine.drain(confirmed(second, SAG).connection_id)
    SyncStanding.objects.filter(pk=hinted.pk).update(look_at=later)
    looks.look(hinted.connection_id or 0)
    assert (standing_of(first, SAG).reference, standing_of(second, SAG).reference) == ("", "PD-2")


def test_a_number_that_only_an_answer_named_claims_no_document(sag: Any) -> None:
    Connection.objects.update(settings=KEYLESS, looks="never")
    sag.set_faults(odd("success_names_another", value="2", commit=True))
    hinted = pushed(builders.order(), SAG)
    names = read_back_questions.claimed_names([pushed(builders.order(), SAG)])
    assert (hinted.reference, "2" in names) == ("2", False)
