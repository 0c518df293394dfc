"""Editing by hand: the worker's status survives, nobody's edit is buried, and what an ERP holds keeps its keys."""

from decimal import Decimal
from typing import Any

import pytest
from django.forms import MultipleChoiceField
from django.http import HttpResponse
from django.test import Client

from integrations.choices import Status, Target
from integrations.models import Connection, SyncStanding
from integrations.payloads import judgement
from ledger.models import Movement, MovementLine
from tests import builders
from tests.integrations.admin.conftest import person


def url_of(record: Any) -> str:
    return f"/admin/{record._meta.app_label}/{record._meta.model_name}/{record.pk}/change/"


def form_of(staff: Client, url: str, **changes: str) -> dict[str, str]:
    """What a browser would post back, with changes."""
    context: Any = staff.get(url).context
    form = context["adminform"].form
    data = {name: _shown(form[name]) for name in form.fields if name in form.fields}
    for inline in context["inline_admin_formsets"]:
        formset = inline.formset
        data |= {f"{formset.prefix}-{name}": str(value) for name, value in formset.management_form.initial.items()}
        for row in formset.forms:
            data |= {row.add_prefix(name): _shown(row[name]) for name in row.fields}
    if "original" in context:
        data["version_seen"] = str(getattr(context["original"], "version", ""))
    return data | changes


def _shown(box: Any) -> Any:
    """A text, or a list where several may be chosen; 0 is a text too, unlike what was never ticked."""
    value = box.value()
    if isinstance(box.field, MultipleChoiceField):
        return list(value or ())
    if value is None or value is False:
        return ""
    return f"{value:%d/%m/%Y}" if hasattr(value, "strftime") else str(value)


def save(staff: Client, record: Any, **changes: str) -> HttpResponse:
    return staff.post(url_of(record), form_of(staff, url_of(record), **changes))  # type: ignore[return-value]


@pytest.fixture
def movement(siigo: Connection, sag: Connection) -> Movement:
    return builders.voucher()


def settle(movement: Movement, status: Status, **facts: Any) -> None:
    """What the worker writes."""
    SyncStanding.objects.filter(record_id=movement.pk, target=Target.SIIGO).update(status=status, **facts)
    Movement.objects.filter(pk=movement.pk).update(siigo_status=status)


def test_an_edit_in_an_open_form_keeps_the_status_that_the_worker_wrote_meanwhile(
    staff: Client, movement: Movement
) -> None:
    data = form_of(staff, url_of(movement), observations="corregido")
    settle(movement, Status.REJECTED)
    staff.post(url_of(movement), data)
    movement.refresh_from_db()
    assert (movement.siigo_status, movement.observations) == (Status.REJECTED, "corregido")


def test_an_edit_after_the_worker_finished_turns_sent_into_changed(staff: Client, movement: Movement) -> None:
    data = form_of(staff, url_of(movement), observations="corregido")
    settle(movement, Status.SYNCED, ever_present=True, version_sent=1)
    staff.post(url_of(movement), data)
    movement.refresh_from_db()
    assert movement.siigo_status == Status.CHANGED


def test_saving_without_a_change_changes_nothing(staff: Client, movement: Movement) -> None:
    settle(movement, Status.SYNCED, ever_present=True, version_sent=1)
    save(staff, movement)
    movement.refresh_from_db()
    assert (movement.siigo_status, movement.version) == (Status.SYNCED, 1)


def test_an_edit_raises_the_version_once(staff: Client, movement: Movement) -> None:
    save(staff, movement, observations="otra")
    movement.refresh_from_db()
    assert movement.version == 2


def test_an_edit_over_another_persons_edit_is_refused(staff: Client, movement: Movement) -> None:
    data = form_of(staff, url_of(movement), observations="la mía")
    save(staff, movement, observations="la de otra persona")
    staff.post(url_of(movement), data)
    movement.refresh_from_db()
    assert movement.observations == "la de otra persona"


def test_the_form_writes_no_status(staff: Client, movement: Movement) -> None:
    save(staff, movement, observations="x", siigo_status="synced")
    movement.refresh_from_db()
    assert movement.siigo_status == Status.NEW


def test_changing_a_line_brings_the_totals_up_to_date(staff: Client, movement: Movement) -> None:
    save(staff, movement, **{"lines-0-debit": "200.000,50"})
    movement.refresh_from_db()
    assert movement.total_debit == Decimal("200000.50")


def test_a_line_moves_from_debit_to_credit(staff: Client, movement: Movement) -> None:
    save(staff, movement, **{"lines-0-debit": "", "lines-0-credit": "119.000"})
    first = movement.lines.get(position=1)
    assert (first.side, first.amount) == ("C", Decimal(119000))


def test_a_line_with_both_debit_and_credit_is_refused(staff: Client, movement: Movement) -> None:
    response = save(staff, movement, **{"lines-0-credit": "5"})
    assert "Una línea va al débito o al crédito" in response.content.decode()


def test_a_removed_line_goes_and_the_totals_follow(staff: Client, movement: Movement) -> None:
    save(staff, movement, **{"lines-2-DELETE": "on"})
    movement.refresh_from_db()
    assert movement.difference == Decimal(19000)


def test_a_new_line_gets_the_next_position(staff: Client, movement: Movement) -> None:
    data = form_of(staff, url_of(movement)) | {"lines-TOTAL_FORMS": "4", "lines-3-account": "1105050001"}
    staff.post(url_of(movement), data | {"lines-3-debit": "10"})
    assert movement.lines.get(account="1105050001").position == 4


def test_a_new_voucher_starts_unsent_in_both_erps(staff: Client, siigo: Connection) -> None:
    url = "/admin/ledger/movement/add/"
    company = str(builders.company().pk)
    data = form_of(staff, url, company=company, voucher_type="F", voucher_code="1", number="5", date="03/11/2026")
    staff.post(url, data | {"lines-0-account": "1105050001", "lines-0-debit": "1.000"})
    made = Movement.objects.get(number=5)
    assert SyncStanding.objects.of(made).count() == 2


def test_what_an_erp_holds_keeps_its_keys(staff: Client, movement: Movement) -> None:
    settle(movement, Status.SYNCED, ever_present=True, version_sent=1)
    save(staff, movement, number="999")
    movement.refresh_from_db()
    assert movement.number == 1001


def test_an_erp_only_field_is_kept_in_the_json_of_its_erp(staff: Client, movement: Movement) -> None:
    line = movement.lines.get(position=1)
    save(staff, line, siigo__zone_code="5")
    line.refresh_from_db()
    assert line.siigo == {"zone_code": "5"}


def test_editing_one_line_is_editing_its_voucher(staff: Client, movement: Movement) -> None:
    save(staff, movement.lines.get(position=1), siigo__zone_code="5")
    movement.refresh_from_db()
    assert movement.version == 2


def test_an_untouched_erp_only_value_stays_as_the_file_wrote_it(staff: Client, movement: Movement) -> None:
    MovementLine.objects.filter(movement=movement, position=1).update(siigo={"net_weight": "1.0"})
    line = movement.lines.get(position=1)
    save(staff, line, description="otra")
    line.refresh_from_db()
    assert line.siigo == {"net_weight": "1.0"}


def test_deleting_what_was_never_sent_deletes_it(staff: Client, movement: Movement) -> None:
    staff.post(url_of(movement).replace("change", "delete"), {"post": "yes"})
    assert not Movement.objects.filter(pk=movement.pk).exists()


def test_deleting_what_was_sent_is_refused_with_the_reason(staff: Client, movement: Movement) -> None:
    settle(movement, Status.SYNCED, ever_present=True)
    response = staff.post(url_of(movement).replace("change", "delete"), {"post": "yes"}, follow=True)
    assert "No se puede eliminar" in response.content.decode()


def test_what_was_sent_survives_the_attempt_to_delete_it(staff: Client, movement: Movement) -> None:
    settle(movement, Status.SYNCED, ever_present=True)
    staff.post(url_of(movement).replace("change", "delete"), {"post": "yes"})
    assert Movement.objects.filter(pk=movement.pk).exists()


def test_who_may_only_look_changes_nothing(movement: Movement) -> None:
    looker = person("ledger.view_movement")
    assert looker.post(url_of(movement), {"observations": "x"}).status_code == 403


def test_an_uncertain_record_offers_to_verify_and_not_to_send(staff: Client, movement: Movement) -> None:
    settle(movement, Status.UNCERTAIN)
    page = staff.get(url_of(movement)).content.decode()
    assert ("/siigo/verificar/" in page, "/siigo/enviar/" in page) == (True, False)


def test_the_button_of_a_record_leads_to_the_confirm_page(staff: Client, movement: Movement) -> None:
    response = staff.post(f"/admin/ledger/movement/{movement.pk}/siigo/enviar/")
    assert response["Location"].endswith("/confirmar/")


def test_a_record_shows_what_would_be_sent(staff: Client, movement: Movement) -> None:
    page = staff.get(f"/admin/ledger/movement/{movement.pk}/enviaria/siigo/").content.decode()
    assert "accounting_account" in page


def test_a_record_that_can_not_be_sent_says_what_to_correct(staff: Client, movement: Movement) -> None:
    save(staff, movement, voucher_code="")
    page = staff.get(f"/admin/ledger/movement/{movement.pk}/enviaria/siigo/").content.decode()
    assert "Qué corregir" in page


def test_what_would_be_sent_to_sag_is_shown_as_a_tree(staff: Client, sag: Connection) -> None:
    order = builders.order("K1")
    page = staff.get(f"/admin/ledger/movement/{order.pk}/enviaria/sag/").content.decode()
    assert "MovimientoDetalle" in page


def test_an_edit_that_mends_a_voucher_says_that_it_may_leave(staff: Client, siigo: Connection) -> None:
    record = builders.voucher(voucher_type="V")
    judgement.keep_verdicts(record.company_id, record.kind, [record.pk])
    data = form_of(staff, url_of(record), voucher_type="F")
    page = staff.post(url_of(record), data, follow=True).content.decode()
    assert "Quedó listo para enviar a Siigo." in page


def test_an_edit_says_how_many_others_it_set_free(staff: Client, siigo: Connection) -> None:
    record, other = builders.voucher(7), builders.voucher(7, external_id="otro")
    judgement.keep_verdicts(record.company_id, record.kind, [record.pk, other.pk])
    data = form_of(staff, url_of(record), number="8")
    page = staff.post(url_of(record), data, follow=True).content.decode()
    assert "1 documento desbloqueado con este cambio." in page
