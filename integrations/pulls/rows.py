"""A row as the ERP gave it, read with a plan's columns: our fields as text, its hash, or what is wrong with it."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import models

from integrations.erp.registers import KEY, NAME, Part, Reading
from integrations.models import Syncable
from integrations.pulls.plans import fields_of, model_of, required_fields

YES, NO = frozenset({"s", "si", "sí", "1", "true", "y"}), frozenset({"n", "no", "0", "false"})
Convert = Callable[[str], Any]


class RowError(ValueError):
    """A row that can't be kept. `field` is Spanish; the text says what to do."""

    def __init__(self, key: str, name: str, message: str) -> None:
        super().__init__(message)
        self.key, self.name = key, name


@dataclass(slots=True)
class PulledRow:
    """What one row says. `facts` are our fields as text; `values` the same as a record's columns hold them."""

    key: str
    code: str
    name: str
    facts: dict[str, str]
    raw: dict[str, Any]
    raw_hash: str
    values: dict[str, Any] = field(default_factory=dict)


class RowReader:
    """Reads the rows of one register. Made once for a read: what it needs of the model is looked up once."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._labels = fields_of(reading.register)
        self._required = required_fields(reading.register)
        self._converts = _converters(model_of(reading.register), reading)
        self._signature = json.dumps(sorted(reading.columns.items())).encode()

    def read(self, given: Mapping[str, Any]) -> PulledRow:
        """Raises RowError for a row without its key, or with a value that its field can't hold."""
        raw = {str(name).lower(): _plain(value) for name, value in given.items()}
        facts = {name: _cell(raw, parts) for name, parts in self._reading.parts.items()}
        key = facts.pop(KEY, "")
        for name in self._required:
            if not (key if name == KEY else facts.get(name)):
                raise RowError(key, self._labels[name], self._without(name))
        values = {name: self._converted(key, name, convert, facts) for name, convert in self._converts.items()}
        code = facts[self._required[-1]]
        if self._reading.keeps_every_column:
            facts |= {name: _text(value) for name, value in raw.items()}
        return PulledRow(key[:120], code[:120], facts.get(NAME, "")[:250], facts, raw, self._hash(raw), values)

    def _without(self, name: str) -> str:
        column = self._reading.columns[name]
        return f"La fila no trae «{self._labels[name]}» (columna {column}). Corríjala en el ERP, o la columna aquí."

    def _converted(self, key: str, name: str, convert: Convert, facts: Mapping[str, str]) -> Any:
        try:
            return convert(facts[name])
        except (ValueError, InvalidOperation) as wrong:
            label = self._labels[name]
            told = f"«{label}» no puede ser «{facts[name][:60]}»: {wrong} Corríjalo en el ERP o cambie la columna."
            raise RowError(key, label, told) from None

    def _hash(self, raw: Mapping[str, Any]) -> str:
        """Of the row and of how it is read: other columns make every row worth looking at again."""
        told = json.dumps(raw, sort_keys=True, ensure_ascii=False).encode()
        return hashlib.blake2b(told, key=hashlib.blake2b(self._signature, digest_size=32).digest(),
                               digest_size=32).hexdigest()  # fmt: skip


def _plain(value: Any) -> Any:
    """As JSON keeps it, without losing a digit; a NIT that came as 800111222.0 is a whole number."""
    if isinstance(value, str):
        return value.replace("\0", "").strip()
    if isinstance(value, Decimal | float):
        number = Decimal(str(value))
        return int(number) if number.is_finite() and number == number.to_integral_value() else str(value)
    return value


def _cell(raw: Mapping[str, Any], parts: tuple[Part, ...]) -> str:
    """The text of one column, or of several that make a code; empty where the first one is."""
    if len(parts) == 1 and not parts[0].width:
        return _text(raw.get(parts[0].column))
    texts = [_text(raw.get(part.column)) for part in parts]
    if not texts[0]:
        return ""
    return "".join(text.zfill(part.width) for text, part in zip(texts, parts, strict=True))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "S" if value else "N"
    return str(value)


def _converters(model: type[Syncable] | None, reading: Reading) -> dict[str, Convert]:
    if model is None:
        return {}
    return {name: _converter(model._meta.get_field(name)) for name in reading.columns if name != KEY}


def _converter(column: Any) -> Convert:
    if isinstance(column, models.BooleanField):
        return _flag(bool(column.get_default()))
    if isinstance(column, models.DecimalField):
        return _number(column)
    return _fitting(column.max_length or 0)


def _flag(unsaid: bool) -> Convert:
    def convert(text: str) -> bool:
        said = text.casefold()
        if said and said not in YES and said not in NO:
            raise ValueError("debe ser S o N.")
        return said in YES if said else unsaid

    return convert


def _number(column: Any) -> Convert:
    step = Decimal(1).scaleb(-column.decimal_places)
    most = Decimal(10) ** (column.max_digits - column.decimal_places)

    def convert(text: str) -> Decimal | None:
        if not text:
            return None
        try:
            number = Decimal(text)
        except InvalidOperation:
            raise ValueError("debe ser un número.") from None
        if not number.is_finite() or abs(number) >= most:
            raise ValueError("es un número demasiado grande.")
        return number.quantize(step)

    return convert


def _fitting(room: int) -> Convert:
    def convert(text: str) -> str:
        if room and len(text) > room:
            raise ValueError(f"tiene {len(text)} letras y caben {room}.")
        return text

    return convert
