"""The fields that a column of a table can be mapped to, under every name that people write.

A third party's own NIT and a line's are two import targets. They come in *vocabularies*: the wire names and official
labels of each ERP, and our own names.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import models

from integrations.choices import Kind, Target
from integrations.erp.fields.columns import parse_path
from integrations.erp.fields.spec import Catalogue, Field, ValueType, WireType
from integrations.files.drafts import part_model
from integrations.files.reading.headings import normalize, normalize_loosely
from integrations.files.table_columns import catalogues
from integrations.models import Syncable
from integrations.models.record_content import content_columns
from integrations.models.syncable import model_for
from integrations.models.tax_id_column import reading_of

OWN = "own"
"""Our own vocabulary; the others are the values of `Target`."""
LINES, PAYMENTS = "lines", "payments"
_PAYMENT_PREFIXES = ("Medio de pago", "SAG medio de pago", "MovimientoMediosPagos")
"""What stands before a name that a payment shares with a line: «Valor» alone is the line's."""
GROUP_LABELS = {Target.SIIGO.value: "Siigo", Target.SAG.value: "SAG", OWN: "Nombres de este programa"}
_IDENTITY = ("origin", "external_id")
"""Columns that an export may have, so that it comes back as the same document."""
_FORMS: tuple[tuple[type, ValueType], ...] = (
    (models.DecimalField, ValueType.DECIMAL),
    (models.BooleanField, ValueType.FLAG),
    (models.IntegerField, ValueType.INTEGER),
    (models.DateField, ValueType.DATE),
    (models.CharField, ValueType.TEXT),
    (models.TextField, ValueType.TEXT),
)
_SAMPLES = {ValueType.DECIMAL: "119000", ValueType.INTEGER: "1", ValueType.DATE: "31/12/2026", ValueType.FLAG: "S"}


_DOUBLE = {
    "debit": ("débito", ValueType.DECIMAL, "119000"),
    "credit": ("crédito", ValueType.DECIMAL, "119000"),
    "signed_amount": ("valor con signo, el débito positivo", ValueType.DECIMAL, "-119000"),
}
"""Attributes of a line that say its side and its amount: two columns beside each other, or one with a sign."""
_WHOLE_NAMES = {
    "document": ("tipo, código y número", "F-1-10"),
    "source_document": ("fuente y número", "FV-1131"),
}
"""Attributes of a document whose text says several columns at once."""
_FILLED = {
    "lines.debit": ("lines.side", "lines.amount"),
    "lines.credit": ("lines.side", "lines.amount"),
    "lines.signed_amount": ("lines.side", "lines.amount"),
    "document": ("voucher_type", "voucher_code", "number"),
    "source_document": ("source_code", "prefix", "number"),
}
"""Attribute of an import target → the columns that it fills, where it is none itself."""


@dataclass(frozen=True)
class ImportTarget:
    """A field that a column can be mapped to. `relation` is empty for the record itself."""

    key: str
    field: Field
    relation: str
    vocabulary: str

    @property
    def path(self) -> str:
        """The attribute as seen from the record: `number`, `date.year`, `lines.amount`; the wire name if sparse."""
        source = self.field.source
        if source is None:
            return f"{self.relation}.{self.field.name}" if self.relation else self.field.name
        if self.relation and source.startswith("movement."):
            return source.removeprefix("movement.")
        return f"{self.relation}.{source}" if self.relation else source

    @property
    def label(self) -> str:
        """The name that staff see."""
        if self.relation == PAYMENTS:
            return _payment_label(self.field.label)
        where = " (línea)" if self.relation and self.vocabulary != Target.SIIGO else ""
        return f"{self.field.label}{where}"

    @property
    def names(self) -> list[str]:
        """The names that a heading may have."""
        bare = [*self.field.spellings, self.field.label]
        if self.relation != PAYMENTS:
            return bare
        prefixed = [f"{prefix} {name}" for prefix in _PAYMENT_PREFIXES for name in bare]
        return prefixed + [name for name in bare if "pago" in name.lower() or self._is_unambiguous]

    @property
    def _is_unambiguous(self) -> bool:
        """Of a payment: whether its bare name is none of a line's."""
        return self.vocabulary != OWN and self.field.source != "amount"


def _payment_label(label: str) -> str:
    """As our own tables head it: «Medio de pago», «Medio de pago: valor»."""
    means = _PAYMENT_PREFIXES[0]
    return means if label.lower() == means.lower() else f"{means}: {label[:1].lower()}{label[1:]}"


@cache
def import_targets(kind: Kind | str) -> dict[str, ImportTarget]:
    """Key → import target of a kind, in the order in which they are offered."""
    model = model_for(kind)
    targets: list[ImportTarget] = []
    for erp in model.exports:
        for relation, catalogue in catalogues(model, erp):
            targets += _erp_targets(catalogue, relation, erp)
    targets += _own_targets(model)
    return {target.key: target for target in targets}


def _erp_targets(catalogue: Catalogue, relation: str, erp: Target) -> list[ImportTarget]:
    return [
        ImportTarget(f"{catalogue.key}/{field.name}", field, relation, erp.value)
        for field in catalogue
        if not field.derived
    ]


def _own_targets(model: type[Syncable]) -> list[ImportTarget]:
    identity = [name for name in _IDENTITY if name in {column.attname for column in model._meta.concrete_fields}]
    names = dict.fromkeys([*content_columns(model), *identity])
    targets = [ImportTarget(f"own/{field.name}", field, "", OWN) for field in _own_fields(model, names)]
    for relation in model.part_relations:
        part: Any = part_model(model, relation)
        fields = _own_fields(part, content_columns(part))
        targets += [ImportTarget(f"own-{relation}/{field.name}", field, relation, OWN) for field in fields]
    return targets + (list(_joint_targets()) if LINES in model.part_relations else [])


def _joint_targets() -> Iterable[ImportTarget]:
    """Import targets that fill several columns of a movement, or of its lines."""
    for name, (label, sample) in _WHOLE_NAMES.items():
        yield ImportTarget(f"own/{name}", _joint_field(name, label, ValueType.TEXT, sample), "", OWN)
    for name, (label, form, sample) in _DOUBLE.items():
        yield ImportTarget(f"own-{LINES}/{name}", _joint_field(name, label, form, sample), LINES, OWN)


def _joint_field(name: str, label: str, form: ValueType, sample: str) -> Field:
    return Field(name, label, form, WireType.STRING, source=name, sample=sample)


def _own_fields(model: type[models.Model], names: Iterable[str]) -> list[Field]:
    columns = {column.attname: column for column in model._meta.concrete_fields}
    fields = []
    for name in names:
        form = next((form for kind, form in _FORMS if isinstance(columns[name], kind)), None)
        if form is not None:
            label, facts = str(columns[name].verbose_name), reading_of(columns[name])
            sample = _SAMPLES.get(form, "")
            fields.append(Field(name, label, form, WireType.STRING, source=name, sample=sample, **facts))
    return fields


@cache
def targets_by_name(kind: Kind | str) -> dict[str, dict[str, tuple[ImportTarget, ...]]]:
    """Vocabulary → normalized name, or else loosely normalized → its import targets, the record's own first."""
    strict: dict[str, dict[str, tuple[ImportTarget, ...]]] = {}
    loose: dict[str, dict[str, tuple[ImportTarget, ...]]] = {}
    for target in import_targets(kind).values():
        for vocabularies, normalized in ((strict, normalize), (loose, normalize_loosely)):
            by_name = vocabularies.setdefault(target.vocabulary, {})
            for name in dict.fromkeys(map(normalized, target.names)):
                by_name[name] = (*by_name.get(name, ()), target)
    return {vocabulary: loose[vocabulary] | by_name for vocabulary, by_name in strict.items()}


def attribute_of(target: ImportTarget) -> str:
    """The column that a target fills, as `number` or `lines.amount`; a date's parts fill one; empty if sparse."""
    if target.field.source is None:
        return ""
    within = f"{target.relation}." if target.relation and target.path.startswith(f"{target.relation}.") else ""
    return f"{within}{parse_path(target.path.removeprefix(within)).attribute}"


def columns_filled(target: ImportTarget) -> tuple[str, ...]:
    """The columns that an import target fills by itself; none if sparse."""
    name = attribute_of(target)
    return _FILLED.get(name, (name,) if name else ())


def attributes_filled(targets: Iterable[ImportTarget]) -> set[str]:
    """The columns that import targets fill together, as `attribute_of` has them; a debit alone fills none."""
    attributes = {attribute_of(target) for target in targets}
    filled = {column for name in attributes for column in _FILLED.get(name, (name,)) if name}
    return filled if has_both_amounts(attributes) else filled - ({"lines.amount", "lines.side"} - attributes)


def has_both_amounts(attributes: Collection[str]) -> bool:
    """Whether a debit has its credit beside it; so do tables without either."""
    return ("lines.debit" in attributes) == ("lines.credit" in attributes)
