"""A database that fails on what a task does, as a broken index would; the jobs themselves are written."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

JOBS = "integrations_backgroundjob"


class BrokenError(RuntimeError):
    """What nobody foresaw. Its text is no text for staff."""


@contextmanager
def first_query_raises(error: Exception | None = None, times: int = 1) -> Iterator[None]:
    """The first query, or the first `times`, that is about anything but jobs raises `error`."""
    left = times

    def refuse(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal left
        # Of an UPDATE that fails the whole transaction is lost, which here is the test's own.
        if left and JOBS not in sql and sql.startswith("SELECT"):
            left -= 1
            raise error or BrokenError("relation «secret» at 0x7f")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        yield


@contextmanager
def job_queries_raise(error: Exception, times: int) -> Iterator[None]:
    """The first `times` queries about jobs raise `error`."""
    left = times

    def refuse(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal left
        if left and JOBS in sql:
            left -= 1
            raise error
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        yield
