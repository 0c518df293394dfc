"""Something for each task to work on, and what a task leaves that raised."""

import inspect
from collections.abc import Callable
from typing import Any

from integrations import tasks
from integrations.choices import Kind, Register, Target
from integrations.models import BackgroundJob, Connection, Correction, ImportFile, KeyProbe, QueryRun, SyncBatch
from integrations.pulls.plans import plan_for
from tests import builders
from tests.integrations.queue.failing import first_query_raises

_State = ImportFile.State
TASKS: dict[str, Callable[..., Any]] = {
    name: task
    for name, task in inspect.getmembers(tasks, inspect.isfunction)
    if task.__module__ == tasks.__name__ and not name.startswith("_")
}
"""Every task of the product, found by looking: a new one is judged by these tests from its first day."""


def lane() -> Connection:
    return Connection.objects.first() or builders.sag_connection("http://127.0.0.1:9/")


def import_in(state: ImportFile.State) -> ImportFile:
    return ImportFile.objects.create(
        company=builders.company(), name="caja.csv", format="csv", kind=Kind.MOVEMENT, state=state
    )


def batch() -> SyncBatch:
    return SyncBatch.objects.create(
        company=builders.company(), connection=lane(), target=Target.SAG, kind=Kind.MOVEMENT, selected_count=1
    )


def correction() -> Correction:
    return Correction.objects.create(
        company=builders.company(), kind=Kind.MOVEMENT, state=Correction.State.PREPARING, field="salesperson", value="7"
    )


ABOUT: dict[str, Callable[[], list[Any]]] = {
    "prepare_batch": lambda: [batch().pk],
    "query_sag": lambda: [QueryRun.objects.create(connection=lane(), text="SELECT 1").pk],
    "probe_key_fields": lambda: [KeyProbe.objects.create(connection=lane(), record_id=1).pk],
    "pull": lambda: [plan_for(lane(), Register.CLIENTS).pk, "", "prueba"],
    "work_on_correction": lambda: [correction().pk],
    "look_over_file": lambda: [import_in(_State.LOOKING).pk],
    "stage_file": lambda: [import_in(_State.STAGING).pk],
    "import_file": lambda: [import_in(_State.RUNNING).pk],
    "undo_import": lambda: [import_in(_State.UNDOING).pk],
    "verify_many": lambda: [[[1, ""], [2, ""]], "prueba", lane().pk],
    "verify": lambda: [1, "", "prueba", lane().pk],
}
"""Task → arguments of one that has something to work on; of any other: a connection, or nothing."""


def arguments_of(name: str) -> list[Any]:
    if name in ABOUT:
        return ABOUT[name]()
    wanted = inspect.signature(inspect.unwrap(TASKS[name])).parameters.values()
    return [lane().pk if parameter.annotation is int else "cola" for parameter in wanted]


def raised(name: str, error: Exception | None = None, **options: Any) -> BackgroundJob:
    """The job of a task that was asked for and whose first query raised."""
    arguments = arguments_of(name)
    with first_query_raises(error, **options):
        TASKS[name](*arguments)
    return BackgroundJob.objects.get()
