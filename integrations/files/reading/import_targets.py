"""Where a column of a table may go: every field of a kind of record, under every name that people write.

A *room* is one field in one place: a third party's own NIT and a line's are two rooms. *Vocabularies*: the wire
names and official labels of each ERP, and our own names.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import models

from integrations.choices import Kind, Target
from integrations.erp.exports import SagExport, SiigoExport
from integrations.erp.fields.columns import parse_path
from integrations.erp.fields.spec import Catalogue, Field, ValueType, WireType
from integrations.files.drafts import part_model
from integrations.files.reading.headings import folded, loosened
from integrations.files.record_content import columns_of
from integrations.models import Syncable
from integrations.models.syncable import model_for

OWN = "own"
LINES, PAYMENTS = "lines", "payments"
_PAYMENT_PREFIXES = ("Medio de pago", "SAG medio de pago", "MovimientoMediosPagos")
"""What stands before a name that a payment shares with a line: «Valor» alone is the line's."""
GROUP_LABELS = {Target.SIIGO.value: "Siigo", Target.SAG.value: "SAG", OWN: "Nombres de este programa"}
_IDENTITY = ("origin", "external_id")
"""Content that an export may carry, so that it comes back as the same document."""
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
class Room:
    """A place for a column. `relation` is empty for the record itself."""

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
        if self.relation == PAYMENTS:
            return _of_payment(self.field.label)
        where = " (línea)" if self.relation and self.vocabulary != Target.SIIGO else ""
        return f"{self.field.label}{where}"

    @property
    def names(self) -> list[str]:
        """The names that a heading may have."""
        bare = [*self.field.spellings, self.field.label]
        if self.relation != PAYMENTS:
            return bare
        apart = [f"{prefix} {name}" for prefix in _PAYMENT_PREFIXES for name in bare]
        return apart + [name for name in bare if "pago" in name.lower() or self._is_its_alone]

    @property
    def _is_its_alone(self) -> bool:
        """Of a payment: a word of SAG's that says by itself what it is about."""
        return self.vocabulary != OWN and self.field.source != "amount"


def _of_payment(label: str) -> str:
    """As our own tables head it: «Medio de pago», «Medio de pago: valor»."""
    means = _PAYMENT_PREFIXES[0]
    return means if label.lower() == means.lower() else f"{means}: {label[:1].lower()}{label[1:]}"


@cache
def rooms_of(kind: Kind | str) -> dict[str, Room]:
    """Key → room, in the order in which they are offered."""
    model = model_for(kind)
    found: list[Room] = []
    for target, export in model.exports.items():
        if isinstance(export, SiigoExport):
            found += _rooms(export.catalogue, export.relation or "", target)
        elif isinstance(export, SagExport):
            found += _rooms(export.catalogue, "", target)
            for part in export.parts:
                found += _rooms(part.catalogue, part.relation or "", target)
    found += _own_rooms(model)
    return {room.key: room for room in found}


def _rooms(catalogue: Catalogue, relation: str, target: Target) -> list[Room]:
    return [Room(f"{catalogue.key}/{row.name}", row, relation, target.value) for row in catalogue if not row.derived]


def _own_rooms(model: type[Syncable]) -> list[Room]:
    identity = [name for name in _IDENTITY if name in {column.attname for column in model._meta.concrete_fields}]
    names = dict.fromkeys([*columns_of(model), *identity])
    found = [Room(f"own/{row.name}", row, "", OWN) for row in _own_fields(model, names)]
    for relation in model.part_relations:
        part: Any = part_model(model, relation)
        found += [Room(f"own-{relation}/{row.name}", row, relation, OWN) for row in _own_fields(part, columns_of(part))]
    return found


def _own_fields(model: type[models.Model], names: Iterable[str]) -> list[Field]:
    columns = {column.attname: column for column in model._meta.concrete_fields}
    found = []
    for name in names:
        form = next((form for kind, form in _FORMS if isinstance(columns[name], kind)), None)
        if form is not None:
            label = str(columns[name].verbose_name)
            found.append(Field(name, label, form, WireType.STRING, source=name, sample=_SAMPLES.get(form, "")))
    return found


@cache
def names_of(kind: Kind | str) -> dict[str, dict[str, tuple[Room, ...]]]:
    """Vocabulary → folded name → its rooms, the record's own before its lines'.

    Loosened names are there too, where no room has them to the letter.
    """
    found: dict[str, dict[str, tuple[Room, ...]]] = {}
    loose: dict[str, dict[str, tuple[Room, ...]]] = {}
    for room in rooms_of(kind).values():
        for names, fold in ((found, folded), (loose, loosened)):
            held = names.setdefault(room.vocabulary, {})
            for name in dict.fromkeys(map(fold, room.names)):
                held[name] = (*held.get(name, ()), room)
    return {vocabulary: loose[vocabulary] | names for vocabulary, names in found.items()}


def known_names(kinds: Iterable[Kind]) -> frozenset[str]:
    """Every folded name of these kinds."""
    return frozenset(name for kind in kinds for names in names_of(kind).values() for name in names)


def vocabulary_of(headings: Sequence[str], kind: Kind | str) -> str:
    """The vocabulary that knows most of the headings."""
    named = {folded(heading) for heading in headings}
    vocabularies = names_of(kind)
    return max(vocabularies, key=lambda name: len(named & vocabularies[name].keys()))


def placed(headings: Sequence[str], kind: Kind | str) -> dict[int, Room]:
    """Column → its room, for the headings that name one; no room is given twice."""
    vocabularies = names_of(kind)
    main = vocabulary_of(headings, kind)
    order = [vocabularies[main], *(names for key, names in vocabularies.items() if key != main)]
    found: dict[int, Room] = {}
    taken: set[str] = set()
    for column, heading in enumerate(headings):
        spelled = (folded(heading), loosened(heading))
        offered = next((names[name] for name in spelled for names in order if name in names), ())
        free = next((room for room in offered if room.path not in taken), None)
        if free is not None and spelled[0]:
            found[column] = free
            taken.add(free.path)
    return found


def guessed_kinds(headings: Sequence[str]) -> list[Kind]:
    """The kinds whose rooms take most of the headings, the best first; equal ones only where nobody can tell."""
    taken = {kind: len(placed(headings, kind)) for kind in Kind}
    most = max(taken.values())
    return [kind for kind, count in taken.items() if count == most and count]


def attribute_of(room: Room) -> str:
    """The column of the record, or of its line or payment, that a room fills; a date's parts fill one."""
    if room.field.source is None:
        return ""
    within = f"{room.relation}." if room.relation and room.path.startswith(f"{room.relation}.") else ""
    return f"{within}{parse_path(room.path.removeprefix(within)).attribute}"
