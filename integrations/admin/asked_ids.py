"""Ids in addresses and forms, which anybody may have written: what names nothing is not there, and no error."""

from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404

_LONGEST = 18
"""Digits of an id that every database can look for."""
Row = TypeVar("Row", bound=Model)


def id_in(text: object) -> int | None:
    """The number of a text; None for what is no id."""
    written = str(text)
    is_id = written.isascii() and written.isdigit() and len(written) <= _LONGEST
    return int(written) if is_id else None


def by_id(rows: QuerySet[Row], asked: object) -> Row | None:
    """The row with a primary key, a number or a UUID; None where there is none, or the text can't be one."""
    key: Any = rows.model._meta.pk
    try:
        value = key.to_python(asked)
    except ValidationError:
        return None
    if isinstance(value, int) and id_in(value) is None:
        return None
    return rows.filter(pk=value).first()


def by_id_or_404(rows: QuerySet[Row], asked: object) -> Row:
    """The same. Raises: Http404 where there is none."""
    row = by_id(rows, asked)
    if row is None:
        raise Http404
    return row
