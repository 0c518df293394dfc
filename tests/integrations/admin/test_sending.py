"""From a selection to the queue: nothing leaves without the confirm page, and what it shows is what is queued."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from integrations.choices import BatchState, ItemVerdict, Status, Target
from integrations.models import Connection, Syncable, SyncBatch, SyncStanding
from integrations.standings import transitions
from integrations.standings.lifecycle import Event
from ledger.models import Movement
from tests import builders
from tests.integrations.admin.conftest import person

LIST = "/admin/ledger/movement/"
SEES = ("ledger.view_movement", "ledger.change_movement", "integrations.view_syncbatch")


def choose(staff: Client, *movements: Movement, action: str = "enviar_siigo", url: str = LIST) -> Any:
    data = {"action": [action, ""], "index": "0", "_selected_action": [str(one.pk) for one in movements]}
    return staff.post(url, data)


def text(response: Any) -> str:
    return str(response.content.decode())


def test_choosing_send_makes_a_draft_and_leads_to_its_confirm_page(staff: Client, siigo: Connection) -> None:
    response = choose(staff, builders.voucher())
    batch = SyncBatch.objects.get()
    assert (response["Location"], batch.state) == (f"/admin/lote/{batch.pk}/confirmar/", BatchState.DRAFT)


def test_a_draft_queues_nothing(staff: Client, siigo: Connection) -> None:
    movement = builders.voucher()
    choose(staff, movement)
    assert builders.standing_of(movement).status == Status.NEW


def test_the_confirm_page_says_how_many_go_in_its_button(staff: Client, siigo: Connection) -> None:
    page = staff.get(choose(staff, builders.voucher(1), builders.voucher(2))["Location"])
    assert "Enviar 2 a Siigo" in text(page)


def test_the_confirm_page_carries_no_ids_of_records(staff: Client, siigo: Connection) -> None:
    page = staff.get(choose(staff, builders.voucher())["Location"])
    assert text(page).count('type="hidden"') == text(page).count("csrfmiddlewaretoken")


def test_confirming_queues_what_was_shown(staff: Client, siigo: Connection) -> None:
    movement = builders.voucher()
    staff.post(choose(staff, movement)["Location"])
    assert builders.standing_of(movement).status == Status.QUEUED


def test_confirming_leads_to_the_page_of_the_batch(staff: Client, siigo: Connection) -> None:
    response = staff.post(choose(staff, builders.voucher())["Location"])
    assert response["Location"] == f"/admin/lote/{SyncBatch.objects.get().pk}/"


def test_a_double_click_queues_once(staff: Client, siigo: Connection) -> None:
    from django_q.models import OrmQ

    page = choose(staff, builders.voucher())["Location"]
    staff.post(page)
    staff.post(page)
    assert OrmQ.objects.count() == 1


def test_a_second_confirmation_says_nothing_of_a_new_queue(staff: Client, siigo: Connection) -> None:
    page = choose(staff, builders.voucher())["Location"]
    staff.post(page, follow=True)
    assert "Se pusieron en cola" not in text(staff.post(page, follow=True))


def test_what_does_not_pass_is_listed_with_what_to_correct(staff: Client, siigo: Connection) -> None:
    page = staff.get(choose(staff, builders.voucher(voucher_code=None))["Location"])
    assert "No pasan la revisión (1)" in text(page)


def test_with_nothing_to_send_the_button_is_off(staff: Client, siigo: Connection) -> None:
    page = staff.get(choose(staff, builders.voucher(voucher_code=None))["Location"])
    assert "Nada para enviar a Siigo" in text(page)


def test_what_is_blocked_is_not_queued(staff: Client, siigo: Connection) -> None:
    blocked = builders.voucher(voucher_code=None)
    staff.post(choose(staff, blocked, builders.voucher(7))["Location"])
    assert builders.standing_of(blocked).status == Status.NEW


def test_what_changed_after_the_preview_stays_out_of_the_batch(staff: Client, siigo: Connection) -> None:
    movement = builders.voucher()
    page = choose(staff, movement)["Location"]
    with transitions.editing(movement):
        movement.save()
    staff.post(page)
    assert SyncBatch.objects.get().items.get().verdict == ItemVerdict.SKIPPED


def test_a_large_selection_is_prepared_by_the_worker_and_the_page_says_so(
    staff: Client, siigo: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("integrations.dispatch.batches.PREVIEWED_IN_REQUEST", 0)
    page = staff.get(choose(staff, builders.voucher())["Location"])
    assert "Se están revisando 1" in text(page)


def test_a_batch_in_preparation_can_not_be_confirmed(
    staff: Client, siigo: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("integrations.dispatch.batches.PREVIEWED_IN_REQUEST", 0)
    staff.post(choose(staff, builders.voucher())["Location"])
    assert SyncBatch.objects.get().state == BatchState.PREPARING


def test_without_a_connection_there_is_no_button_to_send(staff: Client, siigo: Connection) -> None:
    builders.voucher()
    assert 'value="enviar_sag"' not in text(staff.get(LIST))


def test_without_a_connection_the_list_says_who_must_make_one(staff: Client, siigo: Connection) -> None:
    builders.voucher()
    assert "Falta la conexión con SAG" in text(staff.get(LIST))


def test_masters_have_no_button_for_siigo(staff: Client, siigo: Connection, sag: Connection) -> None:
    builders.client()
    page = text(staff.get("/admin/catalog/client/"))
    assert ('value="enviar_sag"' in page, 'value="enviar_siigo"' in page) == (True, False)


@pytest.mark.parametrize(("kind", "switch"), [("thirdparty", "send_thirds"), ("article", "send_products")])
def test_a_master_that_the_connection_switches_on_has_a_button_for_siigo(
    staff: Client, siigo: Connection, kind: str, switch: str
) -> None:
    builders.third_party()
    builders.article()
    page = reverse(f"admin:catalog_{kind}_changelist")
    before = staff.get(page).content.decode()
    siigo.settings = {switch: True}
    siigo.save()
    after = staff.get(page).content.decode()
    assert ["enviar_siigo" in before, "enviar_siigo" in after] == [False, True]


def test_records_of_two_companies_do_not_go_in_one_batch(staff: Client, siigo: Connection) -> None:
    other = builders.company(tax_id="800555666", name="Otra")
    choose(staff, builders.voucher(), builders.voucher(2, company=other))
    assert not SyncBatch.objects.exists()


def test_without_permission_to_send_there_is_no_button(siigo: Connection) -> None:
    builders.voucher()
    assert 'value="enviar_siigo"' not in text(person(*SEES).get(LIST))


def test_without_permission_the_confirm_page_is_closed(staff: Client, siigo: Connection) -> None:
    page = choose(staff, builders.voucher())["Location"]
    assert person(*SEES).post(page).status_code == 403


def test_with_permission_to_send_the_action_works(siigo: Connection) -> None:
    choose(person(*SEES, "integrations.send_syncbatch"), builders.voucher())
    assert SyncBatch.objects.exists()


def test_set_aside_records_can_not_be_sent_until_they_are_taken_back(staff: Client, siigo: Connection) -> None:
    movement = builders.voucher()
    choose(staff, movement, action="no_aplica_siigo")
    aside = builders.standing_of(movement).status
    choose(staff, movement, action="incluir_siigo")
    assert (aside, builders.standing_of(movement).status) == (Status.EXCLUDED, Status.NEW)


def test_a_refusal_that_must_be_verified_first_is_never_set_aside(staff: Client, siigo: Connection) -> None:
    movement = builders.voucher()
    SyncStanding.objects.filter(record_id=movement.pk, target=Target.SIIGO).update(
        status=Status.REJECTED, verify_first=True
    )
    choose(staff, movement, action="no_aplica_siigo")
    assert builders.standing_of(movement).status == Status.REJECTED


def test_verifying_asks_the_worker_and_answers_with_counts(staff: Client, siigo: Connection) -> None:
    movement = builders.voucher()
    SyncStanding.objects.filter(record_id=movement.pk, target=Target.SIIGO).update(status=Status.UNCERTAIN)
    choose(staff, movement, builders.voucher(2), action="verificar_siigo")
    page = text(staff.get(LIST))
    assert "1 listo, 1 omitido" in page


@pytest.fixture
def queued(staff: Client, siigo: Connection) -> SyncBatch:
    staff.post(choose(staff, builders.voucher(1), builders.voucher(2))["Location"])
    return SyncBatch.objects.get()


def test_the_page_of_a_batch_says_how_far_it_got(staff: Client, queued: SyncBatch) -> None:
    assert "Enviando: 0 de 2" in text(staff.get(f"/admin/lote/{queued.pk}/"))


def test_the_data_of_a_batch_counts_what_became_of_each_record(staff: Client, queued: SyncBatch) -> None:
    queued.items.filter(position=1).update(outcome=Status.SYNCED)
    told = staff.get(f"/admin/lote/{queued.pk}/avance/").json()
    assert (told["counts"]["sent"], told["counts"]["waiting"]) == (1, 1)


def test_stopping_a_batch_gives_back_what_has_not_left(staff: Client, queued: SyncBatch) -> None:
    staff.post(f"/admin/lote/{queued.pk}/detener/")
    assert set(SyncStanding.objects.filter(target=Target.SIIGO).values_list("status", flat=True)) == {Status.NEW}


@pytest.mark.parametrize(("verb", "is_paused"), [("pausar", True), ("reanudar", False)])
def test_a_batch_can_be_paused_and_go_on(staff: Client, queued: SyncBatch, verb: str, is_paused: bool) -> None:
    staff.post(f"/admin/lote/{queued.pk}/{verb}/")
    queued.refresh_from_db()
    assert (queued.paused_at is not None) is is_paused


def test_the_refused_ones_go_again_through_the_confirm_page(staff: Client, queued: SyncBatch) -> None:
    row = SyncStanding.objects.filter(batch=queued).earliest("position")
    SyncStanding.objects.filter(pk=row.pk).update(status=Status.REJECTED)
    queued.items.filter(record_id=row.record_id).update(outcome=Status.REJECTED)
    staff.post(f"/admin/lote/{queued.pk}/reintentar/")
    again = SyncBatch.objects.exclude(pk=queued.pk).get()
    assert list(again.items.values_list("record_id", flat=True)) == [row.record_id]


def test_the_page_of_a_batch_that_nobody_serves_says_so(staff: Client, queued: SyncBatch) -> None:
    from datetime import timedelta

    from django.utils import timezone

    long_ago = timezone.now() - timedelta(minutes=5)
    SyncBatch.objects.update(confirmed_at=long_ago)
    SyncStanding.objects.update(progressed_at=long_ago)
    assert "no responde" in text(staff.get(f"/admin/lote/{queued.pk}/"))


def test_an_event_that_the_table_forbids_moves_nothing(staff: Client, queued: SyncBatch) -> None:
    row = SyncStanding.objects.filter(batch=queued).earliest("position")
    assert not transitions.allows(row, Event.EXCLUDED)


@pytest.fixture
def order_of_a_new_client(sag: Connection) -> tuple[Syncable, Movement]:
    return builders.client("800111222"), builders.order("PED-1")


def to_sag(staff: Client, order: Movement) -> str:
    return str(choose(staff, order, action="enviar_sag")["Location"])


def statuses(*records: Syncable) -> list[str]:
    return [builders.standing_of(record, Target.SAG).status for record in records]


def test_the_confirm_page_offers_the_masters_first_or_the_documents_alone(
    staff: Client, order_of_a_new_client: tuple[Syncable, Movement]
) -> None:
    page = text(staff.get(to_sag(staff, order_of_a_new_client[1])))
    assert "Enviar 1 cliente y después 1 documento a SAG" in page
    assert 'name="sin_maestros"' in page
    assert "Enviar solo el documento" in page


def test_the_first_button_queues_the_master_and_the_document(
    staff: Client, order_of_a_new_client: tuple[Syncable, Movement]
) -> None:
    staff.post(to_sag(staff, order_of_a_new_client[1]))
    assert statuses(*order_of_a_new_client) == [Status.QUEUED, Status.QUEUED]


def test_the_second_button_queues_the_document_alone(
    staff: Client, order_of_a_new_client: tuple[Syncable, Movement]
) -> None:
    staff.post(to_sag(staff, order_of_a_new_client[1]), {"sin_maestros": "1"})
    assert statuses(*order_of_a_new_client) == [Status.NEW, Status.QUEUED]
