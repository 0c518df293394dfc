"""What people decide: who may, on what evidence, and what the record's story keeps of it."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from integrations import decisions
from integrations.choices import ItemVerdict, Kind, Status, Target
from integrations.decisions import DecisionRefusedError
from integrations.dispatch import batches
from integrations.erp.payload import Payload
from integrations.erp.receipts import Receipt, Reference, Verdict
from integrations.models import Company, Connection, DecisionRequest, SendingPolicy, SyncAttempt, SyncStanding
from integrations.sending import engine, outcomes
from integrations.sending.claims import Claim
from integrations.standings.requester import Requester
from integrations.verifying import reconcile
from tests import builders
from tests.builders import standing_of
from tests.integrations.verifying.conftest import WHO, confirmed, edited, lost, sent, voided

pytestmark = pytest.mark.django_db(transaction=True)


def now(row: SyncStanding) -> SyncStanding:
    return SyncStanding.objects.get(pk=row.pk)


def different(sag: Any) -> SyncStanding:
    """In conflict: SAG holds the document with another quantity."""
    row = lost(builders.order(), Target.SAG, arrived=True)
    edited(sag, "UPDATE movimientos_items SET n_cantidad = 3 WHERE ka_nl_movimiento_item = 1")
    reconcile.verify(row.pk)
    return now(row)


def story(row: SyncStanding) -> SyncAttempt:
    return SyncAttempt.objects.get(operation=SyncAttempt.Operation.DECIDE, record_id=row.record_id)


def test_a_conflict_with_one_document_is_adopted(sag: Any) -> None:
    row = different(sag)
    decisions.adopt(row.pk, row.attempt, WHO, "es el mismo")
    assert (now(row).status, now(row).reference) == (Status.SYNCED, "PD-1")


def test_a_decision_keeps_who_why_and_what_had_been_seen(sag: Any) -> None:
    row = different(sag)
    ana = User.objects.create_user("ana")
    decisions.adopt(row.pk, row.attempt, Requester(ana, "administración"), "es el mismo")
    told = story(row)
    assert told.answer is not None
    assert (told.requested_by, told.outcome, b'"match": "other"' in told.answer.body) == (ana, "adopted", True)
    assert "es el mismo" in told.message


def test_two_documents_are_not_adopted_until_one_is_annulled(sag: Any) -> None:
    row = lost(builders.order(), Target.SAG, arrived=True)
    copy = "ka_ni_fuente, n_numero_documento + 1, ka_nl_tercero, d_fecha_documento, ss_nro_dcto"
    edited(
        sag,
        "INSERT INTO movimientos (ka_ni_fuente, n_numero_documento, ka_nl_tercero, d_fecha_documento, ss_nro_dcto) "
        f"SELECT {copy} FROM movimientos",
    )
    reconcile.verify(row.pk)
    with pytest.raises(DecisionRefusedError, match="exactamente un documento"):
        decisions.adopt(row.pk, row.attempt, WHO)
    edited(sag, "UPDATE movimientos SET sc_anulado = 'S' WHERE n_numero_documento = 2")
    reconcile.verify(row.pk)
    decisions.adopt(row.pk, row.attempt, WHO)
    assert now(row).reference == "PD-1"


def test_adopting_needs_a_read_of_the_erp(sag: Any) -> None:
    row = lost(builders.order(), Target.SAG, arrived=True)
    with pytest.raises(DecisionRefusedError, match="Verificar en el ERP"):
        decisions.adopt(row.pk, row.attempt, WHO)


def test_adopting_waits_for_every_call_of_this_record(sag: Any) -> None:
    row = different(sag)
    later = timezone.now() + dt.timedelta(minutes=5)
    SyncAttempt.objects.filter(pk=str(row.attempt)).update(lease_until=later)
    with pytest.raises(DecisionRefusedError, match="aún puede guardar"):
        decisions.adopt(row.pk, row.attempt, WHO)


def test_a_document_of_another_record_is_not_adopted(sag: Any) -> None:
    row = different(sag)
    other = standing_of(builders.order("OTRA"), Target.SAG)
    other.reference_key = "1"
    other.save()
    with pytest.raises(DecisionRefusedError, match="ya es de otro de aquí"):
        decisions.adopt(row.pk, row.attempt, WHO)


def test_a_decision_about_another_attempt_is_refused(sag: Any) -> None:
    row = different(sag)
    with pytest.raises(DecisionRefusedError, match="cambió mientras"):
        decisions.adopt(row.pk, None, WHO)


def unproven() -> SyncStanding:
    row = lost(builders.order(), Target.SAG, arrived=False)
    reconcile.verify(row.pk)
    return now(row)


def test_a_person_confirms_an_absence_that_a_read_could_not_prove(sag: Any) -> None:
    row = unproven()
    decisions.confirm_absent(row.pk, row.attempt, WHO, "lo busqué y no está")
    assert (now(row).status, story(row).outcome) == (Status.NEW, "absent_confirmed")


def test_confirming_an_absence_needs_a_reason(sag: Any) -> None:
    row = unproven()
    with pytest.raises(DecisionRefusedError, match="motivo"):
        decisions.confirm_absent(row.pk, row.attempt, WHO, "  ")


def test_nobody_confirms_the_absence_of_what_a_read_showed(sag: Any) -> None:
    row = different(sag)
    SyncStanding.objects.filter(pk=row.pk).update(status=Status.UNCERTAIN)
    with pytest.raises(DecisionRefusedError, match="sí mostró un documento"):
        decisions.confirm_absent(row.pk, row.attempt, WHO, "no está")


def test_without_a_read_the_person_says_when_they_looked(sag: Any) -> None:
    row = lost(builders.order(), Target.SAG, arrived=False)
    with pytest.raises(DecisionRefusedError, match="cuándo lo buscó"):
        decisions.confirm_absent(row.pk, row.attempt, WHO, "no está")


@pytest.mark.parametrize(("minutes", "said"), [(-10, "antes de"), (10, "futuro")])
def test_what_was_seen_too_early_or_in_the_future_is_no_evidence(sag: Any, minutes: int, said: str) -> None:
    row = lost(builders.order(), Target.SAG, arrived=False)
    looked_at = timezone.now() + dt.timedelta(minutes=minutes)
    with pytest.raises(DecisionRefusedError, match=said):
        decisions.confirm_absent(row.pk, row.attempt, WHO, "no está", looked_at)


def test_the_settle_window_binds_people_too(sag: Any) -> None:
    row = unproven()
    SyncStanding.objects.filter(pk=row.pk).update(settles_at=timezone.now() + dt.timedelta(minutes=5))
    with pytest.raises(DecisionRefusedError, match="aún podría guardarlo"):
        decisions.confirm_absent(row.pk, row.attempt, WHO, "no está")


def test_a_read_before_the_window_ended_is_no_evidence(sag: Any) -> None:
    row = unproven()
    SyncAttempt.objects.filter(operation=SyncAttempt.Operation.VERIFY).update(
        started_at=timezone.now() - dt.timedelta(hours=1)
    )
    assert decisions.last_look(row) is None


@pytest.fixture
def two_people(sag: Any) -> tuple[User, User]:
    Company.objects.update(needs_second_person=True)
    return User.objects.create_user("ana"), User.objects.create_user("luis")


def asked(first: User) -> tuple[SyncStanding, DecisionRequest]:
    row = unproven()
    decisions.confirm_absent(row.pk, row.attempt, Requester(first), "no está")
    return row, DecisionRequest.objects.get()


def test_where_the_company_wants_two_people_one_is_not_enough(two_people: tuple[User, User]) -> None:
    row, _ = asked(two_people[0])
    assert now(row).status == Status.UNCERTAIN


def test_the_same_person_can_not_approve(two_people: tuple[User, User]) -> None:
    _, request = asked(two_people[0])
    with pytest.raises(DecisionRefusedError, match="otra persona"):
        decisions.approve(request.pk, Requester(two_people[0]))


def test_a_second_person_approves_and_it_can_be_sent_again(two_people: tuple[User, User]) -> None:
    row, request = asked(two_people[0])
    decisions.approve(request.pk, Requester(two_people[1]))
    assert now(row).status == Status.NEW


def test_an_approval_about_an_attempt_that_is_over_frees_nothing(two_people: tuple[User, User]) -> None:
    row, request = asked(two_people[0])
    SyncStanding.objects.filter(pk=row.pk).update(attempt=None)
    with pytest.raises(DecisionRefusedError, match="ya no está por aprobar"):
        decisions.approve(request.pk, Requester(two_people[1]))


def test_a_denied_request_leaves_it_in_doubt(two_people: tuple[User, User]) -> None:
    row, request = asked(two_people[0])
    decisions.deny(request.pk, Requester(two_people[1]))
    assert (now(row).status, decisions.open_request(row)) == (Status.UNCERTAIN, None)


def test_what_was_entered_by_hand_is_synced_with_its_number(sag: Any) -> None:
    row = unproven()
    decisions.mark_by_hand(row.pk, row.attempt, WHO, " PD-77 ", "se cayó la red")
    assert (now(row).status, now(row).reference) == (Status.SYNCED, "PD-77")


def test_a_number_by_hand_that_another_record_has_is_refused(sag: Any) -> None:
    other = sent(builders.order("CONTROL"), Target.SAG)
    row = unproven_beside(other)
    with pytest.raises(DecisionRefusedError, match="ya es de otro documento"):
        decisions.mark_by_hand(row.pk, row.attempt, WHO, now(other).reference, "a mano")


def unproven_beside(other: SyncStanding) -> SyncStanding:
    SyncStanding.objects.filter(pk=other.pk).update(reference="PD-77")
    row = lost(builders.order("CLAVE-9"), Target.SAG, arrived=False)
    SyncStanding.objects.filter(pk=row.pk).update(settles_at=timezone.now() - dt.timedelta(minutes=5))
    reading = SyncStanding.objects.get(pk=row.pk)
    SyncStanding.objects.filter(pk=row.pk).update(status=Status.CONFLICT)
    reconcile.verify(row.pk)
    return now(reading)


def test_what_a_read_showed_is_adopted_and_not_marked_by_hand(sag: Any) -> None:
    row = different(sag)
    SyncStanding.objects.filter(pk=row.pk).update(status=Status.UNCERTAIN)
    with pytest.raises(DecisionRefusedError, match="adóptelo"):
        decisions.mark_by_hand(row.pk, row.attempt, WHO, "PD-77", "a mano")


def annulled(sag: Any) -> SyncStanding:
    row = sent(builders.order(), Target.SAG)
    SyncStanding.objects.filter(pk=row.pk).update(settles_at=None)
    SyncAttempt.objects.update(lease_until=timezone.now() - dt.timedelta(hours=1))
    voided(sag)
    reconcile.verify(row.pk)
    return now(row)


def test_an_annulled_document_opens_a_new_life(sag: Any) -> None:
    row = annulled(sag)
    decisions.annul(row.pk, row.attempt, WHO, "lo anularon en SAG")
    row = now(row)
    assert (row.status, row.life, row.ever_present, row.reference_key) == (Status.NEW, 2, False, None)


def test_a_new_life_is_sent_with_a_new_key_and_the_old_document_is_ignored(sag: Any) -> None:
    row = annulled(sag)
    decisions.annul(row.pk, row.attempt, WHO, "lo anularon en SAG")
    movement = type(builders.order("otra")).objects.get(pk=row.record_id)
    again = lost(movement, Target.SAG, arrived=True)
    reconcile.verify(again.pk)
    assert (now(again).status, now(again).reference) == (Status.SYNCED, "PD-2")


def test_a_live_document_is_not_taken_for_annulled(sag: Any) -> None:
    row = sent(builders.order(), Target.SAG)
    SyncStanding.objects.filter(pk=row.pk).update(settles_at=None)
    reconcile.verify(row.pk)
    with pytest.raises(DecisionRefusedError, match="anúlelo primero"):
        decisions.annul(row.pk, row.attempt, WHO, "me equivoqué")


def test_a_late_success_of_a_closed_life_changes_nothing(sag: Any) -> None:
    row = annulled(sag)
    attempt = SyncAttempt.objects.get(pk=str(row.attempt))
    decisions.annul(row.pk, row.attempt, WHO, "lo anularon en SAG")
    SyncAttempt.objects.filter(pk=attempt.pk).update(finished_at=None)
    claim = Claim(row.pk, attempt, attempt.connection, Payload(""), start_ends=0.0, lease_ends=0.0)
    outcomes.settle(claim, Receipt(Verdict.ACCEPTED, "", reference=Reference("9", "9")))
    assert now(row).status == Status.NEW


def test_history_is_marked_in_bulk_and_what_may_be_there_is_left_out(sag: Any) -> None:
    history, doubtful = builders.order("VIEJO"), builders.order("DUDA")
    lost(doubtful, Target.SAG, arrived=True)
    tally = decisions.already_there(
        kind=Kind.MOVEMENT, record_ids=[history.pk, doubtful.pk], target=Target.SAG, requester=WHO, reason="de 2025"
    )
    row = standing_of(history, Target.SAG)
    assert (tally.done, tally.skipped, row.status, row.ever_present) == (1, 1, Status.SYNCED, True)
    assert story(row).outcome == "already_there"


def test_history_that_is_edited_later_is_changed(sag: Any) -> None:
    from integrations.standings import transitions

    movement = builders.order("VIEJO")
    decisions.already_there(kind=Kind.MOVEMENT, record_ids=[movement.pk], target=Target.SAG, requester=WHO)
    with transitions.editing(movement):
        movement.observations = "Se corrigió después"
        movement.save()
    assert standing_of(movement, Target.SAG).status == Status.CHANGED


def test_setting_aside_is_part_of_the_story_too(sag: Any) -> None:
    movement = builders.order()
    decisions.exclude(kind=Kind.MOVEMENT, record_ids=[movement.pk], target=Target.SAG, requester=WHO)
    assert story(standing_of(movement, Target.SAG)).outcome == "excluded"


# --- the company's policy


def allow(code: str, goes_to: str) -> None:
    SendingPolicy.objects.create(company=builders.company(), kind=Kind.MOVEMENT, code=code, goes_to=goes_to)


@pytest.mark.parametrize(
    ("rows", "ready"),
    [
        ([], True),
        ([("PD", "sag")], True),
        ([("PD", "both")], True),
        ([("PD", "siigo")], False),
        ([("pd", "siigo")], False),
        ([("", "siigo")], False),
        ([("", "siigo"), ("PD", "sag")], True),
        ([("FV", "siigo")], True),
    ],
)
def test_the_policy_keeps_a_document_from_the_other_erp(sag: Any, rows: list[tuple[str, str]], ready: bool) -> None:
    for code, goes_to in rows:
        allow(code, goes_to)
    item = confirmed(builders.order(), Target.SAG).items.get()
    assert (item.verdict == ItemVerdict.READY) is ready


def test_what_the_policy_keeps_back_says_so(sag: Any) -> None:
    allow("PD", "siigo")
    item = confirmed(builders.order(), Target.SAG).items.get()
    assert "La política de la empresa envía movimiento PD solo a Siigo" in item.reason


def test_the_claim_itself_holds_a_policy_that_changed_after_confirming(sag: Any) -> None:
    movement = builders.order()
    batch = confirmed(movement, Target.SAG)
    allow("PD", "siigo")
    engine.drain(batch.connection_id)
    row = standing_of(movement, Target.SAG)
    assert (row.status, "política de la empresa" in row.message) == (Status.NEW, True)


def test_asking_for_many_verifications_queues_one_task(sag: Any) -> None:
    from django_q.models import OrmQ

    from integrations.queue import work_kinds

    Connection.objects.update(concurrency=9)
    ids = [lost(builders.order(f"CLAVE-{n}"), Target.SAG, arrived=True).record_id for n in range(3)]
    OrmQ.objects.all().delete()
    batches.request_verification(kind=Kind.MOVEMENT, record_ids=ids, target=Target.SAG, requester=WHO)
    assert [queued.func() for queued in OrmQ.objects.all()] == [work_kinds.VERIFY_MANY]
