"""Records read from a file and not yet saved, with what is wrong with each."""

import difflib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db.models import Model

from integrations.erp.fields.parsing import is_blank
from integrations.erp.fields.spec import Catalogue
from integrations.erp.fields.values import FieldError, finish_dates, store
from integrations.files.errors import RowError
from integrations.models import Syncable
from integrations.models.new_instances import blank

PART_NAMES = {"lines": "la línea", "payments": "el medio de pago"}


@dataclass
class Draft:
    """One record with its lines and payments, as the file has it. `row` is where it starts, from 1."""

    row: int
    record: Syncable
    parts: dict[str, list[Any]] = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)
    rows: list[Any] = field(default_factory=list)
    """The rows of a table that it was read from."""
    last_row: int = 0
    """Where it ends."""
    brings: Mapping[str, frozenset[str]] | None = None
    """Of a table: relation (empty: the record) → the columns that it fills, those of sparse JSON as `sag/zona`."""

    def new_part(self, relation: str) -> Any:
        """An unsaved line or payment of this record."""
        part: Any = blank(part_model(type(self.record), relation))
        part._state.fields_cache["movement"] = self.record
        part.position = len(self.parts.setdefault(relation, [])) + 1
        self.parts[relation].append(part)
        return part

    def finish_dates(self, target: Any, row: int) -> None:
        """Put the collected parts of dates together."""
        complete(self, target, row=row)

    def refuse_repeated_positions(self, row: int) -> None:
        """Two lines of one document with one number would be one line."""
        for relation, parts in self.parts.items():
            for position, times in Counter(part.position for part in parts).items():
                if times > 1:
                    name = PART_NAMES.get(relation, relation)
                    self.refuse(row, "", f"el documento trae {times} veces {name} {position}.")

    def refuse(self, row: int | None, name: str, message: str) -> None:
        self.errors.append(RowError(row, name, message))


@cache
def part_model(model: type[Syncable], relation: str) -> type[Model]:
    found: type[Model] = getattr(model, relation).rel.related_model
    return found


def fill(
    draft: Draft,
    target: Any,
    catalogue: Catalogue,
    values: Iterable[tuple[str, object]],
    *,
    row: int,
    where: str = "",
) -> None:
    """Store each value of one node or row; what can't be stored becomes an error of the draft."""
    for name, raw in values:
        spec = catalogue.by_spelling.get(name)
        if spec is None:
            draft.refuse(row, name, f"{where}el campo «{name}» no existe{_closest(name, catalogue)}.")
            continue
        if spec.source == "position" and is_blank(raw):
            continue  # a line without a number of its own is numbered by its place
        try:
            store(target, spec, raw)
        except FieldError as wrong:
            draft.refuse(row, spec.name, f"{where}{wrong}")


def complete(draft: Draft, target: Any, *, row: int, where: str = "") -> None:
    """Put the collected parts of dates together."""
    try:
        finish_dates(target)
    except FieldError as wrong:
        draft.refuse(row, wrong.field.name, f"{where}{wrong}")


def require(
    draft: Draft, target: Any, catalogue: Catalogue, names: Iterable[str], *, row: int, where: str = ""
) -> None:
    """The least that a record needs to be one."""
    for name in names:
        spec = catalogue.by_spelling[name]
        value = target
        for part in (spec.source or "").split("."):
            value = getattr(value, part, None)
        refused = any(error.row == row and error.field == name for error in draft.errors)
        if value in (None, "") and not refused:
            draft.refuse(row, name, f"{where}falta «{spec.label}» ({name}).")


def _closest(name: str, catalogue: Catalogue) -> str:
    near = difflib.get_close_matches(name, catalogue.by_spelling, n=1)
    return f". ¿Quiso decir «{near[0]}»?" if near else ""
