"""An annulled document: marked, out of what is to be sent, and tied to its replacement."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from integrations import decisions
from integrations.choices import Environment, Kind, Status, Target
from integrations.decisions import DecisionRefusedError, environments
from integrations.models import Annulment, Connection, SyncStanding
from integrations.standings import deletion
from integrations.standings.requester import Requester
from integrations.standings.transitions import StandingError
from ledger.models import Movement
from tests import builders
from tests.integrations.admin.conftest import person
from tests.integrations.admin.sag_documents import in_sag

pytestmark = pytest.mark.django_db

WHO = Requester(origin="prueba")


def annul(row: SyncStanding, *, stays: bool = True) -> str:
    return decisions.annul(row.pk, row.attempt, WHO, "valor equivocado", stays=stays)


def annulled(sag: Connection) -> Movement:
    row = in_sag(sag)
    annul(row)
    return Movement.objects.get(pk=row.record_id)


def text(response: Any) -> str:
    return str(response.content.decode())


def page_of(staff: Client, movement: Movement) -> str:
    return text(staff.get(f"/admin/ledger/movement/{movement.pk}/change/"))


def test_what_stays_annulled_is_marked_and_waits_for_no_erp(siigo: Connection, sag: Connection) -> None:
    movement = annulled(sag)
    assert (movement.voided, movement.sag_status, movement.siigo_status) == (True, Status.EXCLUDED, Status.EXCLUDED)


def test_what_stays_annulled_says_who_why_and_when(sag: Connection) -> None:
    movement = annulled(sag)
    held = Annulment.objects.get(record_id=movement.pk)
    assert (held.reason, held.reference, held.lifted_at, held.annulled_at is not None) == (
        "valor equivocado", "PD-1", None, True,
    )  # fmt: skip


def test_what_another_erp_still_holds_is_not_set_aside_there(siigo: Connection, sag: Connection) -> None:
    row = in_sag(sag)
    other = SyncStanding.objects.of_records(row.kind, [row.record_id]).filter(target=Target.SIIGO)
    other.update(status=Status.SYNCED, ever_present=True)
    annul(row)
    assert other.get().status == Status.SYNCED


def test_what_is_sent_again_leaves_only_its_history(sag: Connection) -> None:
    row = in_sag(sag)
    annul(row, stays=False)
    movement = Movement.objects.get(pk=row.record_id)
    assert (movement.voided, movement.sag_status) == (False, Status.NEW)
    assert Annulment.objects.get().lifted_at is not None


def test_a_master_never_stays_annulled(sag: Connection) -> None:
    assert (decisions.can_stay(Kind.CLIENT), decisions.can_stay(Kind.MOVEMENT)) == (False, True)


def test_without_a_read_that_shows_it_nothing_is_annulled(sag: Connection) -> None:
    row = in_sag(sag, seen=None)
    with pytest.raises(DecisionRefusedError, match="Verificar en el ERP"):
        annul(row)
    assert not Annulment.objects.exists()


def test_including_it_again_lifts_the_annulment(sag: Connection) -> None:
    movement = annulled(sag)
    decisions.include(kind=Kind.MOVEMENT, record_ids=[movement.pk], target=Target.SAG)
    movement.refresh_from_db()
    assert (movement.voided, movement.sag_status) == (False, Status.NEW)


def test_what_is_annulled_in_one_erp_is_not_included_for_the_other(siigo: Connection, sag: Connection) -> None:
    movement = annulled(sag)
    tally = decisions.include(kind=Kind.MOVEMENT, record_ids=[movement.pk], target=Target.SIIGO)
    movement.refresh_from_db()
    assert (tally.done, tally.skipped, movement.siigo_status) == (0, 1, Status.EXCLUDED)


def test_what_was_annulled_is_never_deleted(sag: Connection) -> None:
    with pytest.raises(StandingError, match="se anuló allá"):
        deletion.delete(annulled(sag))


def test_the_page_of_the_decision_marks_it_unless_one_asks_to_send_it_again(staff: Client, sag: Connection) -> None:
    marks = []
    for follows in ("anulado", "otra-vez"):
        row = in_sag(sag)
        url = f"/admin/ledger/movement/{row.record_id}/sag/decidir/anulado/"
        staff.post(url, {"intento": str(row.attempt), "motivo": "doble", "sigue": follows})
        marks.append(Movement.objects.get(pk=row.record_id).voided)
    assert marks == [True, False]


def test_its_page_says_that_it_is_annulled_and_offers_a_replacement(staff: Client, sag: Connection) -> None:
    page = page_of(staff, annulled(sag))
    assert ("Anulado en SAG" in page, "valor equivocado" in page, "Duplicar para reemplazarlo" in page) == (True,) * 3


def test_the_duplicate_and_the_annulled_one_lead_to_each_other(staff: Client, sag: Connection) -> None:
    movement = annulled(sag)
    staff.post(f"/admin/ledger/movement/{movement.pk}/duplicar/", {"date": "20/11/2026"})
    made = Movement.objects.latest("pk")
    assert f"/movement/{made.pk}/change/" in page_of(staff, movement)
    assert f"/movement/{movement.pk}/change/" in page_of(staff, made)


def test_the_list_marks_and_filters_what_is_annulled(staff: Client, sag: Connection) -> None:
    movement = annulled(sag)
    builders.order("VIGENTE")
    response = staff.get("/admin/ledger/movement/?anulado=si")
    assert [one.pk for one in response.context["cl"].result_list] == [movement.pk]
    assert "</span> Anulado</span>" in text(response)


def test_what_is_annulled_is_not_changed_by_hand(staff: Client, sag: Connection) -> None:
    movement = annulled(sag)
    page = page_of(staff, movement)
    assert ('name="observations"' in page, "Está anulado" in page) == (False, True)


def test_only_who_may_annul_does(sag: Connection) -> None:
    row = in_sag(sag)
    url = f"/admin/ledger/movement/{row.record_id}/sag/decidir/anulado/"
    sees = ("ledger.view_movement", "ledger.change_movement")
    refused = person(*sees).post(url, {"intento": str(row.attempt), "motivo": "x"}).status_code
    User.objects.all().delete()
    may = person(*sees, "integrations.annul_syncbatch")
    may.post(url, {"intento": str(row.attempt), "motivo": "x"})
    assert (refused, Movement.objects.get(pk=row.record_id).voided) == (403, True)


def test_only_who_may_annul_takes_it_back(sag: Connection) -> None:
    movement = annulled(sag)
    sees = ("ledger.view_movement", "ledger.change_movement")
    include = f"/admin/ledger/movement/{movement.pk}/sag/incluir/"
    person(*sees).post(include)
    movement.refresh_from_db()
    User.objects.all().delete()
    before = movement.voided
    person(*sees, "integrations.annul_syncbatch").post(include)
    movement.refresh_from_db()
    assert (before, movement.voided) == (True, False)


def test_what_is_annulled_has_neither_a_button_to_save_nor_one_to_delete(staff: Client, sag: Connection) -> None:
    page = page_of(staff, annulled(sag))
    assert ('name="_save"' in page, "deletelink" in page, "/siigo/incluir/" in page) == (False, False, False)


def test_the_review_of_a_batch_says_that_it_is_annulled(staff: Client, siigo: Connection, sag: Connection) -> None:
    movement = annulled(sag)
    chosen = {"action": ["enviar_sag", ""], "index": "0", "_selected_action": [str(movement.pk)]}
    page = staff.post("/admin/ledger/movement/", chosen, follow=True)
    assert "Está anulado: no se envía." in text(page)


def test_what_was_annulled_in_tests_is_not_annulled_in_production(sag: Connection) -> None:
    movement = annulled(sag)
    Connection.objects.filter(pk=sag.pk).update(archived_at=timezone.now())
    production = builders.sag_connection("http://127.0.0.1:9/", environment=Environment.PRODUCTION)
    environments.begin_production(production)
    movement.refresh_from_db()
    assert (movement.voided, movement.sag_status) == (False, Status.NEW)
