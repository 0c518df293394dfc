"""The columns of a table of records, the same for whoever writes one and whoever reads it.

One row per line of a movement, with the document's columns repeated in each; each means of payment is a row of
its own after the lines. A master is one row. A fact that a column of the record holds is one column, whichever
ERP takes it; what only one ERP knows is headed «Siigo: …» or «SAG: …».
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from operator import attrgetter
from typing import Any

from django.db import models

from integrations.choices import Kind, Target
from integrations.erp.exports import SagExport, SiigoExport
from integrations.erp.fields.columns import require_fits
from integrations.erp.fields.parsing import is_blank, parse
from integrations.erp.fields.spec import Catalogue, Field, ValueType, WireType
from integrations.erp.fields.storing import store
from integrations.files.cell_text import Cell, cell_of, normal
from integrations.files.drafts import part_model
from integrations.files.record_content import columns_of as content_columns
from integrations.models import Syncable
from integrations.models.syncable import model_for

DOCUMENT = ""
"""The part of a column that belongs to the record itself; the others are the name of a relation."""
IDENTITY = {"external_id": "Identificación en el origen", "origin": "Origen"}
EXAMPLE = "EJEMPLO"
"""A row whose «Nota» begins so is the example of a template: it is passed over."""
NOTE = "Nota"
SHOWN_ONLY = (NOTE, "Nombre del tercero", "Estado en Siigo", "Estado en SAG")
"""Headings that are written for people and passed over when the table comes back."""
_PREFIX = {"lines": "línea", "payments": "medio de pago"}
_PAYMENT = "Medio de pago"


@dataclass(frozen=True)
class Column:
    """One column. `field` says how its value is read, checked and written.

    `held_in` is `siigo` or `sag` for what lives in the record's sparse JSON; empty for a column of the record.
    """

    heading: str
    part: str
    field: Field
    held_in: str = ""
    explained: str = ""

    @property
    def name(self) -> str:
        """The wire name, or the attribute of a column of the record."""
        return self.field.name

    def reader(self) -> Callable[[Any], Cell]:
        """A function from a record, a line or a payment to what it holds of the column; None: not set."""
        field, name = self.field, self.field.name
        if self.held_in:
            sparse_of = attrgetter(self.held_in)
            return lambda row: cell_of(field, sparse_of(row).get(name))
        held_by = attrgetter(name)
        if field.value_type is ValueType.TEXT:
            return lambda row: held_by(row) or None
        return lambda row: cell_of(field, held_by(row))

    def put(self, row: Any, given: Cell) -> None:
        """Keep what a cell brings; None leaves the record as it is, a blank text is "set and empty".

        Raises: FieldError where it is not a value of the field, or has no room.
        """
        if given is None:
            return
        if not self.held_in:
            self._assign(row, given)
        elif self.field.source is not None and is_blank(given):
            getattr(row, self.held_in)[self.name] = given
        else:
            store(row, self.field, given)

    def _assign(self, row: Any, given: Cell) -> None:
        value = parse(self.field, given)
        if value is not None:
            require_fits(row, self.name, self.field, value)
            setattr(row, self.name, value)


@cache
def columns_of(kind: Kind | str) -> tuple[Column, ...]:
    """Every column that a table of a kind may have: the record's, then each ERP's own. Headings are unique."""
    model = model_for(kind)
    own = [column for part in _parts(model) for column in _record_columns(model, part)]
    erp = [column for target in model.exports for column in _erp_columns(model, target)]
    return tuple(_apart(own + erp))


def _parts(model: type[Syncable]) -> tuple[str, ...]:
    return (DOCUMENT, *model.part_relations)


def _model_of(model: type[Syncable], part: str) -> type[models.Model]:
    return part_model(model, part) if part else model


def _record_columns(model: type[Syncable], part: str) -> Iterator[Column]:
    owner = _model_of(model, part)
    labels = _official_labels(model, part)
    wanted = content_columns(owner)
    identity = [name for name in IDENTITY if hasattr(owner, name)]
    for name in (*identity, *(name for name in wanted if name not in identity)):
        column: Any = owner._meta.get_field(name)
        if isinstance(column, models.JSONField):
            continue
        told = labels.get(name)
        heading = IDENTITY.get(name) or (sentence(told.label) if told else sentence(str(column.verbose_name)))
        if part == "payments" and heading != _PAYMENT:
            heading = f"{_PAYMENT}: {_lower(heading)}"
        yield Column(heading, part, _plain_field(name, column, heading, told), explained=_explained(column, told))


_FORMS: tuple[tuple[type[Any], ValueType], ...] = (
    (models.DateField, ValueType.DATE),
    (models.BooleanField, ValueType.FLAG),
    (models.DecimalField, ValueType.DECIMAL),
    (models.IntegerField, ValueType.INTEGER),
)


def _plain_field(name: str, column: Any, label: str, told: Field | None) -> Field:
    form = next((form for kind, form in _FORMS if isinstance(column, kind)), ValueType.TEXT)
    return Field(name, label, form, WireType.STRING, source=name, sample=_sample(form, told))


def _sample(form: ValueType, told: Field | None) -> str:
    if told is None:
        return {ValueType.DATE: "2026-03-10", ValueType.FLAG: "N"}.get(form, "")
    return told.sample.replace("/", "-") if form is ValueType.DATE else told.sample


def _explained(column: Any, told: Field | None) -> str:
    return (told.help if told else "") or str(column.help_text)


def _official_labels(model: type[Syncable], part: str) -> dict[str, Field]:
    """Attribute → the row of an ERP that says how staff know it: Siigo's before SAG's."""
    found: dict[str, Field] = {}
    for target in model.exports:
        for where, catalogue in catalogues(model, target):
            for row in catalogue:
                place, name = place_of(where, row)
                if place == part and "." not in name:
                    found.setdefault(name, row)
    return found


def place_of(where: str, row: Field) -> tuple[str, str]:
    """(part, attribute) of a row that has a column; a part of a date keeps its path."""
    source = row.source or "."
    owner, _dot, rest = source.partition(".")
    return (DOCUMENT, rest) if owner == "movement" and where else (where, source)


def catalogues(model: type[Syncable], target: Target) -> Iterator[tuple[str, Catalogue]]:
    """(part, catalogue) for everything that an ERP takes of a model."""
    export = model.exports.get(target)
    if isinstance(export, SiigoExport):
        yield export.relation or DOCUMENT, export.catalogue
    elif isinstance(export, SagExport):
        yield DOCUMENT, export.catalogue
        for part in export.parts:
            yield part.relation or DOCUMENT, part.catalogue


def _erp_columns(model: type[Syncable], target: Target) -> Iterator[Column]:
    for part, catalogue in catalogues(model, target):
        for row in catalogue:
            if not row.derived:
                heading = f"{_erp_prefix(target, part)}: {sentence(row.label)}"
                yield Column(heading, part, row, held_in=row.sparse_in, explained=row.help)


def _erp_prefix(target: Target, part: str) -> str:
    """«SAG», «SAG línea», «SAG medio de pago»; Siigo has rows only of lines, so it needs no more than its name."""
    own = _PREFIX.get(part, "") if target == Target.SAG else ""
    return f"{target.label} {own}".strip()


def _apart(columns: list[Column]) -> Iterator[Column]:
    """Headings that would meet: the document's gets «Documento: », what is left its name in brackets."""
    met = Counter(normal(column.heading) for column in columns)
    for column in columns:
        if met[normal(column.heading)] > 1 and column.held_in:
            yield replace(column, heading=f"{column.heading} ({column.name})")
        elif met[normal(column.heading)] > 1 and column.part == DOCUMENT:
            yield replace(column, heading=f"Documento: {_lower(column.heading)}")
        else:
            yield column


_ACRONYMS = frozenset({"NIT", "IVA", "CUFE", "AIU", "TRM", "NIIF", "PUC", "RETEIVA", "INCONTERM", "FAX", "RUT", "SKU"})


def sentence(label: str) -> str:
    """A label of Siigo, printed in capitals, as a heading; others as they are."""
    if label.upper() != label:
        return label[:1].upper() + label[1:]
    words = [word if word.strip("()") in _ACRONYMS else word.lower() for word in label.split(" ")]
    text = " ".join(words)
    return text[:1].upper() + text[1:]


def _lower(heading: str) -> str:
    return heading if heading.split(" ")[0] in _ACRONYMS else heading[:1].lower() + heading[1:]
