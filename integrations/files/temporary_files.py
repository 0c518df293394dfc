"""Temporary files that are handed to a caller."""

import tempfile
from collections.abc import Callable
from typing import IO


def write_temporary(write: Callable[[IO[bytes]], object]) -> IO[bytes]:
    """A nameless temporary file with what `write` writes, rewound. The caller closes it; an error does too."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    try:
        write(file)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file
