"""Records read from a file and not yet saved, with the errors of each."""

import difflib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db.models import Model

from integrations.erp.fields.parsing import is_blank
from integrations.erp.fields.spec import Catalogue, Field
from integrations.erp.fields.values import FieldError, finish_dates, store
from integrations.files.errors import RowError
from integrations.files.identity_questions import Question
from integrations.models import Syncable
from integrations.models.new_instances import blank
from integrations.payloads.filling import Filled

PART_NAMES = {"lines": "la línea", "payments": "el medio de pago"}


@dataclass
class Draft:
    """One record with its lines and payments, as a file has it. `row` is its first row, from 1."""

    row: int
    record: Syncable
    parts: dict[str, list[Any]] = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)
    rows: list[Any] = field(default_factory=list)
    """What it was read from: rows of a table, or (number, object or element) pairs."""
    last_row: int = 0
    """Its last row in a table, else 0."""
    convert: Callable[[Field, object], object] | None = None
    """What each value of `fill` is made of before it is stored; it may raise FieldError."""
    brings: Mapping[str, frozenset[str]] | None = None
    """Relation (empty: the record) → the columns that the file fills, those of sparse JSON as `sag/zona`.

    None: the file has the whole document.
    """
    filled: list[Filled] = field(default_factory=list)
    """What the rules of the company filled in (`rule_filling`)."""
    question: Question | None = None
    """What only a person can say about which document it is."""
    answer: str = ""
    """What they said (`identity_questions`), knowing of the records `known`."""
    known: frozenset[int] = frozenset()

    def new_part(self, relation: str) -> Any:
        """Add an unsaved line or payment, numbered after the ones before it."""
        part: Any = blank(part_model(type(self.record), relation))
        part._state.fields_cache["movement"] = self.record
        part.position = len(self.parts.setdefault(relation, [])) + 1
        self.parts[relation].append(part)
        return part

    def refuse(self, row: int | None, name: str, message: str) -> None:
        """Add an error of a row and a field (empty: the row as a whole)."""
        self.errors.append(RowError(row, name, message))

    def refuse_repeated_positions(self, row: int) -> None:
        """Add an error for each position that two lines, or two payments, share."""
        for relation, parts in self.parts.items():
            for position, times in Counter(part.position for part in parts).items():
                if times > 1:
                    name = PART_NAMES.get(relation, relation)
                    self.refuse(row, "", f"el documento trae {times} veces {name} {position}.")

    def fill(
        self, target: Any, catalogue: Catalogue, values: Iterable[tuple[str, object]], *, row: int, where: str = ""
    ) -> None:
        """Store (name, value) pairs of a row in the record or a part; `where` («línea 3: ») stands before errors."""
        for name, value in values:
            field = catalogue.by_spelling.get(name)
            if field is None:
                self.refuse(row, name, f"{where}el campo «{name}» no existe{_suggestion(name, catalogue)}.")
            elif field.source != "position" or not is_blank(value):  # a line without a number keeps its place's
                self._store(target, field, value, row, where)

    def _store(self, target: Any, field: Field, value: object, row: int, where: str) -> None:
        try:
            store(target, field, self.convert(field, value) if self.convert else value)
        except FieldError as wrong:
            self.refuse(row, field.name, f"{where}{wrong}")

    def finish_dates(self, target: Any, *, row: int, where: str = "") -> None:
        """Make dates of the years, months and days that were stored in the record or a part."""
        try:
            finish_dates(target)
        except FieldError as wrong:
            self.refuse(row, wrong.field.name, f"{where}{wrong}")

    def require(self, target: Any, catalogue: Catalogue, names: Iterable[str], *, row: int, where: str = "") -> None:
        """Add an error for each required field that is empty in the record or a part."""
        for name in names:
            field = catalogue.by_spelling[name]
            value = target
            for attribute in (field.source or "").split("."):
                value = getattr(value, attribute, None)
            is_refused = any(error.row == row and error.field == name for error in self.errors)
            if value in (None, "") and not is_refused:
                self.refuse(row, name, f"{where}falta «{field.label}» ({name}).")


@cache
def part_model(model: type[Syncable], relation: str) -> type[Model]:
    """The model of a relation's lines or payments."""
    related: type[Model] = getattr(model, relation).rel.related_model
    return related


def _suggestion(name: str, catalogue: Catalogue) -> str:
    near = difflib.get_close_matches(name, catalogue.by_spelling, n=1)
    return f". ¿Quiso decir «{near[0]}»?" if near else ""
