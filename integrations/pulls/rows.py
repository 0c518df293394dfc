"""Read a row of an ERP with the columns of a plan: our fields as text and as values, its hash, or its error."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import models

from integrations.erp import tax_ids
from integrations.erp.equality import number_in
from integrations.erp.registers import KEY, NAME, ColumnPart, RegisterReading
from integrations.models import Syncable
from integrations.models.tax_id_column import TaxIdColumn
from integrations.pulls.plans import fields_of, model_of, required_fields

_DIGIT = "check_digit"
YES, NO = frozenset({"s", "si", "sí", "1", "true", "y"}), frozenset({"n", "no", "0", "false"})
Convert = Callable[[str], Any]


class RowError(ValueError):
    """A row that can't be stored: its key, the Spanish name of the field, and a text that says what to do."""

    def __init__(self, key: str, name: str, message: str) -> None:
        super().__init__(message)
        self.key, self.name = key, name


@dataclass(slots=True)
class PulledRow:
    """One row as read. `facts` are our fields as text; `values` the same as a record's columns store them."""

    key: str
    code: str
    name: str
    facts: dict[str, str]
    raw: dict[str, Any]
    raw_hash: str
    values: dict[str, Any] = field(default_factory=dict)


class RowReader:
    """Reads the rows of one register; made once for a run, because it looks the model's columns up."""

    def __init__(self, reading: RegisterReading) -> None:
        self._reading = reading
        self._labels = fields_of(reading.register)
        self._required = required_fields(reading.register)
        self._converts = _converters(model_of(reading.register), reading)
        self._tax_ids = _tax_ids(model_of(reading.register), reading)
        columns = json.dumps(sorted(reading.columns.items())).encode()
        self._hash_key = hashlib.blake2b(columns, digest_size=32).digest()

    def read(self, row: Mapping[str, Any]) -> PulledRow:
        """Read a row, column name → value. Raises: RowError where its key is missing, or a value does not fit."""
        raw = {str(name).lower(): _json_value(value) for name, value in row.items()}
        facts = {name: _cell(raw, parts) for name, parts in self._reading.parts.items()}
        key = facts.pop(KEY, "")
        self._require(key, facts)
        for name in self._tax_ids:
            facts |= self._plain_tax_id(key, name, facts)
        values = {name: self._converted(key, name, convert, facts) for name, convert in self._converts.items()}
        code = facts[self._required[-1]]
        facts |= self._every_column(raw)
        return PulledRow(key[:120], code[:120], facts.get(NAME, "")[:250], facts, raw, self._hash(raw), values)

    def _require(self, key: str, facts: Mapping[str, str]) -> None:
        """Raises: RowError where what every row of the register must have is empty."""
        for name in self._required:
            if not (key if name == KEY else facts.get(name)):
                raise RowError(key, self._labels[name], self._missing(name))

    def _every_column(self, raw: Mapping[str, Any]) -> dict[str, str]:
        """All columns as facts, where the register keeps those that no field reads too."""
        return {name: _text(value) for name, value in raw.items()} if self._reading.keeps_every_column else {}

    def _plain_tax_id(self, key: str, name: str, facts: Mapping[str, str]) -> dict[str, str]:
        """The fact as records store it, and the check digit that stood behind it where the row has none apart."""
        try:
            found = tax_ids.read(facts[name], letters=True)
        except tax_ids.WrongDigitError as wrong:
            message = f"«{facts[name][:60]}» no sirve. {wrong} Corríjalo en el ERP o cambie la columna."
            raise RowError(key, self._labels[name], message) from None
        except tax_ids.TaxIdError:
            return {}  # the ERP is the authority: what nobody here would write stays as it has it
        is_apart = bool(facts.get(_DIGIT, "-"))
        return {name: found.number} | ({} if is_apart else {_DIGIT: found.written_digit})

    def _missing(self, name: str) -> str:
        column = self._reading.columns[name]
        return f"La fila no trae «{self._labels[name]}» (columna {column}). Corríjala en el ERP, o la columna aquí."

    def _converted(self, key: str, name: str, convert: Convert, facts: Mapping[str, str]) -> Any:
        try:
            return convert(facts[name])
        except (ValueError, InvalidOperation) as wrong:
            label = self._labels[name]
            message = f"«{label}» no puede ser «{facts[name][:60]}»: {wrong} Corríjalo en el ERP o cambie la columna."
            raise RowError(key, label, message) from None

    def _hash(self, raw: Mapping[str, Any]) -> str:
        """Of the row and of the plan's columns: with other columns, every row is compared again."""
        content = json.dumps(raw, sort_keys=True, ensure_ascii=False).encode()
        return hashlib.blake2b(content, key=self._hash_key, digest_size=32).hexdigest()


def _json_value(value: Any) -> Any:
    """A value that JSON stores exactly; a NIT that came as 800111222.0 becomes a whole number."""
    if isinstance(value, str):
        return value.replace("\0", "").strip()
    if isinstance(value, Decimal | float):
        number = Decimal(str(value))
        return int(number) if number.is_finite() and number == number.to_integral_value() else str(value)
    return value


def _cell(raw: Mapping[str, Any], parts: tuple[ColumnPart, ...]) -> str:
    """The text of one column, or of several that make a code; empty where the first of them is."""
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


def _converters(model: type[Syncable] | None, reading: RegisterReading) -> dict[str, Convert]:
    if model is None:
        return {}
    return {name: _converter(model._meta.get_field(name)) for name in reading.columns if name != KEY}


def _tax_ids(model: type[Syncable] | None, reading: RegisterReading) -> tuple[str, ...]:
    """The fields that hold a document's number, not a code that a connection translates."""
    if model is None:
        return ()
    columns = {name: model._meta.get_field(name) for name in reading.columns if name != KEY}
    return tuple([name for name, column in columns.items() if isinstance(column, TaxIdColumn) and not column.own_code])


def _converter(column: Any) -> Convert:
    if isinstance(column, models.BooleanField):
        return _flag(bool(column.get_default()))
    if isinstance(column, models.DecimalField):
        return _number(column)
    return _text_within(column.max_length or 0)


def _flag(default: bool) -> Convert:
    def convert(text: str) -> bool:
        answer = text.casefold()
        if answer and answer not in YES and answer not in NO:
            raise ValueError("debe ser S o N.")
        return answer in YES if answer else default

    return convert


def _number(column: Any) -> Convert:
    step = Decimal(1).scaleb(-column.decimal_places)
    most = Decimal(10) ** (column.max_digits - column.decimal_places)

    def convert(text: str) -> Decimal | None:
        if not text:
            return None
        try:
            number = number_in(text)
        except InvalidOperation:
            raise ValueError("debe ser un número.") from None
        if not number.is_finite() or abs(number) >= most:
            raise ValueError("es un número demasiado grande.")
        return number.quantize(step)

    return convert


def _text_within(most: int) -> Convert:
    def convert(text: str) -> str:
        if most and len(text) > most:
            raise ValueError(f"tiene {len(text)} letras y caben {most}.")
        return text

    return convert
