"""What a correction or a rule makes of one record, in memory: nothing here reads or saves."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from integrations.erp.fields.parsing import FieldError
from integrations.models import Correction, Syncable
from integrations.models.correction import FieldChange
from integrations.payloads.record_fields import Kept, Parts, RecordField, field_of, is_empty

Mode = Correction.Mode
FILLING = frozenset({Mode.FILL, Mode.FILL_COPY})
"""The modes that never write over what is there."""
COPYING = frozenset({Mode.COPY, Mode.FILL_COPY})
REPLACING = frozenset({Mode.REPLACE, Mode.REPLACE_PART})
KIND_OF_DOCUMENT = "policy_codes"
"""The key of a condition on what a document is, as sending policies name it: `F-1`, `F` or the fuente."""
KIND_OF_DOCUMENT_LABEL = "Comprobante o fuente (F-1, F, FV)"


class ChangeError(Exception):
    """A correction or a rule that can't be carried out as it is written, or not for this record. In Spanish."""


@dataclass(frozen=True)
class CellChange:
    """The old and the new value of one cell. `position` is that of its line; None: the record itself."""

    position: int | None
    old: Kept
    new: Kept

    def backwards(self) -> "CellChange":
        """The change that undoes it."""
        return CellChange(self.position, self.new, self.old)

    def as_data(self) -> dict[str, Any]:
        """As `CorrectionItem.changes` keeps it."""
        return {"position": self.position, "old": self.old, "new": self.new}


def changes_of(record: Syncable, change: "Change", parts: Parts | None = None) -> list[CellChange]:
    """What a change makes of a record, whose lines are loaded or `parts`; empty where it changes nothing.

    Raises: ChangeError, FieldError where a value does not serve; nothing of the record changes then either.
    """
    rows = change.field.rows_of(record, parts)
    return [cell for row in rows if (cell := _cell_change(record, row, change, parts)) is not None]


def _cell_change(record: Syncable, row: Any, change: "Change", parts: Parts | None) -> CellChange | None:
    """What it makes of one row of the field; None where that stays as it is. Raises: ChangeError, FieldError."""
    old = change.field.read(row)
    if (change.mode in FILLING and not is_empty(old)) or not change.is_met(record, row):
        return None
    new = change.new_value(record, row, old, parts)
    if new is None or change.field.says_the_same(old, new):
        return None
    return CellChange(getattr(row, "position", None), old, new)


def write(record: Syncable, field: RecordField, changes: Sequence[CellChange], parts: Parts | None = None) -> list[Any]:
    """Set the new values on a record and its lines, without saving; returns the rows that were changed."""
    by_position = {change.position: change for change in changes}
    changed = [row for row in field.rows_of(record, parts) if getattr(row, "position", None) in by_position]
    for row in changed:
        field.write(row, by_position[getattr(row, "position", None)].new)
    return changed


@dataclass(frozen=True)
class Change:
    """A correction or a rule with its keys resolved and its values understood, for many records."""

    field: RecordField
    mode: Mode
    value: Kept
    find: str
    sought: object
    """What is to be replaced as a whole, as `RecordField.comparable` has it."""
    source: RecordField | None
    is_met: Callable[[Syncable, Any], bool]
    """Whether a record, and one of its lines, are meant."""

    def new_value(self, record: Syncable, row: Any, old: Kept, parts: Parts | None) -> Kept:
        """What becomes of one cell; None where it stays as it is. Raises: FieldError, ChangeError."""
        if self.source is not None:
            return self._copied(record, row, parts)
        if self.mode == Mode.REPLACE:
            return self.value if self.field.comparable(old) == self.sought else None
        return self._with_part_replaced(old) if self.mode == Mode.REPLACE_PART else self.value

    def _with_part_replaced(self, old: Kept) -> Kept:
        text = str(old or "")
        replaced = re.sub(re.escape(self.find), lambda _: str(self.value), text, flags=re.IGNORECASE)
        return None if replaced == text else self.field.taken(replaced)

    def _copied(self, record: Syncable, row: Any, parts: Parts | None) -> Kept:
        """What the source says for this cell; of many lines, what those that say something agree in."""
        assert self.source is not None  # noqa: S101 - `new_value` asks
        rows = [row] if self.source.relation == self.field.relation else self.source.rows_of(record, parts)
        said = [kept for each in rows if not is_empty(kept := self.source.read(each))]
        if len({self.source.comparable(kept) for kept in said}) > 1:
            values = ", ".join(dict.fromkeys(self.source.shown(kept) for kept in said[:3]))
            raise ChangeError(f"En «{self.source.label}» hay valores distintos: {values}.")
        return self.field.taken(_as_text(said[0])) if said else None


def _as_text(kept: Kept) -> str:
    if isinstance(kept, bool):
        return "S" if kept else "N"
    return "" if kept is None else str(kept)


def resolved(written: FieldChange, mode: Mode | str, find: str = "") -> Change:
    """A correction or a rule, ready to be applied. Raises: ChangeError, FieldError where it can't be."""
    field = field_of(written.kind, written.field)
    if field is None:
        raise ChangeError("Elija el campo que se corrige.")
    mode = Mode(mode)
    source = _source_of(written, field) if mode in COPYING else None
    if mode in REPLACING and not find.strip():
        raise ChangeError("Escriba qué se busca.")
    sought = field.comparable(field.understood(find)) if mode == Mode.REPLACE else None
    return Change(field, mode, _value_of(written, field, mode), find, sought, source, _condition_of(written, field))


def _source_of(written: FieldChange, field: RecordField) -> RecordField:
    source = field_of(written.kind, written.copied_from)
    if source is None or source.key == field.key:
        raise ChangeError("Elija de qué otro campo se copia.")
    if field.relation and source.relation not in ("", field.relation):
        raise ChangeError(f"«{field.label}» no se puede copiar de «{source.label}»: son filas distintas.")
    return source


def _value_of(written: FieldChange, field: RecordField, mode: Mode) -> Kept:
    if mode in COPYING:
        return None
    if mode == Mode.REPLACE_PART:
        if not field.is_text:
            raise ChangeError(f"«{field.label}» no es un texto: reemplace el valor completo.")
        return written.value
    if not written.value.strip():
        raise ChangeError("Escriba el valor.")
    return field.understood(written.value)


def _condition_of(written: FieldChange, field: RecordField) -> Callable[[Syncable, Any], bool]:
    if not written.condition_field:
        return lambda _record, _row: True
    sought = written.condition_value.strip()
    if not sought:
        raise ChangeError("Escriba a qué es igual el campo de la condición.")
    if written.condition_field == KIND_OF_DOCUMENT:
        return lambda record, _row: any(_matches(code, sought) for code in record.policy_codes())
    condition = field_of(written.kind, written.condition_field)
    if condition is None or condition.relation not in ("", field.relation):
        raise ChangeError("La condición se pone sobre el documento, o sobre la misma línea que se llena.")
    return lambda record, row: _is_met_by(condition, record, row, sought)


def _is_met_by(condition: RecordField, record: Syncable, row: Any, sought: str) -> bool:
    kept = condition.read(row if condition.relation else record)
    return not is_empty(kept) and (
        _matches(str(kept), sought) or condition.comparable(kept) == _understood_or_none(condition, sought)
    )


def _understood_or_none(condition: RecordField, sought: str) -> object:
    try:
        return condition.comparable(condition.understood(sought))
    except FieldError:
        return None


def _matches(text: str, sought: str) -> bool:
    """`5105*` matches what begins so, `*` whatever is written."""
    text, sought = text.strip().casefold(), sought.casefold()
    return text.startswith(sought[:-1]) if sought.endswith("*") else text == sought
