"""Rows that were costly to parse, on disk for the next time that they are read."""

import pickle
import tempfile
from collections.abc import Iterable, Iterator
from typing import IO
from weakref import finalize

from integrations.files.reading.cells import InputCell, TableRow

_ROWS_PER_PIECE = 500


class RowSpool:
    """The rows of a table in a nameless temporary file, which is deleted with this object.

    `is_whole` once all of them were read through `keep`.
    """

    def __init__(self) -> None:
        self.is_whole = False
        self._file: IO[bytes] | None = None

    def keep(self, rows: Iterable[TableRow]) -> Iterator[TableRow]:
        """Hand rows on and write them. A caller that stops before the end leaves nothing written."""
        file = tempfile.TemporaryFile(prefix="filas-")  # noqa: SIM115 - it lives as long as this object
        close = finalize(self, file.close)
        try:
            piece: list[tuple[int, list[InputCell]]] = []
            for row in rows:
                piece.append((row.number, row.cells))
                if len(piece) == _ROWS_PER_PIECE:
                    pickle.dump(piece, file, pickle.HIGHEST_PROTOCOL)
                    piece.clear()
                yield row
            pickle.dump(piece, file, pickle.HIGHEST_PROTOCOL)
            self._file, self.is_whole = file, True
        finally:
            if not self.is_whole:
                close()

    def rows(self) -> Iterator[TableRow]:
        """The rows that were kept."""
        if self._file is None:
            return
        self._file.seek(0)
        while True:
            try:
                piece = pickle.load(self._file)  # noqa: S301 - this process wrote it, into a file without a name
            except EOFError:
                return
            for number, cells in piece:
                yield TableRow(number, cells)
