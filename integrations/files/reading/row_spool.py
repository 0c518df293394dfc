"""Rows that were costly to parse, kept on disk for the next time that they are read."""

import pickle
import tempfile
from collections.abc import Iterable, Iterator
from typing import IO
from weakref import finalize

from integrations.files.reading.cells import Cell, Row

_ROWS_A_PIECE = 500


class Spool:
    """The rows of a table once they were all read. The file is ours, nameless, and goes with this object."""

    def __init__(self) -> None:
        self.is_whole = False
        self._file: IO[bytes] | None = None

    def filled(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Hand rows on and keep them. A reader that stops before the end keeps nothing."""
        file = tempfile.TemporaryFile(prefix="filas-")  # noqa: SIM115 - it lives as long as this object
        closing = finalize(self, file.close)
        try:
            piece: list[tuple[int, list[Cell]]] = []
            for row in rows:
                piece.append((row.number, row.cells))
                if len(piece) == _ROWS_A_PIECE:
                    pickle.dump(piece, file, pickle.HIGHEST_PROTOCOL)
                    piece.clear()
                yield row
            pickle.dump(piece, file, pickle.HIGHEST_PROTOCOL)
            self._file, self.is_whole = file, True
        finally:
            if not self.is_whole:
                closing()

    def rows(self) -> Iterator[Row]:
        """The rows as they were."""
        if self._file is None:
            return
        self._file.seek(0)
        while True:
            try:
                piece = pickle.load(self._file)  # noqa: S301 - this process wrote it, into a file without a name
            except EOFError:
                return
            for number, cells in piece:
                yield Row(number, cells)
