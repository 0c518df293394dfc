"""Whatever background work raises ends in a state that people see, with a way to try again and a way to give it up."""

import pytest
from django.db import OperationalError
from django.utils import timezone
from django_q.models import OrmQ

from integrations import tasks
from integrations.choices import BatchState
from integrations.errors import ConfigurationError
from integrations.models import BackgroundJob, ImportFile, KeyProbe, PullRun, QueryRun, SyncBatch
from integrations.queue import job_runs, jobs, outbox, work_kinds
from integrations.queue.work_kinds import KINDS, Again
from tests.integrations.queue.failing import BrokenError, first_query_raises, job_queries_raise
from tests.integrations.queue.work_that_raises import TASKS, arguments_of, import_in, raised

pytestmark = pytest.mark.django_db
State, FileState = BackgroundJob.State, ImportFile.State


@pytest.mark.parametrize("name", sorted(TASKS))
def test_a_task_that_raises_ends_in_a_state_that_says_why_in_spanish(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    job = raised(name)
    assert (job.state, job.reference in caplog.text) == (State.FAILED, True)
    assert job.reason.startswith("Ocurrió un error que el programa no esperaba.")
    assert job.reference in job.reason


@pytest.mark.parametrize("name", sorted(TASKS))
def test_the_text_of_an_exception_is_for_the_log_alone(name: str, caplog: pytest.LogCaptureFixture) -> None:
    job = raised(name)
    assert "0x7f" not in job.reason
    assert "0x7f" in caplog.text


@pytest.mark.parametrize("name", sorted(TASKS))
def test_a_task_that_raised_can_be_tried_again(name: str) -> None:
    job = raised(name)
    assert jobs.try_again(job.pk)
    assert [queued.func() for queued in OrmQ.objects.all()] == [f"integrations.tasks.{name}"]
    [queued] = OrmQ.objects.all()
    TASKS[name](*queued.args())
    assert not BackgroundJob.objects.exclude(reason="").exists()


@pytest.mark.parametrize("name", sorted(TASKS))
def test_a_task_that_raised_can_be_given_up(name: str) -> None:
    said = jobs.cancel(raised(name).pk)
    assert said.endswith(".")
    assert not jobs.failed().exists()


@pytest.mark.parametrize("name", sorted(TASKS))
def test_a_task_that_ends_well_leaves_no_job(name: str) -> None:
    TASKS[name](*arguments_of(name))
    assert not BackgroundJob.objects.exclude(state=State.WAITING).exists()


def test_a_task_without_a_row_in_the_table_of_work_cannot_be_defined() -> None:
    def send_a_pigeon() -> None:
        """Not in the table."""

    with pytest.raises(KeyError):
        job_runs.background(send_a_pigeon)


def test_every_row_of_the_table_of_work_is_a_task() -> None:
    assert {task.rpartition(".")[2] for task in KINDS} == set(TASKS)


def test_a_failed_import_says_so_and_goes_on_where_it_was() -> None:
    file = import_in(FileState.STAGING)
    with first_query_raises():
        tasks.stage_file(file.pk)
    file.refresh_from_db()
    assert (file.state, file.failed_in, "Referencia: F-" in file.message) == (FileState.FAILED, FileState.STAGING, True)
    assert "No se importó nada." in file.message
    jobs.try_again(BackgroundJob.objects.get().pk)
    file.refresh_from_db()
    assert (file.state, file.message) == (FileState.STAGING, "")


def test_a_failed_import_that_is_given_up_is_cancelled() -> None:
    jobs.cancel(raised("import_file").pk)
    assert ImportFile.objects.get().state == FileState.CANCELLED


def test_a_failed_preview_can_be_made_again_or_given_up() -> None:
    job = raised("prepare_batch")
    assert SyncBatch.objects.get().state == BatchState.FAILED
    jobs.try_again(job.pk)
    assert SyncBatch.objects.get().state == BatchState.PREPARING
    jobs.cancel(job.pk)
    assert SyncBatch.objects.get().state == BatchState.CANCELLED


def test_a_failed_query_ends_with_its_reason_and_can_be_asked_again() -> None:
    job = raised("query_sag")
    run = QueryRun.objects.get()
    assert (run.finished_at is not None, run.error) == (True, job.reason)
    jobs.try_again(job.pk)
    assert QueryRun.objects.get().finished_at is None


def test_a_failed_read_leaves_a_run_that_says_why() -> None:
    job = raised("pull")
    run = PullRun.objects.get()
    assert (run.state, run.message) == (PullRun.State.FAILED, job.reason)


def test_a_failed_key_probe_ends_with_its_reason() -> None:
    job = raised("probe_key_fields")
    assert KeyProbe.objects.get().message == job.reason


def test_what_was_written_for_staff_is_told_as_it_is() -> None:
    job = raised("look", ConfigurationError("La conexión no tiene credencial."))
    assert job.reason.startswith("La conexión no tiene credencial. Solo se consultaba: nada cambió.")


def test_work_that_the_database_refused_for_a_moment_is_tried_again_in_a_minute() -> None:
    job = raised("stage_file", OperationalError("server closed the connection"))
    assert (job.state, job.reason) == (State.WAITING, "La base de datos no respondió.")
    assert ImportFile.objects.get().state == FileState.STAGING
    BackgroundJob.objects.update(again_at=timezone.now())
    assert jobs.go_on() == 1


def test_work_that_the_database_refuses_three_times_has_failed() -> None:
    arguments = arguments_of("stage_file")
    for _ in range(3):
        with first_query_raises(OperationalError("gone")):
            tasks.stage_file(*arguments)
    assert (BackgroundJob.objects.get().state, ImportFile.objects.get().state) == (State.FAILED, FileState.FAILED)


def test_a_failure_is_written_although_the_database_refuses_at_first() -> None:
    arguments = arguments_of("stage_file")
    outbox.enqueue_staging(arguments[0])

    def fail_and_lose_the_database(_pk: int) -> None:
        refusing.__enter__()
        raise BrokenError

    refusing = job_queries_raise(OperationalError("not now"), times=1)
    job_runs.run(work_kinds.STAGE, fail_and_lose_the_database, *arguments)
    refusing.__exit__(None, None, None)
    assert BackgroundJob.objects.get().state == State.FAILED


def test_the_words_of_the_table_are_whole_sentences() -> None:
    for kind in KINDS.values():
        assert kind.safe.endswith(".")
        assert kind.title[0].isupper()


def test_nothing_but_a_person_repeats_what_may_have_reached_an_erp_or_a_file() -> None:
    by_a_person = {task.rpartition(".")[2] for task, kind in KINDS.items() if kind.again is Again.BY_A_PERSON}
    assert by_a_person == {
        "prepare_batch", "probe_key_fields", "query_sag", "look_over_file", "stage_file", "import_file", "undo_import",
        "work_on_correction",
    }  # fmt: skip
