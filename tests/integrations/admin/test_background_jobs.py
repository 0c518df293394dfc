"""*Trabajos en segundo plano*: an administrator sees what failed, why, and what to do about it."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django_q.models import OrmQ
from pytest_django import DjangoAssertNumQueries

from integrations import tasks
from integrations.choices import BatchState, Kind
from integrations.files.importing import survey_step, uploads
from integrations.models import BackgroundJob, Connection, ImportFile, SyncBatch
from integrations.queue import outbox
from tests import builders
from tests.integrations.admin.conftest import person
from tests.integrations.queue.failing import first_query_raises
from tests.integrations.queue.work_that_raises import import_in, raised

pytestmark = pytest.mark.django_db
_State = ImportFile.State
MAY_IMPORT = ("integrations.import_importfile", "ledger.add_movement", "ledger.change_movement")


def text(response: Any) -> str:
    return " ".join(str(response.content.decode()).split())


def page_of(file: ImportFile, who: Client) -> str:
    return text(who.get(f"/admin/integrations/importfile/{file.pk}/change/"))


def test_what_failed_is_listed_with_its_reason_its_reference_and_two_buttons(staff: Client) -> None:
    job = raised("stage_file")
    page = text(staff.get("/admin/trabajos/"))
    for words in ("Revisión de un archivo", "caja.csv", "Falló", "No se importó nada.", job.reference):
        assert words in page
    assert ("Reintentar" in page, "Cancelar" in page) == (True, True)


def test_what_runs_and_what_waits_is_listed_with_who_asked(staff: Client) -> None:
    outbox.enqueue_pull(7, "", "luis: administración")
    page = text(staff.get("/admin/trabajos/"))
    assert ("En espera" in page, "luis: administración" in page, "Lectura de un maestro" in page) == (True, True, True)


def test_many_jobs_cost_few_queries(staff: Client, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(30):
        outbox.enqueue_staging(import_in(_State.STAGING).pk)
    with django_assert_max_num_queries(12):
        staff.get("/admin/trabajos/")


def test_an_empty_list_says_so(staff: Client) -> None:
    assert "No hay trabajos en espera" in text(staff.get("/admin/trabajos/"))


def test_a_button_tries_failed_work_again(staff: Client) -> None:
    job = raised("stage_file")
    staff.post(f"/admin/trabajos/{job.pk}/reintentar/")
    assert (ImportFile.objects.get().state, OrmQ.objects.count()) == (_State.STAGING, 1)


def test_a_button_gives_failed_work_up(staff: Client) -> None:
    job = raised("stage_file")
    staff.post(f"/admin/trabajos/{job.pk}/cancelar/")
    assert (ImportFile.objects.get().state, BackgroundJob.objects.exists()) == (_State.CANCELLED, False)


def test_what_cannot_be_interrupted_has_no_button_while_it_runs(staff: Client, sag: Connection) -> None:
    later = timezone.now() + timedelta(hours=1)
    job = BackgroundJob.objects.create(
        task="integrations.tasks.drain", key=str(sag.pk), arguments=[sag.pk], process="otra:1",
        state=BackgroundJob.State.RUNNING, started_at=timezone.now(), alive_until=later,
    )  # fmt: skip
    assert "Cancelar" not in text(staff.get("/admin/trabajos/"))
    staff.post(f"/admin/trabajos/{job.pk}/cancelar/")
    assert BackgroundJob.objects.get().state == BackgroundJob.State.RUNNING


def test_the_list_is_for_administrators() -> None:
    who = person(*MAY_IMPORT)
    assert who.get("/admin/trabajos/").status_code == 403
    assert who.post("/admin/trabajos/1/reintentar/").status_code == 403
    assert "Trabajos en segundo plano" not in text(who.get("/admin/"))


def test_the_front_page_and_the_menu_count_what_failed(staff: Client) -> None:
    assert "falló" not in text(staff.get("/admin/"))
    raised("stage_file")
    cache.clear()
    page = text(staff.get("/admin/"))
    assert "1 trabajo en segundo plano falló." in page
    assert 'title="1 con falla"' in page or "con falla" in page


def test_sync_status_names_what_failed(capsys: pytest.CaptureFixture[str]) -> None:
    job = raised("stage_file")
    call_command("sync_status")
    out = capsys.readouterr().out
    assert "Falló en segundo plano: Revisión de un archivo Importación" in out
    assert job.reference in out
    call_command("sync_status", "--json")
    assert f'"reference": "{job.reference}"' in capsys.readouterr().out


def test_whoever_imports_sees_why_it_failed_and_tries_again_without_an_administrator() -> None:
    who, job = person(*MAY_IMPORT), raised("stage_file")
    file = ImportFile.objects.get()
    page = page_of(file, who)
    assert (job.reference in page, "Reintentar" in page, "Cancelar" in page) == (True, True, True)
    who.post(f"/admin/integrations/importfile/{file.pk}/reintentar/hacer/")
    file.refresh_from_db()
    assert (file.state, BackgroundJob.objects.get().state) == (_State.STAGING, BackgroundJob.State.WAITING)


@pytest.mark.parametrize("state", [_State.LOOKING, _State.STAGING, _State.RUNNING])
def test_an_import_is_cancelled_whatever_is_being_done_with_it(staff: Client, state: ImportFile.State) -> None:
    file = import_in(state)
    assert "Cancelar" in page_of(file, staff)
    staff.post(f"/admin/integrations/importfile/{file.pk}/cancelar/hacer/")
    file.refresh_from_db()
    assert file.state == _State.CANCELLED
    assert "Se canceló" in page_of(file, staff)


def test_a_small_file_whose_survey_raises_in_the_request_is_a_failed_import_and_no_broken_page() -> None:
    file = uploads.store_upload("caja.csv", [b"Fecha;Valor\n1;2\n"], company=builders.company())
    with first_query_raises():
        survey_step.begin(file)
    file.refresh_from_db()
    assert (file.state, file.failed_in) == (_State.FAILED, _State.LOOKING)


def test_a_preview_that_failed_is_made_again_from_its_page(staff: Client, sag: Connection) -> None:
    batch = SyncBatch.objects.create(company=sag.company, connection=sag, target=sag.target, kind=Kind.MOVEMENT)
    with first_query_raises():
        tasks.prepare_batch(batch.pk)
    page = text(staff.get(f"/admin/lote/{batch.pk}/confirmar/"))
    assert ("No se pudo revisar el lote." in page, "No se envió nada." in page) == (True, True)
    staff.post(f"/admin/lote/{batch.pk}/revisar/")
    batch.refresh_from_db()
    assert batch.state == BatchState.PREPARING


def test_a_preview_that_failed_is_given_up_from_its_page(staff: Client, sag: Connection) -> None:
    batch = SyncBatch.objects.create(company=sag.company, connection=sag, target=sag.target, kind=Kind.MOVEMENT)
    with first_query_raises():
        tasks.prepare_batch(batch.pk)
    staff.post(f"/admin/lote/{batch.pk}/detener/")
    batch.refresh_from_db()
    assert (batch.state, BackgroundJob.objects.exists()) == (BatchState.CANCELLED, False)
