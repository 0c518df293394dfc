"""An import by the shell in *Importaciones anteriores*: its file stays where it is, what it made can be undone."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from integrations.files.file_formats import OpenedFile
from integrations.files.importing.uploads import MAX_NAME
from integrations.files.intake import ImportResult
from integrations.models import Company, ImportFile

_LONGEST = timedelta(hours=12)
"""After which the import of a shell that died is ended by the worker."""


@contextmanager
def recorded(path: Path, opened: OpenedFile, company: Company, *, dry_run: bool) -> Iterator[ImportFile]:
    """The import of an opened file while its documents are saved, ended also where it breaks off.

    In a dry run it is not saved itself.
    """
    file = _file_of(path, opened, company)
    if dry_run:
        yield file
        return
    file.save()
    try:
        yield file
    finally:
        file.new = file.new or file.records.filter(is_new=True).count()
        file.changed = file.changed or file.records.filter(is_new=False).count()
        file.state, file.finished_at, file.busy_until = ImportFile.State.DONE, timezone.now(), None
        file.save()


def _file_of(path: Path, opened: OpenedFile, company: Company) -> ImportFile:
    with path.open("rb") as body:
        digest = hashlib.file_digest(body, "sha256").hexdigest()
    now = timezone.now()
    return ImportFile(
        company=company,
        kind=opened.kind.value,
        name=path.name[-MAX_NAME:],
        format=opened.format,
        size=path.stat().st_size,
        digest=digest,
        state=ImportFile.State.RUNNING,
        confirmed_at=now,
        busy_until=now + _LONGEST,
    )


def keep_result(file: ImportFile, result: ImportResult) -> None:
    """Set what became of its documents."""
    file.new, file.changed, file.same = result.created, result.updated, result.unchanged
    file.differing, file.asked, file.wrong = result.differing, result.asked, result.rejected
    file.done = result.created + result.updated
