"""What an import without pages refuses, kept on disk until it is written to the file that was asked for."""

import pickle
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from integrations.files.draft_text import packed_source
from integrations.files.drafts import Draft
from integrations.files.errors import FileError
from integrations.files.file_formats import Opened
from integrations.files.writing.rejected_file import Rejected, format_of, rejected_file, told_by_row


class LeftOut:
    """The refused documents of a file on their way to another of its format. `count` is how many there are."""

    def __init__(self, opened: Opened, path: Path) -> None:
        """Raises: FileError where the path says another format than they will have."""
        ending = format_of(opened.format).ending
        if path.suffix.lower() != f".{ending}":
            raise FileError(f"Lo rechazado de este archivo se escribe como .{ending}: cambie el nombre {path.name}.")
        self.count = 0
        self._opened, self._path = opened, path
        self._kept = tempfile.TemporaryFile(prefix="rechazados-")  # noqa: SIM115 - `write` closes it

    def keep(self, draft: Draft) -> None:
        """One more."""
        told = told_by_row((error.row or draft.row, error.told()) for error in draft.errors)
        pickle.dump((draft.row, packed_source(self._opened.format, draft), told), self._kept)
        self.count += 1

    def write(self) -> str:
        """Write the file, where something was refused, and say so. Raises: FileError where it can't be written."""
        with self._kept:
            if not self.count:
                return "No se rechazó nada."
            made = rejected_file(self._opened.format, self._opened.kind, self._opened.headings, self._rejected)
            try:
                with made, self._path.open("wb") as out:
                    shutil.copyfileobj(made, out)
            except OSError as refused:
                why = refused.strerror or refused
                raise FileError(f"No se puede escribir el archivo {self._path.name}: {why}.") from None
        return f"Lo rechazado quedó en {self._path}: corríjalo e impórtelo."

    def _rejected(self) -> Iterator[Rejected]:
        self._kept.seek(0)
        for _ in range(self.count):
            yield Rejected(*pickle.load(self._kept))  # noqa: S301 - this process wrote it, into a file without a name
