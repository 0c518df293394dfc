"""*Corregir en bloque* in the administration: from a list, a batch or a cause to the preview, the change and back."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from integrations.choices import Status
from integrations.corrections import drafting
from integrations.models import Connection, Correction, FillingRule, HandChange, SyncBatch
from integrations.payloads import judgement
from ledger.models import Movement
from tests import builders
from tests.integrations.admin.conftest import person
from tests.integrations.admin.test_sending import LIST, choose, text

FILL = {"campo": "source_code", "modo": "fill", "valor": "PD"}


def begin(staff: Client, *movements: Movement) -> str:
    return str(choose(staff, *movements, action="corregir_en_bloque")["Location"])


def define(staff: Client, page: str, **typed: str) -> Any:
    return staff.post(page.replace("change/", "definir/"), typed)


def number(page: str) -> str:
    return page.rstrip("/").split("/")[-2]


def command(staff: Client, page: str, verb: str) -> Any:
    return staff.post(f"/admin/integrations/correction/{number(page)}/{verb}/hacer/", follow=True)


def stored(movement: Movement) -> Movement:
    return Movement.objects.get(pk=movement.pk)


def blocked_orders(count: int) -> list[Movement]:
    """Orders that SAG does not take because their fuente is missing."""
    return [builders.order(str(each), source_code="") for each in range(count)]


def draft_to_sag(staff: Client, movements: list[Movement]) -> SyncBatch:
    choose(staff, *movements, action="enviar_sag")
    return SyncBatch.objects.get()


def test_the_selected_of_a_list_are_corrected_in_four_steps(staff: Client, sag: Connection) -> None:
    order = builders.order("1", source_code="")
    page = begin(staff, order)
    assert "Qué campo se corrige" in text(staff.get(page))
    assert "vacío" in text(staff.get(page, {"campo": "source_code"}))
    assert "vacío → <strong>PD</strong>" in " ".join(text(staff.get(define(staff, page, **FILL)["Location"])).split())
    assert "Se corrigieron 1 de 1" in text(command(staff, page, "corregir"))
    assert stored(order).source_code == "PD"


def test_all_that_a_filter_leaves_are_corrected(staff: Client, sag: Connection) -> None:
    for each in range(3):
        builders.order(str(each), source_code="")
    builders.order("otra", source_code="FV")
    data = {"action": ["corregir_en_bloque", ""], "index": "0", "select_across": "1", "_selected_action": ["1"]}
    response = staff.post(f"{LIST}?source_code=PD", data)
    assert response.status_code == 302
    staff.post(LIST, data)
    assert Correction.objects.latest("pk").items.count() == 4


def test_the_confirm_page_says_what_is_missing_once_for_all(staff: Client, sag: Connection) -> None:
    draft_to_sag(staff, blocked_orders(5))
    page = " ".join(text(staff.get(f"/admin/lote/{SyncBatch.objects.get().pk}/confirmar/")).split())
    assert "Falta un dato obligatorio: <strong>Fuente</strong>" in page
    assert "Corregir los 5 en bloque" in page


def test_a_cause_of_a_batch_opens_the_form_with_its_field_and_where_it_is_empty(staff: Client, sag: Connection) -> None:
    batch = draft_to_sag(staff, blocked_orders(5))
    response = staff.post(
        f"/admin/lote/{batch.pk}/confirmar/corregir/", {"regla": "required", "campo": "CodigoFuente"}, follow=True
    )
    page = " ".join(text(response).split())
    assert "Campo: <strong>Fuente</strong>" in page
    assert 'value="fill" id="modo_fill" checked' in page


def test_all_that_a_batch_stops_are_taken_together(staff: Client, sag: Connection) -> None:
    batch = draft_to_sag(staff, [*blocked_orders(2), builders.order("fecha", date=None)])
    staff.post(f"/admin/lote/{batch.pk}/confirmar/corregir/")
    assert Correction.objects.get().items.count() == 3


def test_a_card_of_the_inbox_opens_the_form_with_its_field(staff: Client, siigo: Connection) -> None:
    for each in range(3):
        movement = builders.voucher(each, voucher_code=None)
        judgement.keep_verdicts(movement.company_id, movement.kind, [movement.pk])
    assert "Corregir los 3 en bloque" in text(staff.get("/admin/errores/"))
    value = f"{builders.company().pk}-movement"
    response = staff.post("/admin/errores/orden/", {"causa": "revision-siigo-required", "corregir": value}, follow=True)
    assert "Campo: <strong>Código de comprobante</strong>" in " ".join(text(response).split())


def test_what_is_ready_after_a_correction_is_sent_from_its_page(staff: Client, sag: Connection) -> None:
    page = begin(staff, *blocked_orders(2))
    define(staff, page, **FILL)
    assert "Enviar 2 a SAG" in text(command(staff, page, "corregir"))
    command(staff, page, "sag")
    assert SyncBatch.objects.get().ready_count == 2


def test_a_correction_is_undone_from_its_page(staff: Client, sag: Connection) -> None:
    order = builders.order("1", source_code="")
    page = begin(staff, order)
    define(staff, page, **FILL)
    command(staff, page, "corregir")
    assert "Se deshizo en 1 de 1" in text(command(staff, page, "deshacer"))
    assert stored(order).source_code == ""


def test_a_correction_that_is_discarded_changes_nothing(staff: Client, sag: Connection) -> None:
    order = builders.order("1", source_code="")
    page = begin(staff, order)
    define(staff, page, **FILL)
    assert "no se cambió nada" in text(command(staff, page, "descartar"))
    command(staff, page, "corregir")
    assert stored(order).source_code == ""


def test_what_was_typed_is_still_there_when_it_can_not_be(staff: Client, siigo: Connection) -> None:
    page = begin(staff, builders.voucher())
    response = define(staff, page, campo="voucher_code", modo="set", valor="FV-uno", buscar="x")
    assert response.status_code == 400
    assert "no es un número" in text(response)
    assert 'value="FV-uno"' in text(response)
    assert 'value="x"' in text(response)


def test_a_number_that_could_be_two_is_asked_about(staff: Client, sag: Connection) -> None:
    page = begin(staff, builders.order("1"))
    response = define(staff, page, campo="lines.unit_price", modo="set", valor="15.000")
    assert "puede ser 15000 o 15,000" in text(response)


def test_what_stays_is_counted_with_its_reason(staff: Client, siigo: Connection) -> None:
    movements = [builders.voucher(each) for each in range(3)]
    for movement in movements[:2]:
        row = builders.standing_of(movement)
        row.status, row.ever_present, row.reference = Status.SYNCED, True, f"F-1-{movement.number}"
        row.save()
    page = begin(staff, *movements)
    define(staff, page, campo="salesperson", modo="set", valor="8")
    assert "2: Ya está en Siigo." in text(staff.get(page, {"ver": "se-quedan"}))


def test_who_may_not_change_is_told_whom_to_ask(siigo: Connection) -> None:
    User.objects.create_superuser("ana", password="x", first_name="Ana", last_name="Gómez")
    movement = builders.voucher()
    correction = drafting.begin(movement.company, movement.kind, [movement.pk], builders.nobody())
    reader = person("ledger.view_movement")
    response = reader.post(f"/admin/integrations/correction/{correction.pk}/definir/", FILL, follow=True)
    assert "No tiene permiso de cambiar movimientos contables. Puede hacerlo: Ana Gómez." in text(response)


def test_who_may_not_change_has_no_button_in_the_list(siigo: Connection) -> None:
    builders.voucher()
    assert "Corregir en bloque" not in text(person("ledger.view_movement").get(LIST))


def test_a_large_selection_is_worked_on_by_the_worker(
    staff: Client, siigo: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("integrations.corrections.drafting.DONE_IN_REQUEST", 0)
    page = begin(staff, builders.voucher())
    define(staff, page, campo="salesperson", modo="set", valor="8")
    assert "Preparando la vista previa: 0 de 1" in text(staff.get(page))


def test_the_history_of_a_record_names_the_correction(staff: Client, siigo: Connection) -> None:
    page = begin(staff, builders.voucher())
    define(staff, page, campo="salesperson", modo="set", valor="8")
    command(staff, page, "corregir")
    assert HandChange.objects.get().change_message == f"Corrección en bloque {number(page)}. Vendedor: vacío → 8"


def test_doing_it_always_is_one_click_on_the_page_of_a_correction(staff: Client, siigo: Connection) -> None:
    page = begin(staff, builders.voucher(1), builders.voucher(2))
    define(staff, page, campo="source_code", modo="fill", valor="FV")
    result = text(command(staff, page, "corregir"))
    assert "Hacerlo siempre: llenar «Fuente» con «FV» cuando «Comprobante o fuente (F-1, F, FV)» es «F-1»" in result
    staff.post(f"/admin/integrations/correction/{number(page)}/siempre/hacer/", {"regla": "0"})
    rule = FillingRule.objects.get(field="source_code")
    assert (rule.condition_value, rule.value, rule.created_by) == ("F-1", "FV", User.objects.get())


def test_who_may_not_make_rules_is_told_whom_to_ask(siigo: Connection) -> None:
    User.objects.create_superuser("ana", password="x", first_name="Ana", last_name="Gómez")
    clerk = person("ledger.view_movement", "ledger.change_movement")
    page = begin(clerk, builders.voucher())
    define(clerk, page, campo="source_code", modo="fill", valor="FV")
    assert "Hacerlo siempre" not in text(command(clerk, page, "corregir"))
    url = f"/admin/integrations/correction/{number(page)}/siempre/hacer/"
    told = "No tiene permiso de crear reglas de llenado. Puede hacerlo: Ana Gómez."
    assert told in text(clerk.post(url, {"regla": "0"}, follow=True))


def test_a_correction_that_failed_says_why_and_goes_on_when_it_is_tried_again(staff: Client, siigo: Connection) -> None:
    movement = builders.voucher()
    page = begin(staff, movement)
    define(staff, page, campo="salesperson", modo="set", valor="8")
    failed = {"state": "failed", "failed_in": "applying", "message": "Se acabó el disco."}
    Correction.objects.update(**failed)
    assert "Se acabó el disco." in text(staff.get(page))
    assert "Se corrigieron 1 de 1" in text(command(staff, page, "reintentar"))
    assert stored(movement).salesperson == "8"


def test_a_correction_that_failed_half_way_may_be_left_as_it_is_and_undone(staff: Client, siigo: Connection) -> None:
    movement = builders.voucher()
    page = begin(staff, movement)
    define(staff, page, campo="salesperson", modo="set", valor="8")
    command(staff, page, "corregir")
    Correction.objects.update(state="failed", failed_in="applying", message="Se acabó el disco.")
    command(staff, page, "dejar")
    command(staff, page, "deshacer")
    assert stored(movement).salesperson == ""
