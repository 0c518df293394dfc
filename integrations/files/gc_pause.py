"""How often Python's garbage collector runs."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_NEW_OBJECTS = 200_000
"""Some forty megabytes of records: more than a chunk of a file. Python's own threshold is 700."""


@contextmanager
def gc_paused() -> Iterator[None]:
    """Raise the collector's threshold during a bulk import, which spends a fifth of its time in it otherwise.

    It holds for the whole process, so not for a request.
    """
    first, second, third = gc.get_threshold()
    gc.set_threshold(max(first, _NEW_OBJECTS), second, third)
    try:
        yield
    finally:
        gc.set_threshold(first, second, third)
