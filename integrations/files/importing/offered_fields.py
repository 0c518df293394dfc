"""The fields that a column may go to, in groups, the usual ones of the kind of file first; each field once."""

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from integrations.choices import Kind, Target
from integrations.files.reading.file_shapes import FileShape
from integrations.files.reading.import_targets import LINES, OWN, PAYMENTS, ImportTarget, import_targets
from integrations.files.table_columns import sentence

_JOURNAL = (
    "own/date",
    "own/document",
    "own/voucher_type",
    "own/voucher_code",
    "own/number",
    "own/source_code",
    "own/prefix",
    "own-lines/account",
    "own-lines/debit",
    "own-lines/credit",
    "own-lines/side",
    "own-lines/amount",
    "own-lines/tax_id",
    "own-lines/description",
    "own-lines/cost_center",
    "own-lines/sub_cost_center",
    "own-lines/withholding_base",
    "own-lines/due_date",
    "own-lines/cross_document_number",
    "own/observations",
)
_SALES = (
    "own/date",
    "own/source_code",
    "own/source_document",
    "own/prefix",
    "own/number",
    "own/tax_id",
    "own/due_date",
    "own-lines/article",
    "own-lines/description",
    "own-lines/quantity",
    "own-lines/unit_price",
    "own-lines/vat_percentage",
    "own-lines/vat_amount",
    "own-lines/discount_percentage",
    "own-lines/warehouse",
    "own/salesperson",
    "own/cost_center",
    "own/order_reference",
    "own-payments/method",
    "own-payments/amount",
)
_PEOPLE = (
    "own/tax_id",
    "own/check_digit",
    "own/id_type",
    "own/name",
    "own/first_name",
    "own/middle_name",
    "own/surname",
    "own/second_surname",
    "own/nature",
    "own/taxpayer_type",
    "own/address",
    "own/city",
    "own/phone",
    "own/alternate_phone",
    "own/email",
    "own/invoice_email",
    "own/credit_limit",
    "own/salesperson",
    "own/activity",
    "own/economic_activity",
)
_ARTICLES = (
    "own/code",
    "own/name",
    "own/alternate_name",
    "own/reference",
    "own/barcode",
    "own/group",
    "own/subgroup",
    "own/line",
    "own/unit",
    "own/vat_percentage",
    "own/price",
    "own/active",
    "own/size",
    "own/color",
)
_USUAL = {
    FileShape.SALES: _SALES,
    FileShape.PEOPLE: _PEOPLE,
    FileShape.ARTICLES: _ARTICLES,
}
"""Shape → the keys of its usual fields; of journals, and of what is not known, those of journals."""
_ONLY = {Target.SIIGO.value: "Solo Siigo", Target.SAG.value: "Solo SAG"}
MAX_TO_CHOOSE = 110
"""Fields of a list to choose from; the rest, which one ERP alone has, are written by their name."""


class OfferedField(NamedTuple):
    """A field to choose: `group` is where it stands, `title` what people read."""

    key: str
    group: str
    title: str


def title_of(target: ImportTarget) -> str:
    """A field in words: «NIT (línea)», «Porcentaje AIU»."""
    return sentence(target.label)


def full_title(field: OfferedField) -> str:
    """A field of one ERP alone, as it is written by name: «Porcentaje AIU · solo Siigo»."""
    return f"{field.title} · {field.group[:1].lower()}{field.group[1:]}"


@cache
def offered_fields(kind: Kind | str, shape: str = "") -> tuple[OfferedField, ...]:
    """Every field of a kind, those of one group together, the usual ones first."""
    targets = import_targets(kind)
    usual = [key for key in _USUAL.get(FileShape(shape or FileShape.OTHER), _JOURNAL) if key in targets]
    offered = {targets[key].path: OfferedField(key, _FIRST, title_of(targets[key])) for key in usual}
    for target in sorted(targets.values(), key=lambda each: each.vocabulary != OWN):
        offered.setdefault(target.path, OfferedField(target.key, _group_of(target, kind), title_of(target)))
    order = [_FIRST, *_GROUPS]
    return tuple(sorted(offered.values(), key=lambda each: order.index(each.group)))


_FIRST = "Los de siempre"
_GROUPS = ("Del documento", "De la línea", "Del medio de pago", "Los demás", *_ONLY.values())
_PARTS_OF_DATES = {"date.": "Del documento", "lines.due_date.": "De la línea"}
"""Beginning of a path → the group of a year, month or day: only Siigo has them, and many a table."""


def _group_of(target: ImportTarget, kind: Kind | str) -> str:
    if target.vocabulary != OWN:
        parts = (group for beginning, group in _PARTS_OF_DATES.items() if target.path.startswith(beginning))
        return next(parts, _ONLY[target.vocabulary])
    of_record = "Del documento" if kind == Kind.MOVEMENT else "Los demás"
    return {LINES: "De la línea", PAYMENTS: "Del medio de pago"}.get(target.relation, of_record)


def to_choose(kind: Kind | str, shape: str = "") -> list[tuple[str, list[OfferedField]]]:
    """(group, fields) of a list to choose from; without those of one ERP alone where there are too many."""
    fields = offered_fields(kind, shape)
    kept = fields if len(fields) <= MAX_TO_CHOOSE else [each for each in fields if each.group not in _ONLY.values()]
    return [(group, list(own)) for group in _names(kept) if (own := [each for each in kept if each.group == group])]


def _names(fields: Iterable[OfferedField]) -> list[str]:
    return list(dict.fromkeys(field.group for field in fields))


def to_write(kind: Kind | str, shape: str = "") -> list[str]:
    """The titles of the fields that are written by their name."""
    chosen = {each.key for _, own in to_choose(kind, shape) for each in own}
    return [full_title(each) for each in offered_fields(kind, shape) if each.key not in chosen]


def same_field(kind: Kind | str, shape: str, key: str) -> OfferedField | None:
    """The offered field that fills the same as an import target; None for an unknown key."""
    target = import_targets(kind).get(key)
    if target is None:
        return None
    return next(each for each in offered_fields(kind, shape) if import_targets(kind)[each.key].path == target.path)
