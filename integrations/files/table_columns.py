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
from integrations.files.cell_text import OutputCell, output_cell
from integrations.files.drafts import part_model
from integrations.files.reading.headings import normalize
from integrations.models import Syncable
from integrations.models.record_content import content_columns
from integrations.models.syncable import model_for
from integrations.models.tax_id_column import reading_of

DOCUMENT = ""
"""The `part` of a column of the record itself; the part of other columns is the name of a relation, as `lines`."""
IDENTITY_HEADINGS = {"external_id": "Identificación en el origen", "origin": "Origen"}
EXAMPLE_MARK = "EJEMPLO"
"""A row whose «Nota» begins with it is the example of a template, and is not read."""
NOTE_HEADING = "Nota"
INFORMATION_HEADINGS = (NOTE_HEADING, "Nombre del tercero", "Estado en Siigo", "Estado en SAG")
"""Headings of columns that are written for people and not read."""
_PREFIX = {"lines": "línea", "payments": "medio de pago"}
_PAYMENT = "Medio de pago"


@dataclass(frozen=True)
class TableColumn:
    """One column of a table that we write. `field` says how its value is read, checked and written.

    `sparse_field` is `siigo` or `sag` for a value of the record's sparse JSON; empty for a column of the record.
    `explanation` is for the second sheet of a template.
    """

    heading: str
    part: str
    field: Field
    sparse_field: str = ""
    explanation: str = ""

    @property
    def name(self) -> str:
        """The wire name, or the attribute of a column of the record."""
        return self.field.name

    def reader(self) -> Callable[[Any], OutputCell]:
        """A function from a record, a line or a payment to its cell in this column; None: not set."""
        field, name = self.field, self.name
        if self.sparse_field:
            sparse_of = attrgetter(self.sparse_field)
            return lambda row: output_cell(field, sparse_of(row).get(name))
        value_of = attrgetter(name)
        if field.value_type is ValueType.TEXT:
            return lambda row: value_of(row) or None
        return lambda row: output_cell(field, value_of(row))

    def assign(self, row: Any, cell: OutputCell) -> None:
        """Store a cell in a record or a part. None changes nothing; a blank is "set and empty". Raises: FieldError."""
        if cell is None:
            return
        if not self.sparse_field:
            self._assign_attribute(row, cell)
        elif self.field.source is not None and is_blank(cell):
            getattr(row, self.sparse_field)[self.name] = cell
        else:
            store(row, self.field, cell)

    def _assign_attribute(self, row: Any, cell: OutputCell) -> None:
        value = parse(self.field, cell)
        if value is not None:
            require_fits(row, self.name, self.field, value)
            setattr(row, self.name, value)


@cache
def columns_of(kind: Kind | str) -> tuple[TableColumn, ...]:
    """Every column that a table of a kind may have: the record's, then each ERP's own, with unique headings."""
    model = model_for(kind)
    own = [column for part in _parts(model) for column in _record_columns(model, part)]
    erp = [column for target in model.exports for column in _erp_columns(model, target)]
    return tuple(_with_unique_headings(own + erp))


def _parts(model: type[Syncable]) -> tuple[str, ...]:
    return (DOCUMENT, *model.part_relations)


def _model_of(model: type[Syncable], part: str) -> type[models.Model]:
    return part_model(model, part) if part else model


def _record_columns(model: type[Syncable], part: str) -> Iterator[TableColumn]:
    owner = _model_of(model, part)
    official = _official_fields(model, part)
    identity = [name for name in IDENTITY_HEADINGS if hasattr(owner, name)]
    for name in dict.fromkeys([*identity, *content_columns(owner)]):
        column: Any = owner._meta.get_field(name)
        if not isinstance(column, models.JSONField):
            yield _record_column(name, part, column, official.get(name))


def _record_column(name: str, part: str, column: Any, official: Field | None) -> TableColumn:
    heading = IDENTITY_HEADINGS.get(name) or sentence(official.label if official else str(column.verbose_name))
    if part == "payments" and heading != _PAYMENT:
        heading = f"{_PAYMENT}: {_lower(heading)}"
    form = next((form for kind, form in _FORMS if isinstance(column, kind)), ValueType.TEXT)
    sample = _sample(form, official)
    field = Field(name, heading, form, WireType.STRING, source=name, sample=sample, **reading_of(column))
    return TableColumn(heading, part, field, explanation=(official.help if official else "") or str(column.help_text))


_FORMS: tuple[tuple[type[Any], ValueType], ...] = (
    (models.DateField, ValueType.DATE),
    (models.BooleanField, ValueType.FLAG),
    (models.DecimalField, ValueType.DECIMAL),
    (models.IntegerField, ValueType.INTEGER),
)


def _sample(form: ValueType, official: Field | None) -> str:
    if official is None:
        return {ValueType.DATE: "2026-03-10", ValueType.FLAG: "N"}.get(form, "")
    return official.sample.replace("/", "-") if form is ValueType.DATE else official.sample


def _official_fields(model: type[Syncable], part: str) -> dict[str, Field]:
    """Attribute → the first ERP field that it is sent as, whose label staff know: Siigo's before SAG's."""
    fields: dict[str, Field] = {}
    for target in model.exports:
        for catalogue_part, catalogue in catalogues(model, target):
            for field in catalogue:
                field_part, attribute = attribute_of(catalogue_part, field)
                if field_part == part and "." not in attribute:
                    fields.setdefault(attribute, field)
    return fields


def attribute_of(part: str, field: Field) -> tuple[str, str]:
    """(part, attribute) that an ERP field of a part is read from; `date.year` for a part of a date, `.` for none."""
    source = field.source or "."
    owner, _dot, rest = source.partition(".")
    return (DOCUMENT, rest) if owner == "movement" and part else (part, source)


def catalogues(model: type[Syncable], target: Target) -> Iterator[tuple[str, Catalogue]]:
    """(part, catalogue of fields) for everything that an ERP takes of a model."""
    export = model.exports.get(target)
    if isinstance(export, SiigoExport):
        yield export.relation or DOCUMENT, export.catalogue
    elif isinstance(export, SagExport):
        yield DOCUMENT, export.catalogue
        for part in export.parts:
            yield part.relation or DOCUMENT, part.catalogue


def _erp_columns(model: type[Syncable], target: Target) -> Iterator[TableColumn]:
    for part, catalogue in catalogues(model, target):
        for field in catalogue:
            if not field.derived:
                heading = f"{_erp_prefix(target, part)}: {sentence(field.label)}"
                yield TableColumn(heading, part, field, sparse_field=field.sparse_in, explanation=field.help)


def _erp_prefix(target: Target, part: str) -> str:
    """«SAG», «SAG línea», «SAG medio de pago»; Siigo has fields of lines only, so its name is enough."""
    own = _PREFIX.get(part, "") if target == Target.SAG else ""
    return f"{target.label} {own}".strip()


def _with_unique_headings(columns: list[TableColumn]) -> Iterator[TableColumn]:
    """Equal headings made different: the document's gets «Documento: », an ERP's its wire name in brackets."""
    times = Counter(normalize(column.heading) for column in columns)
    for column in columns:
        is_repeated = times[normalize(column.heading)] > 1
        if is_repeated and column.sparse_field:
            yield replace(column, heading=f"{column.heading} ({column.name})")
        elif is_repeated and column.part == DOCUMENT:
            yield replace(column, heading=f"Documento: {_lower(column.heading)}")
        else:
            yield column


_ACRONYMS = frozenset({"NIT", "IVA", "CUFE", "AIU", "TRM", "NIIF", "PUC", "RETEIVA", "INCONTERM", "FAX", "RUT", "SKU"})


def sentence(label: str) -> str:
    """A label as a heading: Siigo's, which is in capitals, in lower case but for acronyms; others as they are."""
    if label.upper() != label:
        return label[:1].upper() + label[1:]
    words = [word if word.strip("()") in _ACRONYMS else word.lower() for word in label.split(" ")]
    text = " ".join(words)
    return text[:1].upper() + text[1:]


def _lower(heading: str) -> str:
    return heading if heading.split(" ")[0] in _ACRONYMS else heading[:1].lower() + heading[1:]
