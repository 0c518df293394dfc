"""*Bandeja de errores*: one card a cause, with its buttons; and *Por confirmar*."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings as SettingsWrapper

from integrations import inbox
from integrations.choices import Status, Target
from integrations.inbox import ErrorFilter, assignments
from integrations.management import installation
from integrations.models import Assignment, Connection, Syncable, SyncAttempt, SyncBatch, SyncStanding
from integrations.payloads import judgement
from tests import builders
from tests.integrations.admin.conftest import person

MOST_QUERIES = 12
INBOX = "/admin/errores/"
ORDER = "/admin/errores/orden/"
DOUBTS = "/admin/por-confirmar/"


def text(response: Any) -> str:
    return " ".join(str(response.content.decode()).split())


def put(record: Syncable, status: Status, target: Target = Target.SIIGO, **facts: Any) -> SyncStanding:
    """Place a record's standing, as a send would have left it."""
    SyncStanding.objects.of(record).filter(target=target).update(status=status, **facts)
    type(record)._default_manager.filter(pk=record.pk).update(**{f"{target}_status": status})
    return SyncStanding.objects.of(record).get(target=target)


def refused(number: int = 1001, cause: str = "period_closed", **facts: Any) -> SyncStanding:
    facts = {"message": "El periodo está cerrado.", **facts}
    return put(builders.voucher(number), Status.REJECTED, cause=cause, **facts)


def test_documents_refused_for_one_cause_are_one_card(staff: Client, siigo: Connection) -> None:
    refused(1), refused(2), refused(3, cause="unbalanced")
    assert [(card.code, card.count) for card in inbox.cards()] == [("period_closed", 2), ("unbalanced", 1)]


def test_a_card_says_the_cause_its_amount_and_what_to_do(staff: Client, siigo: Connection) -> None:
    refused(1), refused(2)
    page = text(staff.get(INBOX))
    assert "El periodo está cerrado en Siigo" in page
    assert "$ 238.000" in page
    assert "Abra el periodo en Siigo o corrija la fecha." in page


def test_only_the_first_card_is_open(staff: Client, siigo: Connection) -> None:
    refused(1), refused(2), refused(3, cause="unbalanced")
    page = text(staff.get(INBOX))
    assert page.count('<details class="causa" id="erp-siigo-period_closed" open>') == 1
    assert page.count(" open>") == 1


def test_a_refusal_of_one_erp_is_not_shown_for_the_other(staff: Client, siigo: Connection, sag: Connection) -> None:
    refused()
    assert inbox.cards(ErrorFilter("sag")) == []


def test_what_the_local_checks_stop_is_told_apart_from_refusals(staff: Client, siigo: Connection) -> None:
    movement = builders.voucher(1, voucher_type="V")
    judgement.keep_verdicts(movement.company_id, movement.kind, [movement.pk])
    page = text(staff.get(INBOX))
    assert "Lo que no pasa la revisión" in page
    assert "Lo que el ERP rechazó o no confirmó" not in page


def test_a_document_that_is_not_meant_for_an_erp_is_no_error_there(siigo: Connection, sag: Connection) -> None:
    movement = builders.voucher(1)  # without fuente: it is none of SAG's
    judgement.keep_verdicts(movement.company_id, movement.kind, [movement.pk])
    assert inbox.cards() == []


def test_an_error_leaves_the_inbox_when_its_document_was_sent(siigo: Connection) -> None:
    row = refused()
    SyncStanding.objects.filter(pk=row.pk).update(status=Status.SYNCED, cause="")
    assert inbox.cards() == []


def test_an_empty_inbox_says_so(staff: Client) -> None:
    assert "✓ No hay errores pendientes." in text(staff.get(INBOX))


def test_the_whole_group_is_retried_through_the_confirm_page(staff: Client, siigo: Connection) -> None:
    rows = [refused(1), refused(2)]
    answer = staff.post(ORDER, {"causa": "erp-siigo-period_closed", "reintentar": f"{rows[0].company_id}-movement"})
    batch = SyncBatch.objects.get()
    assert answer["Location"] == reverse("admin:batch_confirm", args=[batch.pk])
    assert (batch.selected_count, batch.confirmed_at) == (2, None)


def test_what_may_be_in_the_erp_is_never_offered_for_a_retry(staff: Client, siigo: Connection) -> None:
    refused(verify_first=True)
    page = text(staff.get(INBOX))
    assert "Verificar 1 en Siigo" in page
    assert "Reintentar el grupo" not in page


def test_the_missing_masters_of_a_card_are_offered(staff: Client, sag: Connection) -> None:
    builders.client("800111222")
    put(builders.order("1"), Status.REJECTED, Target.SAG, cause="client_missing", verify_first=True)
    assert "Enviar 1 cliente a SAG" in text(staff.get(INBOX))


def test_masters_that_a_refusal_does_not_speak_of_are_not_offered(staff: Client, sag: Connection) -> None:
    builders.client("800111222"), builders.article("1001")
    put(builders.order("1"), Status.REJECTED, Target.SAG, cause="client_missing", verify_first=True)
    assert "Enviar 1 artículo" not in text(staff.get(INBOX))


def test_the_missing_masters_become_a_batch_that_asks_first(staff: Client, sag: Connection) -> None:
    client = builders.client("800111222")
    put(builders.order("1"), Status.REJECTED, Target.SAG, cause="client_missing", verify_first=True)
    staff.post(ORDER, {"causa": "erp-sag-client_missing", "maestros": "client"})
    batch = SyncBatch.objects.get()
    assert (batch.kind, batch.confirmed_at) == ("client", None)
    assert [item.record_id for item in batch.items.all()] == [client.pk]


def test_marked_documents_are_set_aside_with_a_reason(staff: Client, siigo: Connection) -> None:
    one, other = refused(1), refused(2)
    given = {"causa": "erp-siigo-period_closed", "verbo": "no-aplica", "motivo": "Se anuló.", "doc": [one.pk]}
    staff.post(ORDER, {**given, "alcance": "marcados"})
    statuses = dict(SyncStanding.objects.filter(pk__in=[one.pk, other.pk]).values_list("pk", "status"))
    assert statuses == {one.pk: Status.EXCLUDED, other.pk: Status.REJECTED}
    assert "Se anuló." in SyncAttempt.objects.get(operation=SyncAttempt.Operation.DECIDE).message


def test_nothing_is_set_aside_without_a_reason(staff: Client, siigo: Connection) -> None:
    row = refused()
    given = {"causa": "erp-siigo-period_closed", "verbo": "no-aplica", "alcance": "todos"}
    answer = staff.post(ORDER, given, follow=True)
    assert "Escriba el motivo" in text(answer)
    row.refresh_from_db()
    assert row.status == Status.REJECTED


def test_a_whole_cause_is_assigned_with_a_note(staff: Client, siigo: Connection) -> None:
    refused(1), refused(2)
    ana = User.objects.get(username="ana")
    given = {"causa": "erp-siigo-period_closed", "verbo": "asignar", "alcance": "todos", "persona": ana.pk}
    assert "Asignados a ana: 2." in text(staff.post(ORDER, {**given, "nota": "Pedir que abran octubre"}, follow=True))
    assert set(Assignment.objects.values_list("person", "note")) == {(ana.pk, "Pedir que abran octubre")}


def test_an_assignment_takes_the_place_of_the_one_before(siigo: Connection, db: None) -> None:
    row = refused()
    ana, luis = User.objects.create_user("ana"), User.objects.create_user("luis")
    assignments.assign([row.pk], ana, "primero", None)
    assignments.assign([row.pk], luis, "después", ana)
    assert Assignment.objects.values_list("person__username", "note").get() == ("luis", "después")


def test_the_ones_assigned_to_me_are_shown_alone(staff: Client, siigo: Connection) -> None:
    mine, _other = refused(1), refused(2, cause="unbalanced")
    assignments.assign([mine.pk], User.objects.get(username="ana"), "", None)
    page = text(staff.get(f"{INBOX}?mios=1"))
    assert "El periodo está cerrado en Siigo" in page
    assert "Débitos y créditos no cuadran" not in page


def test_nobody_looks_after_a_released_error(staff: Client, siigo: Connection) -> None:
    row = refused()
    assignments.assign([row.pk], User.objects.get(username="ana"), "", None)
    given = {"causa": "erp-siigo-period_closed", "verbo": "asignar", "alcance": "todos", "persona": "nadie"}
    staff.post(ORDER, given)
    assert not Assignment.objects.exists()


@pytest.mark.parametrize(("group", "may"), [("Asistente contable", True), ("Revisor fiscal", False)])
def test_who_works_with_documents_may_assign_errors(settings: SettingsWrapper, db: None, group: str, may: bool) -> None:
    settings.COMPANY_TAX_ID = "900123456"
    installation.bootstrap()
    user = User.objects.create_user("luis", is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    assert user.has_perm(assignments.PERMISSION) == may


def test_a_click_without_documents_is_answered(staff: Client, siigo: Connection) -> None:
    refused()
    given = {"causa": "erp-siigo-period_closed", "verbo": "asignar", "alcance": "marcados", "persona": "1"}
    assert "Seleccione al menos un documento" in text(staff.post(ORDER, given, follow=True))


def test_a_cause_that_has_no_documents_any_more_is_answered(staff: Client, siigo: Connection) -> None:
    answer = staff.post(ORDER, {"causa": "erp-siigo-period_closed", "verbo": "verificar"}, follow=True)
    assert "Esa causa ya no tiene documentos" in text(answer)


def test_what_tries_again_by_itself_says_when(staff: Client, siigo: Connection) -> None:
    due = timezone.now().replace(hour=15, minute=42)
    put(builders.voucher(), Status.RETRYING, cause="throttled", due_at=due)
    assert "Se reintenta solo: " in text(staff.get(INBOX))


@pytest.mark.parametrize("verb", ["reintentar", "maestros", "no-aplica", "asignar", "verificar"])
def test_who_may_only_look_can_do_nothing(siigo: Connection, verb: str) -> None:
    row = refused()
    given = {"causa": "erp-siigo-period_closed", "verbo": verb, "alcance": "todos", "motivo": "x"}
    value = {verb: f"{row.company_id}-movement"} if verb in ("reintentar", "maestros") else {}
    assert person("ledger.view_movement").post(ORDER, {**given, **value}).status_code == 403


def test_who_sees_no_records_sees_no_errors(siigo: Connection) -> None:
    assert person("auth.view_user").get(INBOX).status_code == 403


def test_a_thousand_errors_take_few_queries(staff: Client, siigo: Connection) -> None:
    causes = ["period_closed", "unbalanced", "account_unknown", "other_refusal", "article_missing"]
    for number in range(1, 41):
        refused(number, cause=causes[number % 5])
    template = SyncStanding.objects.filter(status=Status.REJECTED).first()
    assert template is not None
    many = [
        SyncStanding(
            kind="movement", record_id=100_000 + number, target=Target.SIIGO, company_id=template.company_id,
            status=Status.REJECTED, cause=causes[number % 5],
        )
        for number in range(960)
    ]  # fmt: skip
    SyncStanding.objects.bulk_create(many)
    staff.get(INBOX)
    with CaptureQueriesContext(database) as asked:
        page = text(staff.get(f"{INBOX}?causa=erp-siigo-unbalanced"))
    assert "200 documentos" in page
    assert len(asked) <= MOST_QUERIES


def test_a_card_of_more_than_a_hundred_documents_has_pages(staff: Client, siigo: Connection) -> None:
    row = refused()
    SyncStanding.objects.bulk_create(
        [
            SyncStanding(
                kind="movement", record_id=100_000 + number, target=Target.SIIGO, company_id=row.company_id,
                status=Status.REJECTED, cause="period_closed",
            )
            for number in range(150)
        ]
    )  # fmt: skip
    page = text(staff.get(f"{INBOX}?causa=erp-siigo-period_closed&p=2"))
    assert "Página 2 de 2" in page
    assert page.count('name="doc"') == 51


# --- what waits to be confirmed


def test_what_is_in_doubt_stands_oldest_first(staff: Client, siigo: Connection) -> None:
    now = timezone.now()
    put(builders.voucher(1), Status.UNCERTAIN, progressed_at=now)
    put(builders.voucher(2), Status.CONFLICT, progressed_at=now - timedelta(hours=2))
    page = text(staff.get(DOUBTS))
    assert page.index("F-1 2") < page.index("F-1 1<")


def test_a_doubt_says_until_when_it_is_verified_by_itself(staff: Client, siigo: Connection) -> None:
    put(builders.voucher(), Status.UNCERTAIN, settles_at=timezone.now() + timedelta(minutes=10))
    assert "Después del " in text(staff.get(DOUBTS))


def test_a_conflict_is_never_verified_by_itself(staff: Client, siigo: Connection) -> None:
    put(builders.voucher(), Status.CONFLICT)
    assert "No: lo decide una persona" in text(staff.get(DOUBTS))


def test_nothing_in_doubt_can_be_sent_from_its_page(staff: Client, siigo: Connection) -> None:
    put(builders.voucher(), Status.UNCERTAIN)
    assert "Reintentar" not in text(staff.get(DOUBTS))


def test_all_that_is_in_doubt_is_verified_with_one_click(staff: Client, siigo: Connection) -> None:
    put(builders.voucher(1), Status.UNCERTAIN), put(builders.voucher(2), Status.UNCERTAIN)
    assert "Verificación en el ERP pedida: 2 listos." in text(staff.post(DOUBTS, {"todos": "1"}, follow=True))


def test_only_what_was_marked_is_verified(staff: Client, siigo: Connection) -> None:
    one = put(builders.voucher(1), Status.UNCERTAIN)
    put(builders.voucher(2), Status.UNCERTAIN)
    answer = staff.post(DOUBTS, {"marcados": "1", "doc": [one.pk]}, follow=True)
    assert "Verificación en el ERP pedida: 1 listo." in text(answer)


def test_who_may_not_resolve_can_not_verify(siigo: Connection) -> None:
    put(builders.voucher(), Status.UNCERTAIN)
    assert person("ledger.view_movement").post(DOUBTS, {"todos": "1"}).status_code == 403


def test_a_page_of_doubts_takes_few_queries(staff: Client, siigo: Connection) -> None:
    for number in range(1, 31):
        put(builders.voucher(number), Status.UNCERTAIN)
    staff.get(DOUBTS)
    with CaptureQueriesContext(database) as asked:
        staff.get(DOUBTS)
    assert len(asked) <= MOST_QUERIES


def test_a_card_says_how_many_codes_wait_to_be_translated(staff: Client, siigo: Connection) -> None:
    Connection.objects.filter(pk=siigo.pk).update(settings={"map_account": True})
    voucher = builders.voucher()
    judgement.keep_verdicts(voucher.company_id, voucher.kind, [voucher.pk])
    assert "Homologar 3 códigos" in text(staff.get(INBOX))
