"""Results of queries at rest: gzipped lines of JSON, first the columns, then the rows. Neither way holds them all."""

import gzip
import io
import tempfile
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import simplejson

from integrations.models import QueryRun

RESULT_BYTES = 64 * 1024 * 1024
"""The most bytes that a stored result may take, compressed."""
_ROWS_AT_ONCE = 256


_ENCODER = simplejson.JSONEncoder(use_decimal=True)


class ResultWriter:
    """Packs rows one after another in a temporary file."""

    def __init__(self) -> None:
        self.row_count = 0
        self.is_full = False
        self._lines: list[bytes] = []
        self._places: dict[str, int] = {}
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - `close` closes it
        self._packer = gzip.GzipFile(fileobj=self._file, mode="wb", compresslevel=6)

    def add(self, row: Mapping[str, Any]) -> bool:
        """Pack a row; whether there is room for another one."""
        for name in row:
            self._places.setdefault(name, len(self._places))
        self._lines.append(_line([row.get(name) for name in self._places]))
        self.row_count += 1
        if len(self._lines) == _ROWS_AT_ONCE:
            self._write()
            self.is_full = self._file.tell() > RESULT_BYTES
        return not self.is_full

    def _write(self) -> None:
        self._packer.write(b"".join(self._lines))
        self._lines.clear()

    def packed(self) -> bytes:
        """The whole result, to be kept. Nothing can be added any more."""
        self._write()
        self._packer.close()
        self._file.seek(0)
        # Which columns there are is known at the end; gzip reads what was packed in two parts as one.
        return gzip.compress(_line(list(self._places))) + self._file.read()

    def close(self) -> None:
        """Delete the temporary file."""
        self._file.close()


def _line(values: list[Any]) -> bytes:
    return _ENCODER.encode(values).encode() + b"\n"


class StoredRows:
    """The rows of a stored result, read one by one: memory does not grow with their number."""

    def __init__(self, run: QueryRun) -> None:
        self._packed = bytes(run.result or b"")
        self._count = run.row_count or 0 if self._packed else 0
        self.columns: list[str] = next(self._lines(), [])

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[list[Any]]:
        width = len(self.columns)
        for values in islice(self._lines(), 1, None):
            # A row from before a column was first seen is shorter.
            yield values + [None] * (width - len(values))

    def __getitem__(self, rows: slice) -> list[list[Any]]:
        return list(islice(iter(self), rows.start, rows.stop))

    def _lines(self) -> Iterator[list[Any]]:
        if self._packed:
            with gzip.GzipFile(fileobj=io.BytesIO(self._packed)) as file:
                for line in file:
                    yield simplejson.loads(line, use_decimal=True)
