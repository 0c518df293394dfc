"""Rules of filling: what a file or a person leaves empty, and a company always writes the same.

They are applied when a document comes in and when a form is saved, never over what is written, never to what an ERP
has; the value is then the record's own, and is what people see and what leaves.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from integrations.choices import Kind, Target
from integrations.erp.fields.parsing import FieldError
from integrations.models import Connection, FillingRule, Syncable, SyncStanding
from integrations.payloads.changing import CellChange, Change, ChangeError, Mode, changes_of, resolved, write
from integrations.payloads.context import facts_of_accounts
from integrations.payloads.record_fields import Parts, RecordField, fields_of
from integrations.standings import left_alone

Document = tuple[Syncable, Parts | None]
"""A record and, where it is not saved yet, its lines and payments."""
_PARTY_OF_LINE = "lines.tax_id"
_PARTIES = "third_party"
"""assumed: the flags of a pulled account are S or N (`erp/siigo/rules/lines.py`)."""


@dataclass(frozen=True)
class Filled:
    """What one rule filled in of one record, by the key of its field."""

    kind: Kind
    key: str
    changes: Sequence[CellChange]

    @property
    def field(self) -> RecordField:
        """The field that was filled in."""
        return fields_of(self.kind)[self.key]

    def told(self) -> str:
        """«Fuente: FV», «NIT (líneas): 900123456 en 3 líneas»."""
        values = list(dict.fromkeys(self.field.shown(change.new) for change in self.changes))
        where = f" en {len(self.changes)} líneas" if len(self.changes) > 1 else ""
        return f"{self.field.label}: {', '.join(values[:3])}{where}"


class Filler:
    """The rules in force of a company for one kind, read once."""

    def __init__(self, company_id: int, kind: Kind | str) -> None:
        rules = FillingRule.objects.filter(company=company_id, kind=kind, is_on=True).order_by("pk")
        self._changes = [change for rule in rules if (change := change_of(rule)) is not None]
        self._company_id = company_id

    def fill(self, documents: Sequence[Document]) -> list[list[Filled]]:
        """Fill in, without saving, what is empty in these records; returns what was filled in of each."""
        changes = [narrowed(change, self._company_id, documents) for change in self._changes]
        return [[filled for change in changes if (filled := _filled(change, *each))] for each in documents]


def change_of(rule: FillingRule) -> Change | None:
    """A rule, ready to be applied; None where it names what is no field any more."""
    try:
        return resolved(rule, Mode.FILL_COPY if rule.copied_from else Mode.FILL)
    except (ChangeError, FieldError):
        return None


def narrowed(change: Change, company_id: int, documents: Sequence[Document]) -> Change:
    """The change of a rule without what no rule fills in of these records: what a file leaves empty on purpose, and the
    third party of an account that has none.
    """
    field, without = change.field, frozenset[str]()
    if field.key == _PARTY_OF_LINE:
        rows = (row for record, parts in documents for row in field.rows_of(record, parts))
        without = _accounts_without_parties(company_id, {row.account for row in rows if not row.tax_id})

    def is_met(record: Syncable, row: Any) -> bool:
        is_left_out = field.is_left_empty(row) or (without and row.account in without)
        return not is_left_out and change.is_met(record, row)

    return replace(change, is_met=is_met)


def _accounts_without_parties(company_id: int, used: set[str]) -> frozenset[str]:
    """Of these accounts, those that Siigo's chart, where it was read, says to handle no third parties."""
    live = Connection.objects.live().filter(company=company_id, target=Target.SIIGO) if used else ()
    facts = [facts_of_accounts(connection, used) for connection in live]
    return frozenset(account for known in facts for account, flags in known.items() if flags.get(_PARTIES) == "N")


def _filled(change: Change, record: Syncable, parts: Parts | None) -> Filled | None:
    """Fill in one field of a record; None where there is nothing to fill in, or the value does not serve there."""
    try:
        changes = changes_of(record, change, parts)
    except (ChangeError, FieldError):
        return None
    write(record, change.field, changes, parts)
    return Filled(record.kind, change.field.key, changes) if changes else None


def fill_saved(record: Syncable) -> list[Filled]:
    """Fill in and save what is empty in a stored record, inside `transitions.editing`; not where an ERP may have it."""
    if left_alone.why(record, record.company_id, SyncStanding.objects.of(record)):
        return []
    parts = {relation: list(getattr(record, relation).all()) for relation in record.part_relations}
    (filled,) = Filler(record.company_id, record.kind).fill([(record, parts)])
    for one in filled:
        _save_parts(one, parts)
    if filled:
        record.save()
    return filled


def _save_parts(filled: Filled, parts: Parts) -> None:
    """Save the lines in which something was filled in."""
    positions = {change.position for change in filled.changes}
    for row in parts.get(filled.field.relation, ()):
        if row.position in positions:
            row.save()
