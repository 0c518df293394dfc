"""The columns without which a table holds no records of a kind."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from integrations.choices import Kind, Target
from integrations.files.reading import payments
from integrations.files.reading.import_targets import (
    OWN,
    ImportTarget,
    attribute_of,
    attributes_filled,
    columns_filled,
    import_targets,
)

_REQUIRED: dict[Kind, tuple[tuple[str, ...], ...]] = {
    Kind.MOVEMENT: (
        (
            "siigo-movement/voucher_type",
            "siigo-movement/voucher_code",
            "siigo-movement/accounting_account",
            "siigo-movement/debit_or_credit",
            "siigo-movement/sequence_value",
        ),
        ("sag-movement/CodigoFuente", "sag-movement/FechaDocumento"),
    ),
    Kind.CLIENT: (("sag-client/documento", "sag-client/nombre"),),
    Kind.THIRD_PARTY: (("sag-third-party/documentoActual",),),
    Kind.ARTICLE: (("sag-article/codigo", "sag-article/descripcion"),),
}
"""Kind → sets of keys of import targets, one of which must be complete; for a movement Siigo's or SAG's."""
ORIGINS = ("siigo_json", "sag_xml")
"""The origin of a movement of each set: the same document in JSON, XML or a table is the same record."""
_SIIGO, _SAG = 0, 1
_SETS = {Target.SIIGO.value: _SIIGO, Target.SAG.value: _SAG}
_AMOUNTS = ("lines.debit", "lines.credit", "lines.side", "lines.amount")
_OF_ALL = frozenset({"voucher_type", "voucher_code", "source_code", "date"})
"""What may be the same in every document of a file, so that one value stands for a column."""
_WHICH_ERP = {"voucher_type": "source_code", "voucher_code": "source_code"}
"""What says which documents they are in Siigo → what says it in SAG."""


@dataclass(frozen=True)
class MissingColumn:
    """A required column that a table lacks. `key` is its import target's where one value may stand for all rows."""

    text: str
    key: str = ""
    attributes: frozenset[str] = frozenset()

    def is_filled_by(self, target: ImportTarget) -> bool:
        """Whether a column of this field would be it, or a half of it."""
        return bool(self.attributes & {attribute_of(target), *columns_filled(target)})


def required_targets(
    kind: Kind | str, columns: Iterable[ImportTarget], goes_to: str = ""
) -> tuple[int, list[ImportTarget]]:
    """(index, import targets) of the required set that the table is meant to have.

    Where neither is complete it is that of the one ERP that the company has (`ReadingPlan.goes_to`). Without one, a
    voucher of accounts without its kind is Siigo's (*assumed*: in SAG the fuente would stand there).
    """
    columns = list(columns)
    targets, filled = import_targets(kind), attributes_filled(columns)
    sets = [[targets[key] for key in keys] for keys in _REQUIRED[Kind(kind)]]
    lacking = [sum(attribute_of(target) not in filled for target in required) for required in sets]
    best = lacking.index(min(lacking))
    if kind == Kind.MOVEMENT and lacking[best] and goes_to:
        best = _SETS[goes_to]
    elif kind == Kind.MOVEMENT and best == _SAG and _is_journal_without_kind(columns, filled):
        best = _SIIGO
    return best, sets[best]


def same_in_all(kind: Kind | str, columns: Iterable[ImportTarget], goes_to: str = "") -> list[ImportTarget]:
    """Of these columns the required ones that may say the same in every document of a file."""
    columns = list(columns)
    required = {attribute_of(target) for target in required_targets(kind, columns, goes_to)[1]} & _OF_ALL
    return [target for target in columns if attribute_of(target) in required]


def _is_journal_without_kind(columns: Iterable[ImportTarget], filled: set[str]) -> bool:
    attributes = {attribute_of(target) for target in columns}
    return "lines.account" in filled and "source_code" not in filled and any(name in attributes for name in _AMOUNTS)


def missing_columns(
    kind: Kind | str, columns: Mapping[int, ImportTarget], fixed: Iterable[ImportTarget] = (), goes_to: str = ""
) -> list[MissingColumn]:
    """The required columns that a table lacks; `fixed` are those for which one value stands."""
    present = [*columns.values(), *fixed]
    filled = attributes_filled(present)
    _, required = required_targets(kind, present, goes_to)
    halves = _halves(columns)
    filled |= {"lines.side", "lines.amount"} if halves else set()
    missing = [_missing(kind, target, present, filled) for target in required if attribute_of(target) not in filled]
    headings = payments.missing_payment_headings(columns)
    return [*halves, *missing, *(MissingColumn(f"Falta la columna «{heading}».") for heading in headings)]


def _halves(columns: Mapping[int, ImportTarget]) -> list[MissingColumn]:
    """The other one of a debit, or of a credit, that stands alone."""
    names = {"lines.debit": "Débito", "lines.credit": "Crédito"}
    present = {attribute_of(target) for target in columns.values()} & names.keys()
    if len(present) != 1:
        return []
    there = present.pop()
    other = next(name for name in names if name != there)
    text = f"Falta la columna «{names[other]}»: está «{names[there]}» sola."
    return [MissingColumn(text, attributes=frozenset({other}))]


def _missing(
    kind: Kind | str, target: ImportTarget, present: Iterable[ImportTarget], filled: set[str]
) -> MissingColumn:
    attribute, label = attribute_of(target), _label(kind, target, present)
    instead = _WHICH_ERP.get(attribute, "")
    is_undecided = instead and not filled & {*_WHICH_ERP, instead}
    text = f"Falta la columna «{label}»{' (o «Fuente», si va para SAG)' if is_undecided else ''}."
    return MissingColumn(text, target.key if attribute in _OF_ALL else "", frozenset({attribute}))


def _label(kind: Kind | str, target: ImportTarget, present: Iterable[ImportTarget]) -> str:
    """The ERP's own label in a table with its headings, else ours: a file of another program speaks no ERP's words."""
    if any(column.vocabulary == target.vocabulary for column in present):
        return target.field.label
    ours = (each for each in import_targets(kind).values() if each.vocabulary == OWN)
    label = next((each.field.label for each in ours if attribute_of(each) == attribute_of(target)), target.field.label)
    return label[:1].upper() + label[1:]
