"""Work that lost its task or its worker goes on; what is killed each time ends, and one failure stops no other work."""

import logging
import os
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from integrations import sweep, tasks
from integrations.models import BackgroundJob, ImportFile, QueryRun
from integrations.queue import job_runs, jobs, outbox, work_kinds
from integrations.queue.cluster import this_process
from integrations.queue.work_kinds import KINDS
from tests.integrations.queue.failing import BrokenError, first_query_raises
from tests.integrations.queue.work_that_raises import arguments_of, import_in, lane, raised

pytestmark = pytest.mark.django_db
State, FileState = BackgroundJob.State, ImportFile.State


def killed(name: str, tries: int, **changes: Any) -> BackgroundJob:
    """The job of a task whose worker was killed while it ran."""
    arguments = arguments_of(name)
    columns = {"state": State.RUNNING, "tries": tries, "process": "otra:1", "alive_until": timezone.now()}
    task = f"integrations.tasks.{name}"
    return BackgroundJob.objects.create(
        task=task, key=KINDS[task].key_of(arguments), arguments=arguments, token=uuid4(), **columns | changes
    )


def test_work_whose_worker_was_killed_is_queued_again() -> None:
    killed("stage_file", 1)
    ImportFile.objects.update(busy_until=timezone.now() + timedelta(hours=1))
    assert job_runs.end_the_dead() == 1
    assert (BackgroundJob.objects.get().state, OrmQ.objects.count()) == (State.WAITING, 1)
    assert ImportFile.objects.get().busy_until is None


def test_work_whose_worker_was_killed_three_times_has_failed() -> None:
    killed("stage_file", 3)
    job_runs.end_the_dead()
    job, file = BackgroundJob.objects.get(), ImportFile.objects.get()
    assert (job.state, file.state, OrmQ.objects.count()) == (State.FAILED, FileState.FAILED, 0)
    assert "se cerró 3 veces" in file.message


def test_a_task_that_the_queue_delivers_a_fourth_time_is_not_run() -> None:
    job = killed("stage_file", 3)
    tasks.stage_file(*job.arguments)
    assert ImportFile.objects.get().state == FileState.FAILED


def test_a_query_whose_worker_was_killed_is_not_put_to_sag_again_by_itself() -> None:
    killed("query_sag", 1)
    job_runs.end_the_dead()
    assert (OrmQ.objects.count(), QueryRun.objects.get().error[:34]) == (0, "El proceso que lo hacía se cerró a")


def test_a_process_that_is_gone_from_this_machine_is_dead_at_once() -> None:
    machine = this_process().rpartition(":")[0]
    child = os.spawnlp(os.P_WAIT, "true", "true") or os.spawnlp(os.P_NOWAIT, "true", "true")
    os.waitpid(child, 0)
    killed("stage_file", 1, process=f"{machine}:{child}", alive_until=timezone.now() + timedelta(hours=1))
    assert job_runs.end_the_dead() == 1


def test_a_process_that_lives_keeps_its_work() -> None:
    killed("stage_file", 1, process=this_process(), alive_until=timezone.now() + timedelta(hours=1))
    assert job_runs.end_the_dead() == 0


def test_a_task_that_the_queue_ends_for_its_length_counts_as_killed() -> None:
    def never_ending(_pk: int) -> None:
        raise SystemExit("Task exceeded maximum timeout value")

    arguments = arguments_of("stage_file")
    with pytest.raises(SystemExit):
        job_runs.run(work_kinds.STAGE, never_ending, *arguments)
    assert job_runs.end_the_dead() == 1


def test_what_is_asked_for_while_it_runs_waits_when_it_ends() -> None:
    [pk] = arguments_of("stage_file")
    job_runs.run(work_kinds.STAGE, lambda pk: outbox.enqueue_staging(pk), pk)
    job = BackgroundJob.objects.get()
    assert (job.state, job.tries) == (State.WAITING, 0)


def test_a_job_that_lost_its_task_is_queued_again() -> None:
    outbox.enqueue_staging(import_in(FileState.STAGING).pk)
    OrmQ.objects.all().delete()
    assert jobs.go_on() == 0
    BackgroundJob.objects.update(queued_at=timezone.now() - jobs.LOST_AFTER)
    assert (jobs.go_on(), OrmQ.objects.count()) == (1, 1)


def test_a_lane_that_failed_is_left_alone_for_a_while_and_then_tried_again() -> None:
    job = raised("drain")
    assert jobs.rests(work_kinds.DRAIN, lane().pk)
    tasks.drain(lane().pk)
    assert BackgroundJob.objects.get().state == State.FAILED
    BackgroundJob.objects.update(again_at=timezone.now())
    assert (job.again_at is not None, jobs.go_on()) == (True, 1)


def test_each_failure_of_a_lane_doubles_its_rest_up_to_a_quarter_of_an_hour() -> None:
    rests = []
    for _ in range(5):
        BackgroundJob.objects.update(again_at=timezone.now())
        job = raised("drain")
        assert job.again_at is not None
        assert job.failed_at is not None
        rests.append(job.again_at - job.failed_at)
    assert rests == [timedelta(minutes=minutes) for minutes in (2, 4, 8, 15, 15)]


def test_a_lane_that_a_person_stopped_waits_for_a_person() -> None:
    jobs.cancel(raised("drain").pk)
    tasks.drain(lane().pk)
    assert (jobs.go_on(), BackgroundJob.objects.get().state) == (0, State.STOPPED)
    outbox.enqueue_drain(lane().pk)
    tasks.drain(lane().pk)
    assert not BackgroundJob.objects.exists()


def test_a_second_worker_on_a_lane_neither_ends_nor_hides_the_first_ones_work() -> None:
    job = killed("drain", 1, process=this_process(), alive_until=timezone.now() + timedelta(hours=1))
    tasks.drain(lane().pk)
    assert BackgroundJob.objects.get().token == job.token


def test_what_the_clock_repeats_is_never_stopped() -> None:
    raised("tell_people")
    tasks.tell_people()
    assert not BackgroundJob.objects.exists()


def test_a_step_of_the_sweep_that_raises_does_not_stop_the_later_ones(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    took_place: list[str] = []

    def broken() -> None:
        raise BrokenError

    swept = sweep.sweep({"Uno": broken, "Otro": lambda: took_place.append("otro")})
    assert (swept.failed, took_place) == (("Uno",), ["otro"])
    assert (BackgroundJob.objects.get().key, jobs.failed().count()) == ("Uno", 1)


def test_a_step_of_the_sweep_that_goes_well_again_is_no_failure_any_more() -> None:
    with first_query_raises():
        sweep.sweep()
    assert BackgroundJob.objects.get().key == next(iter(sweep.STEPS))
    sweep.sweep()
    assert not BackgroundJob.objects.exists()


def test_every_step_of_the_sweep_is_run_whichever_of_them_raises() -> None:
    for title in sweep.STEPS:
        broken = dict.fromkeys(sweep.STEPS, lambda: None) | {title: _raise}
        assert sweep.sweep(broken).failed == (title,)


def _raise() -> None:
    raise BrokenError
