"""Documents that an import command refuses, on disk until they are written to the file that was asked for."""

import pickle
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from integrations.files.draft_text import pack_source
from integrations.files.drafts import Draft
from integrations.files.errors import FileError
from integrations.files.file_formats import OpenedFile
from integrations.files.writing.rejected_file import RejectedDocument, format_of, messages_by_row, rejected_file


class RejectedSpool:
    """The refused documents of a file, which become another file of its format. `count` is how many."""

    def __init__(self, opened: OpenedFile, path: Path) -> None:
        """Raises: FileError where the path's ending is not that of the format."""
        ending = format_of(opened.format).ending
        if path.suffix.lower() != f".{ending}":
            raise FileError(f"Lo rechazado de este archivo se escribe como .{ending}: cambie el nombre {path.name}.")
        self.count = 0
        self._opened, self._path = opened, path
        self._file = tempfile.TemporaryFile(prefix="rechazados-")  # noqa: SIM115 - `write` closes it

    def add(self, draft: Draft) -> None:
        """Keep a draft with errors."""
        messages = messages_by_row((error.row or draft.row, error.text_without_row()) for error in draft.errors)
        pickle.dump((draft.row, pack_source(self._opened.format, draft), messages), self._file)
        self.count += 1

    def write(self) -> str:
        """Write the file, where a document was refused. Returns what was done, in Spanish.

        Raises: FileError where it can't be written.
        """
        with self._file:
            if not self.count:
                return "No se rechazó nada."
            self._write_file()
        return f"Lo rechazado quedó en {self._path}: corríjalo e impórtelo."

    def _write_file(self) -> None:
        opened, path = self._opened, self._path
        content = rejected_file(opened.format, opened.kind, opened.headings, self._documents)
        try:
            with content, path.open("wb") as out:
                shutil.copyfileobj(content, out)
        except OSError as refused:
            reason = refused.strerror or refused
            raise FileError(f"No se puede escribir el archivo {path.name}: {reason}.") from None

    def _documents(self) -> Iterator[RejectedDocument]:
        self._file.seek(0)
        for _ in range(self.count):
            document = pickle.load(self._file)  # noqa: S301 - this process wrote it, into a file without a name
            yield RejectedDocument(*document)
