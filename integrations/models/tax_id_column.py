"""Columns that hold the number of an identity document: their forms, tables and pulls read it as people write it."""

from typing import Any

from django.db import models

_OWN_CODE = "own"
"""Stands where a field of the catalogue says which kind of code it is: the column holds a code of ours."""


class TaxIdColumn(models.CharField):  # type: ignore[type-arg]
    """A text column with a NIT or another document's number, stored plain: `800111222` (`erp.tax_ids`).

    `letters`: it takes a passport too. `own_code`: it may be a code of our own that a connection translates, such as a
    salesperson's, and what is no document number stays as it was written. The database knows nothing of either.
    """

    def __init__(self, *args: Any, letters: bool = False, own_code: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.letters, self.own_code = letters, own_code

    def deconstruct(self) -> Any:
        """As a plain text column: what is read into it is no matter of a migration."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


def reading_of(column: Any) -> dict[str, Any]:
    """The attributes of a catalogue `Field` by which a column's values are read; none for other columns."""
    if not isinstance(column, TaxIdColumn):
        return {}
    own = {"coded": _OWN_CODE} if column.own_code else {}
    return {"is_tax_id": True, "digits_only": not (column.letters or column.own_code), **own}
