"""The fields that a column of a table can be mapped to, under every name that people write.

A third party's own NIT and a line's are two import targets. They come in *vocabularies*: the wire names and official
labels of each ERP, and our own names.
"""

from collections.abc import Iterable, Sequence
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
    return targets


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


def known_names(kinds: Iterable[Kind]) -> frozenset[str]:
    """Every normalized name of these kinds."""
    return frozenset(name for kind in kinds for by_name in targets_by_name(kind).values() for name in by_name)


def vocabulary_of(headings: Sequence[str], kind: Kind | str) -> str:
    """The vocabulary that has most of the headings."""
    names = {normalize(heading) for heading in headings}
    vocabularies = targets_by_name(kind)
    return max(vocabularies, key=lambda vocabulary: len(names & vocabularies[vocabulary].keys()))


def match_headings(headings: Sequence[str], kind: Kind | str) -> dict[int, ImportTarget]:
    """Column → its import target, for the headings that name one; no field is filled twice."""
    vocabularies = targets_by_name(kind)
    main = vocabulary_of(headings, kind)
    in_order = [vocabularies[main], *(by_name for key, by_name in vocabularies.items() if key != main)]
    columns: dict[int, ImportTarget] = {}
    taken: set[str] = set()
    for column, heading in enumerate(headings):
        if free := next((target for target in _targets_named(heading, in_order) if target.path not in taken), None):
            columns[column] = free
            taken.add(free.path)
    return columns


def _targets_named(heading: str, vocabularies: list[dict[str, tuple[ImportTarget, ...]]]) -> tuple[ImportTarget, ...]:
    """The targets of the first vocabulary that has the name; none for a blank heading."""
    if not normalize(heading):
        return ()
    names = (normalize(heading), normalize_loosely(heading))
    return next((by_name[name] for name in names for by_name in vocabularies if name in by_name), ())


def likely_kinds(headings: Sequence[str]) -> list[Kind]:
    """The kinds that have a field for most of the headings: one, several where they are equal, or none."""
    matched = {kind: len(match_headings(headings, kind)) for kind in Kind}
    most = max(matched.values())
    return [kind for kind, count in matched.items() if count == most and count]


def attribute_of(target: ImportTarget) -> str:
    """The column that a target fills, as `number` or `lines.amount`; a date's parts fill one; empty if sparse."""
    if target.field.source is None:
        return ""
    within = f"{target.relation}." if target.relation and target.path.startswith(f"{target.relation}.") else ""
    return f"{within}{parse_path(target.path.removeprefix(within)).attribute}"
