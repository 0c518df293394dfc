"""How often Python looks for cycles among its objects."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_NEW_OBJECTS = 200_000
"""Some forty megabytes of records: more than a chunk of a file. Python itself looks after every 700."""


@contextmanager
def seldom_sought() -> Iterator[None]:
    """Look for cycles less often while the block makes records by the thousand.

    They hold hardly any, and a fifth of an import went into looking. Of the whole process, so not for a request.
    """
    first, second, third = gc.get_threshold()
    gc.set_threshold(max(first, _NEW_OBJECTS), second, third)
    try:
        yield
    finally:
        gc.set_threshold(first, second, third)
