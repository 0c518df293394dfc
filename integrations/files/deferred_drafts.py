"""Drafts that a file's other documents must be known for, on disk until they are."""

import pickle
import tempfile
from collections.abc import Iterator
from typing import IO

from integrations.files.document_identity import Marks
from integrations.files.drafts import Draft
from integrations.files.unnumbered import Brought


class DeferredDrafts:
    """Drafts put aside in their order. `brought` says of those without number what tells them apart."""

    def __init__(self) -> None:
        self.brought: list[Brought] = []
        self._count = 0
        self._file: IO[bytes] | None = None

    def __len__(self) -> int:
        return self._count

    def close(self) -> None:
        """Forget them."""
        if self._file is not None:
            self._file.close()

    def add(self, draft: Draft, marks: Marks | None) -> None:
        """Put a draft aside; `marks`: of one without number."""
        if self._file is None:
            self._file = tempfile.TemporaryFile(prefix="aparte-")  # noqa: SIM115 - `close` does
        if marks is not None:
            self.brought.append(brought_of(self._count, draft, marks))
        pickle.dump(draft, self._file)
        self._count += 1

    def drafts(self) -> Iterator[tuple[int, Draft]]:
        """(place, draft) of each."""
        if self._file is None:
            return
        self._file.seek(0)
        for place in range(self._count):
            yield place, pickle.load(self._file)  # noqa: S301 - this process wrote it, into a file without a name


def brought_of(place: int, draft: Draft, marks: Marks) -> Brought:
    """A draft without number as `unnumbered` compares it."""
    record = draft.record
    return Brought(place, draft.row, record.kind, marks, getattr(record, "date", None), getattr(record, "number2", ""))
