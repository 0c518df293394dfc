"""The fields of a kind of record that may be put right in bulk or filled in by rule, each under a key that is stored.

`source_code` is a column of the record, `lines.tax_id` one of its lines; `sag/Zona` and `lines.siigo/zone_code` are
what only one ERP knows, in the sparse JSON.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from integrations.choices import Kind, Target
from integrations.erp.exports import attribute_of, by_position, catalogues_of
from integrations.erp.fields.columns import require_fits
from integrations.erp.fields.labels import sentence_case
from integrations.erp.fields.money import colombian
from integrations.erp.fields.parsing import FieldError, is_blank, literal_of, parse
from integrations.erp.fields.spec import Field, ValueType, WireType
from integrations.erp.fields.typed_text import as_parsed, without_thousands
from integrations.erp.fields.values import shortest_number
from integrations.models import Syncable
from integrations.models.record_content import SPARSE_COLUMNS, content_columns
from integrations.models.syncable import model_for
from integrations.models.tax_id_column import reading_of

Parts = Mapping[str, Sequence[Any]]
"""Relation → the lines or payments of a record."""
Kept = str | int | bool | None
"""A value as JSON keeps it: a decimal and a date as text; None: not set."""
EMPTY = "vacío"
_FORMS: tuple[tuple[type[Any], ValueType], ...] = (
    (models.DateField, ValueType.DATE),
    (models.BooleanField, ValueType.FLAG),
    (models.DecimalField, ValueType.DECIMAL),
    (models.IntegerField, ValueType.INTEGER),
)
_RELATION_LABELS = {"": "Documento", "lines": "Líneas", "payments": "Medios de pago"}


@dataclass(frozen=True)
class RecordField:
    """One field of a record, or of its lines. `relation` is empty for the record; `sparse_in` for a column.

    `label` names it among all fields of its kind, `group` is the heading under which it is offered. Spanish.
    """

    key: str
    model: type[models.Model]
    relation: str
    field: Field
    sparse_in: str
    label: str
    group: str
    marks: tuple[tuple[str, str], ...]
    """(JSON column, wire name) under which a file's explicitly empty text is kept."""

    @property
    def column(self) -> str:
        """The column of the table that holds it."""
        return self.sparse_in or self.field.name

    @property
    def choices(self) -> Sequence[tuple[str, str]]:
        """(value, words) of the only values that it may have; empty: any."""
        if self.sparse_in:
            meanings = dict(self.field.meanings)
            return [(value, meanings.get(value, value)) for value in self.field.allowed]
        return list(getattr(self._column, "choices", None) or ())

    @property
    def _column(self) -> Any:
        return self.model._meta.get_field(self.field.name)

    def rows_of(self, record: Syncable, parts: Parts | None = None) -> Sequence[Any]:
        """What has the field: the record, or its lines in their order; `parts` are those of a record not yet saved."""
        if not self.relation:
            return [record]
        return by_position(record, self.relation) if parts is None else parts.get(self.relation, ())

    def read(self, row: Any) -> Kept:
        """What a row has of it."""
        if self.sparse_in:
            text: str | None = getattr(row, self.sparse_in).get(self.field.name)
            return text
        value = getattr(row, self.field.name)
        return str(value) if isinstance(value, Decimal | date) else value

    def write(self, row: Any, kept: Kept) -> None:
        """Set, without saving, what `read` or `understood` returned."""
        if not self.sparse_in:
            setattr(row, self.field.name, self._column.to_python(kept))
            return
        values = {name: text for name, text in getattr(row, self.sparse_in).items() if name != self.field.name}
        # A new dict: a form's initial values may share the old one.
        setattr(row, self.sparse_in, values if kept is None else {**values, self.field.name: kept})

    def understood(self, text: str) -> Kept:
        """What a person typed, as it is kept. Raises: FieldError, in Spanish, where it is no value of this field."""
        return self.taken(as_parsed(self.field, without_thousands(self.field, text.strip())))

    def taken(self, text: str) -> Kept:
        """The same for a text in the form that `parse` takes."""
        value = parse(self.field, text)
        if self.sparse_in:
            return literal_of(self.field, text)
        require_fits(self.model(), self.field.name, self.field, value)
        try:
            self._column.clean(value, None)
        except ValidationError as wrong:
            raise FieldError(self.field, text, f"«{text}»: {' '.join(wrong.messages)}") from wrong
        return str(value) if isinstance(value, Decimal | date) else value

    def comparable(self, kept: Kept) -> object:
        """Equal for two kept values that say the same: 10.00 is 10, `fv` is FV."""
        value = self._parsed(kept)
        return value.strip().casefold() if isinstance(value, str) else value

    def _parsed(self, kept: Kept) -> Any:
        """A kept text as the value that it says; as it is, where it says none of the field."""
        try:
            return parse(self.field, kept) if isinstance(kept, str) else kept
        except FieldError:
            return kept

    def is_left_empty(self, row: Any) -> bool:
        """Whether a file says that there is nothing: the blank text that an ERP's own format has there."""
        return any(name in getattr(row, sparse_in) for sparse_in, name in self.marks)

    @property
    def is_text(self) -> bool:
        """Whether anything may be written there, so that a part of it can be replaced."""
        return self.field.value_type is ValueType.TEXT and not self.choices

    def says_the_same(self, first: Kept, second: Kept) -> bool:
        """Whether two kept values are equal; a text is only equal to itself, letter by letter."""
        return first == second or (not self.is_text and self.comparable(first) == self.comparable(second))

    def typed(self, kept: Kept) -> str:
        """A kept value as a person types it: what `understood` takes for the same."""
        if self.field.value_type is ValueType.DECIMAL and kept is not None:
            return format(Decimal(shortest_number(kept)), "f").replace(".", ",")
        return self.shown(kept)

    def shown(self, kept: Kept) -> str:
        """A kept value in words for staff."""
        if is_blank(kept):
            return EMPTY
        value = self._parsed(kept)
        if isinstance(value, bool):
            return "sí" if value else "no"
        if isinstance(value, Decimal):
            return colombian(shortest_number(value))
        return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)


def is_empty(kept: Kept) -> bool:
    """Whether nothing is written there; a no and a 0 are something."""
    return is_blank(kept)


@cache
def fields_of(kind: Kind | str) -> dict[str, RecordField]:
    """Key → field, in the order in which they are offered: the columns of the record, of its lines, what is sparse."""
    model = model_for(kind)
    found = [field for relation in ("", *model.part_relations) for field in _columns(model, relation)]
    found += [field for target in model.exports for field in _sparse(model, Target(target))]
    return {field.key: field for field in found}


def field_of(kind: Kind | str, key: str) -> RecordField | None:
    """The field of a key that was stored; None where it is no field any more."""
    return fields_of(kind).get(key) if kind in Kind.values else None


def _model_of(model: type[Syncable], relation: str) -> Any:
    return getattr(model, relation).rel.related_model if relation else model


def _columns(model: type[Syncable], relation: str) -> Iterator[RecordField]:
    owner = _model_of(model, relation)
    left_out = {*SPARSE_COLUMNS, *model.natural_key_columns, *owner.one_by_one_columns, "position"}
    for name in content_columns(owner):
        if name in left_out:
            continue
        field = _field_of_column(owner._meta.get_field(name))
        key = f"{relation}.{name}" if relation else name
        shown = _of_relation(field.label, relation)
        marks = tuple(_sent_as(model, relation, name))
        yield RecordField(key, owner, relation, field, "", shown, _RELATION_LABELS[relation], marks)


def _field_of_column(column: Any) -> Field:
    """A column as a field that a person may type: its form is its type's."""
    name, label = column.attname, sentence_case(str(column.verbose_name))
    form = next((form for kind, form in _FORMS if isinstance(column, kind)), ValueType.TEXT)
    return Field(name, label, form, WireType.STRING, source=name, sample=_sample(form), **reading_of(column))


def _sent_as(model: type[Syncable], relation: str, name: str) -> Iterator[tuple[str, str]]:
    """(JSON column, wire name) of what the ERPs call a column of a part."""
    for export in model.exports.values():
        for part, catalogue in catalogues_of(export):
            for field in catalogue:
                if part == relation and field.source == name:
                    yield field.sparse_in, field.name


def _sample(form: ValueType) -> str:
    return {ValueType.DATE: "31/12/2026", ValueType.FLAG: "S"}.get(form, "")


def _sparse(model: type[Syncable], target: Target) -> Iterator[RecordField]:
    for relation, catalogue in catalogues_of(model.exports[target]):
        owner = _model_of(model, relation)
        for field in catalogue.sparse:
            if not field.derived:
                name = f"{field.sparse_in}/{field.name}"
                key = f"{relation}.{name}" if relation else name
                label = f"{target.label}: {sentence_case(field.label)}"
                group = f"Solo de {target.label}: {field.section.lower() or 'otros'}"
                shown, marks = _of_relation(label, relation), ((field.sparse_in, field.name),)
                yield RecordField(key, owner, relation, field, field.sparse_in, shown, group, marks)


def _of_relation(label: str, relation: str) -> str:
    return f"{label} ({_RELATION_LABELS[relation].lower()})" if relation else label


@cache
def _keys_by_wire_name(kind: Kind | str, target: Target | str) -> dict[str, str]:
    """Wire name of an ERP's field → key; without what no column and no sparse value holds alone."""
    known = fields_of(kind)
    keys: dict[str, str] = {}
    for relation, catalogue in catalogues_of(model_for(kind).exports[Target(target)]):
        for field in catalogue:
            owner, path = attribute_of(relation, field)
            name = path.partition(".")[0] or f"{field.sparse_in}/{field.name}"
            key = f"{owner}.{name}" if owner else name
            if key in known:
                keys.setdefault(field.name, key)
    return keys


def key_of_wire_name(kind: Kind | str, target: Target | str, wire_name: str) -> str:
    """The key of what an ERP calls by this name, as a local check tells it; empty where it is no field to correct."""
    return _keys_by_wire_name(kind, target).get(wire_name, "")
