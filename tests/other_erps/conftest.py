"""The whole job through an ERP that nobody made for it: files in, sent, an answer that never comes, read back, seen."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_q.models import OrmQ

from integrations import sweep
from integrations.models import SyncStanding


def run_queue() -> None:
    """Do what waits in the queue, one task after another, until nothing does."""
    while (queued := OrmQ.objects.order_by("pk").first()) is not None:
        task = queued.task
        queued.delete()
        room, _, name = task["func"].rpartition(".")
        getattr(import_module(room), name)(*task["args"])


def brought_in(folder: Path, name: str, text: str) -> None:
    """A file as a company gives it, imported by the command."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    call_command("import_file", str(path))


def pushed(target: str, kind: str) -> None:
    """Asked for from the shell, and done by the worker."""
    call_command("push", target, kind)
    run_queue()


def windows_over() -> None:
    """Every lease and settle window ends; the sweeper asks for what is due, and the worker does it."""
    ended = timezone.now()
    SyncStanding.objects.filter(settles_at__isnull=False).update(settles_at=ended, lease_until=ended, due_at=None)
    sweep.sweep()
    run_queue()


@pytest.fixture(autouse=True)
def _no_task_of_another_test() -> Iterator[None]:
    yield
    OrmQ.objects.all().delete()
