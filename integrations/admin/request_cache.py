"""Values that are read once for each request."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from django.http import HttpRequest

T = TypeVar("T")


def read_once(request: HttpRequest, key: Hashable, read: Callable[[], T]) -> T:
    """What `read` returned when this request first asked for `key`."""
    cache: dict[Hashable, Any] = request.__dict__.setdefault("_read_once", {})
    if key not in cache:
        cache[key] = read()
    value: T = cache[key]
    return value
