"""The whole job through an ERP that nobody made for it: files in, sent, an answer that never comes, read back, seen."""

from importlib import import_module
from pathlib import Path

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
    """A file as a company gives it, imported by the command; what looks like another document is one of its own."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    call_command("import_file", str(path), "--similar", "new")


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
