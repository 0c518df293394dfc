"""What a read brings, what it leaves alone, and what it says when it could not finish."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_q.models import OrmQ

from catalog.models import ThirdParty
from integrations.choices import Register, Status, Target
from integrations.models import Connection, PullPlan, PullRun, RegisterRow, SyncStanding
from integrations.pulls import pull_run, schedule
from integrations.pulls.plans import plan_for, today
from integrations.pulls.pull_run import pull
from integrations.standings import transitions
from tests import builders
from tests.builders import standing_of
from tests.integrations.pulls.conftest import FakeErp, party

pytestmark = pytest.mark.django_db(transaction=True)

Plan = Callable[[str], PullPlan]


@pytest.fixture
def parties(plan: Plan) -> PullPlan:
    return plan("third_parties")


def edited(record: ThirdParty, **changes: Any) -> None:
    with transitions.editing(record):
        for name, value in changes.items():
            setattr(record, name, value)
        record.save()


def statuses(record: ThirdParty) -> str:
    record.refresh_from_db()
    assert record.sag_status == standing_of(record, Target.SAG).status
    return record.sag_status


def test_what_the_erp_has_and_we_do_not_is_created_as_already_there(erp: FakeErp, parties: PullPlan) -> None:
    erp.rows = [party(1, 800333444), party(2, 800555666, "OTRO LTDA.")]
    run = pull(parties)
    record = ThirdParty.objects.get(tax_id="800333444")
    assert (run.state, run.read, run.created) == ("done", 2, 2)
    assert (record.name, record.address, record.economic_activity) == ("PROVEEDOR UNO S.A.S.", "Calle 1 # 2-3", "4711")
    assert statuses(record) == Status.SYNCED
    assert standing_of(record, Target.SAG).ever_present


def test_the_raw_row_is_kept_beside_our_fields(erp: FakeErp, parties: PullPlan) -> None:
    erp.rows = [party(1, 800333444)]
    pull(parties)
    row = RegisterRow.objects.get()
    assert (row.key, row.code, row.facts["tax_id"]) == ("1", "800333444", "800333444")
    assert row.raw["modificado"] == "2026-11-03T10:00:00"


def test_a_second_read_of_the_same_writes_no_row(erp: FakeErp, parties: PullPlan) -> None:
    erp.rows = [party(n, 800000000 + n) for n in range(1, 40)]
    edited_here = builders.third_party("800000001", name="CASA")
    pull(parties)
    with CaptureQueriesContext(connection) as asked:
        run = pull(parties, since=pull_run.ALL)
    written = [
        query["sql"]
        for query in asked
        if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))
        and not any(
            f'"{own}"' in query["sql"].split("SET")[0][:90]
            for own in ("integrations_pullrun", "integrations_pullplan", "integrations_connection", "django_q_ormq")
        )
    ]
    assert written == []
    assert (run.unchanged, run.differing) == (38, 1)
    assert edited_here.pk


def test_a_change_in_the_erp_reaches_what_nobody_edited_here(erp: FakeErp, parties: PullPlan) -> None:
    erp.rows = [party(1, 800333444)]
    pull(parties)
    erp.rows = [party(1, 800333444, telefono="3001112233")]
    run = pull(parties)
    record = ThirdParty.objects.get()
    assert (run.updated, record.phone, record.version) == (1, "3001112233", 2)
    assert statuses(record) == Status.SYNCED
    assert standing_of(record, Target.SAG).version_sent == 2


def test_a_local_edit_that_was_not_sent_is_a_difference_and_stays(erp: FakeErp, parties: PullPlan) -> None:
    erp.rows = [party(1, 800333444)]
    pull(parties)
    edited(ThirdParty.objects.get(), phone="3009998877")
    run = pull(parties)
    row = RegisterRow.objects.get()
    assert (run.differing, run.updated, ThirdParty.objects.get().phone) == (1, 0, "3009998877")
    assert row.differences == [{"field": "phone", "label": "teléfono", "ours": "3009998877", "theirs": "6044440000"}]


def test_a_difference_that_was_settled_is_told_no_more(erp: FakeErp, parties: PullPlan) -> None:
    erp.rows = [party(1, 800333444)]
    pull(parties)
    edited(ThirdParty.objects.get(), phone="3009998877")
    pull(parties)
    erp.rows = [party(1, 800333444, telefono="3009998877")]
    run = pull(parties)
    assert (run.differing, RegisterRow.objects.get().differs_since) == (0, None)


def test_a_new_record_that_the_erp_has_equal_is_already_there(erp: FakeErp, parties: PullPlan) -> None:
    record = builders.third_party("800333444", name="Proveedor uno S.A.S.")
    erp.rows = [party(1, 800333444, tipo_tercero="", direccion="", telefono="", correo="", actividad="")]
    pull(parties)
    assert statuses(record) == Status.SYNCED
    assert "Ya está en SAG" in standing_of(record, Target.SAG).message


def test_a_new_record_that_the_erp_has_otherwise_is_a_difference(erp: FakeErp, parties: PullPlan) -> None:
    record = builders.third_party("800333444", name="OTRO NOMBRE")
    erp.rows = [party(1, 800333444)]
    assert pull(parties).differing == 1
    assert statuses(record) == Status.NEW


@pytest.mark.parametrize("status", [Status.QUEUED, Status.SENDING, Status.UNCERTAIN, Status.CONFLICT])
def test_what_is_on_its_way_is_left_alone(erp: FakeErp, parties: PullPlan, status: Status) -> None:
    record = builders.third_party("800333444", name="OTRO NOMBRE")
    SyncStanding.objects.filter(record_id=record.pk, target=Target.SAG).update(status=status)
    erp.rows = [party(1, 800333444)]
    run = pull(parties)
    record.refresh_from_db()
    assert (run.busy, run.differing, run.updated, record.name) == (1, 0, 0, "OTRO NOMBRE")


def test_what_no_longer_comes_is_marked_and_not_deleted(erp: FakeErp, parties: PullPlan) -> None:
    erp.rows = [party(1, 800333444), party(2, 800555666)]
    pull(parties)
    erp.rows = [party(1, 800333444)]
    run = pull(parties, since=pull_run.ALL)
    assert (run.missing, RegisterRow.objects.get(key="2").missing_since is not None) == (1, True)
    assert ThirdParty.objects.count() == 2


def test_what_comes_back_is_no_longer_missing(erp: FakeErp, parties: PullPlan) -> None:
    erp.rows = [party(1, 800333444), party(2, 800555666)]
    pull(parties)
    erp.rows = erp.rows[:1]
    pull(parties, since=pull_run.ALL)
    erp.rows = [party(1, 800333444), party(2, 800555666)]
    pull(parties, since=pull_run.ALL)
    assert not RegisterRow.objects.filter(missing_since__isnull=False).exists()


def test_a_read_of_what_changed_marks_nothing_as_missing(erp: FakeErp, parties: PullPlan) -> None:
    erp.rows = [party(1, 800333444), party(2, 800555666)]
    pull(parties)
    erp.rows = [party(1, 800333444)]
    assert pull(parties).missing == 0


def test_an_erp_that_suddenly_has_nothing_loses_us_nothing(erp: FakeErp, parties: PullPlan) -> None:
    erp.rows = [party(1, 800333444)]
    pull(parties)
    erp.rows = []
    run = pull(parties, since=pull_run.ALL)
    assert (run.state, run.missing, "antes los tenía" in run.message) == ("failed", 0, True)


# --- the cursor


def test_the_next_read_begins_some_days_before_the_last(erp: FakeErp, parties: PullPlan) -> None:
    erp.rows = [party(1, 800333444)]
    pull(parties)
    run = pull(parties)
    day = today(timezone.now()) - timedelta(days=2)
    assert run.since == day
    assert f"'{day:%Y%m%d}'" in erp.asked[-1]


def test_a_cursor_of_the_future_is_brought_back_to_today(erp: FakeErp, parties: PullPlan) -> None:
    erp.rows = [party(1, 800333444, modificado="2099-01-01T00:00:00")]
    pull(parties)
    parties.refresh_from_db()
    assert parties.read_through == today(timezone.now())
    PullPlan.objects.update(read_through=date(2099, 1, 1))
    assert pull(parties).since == today(timezone.now()) - timedelta(days=2)


def test_a_day_that_leaves_a_gap_does_not_move_the_cursor(erp: FakeErp, parties: PullPlan) -> None:
    erp.rows = [party(1, 800333444)]
    pull(parties, since=date(2026, 11, 1))
    parties.refresh_from_db()
    assert parties.read_through is None


def test_everything_is_read_again_every_week(erp: FakeErp, parties: PullPlan) -> None:
    erp.rows = [party(1, 800333444), party(2, 800555666)]
    pull(parties)
    PullPlan.objects.update(whole_at=timezone.now() - timedelta(days=7))
    erp.rows = erp.rows[:1]
    run = pull(parties)
    assert (run.since, run.missing) == (None, 1)


def test_what_is_due_is_asked_for_once(erp: FakeErp, parties: PullPlan) -> None:
    OrmQ.objects.all().delete()
    PullPlan.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    assert (schedule.enqueue_due(), schedule.enqueue_due(), OrmQ.objects.count()) == (1, 0, 1)


def test_a_read_comes_round_by_itself_only_where_that_is_on(erp: FakeErp, parties: PullPlan) -> None:
    erp.rows = [party(1, 800333444)]
    pull(parties)
    parties.refresh_from_db()
    assert parties.due_at is not None
    parties.scheduled = False
    parties.save()
    pull(parties)
    parties.refresh_from_db()
    assert parties.due_at is None


# --- bad days


def test_a_row_without_key_is_told_and_the_cursor_stays(erp: FakeErp, parties: PullPlan) -> None:
    erp.rows = [party(1, 800333444), {**party(2, 800555666), "nit": None}]
    run = pull(parties)
    parties.refresh_from_db()
    assert (run.state, run.created, run.rejected, parties.read_through) == ("partial", 1, 1, None)
    assert (run.errors[0]["row"], run.errors[0]["key"], run.errors[0]["field"]) == (2, "2", "identificación")


def test_text_where_a_number_belongs_names_the_field_and_the_value(erp: FakeErp, plan: Plan) -> None:
    erp.rows = [{"clave": 1, "codigo": "1001", "nombre": "CUADERNO", "precio1": "mucho", "activo": "S"}]
    run = pull(plan("articles"))
    assert (run.rejected, "«precio de venta 1» no puede ser «mucho»" in run.errors[0]["message"]) == (1, True)


def test_a_failed_query_says_so_and_changes_nothing(erp: FakeErp, parties: PullPlan) -> None:
    erp.rows = [{"s_estado": "FALLIDO", "s_mensaje": "Invalid object name 'TERCEROS'."}]
    run = pull(parties)
    parties.refresh_from_db()
    assert (run.state, parties.read_through, RegisterRow.objects.count()) == ("failed", None, 0)
    assert "No se cambió nada" in run.message


@pytest.mark.parametrize("answer", [(503, b"<html>no</html>"), (200, b"<s:Envelope"), (200, b"")])
def test_an_answer_that_is_no_answer_is_a_read_that_did_not_finish(
    erp: FakeErp, parties: PullPlan, answer: tuple[int, bytes]
) -> None:
    erp.answers = [answer]
    run = pull(parties)
    assert (run.state, run.finished_at is not None) == ("failed", True)


def test_a_read_that_is_asked_to_wait_rests_the_lane_and_is_not_begun_again_meanwhile(
    erp: FakeErp, parties: PullPlan
) -> None:
    erp.answers = [(429, b"")]
    run = pull(parties)
    assert (run.state, "pidió esperar" in run.message) == ("failed", True)
    assert "está ocupada o en pausa" in pull_run.pull_when_free(parties.pk, "", "")
    assert len(erp.asked) == 1


def test_half_of_the_pages_is_not_a_whole_read(erp: FakeErp, parties: PullPlan) -> None:
    def arriving() -> Any:
        yield [party(1, 800333444)]
        raise pull_run.BusyError("se cayó la red.")

    run = pull(parties, pages=arriving())
    parties.refresh_from_db()
    assert (run.state, run.created, parties.read_through) == ("failed", 1, None)
    assert "empieza donde empezó esta" in run.message


def test_an_erp_that_is_down_ends_the_read_in_words(erp: FakeErp, parties: PullPlan) -> None:
    Connection.objects.update(endpoint="http://127.0.0.1:9/")
    run = pull(PullPlan.objects.select_related("connection").get(pk=parties.pk))
    assert (run.state, run.read) == ("failed", 0)


def test_two_reads_of_one_register_do_not_run_at_once(erp: FakeErp, parties: PullPlan) -> None:
    def arriving() -> Any:
        with pytest.raises(pull_run.BusyError, match="Ya hay una lectura"):
            pull(parties)
        yield [party(1, 800333444)]

    assert pull(parties, pages=arriving()).state == "done"


def test_a_read_holds_the_only_slot_of_its_lane(erp: FakeErp, parties: PullPlan, plan: Plan) -> None:
    def arriving() -> Any:
        with pytest.raises(pull_run.BusyError, match="ocupada"):
            pull(plan("sources"))
        yield [party(1, 800333444)]

    assert pull(parties, pages=arriving()).state == "done"


def test_a_read_whose_process_died_frees_its_register_when_its_lease_ends(erp: FakeErp, parties: PullPlan) -> None:
    long_ago = timezone.now() - timedelta(hours=1)
    PullRun.objects.create(plan=parties, connection=parties.connection, lease_until=long_ago)
    erp.rows = [party(1, 800333444)]
    assert pull(parties).state == "done"
    assert PullRun.objects.earliest("pk").state == PullRun.State.FAILED


def test_what_can_not_be_read_now_is_put_off(erp: FakeErp, parties: PullPlan) -> None:
    Connection.objects.update(paused_at=timezone.now())
    pull_run.pull_when_free(parties.pk, "", "ana")
    parties.refresh_from_db()
    assert parties.due_at is not None


def test_rows_out_of_order_are_no_pages(erp: FakeErp, parties: PullPlan, settings: Any) -> None:
    erp.rows = [party(2, 800333444), party(1, 800555666)]
    run = pull(parties)
    assert (run.state, "ORDER BY" in run.message) == ("failed", True)


def test_a_dry_run_counts_and_keeps_nothing(erp: FakeErp, parties: PullPlan) -> None:
    erp.rows = [party(1, 800333444)]
    run = pull(parties, dry_run=True)
    parties.refresh_from_db()
    assert (run.created, ThirdParty.objects.count(), RegisterRow.objects.count(), parties.read_through) == (
        1,
        0,
        0,
        None,
    )


# --- the other registers


def test_fuentes_keep_every_column_in_lower_case_for_the_rules(erp: FakeErp, plan: Plan) -> None:
    erp.rows = [{"ka_ni_fuente": 7, "K_SC_CODIGO_FUENTE": "FV ", "sc_nombre": "Factura", "SC_PREFIJO_OBL": "S"}]
    pull(plan("sources"))
    row = RegisterRow.objects.get(register=Register.SOURCES)
    assert (row.key, row.code, row.facts["sc_prefijo_obl"]) == ("7", "FV", "S")


def test_siigo_terceros_of_several_branches_are_one(erp: FakeErp, siigo: Connection) -> None:
    row = {"identification": 800333444, "verification_digit": 1, "name": "PROVEEDOR UNO S.A.S.", "city": "05001"}
    erp.rows = [{**row, "branch": 0}, {**row, "branch": 1, "name": "PROVEEDOR UNO NORTE"}]
    run = pull(plan_for(siigo, "third_parties"))
    assert (run.state, run.created, ThirdParty.objects.get().name) == ("done", 1, "PROVEEDOR UNO S.A.S.")
    assert sorted(RegisterRow.objects.values_list("key", flat=True)) == ["800333444000", "800333444001"]


def test_a_siigo_tercero_that_was_edited_here_is_a_difference(erp: FakeErp, siigo: Connection) -> None:
    erp.rows = [{"identification": 800333444, "branch": 0, "name": "PROVEEDOR UNO", "phone_1": "111"}]
    plan = plan_for(siigo, "third_parties")
    pull(plan)
    edited(ThirdParty.objects.get(), phone="222")
    erp.rows[0]["name"] = "PROVEEDOR UNO S.A.S."
    assert pull(plan).differing == 1


def test_siigo_accounts_have_codes_of_ten_digits(erp: FakeErp, siigo: Connection) -> None:
    erp.rows = [
        {"group": 11, "account": 5, "sub_account": 5, "auxiliary": 0, "sub_auxiliary": 1, "description": "CAJA"}
    ]
    pull(plan_for(siigo, "accounts"))
    row = RegisterRow.objects.get()
    assert (row.code, row.name) == ("1105050001", "CAJA")


@pytest.mark.parametrize("nit", ["800333444-8", "800.333.444-8", "0800333444", 800333444.0])
def test_a_nit_that_the_erp_writes_otherwise_is_the_same_third_party(
    erp: FakeErp, parties: PullPlan, nit: object
) -> None:
    builders.third_party("800333444")
    erp.rows = [party(1, 0, nit=nit)]
    pull(parties)
    assert list(ThirdParty.objects.values_list("tax_id", flat=True)) == ["800333444"]
    assert RegisterRow.objects.get().code == "800333444"


def test_the_digit_behind_the_number_of_the_erp_is_kept_apart(erp: FakeErp, parties: PullPlan) -> None:
    erp.rows = [party(1, 0, nit="800.333.444-8")]
    pull(parties)
    assert ThirdParty.objects.get().check_digit == "8"


def test_a_wrong_digit_of_the_erp_is_told_with_the_right_one(erp: FakeErp, parties: PullPlan) -> None:
    erp.rows = [party(1, 0, nit="800333444-9"), party(2, 800555666)]
    run = pull(parties)
    assert (run.rejected, run.created) == (1, 1)
    assert "es 8, no 9" in str(run.errors)


def test_what_nobody_here_would_write_stays_as_the_erp_has_it(erp: FakeErp, parties: PullPlan) -> None:
    erp.rows = [party(1, 0, nit="EXT/55-A")]
    pull(parties)
    assert ThirdParty.objects.get().tax_id == "EXT/55-A"
