"""Homologación: which of our codes have no code of the ERP yet, and what mapping one unblocks."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter

from django.db import transaction

from integrations.choices import Kind
from integrations.erp.fields.dialect import MAPPED_KINDS, Dialect
from integrations.erp.fields.validation import unmapped_codes
from integrations.erp.fields.values import stored_value
from integrations.inbox import arrivals
from integrations.models import CodeMapping, Connection, Syncable, SyncStanding
from integrations.payloads import builder
from integrations.payloads.context import codes_of
from integrations.payloads.judgement import keep_verdicts
from integrations.standings import unblockings, verdicts

MOST_RECORDS = 5000
"""How many unsent records of one kind are searched for codes."""
_CHUNK = 500


@dataclass(frozen=True)
class UnmappedCode:
    """A code of ours without the ERP's, and the unsent records that use it, as (kind, record id)."""

    kind: str
    code: str
    records: frozenset[tuple[str, int]]

    @property
    def label(self) -> str:
        """The kind of code, in Spanish."""
        return MAPPED_KINDS[self.kind]


def waiting(connection: Connection) -> list[UnmappedCode]:
    """*Sin homologar*: the codes that the connection requires to be mapped and unsent records use, in order."""
    dialect = replace(builder.dialect_of(connection), codes=codes_of(connection))
    if not any(dialect.requires(kind) for kind in MAPPED_KINDS):
        return []
    found: dict[tuple[str, str], set[tuple[str, int]]] = defaultdict(set)
    for record in _unsent(connection):
        for kind, code in _codes_waiting(record, connection, dialect):
            found[kind, code].add((str(record.kind), record.pk))
    return [UnmappedCode(kind, code, frozenset(users)) for (kind, code), users in sorted(found.items())]


def fill_in(connection: Connection, kind: str, code: str, erp_code: str) -> int:
    """Map a code and check again the records that waited for it; how many may now be sent. Raises: ValidationError."""
    users = {unmapped.records for unmapped in waiting(connection) if (unmapped.kind, unmapped.code) == (kind, code)}
    mapping = CodeMapping(connection=connection, kind=kind, code=code.strip(), erp_code=erp_code.strip())
    stored = CodeMapping.objects.filter(connection=connection, kind=kind, code=mapping.code).first()
    mapping.pk = stored.pk if stored else None
    mapping.full_clean()
    with transaction.atomic():
        mapping.save()
        verdicts.forget(connection.company_id, connection.target)
    reason = f"Se homologó {MAPPED_KINDS[kind].lower()} {mapping.code} → {mapping.erp_code}."
    return sum(_check_again(connection, records, reason) for records in users) + arrivals.codes_arrived(connection)


def _check_again(connection: Connection, records: frozenset[tuple[str, int]], reason: str) -> int:
    """Run the local checks on (kind, record id)s again; how many pass."""
    ready = 0
    for kind, of_kind in groupby(sorted(records), key=itemgetter(0)):
        ids = [record_id for _kind, record_id in of_kind]
        for start in range(0, len(ids), _CHUNK):
            chunk = ids[start : start + _CHUNK]
            unblockings.record(keep_verdicts(connection.company_id, kind, chunk, connection.target), reason)
            rows = SyncStanding.objects.of_records(kind, chunk).filter(target=connection.target)
            ready += rows.filter(verdict=SyncStanding.Verdict.READY).count()
    return ready


def _unsent(connection: Connection) -> Iterator[Syncable]:
    rows = SyncStanding.objects.with_erp_of(connection).filter(status__in=verdicts.JUDGED)
    for kind in Kind:
        ids = list(rows.filter(kind=kind).order_by("pk").values_list("record_id", flat=True)[:MOST_RECORDS])
        for start in range(0, len(ids), _CHUNK):
            yield from builder.load(kind, ids[start : start + _CHUNK], connection.target).values()


def _codes_waiting(record: Syncable, connection: Connection, dialect: Dialect) -> Iterator[tuple[str, str]]:
    """(kind of code, code) of a record and its lines, without the ERP's code."""
    for catalogue, part in builder.parts_of(record, connection):
        for row, code in unmapped_codes(catalogue, part, dialect):
            yield row.coded, code


def translations(record: Syncable, connection: Connection, codes: Mapping[str, Mapping[str, str]]) -> list[str]:
    """«Ciudad: 05001 → 1101»: the codes of a record that leave as another, each once, for the preview."""
    lines: dict[str, None] = {}
    for catalogue, part in builder.parts_of(record, connection):
        for row in catalogue.coded:
            code = str(stored_value(row, part) or "").strip()
            theirs = codes.get(row.coded, {}).get(code, code)
            if theirs != code:
                lines[f"{row.label}: {code} → {theirs}"] = None
    return list(lines)
