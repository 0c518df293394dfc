"""The pages on which people decide: they appear where the state allows, show what differs, and keep what was said."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone
from django_q.models import OrmQ

from integrations.choices import Environment, Status, Target
from integrations.erp.read_back import ComparedValue, FoundRecord, Match, ReadBackResult
from integrations.erp.read_back_evidence import as_json
from integrations.erp.receipts import Reference
from integrations.management import groups
from integrations.models import Company, Connection, DecisionRequest, KeyProbe, SyncAttempt, SyncStanding
from integrations.standings import attempts
from tests import builders
from tests.builders import standing_of
from tests.integrations.admin.conftest import person

pytestmark = pytest.mark.django_db

DIFFERENT = ReadBackResult(
    Match.OTHER,
    (FoundRecord(Reference("PD-1", "41", "PD"), (ComparedValue("NIT", "800111222", "800111222", False),
                                           ComparedValue("cantidad", "2", "3", True, 1))),),
)  # fmt: skip
SEES = ("ledger.view_movement", "ledger.change_movement")


def text(page: Any) -> str:
    return str(page.content.decode())


def doubtful(
    connection: Connection, status: Status = Status.UNCERTAIN, seen: ReadBackResult | None = None
) -> SyncStanding:
    movement = builders.order()
    row = standing_of(movement, Target.SAG)
    ago = timezone.now() - dt.timedelta(hours=1)
    attempt = SyncAttempt.objects.create(
        kind=row.kind, record_id=row.record_id, target=row.target, company=row.company, connection=connection,
        lease_until=ago, record_label=str(movement),
    )  # fmt: skip
    row.status, row.connection, row.attempt, row.settles_at = status, connection, attempt.pk, ago
    row.save()
    if seen is not None:
        reading = attempts.new_attempt(row, connection, SyncAttempt.Operation.VERIFY)
        attempts.close_verification(reading, seen.match, "", "", as_json(seen), "prueba")
    return row


def at(row: SyncStanding, verb: str) -> str:
    return f"/admin/ledger/movement/{row.record_id}/sag/decidir/{verb}/"


def decide(client: Client, row: SyncStanding, verb: str, **said: str) -> Any:
    return client.post(at(row, verb), {"intento": str(row.attempt or ""), **said})


def now(row: SyncStanding) -> SyncStanding:
    return SyncStanding.objects.get(pk=row.pk)


BUTTONS = {
    Status.NEW: set(),
    Status.QUEUED: set(),
    Status.SENDING: set(),
    Status.RETRYING: set(),
    Status.EXCLUDED: set(),
    Status.REJECTED: set(),
    Status.SYNCED: {"anulado"},
    Status.CHANGED: {"anulado"},
    Status.UNCERTAIN: {"adoptar", "no-existe", "a-mano"},
    Status.CONFLICT: {"adoptar", "a-mano", "anulado"},
}


@pytest.mark.parametrize("status", BUTTONS)
def test_each_state_offers_the_decisions_that_it_allows(staff: Client, sag: Connection, status: Status) -> None:
    row = doubtful(sag, status)
    page = text(staff.get(f"/admin/ledger/movement/{row.record_id}/change/"))
    offered = {verb for verb in ("adoptar", "no-existe", "a-mano", "anulado") if f"/sag/decidir/{verb}/" in page}
    assert offered == BUTTONS[status]


def test_without_the_permissions_there_is_no_button(sag: Connection) -> None:
    row = doubtful(sag)
    assert "/decidir/" not in text(person(*SEES).get(f"/admin/ledger/movement/{row.record_id}/change/"))


@pytest.mark.parametrize(
    ("verb", "codename"),
    [("adoptar", "adopt"), ("no-existe", "confirm_absent"), ("a-mano", "mark_by_hand"), ("anulado", "annul")],
)
def test_each_decision_has_a_permission_of_its_own(sag: Connection, verb: str, codename: str) -> None:
    row = doubtful(sag)
    without = person(*SEES).post(at(row, verb)).status_code
    User.objects.all().delete()
    assert (without, person(*SEES, f"integrations.{codename}_syncbatch").get(at(row, verb)).status_code) == (403, 200)


def test_what_was_sent_stands_beside_what_was_found_with_the_differences_marked(staff: Client, sag: Connection) -> None:
    page = text(staff.get(at(doubtful(sag, Status.CONFLICT, DIFFERENT), "adoptar")))
    assert page.count('class="difiere"') == 1
    assert "1 diferencia<" in page
    assert "Línea 1" in page


def test_adopting_from_the_page_settles_the_record(staff: Client, sag: Connection) -> None:
    row = doubtful(sag, Status.CONFLICT, DIFFERENT)
    decide(staff, row, "adoptar")
    assert (now(row).status, now(row).reference) == (Status.CHANGED, "PD-1")


def test_without_a_read_the_page_asks_for_one_first(staff: Client, sag: Connection) -> None:
    assert "Primero verifique en el ERP" in text(staff.get(at(doubtful(sag, Status.CONFLICT), "adoptar")))


def test_a_page_that_is_out_of_date_decides_nothing(staff: Client, sag: Connection) -> None:
    row = doubtful(sag, Status.CONFLICT, DIFFERENT)
    staff.post(at(row, "adoptar"), {"intento": "otro"})
    assert now(row).status == Status.CONFLICT


def test_confirming_an_absence_keeps_what_was_written_when_it_is_refused(staff: Client, sag: Connection) -> None:
    page = text(decide(staff, doubtful(sag), "no-existe", motivo="lo busqué", visto="31/31/2026"))
    assert "«31/31/2026» no es una fecha con hora" in page
    assert "lo busqué</textarea>" in page


def test_a_person_who_looked_after_the_window_confirms_an_absence(staff: Client, sag: Connection) -> None:
    row = doubtful(sag)
    looked = timezone.localtime(timezone.now() - dt.timedelta(minutes=5))
    decide(staff, row, "no-existe", motivo="no está", visto=f"{looked:%d/%m/%Y %H:%M}")
    assert now(row).status == Status.NEW


def test_marking_by_hand_from_the_page(staff: Client, sag: Connection) -> None:
    row = doubtful(sag, Status.UNCERTAIN, ReadBackResult(Match.UNPROVEN))
    decide(staff, row, "a-mano", numero="PD-9", motivo="a mano")
    assert (now(row).status, now(row).reference) == (Status.SYNCED, "PD-9")


def test_two_people_decide_on_the_record_page(staff: Client, sag: Connection) -> None:
    Company.objects.update(needs_second_person=True)
    row = doubtful(sag, Status.UNCERTAIN, ReadBackResult(Match.UNPROVEN))
    decide(staff, row, "no-existe", motivo="no está")
    second = person(*SEES, "integrations.confirm_absent_syncbatch")
    page = text(second.get(f"/admin/ledger/movement/{row.record_id}/change/"))
    second.post(at(row, "aprobar"))
    assert "ana pidió confirmar que no existe" in page
    assert now(row).status == Status.NEW


def test_the_one_requester_name_has_no_button_to_approve(staff: Client, sag: Connection) -> None:
    Company.objects.update(needs_second_person=True)
    row = doubtful(sag, Status.UNCERTAIN, ReadBackResult(Match.UNPROVEN))
    decide(staff, row, "no-existe", motivo="no está")
    page = text(staff.get(f"/admin/ledger/movement/{row.record_id}/change/"))
    assert ("decidir/aprobar" in page, "decidir/negar" in page) == (False, True)


def test_what_waits_for_a_second_person_is_listed(staff: Client, sag: Connection) -> None:
    row = doubtful(sag)
    DecisionRequest.objects.create(standing=row, attempt=row.attempt, reason="no está", requested_by=User.objects.get())
    assert "no está" in text(staff.get("/admin/integrations/decisionrequest/"))


def choose(client: Client, *ids: int) -> str:
    chosen = {"action": ["ya_esta_sag"], "index": "0", "_selected_action": [str(one) for one in ids]}
    return text(client.post("/admin/ledger/movement/", chosen))


def token(page: str) -> str:
    return page.partition('name="elegidos" value="')[2].partition('"')[0]


def test_history_is_marked_after_a_page_that_says_what_it_means(staff: Client, sag: Connection) -> None:
    movement = builders.order("VIEJO")
    page = choose(staff, movement.pk)
    before = standing_of(movement, Target.SAG).status
    staff.post("/admin/ya-esta/", {"elegidos": token(page), "motivo": "de 2025"})
    assert ("Seleccionados: 1" in page, before, standing_of(movement, Target.SAG).status) == (
        True,
        Status.NEW,
        Status.SYNCED,
    )


def test_a_forged_selection_of_history_marks_nothing(staff: Client, sag: Connection) -> None:
    movement = builders.order("VIEJO")
    staff.post("/admin/ya-esta/", {"elegidos": f"[{movement.pk}]", "motivo": "x"})
    assert standing_of(movement, Target.SAG).status == Status.NEW


def test_without_the_permission_history_can_not_be_marked(sag: Connection) -> None:
    assert person(*SEES).post("/admin/ya-esta/", {}).status_code == 403


def test_the_accountant_gets_the_permissions_to_decide_and_the_assistant_does_not(sag: Connection) -> None:
    groups.make_groups()
    deciding = {"adopt_syncbatch", "confirm_absent_syncbatch", "mark_by_hand_syncbatch", "annul_syncbatch"}

    def held(group: str) -> set[str]:
        mine = Permission.objects.filter(group__name=group, codename__in=deciding)
        return set(mine.values_list("codename", flat=True))

    assert (held("Contador"), held("Asistente contable")) == (deciding, set())


def test_the_probe_is_asked_for_on_its_page(staff: Client, sag: Connection) -> None:
    movement = builders.order()
    page = f"/admin/integrations/connection/{sag.pk}/prueba-de-clave/"
    staff.post(page, {"documento": str(movement.pk)})
    assert (KeyProbe.objects.get().record_id, OrmQ.objects.count()) == (movement.pk, 1)
    assert "Aún no termina" in text(staff.get(page))


def test_a_production_connection_offers_no_probe(staff: Client, sag: Connection) -> None:
    Connection.objects.update(environment=Environment.PRODUCTION)
    page = f"/admin/integrations/connection/{sag.pk}/prueba-de-clave/"
    staff.post(page, {"documento": "1"})
    assert "solo se hace en una conexión de pruebas" in text(staff.get(page))
    assert not KeyProbe.objects.exists()
