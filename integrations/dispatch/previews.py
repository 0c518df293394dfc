"""The preview of a batch: each record judged and written down, and the masters that would go first."""

from collections.abc import Iterable, Sequence
from typing import Any

from integrations.choices import ItemVerdict, Kind
from integrations.erp.fields.severity import Severity
from integrations.models import RegisterRow, Syncable, SyncBatch, SyncBatchItem, SyncStanding
from integrations.models.bulk_writes import update_many
from integrations.payloads import builder, prerequisites, updates
from integrations.payloads.context import context_for
from integrations.payloads.judgement import Judgement, judge
from integrations.standings import transitions, verdicts

MASTERS_IN_ORDER = (Kind.CLIENT, Kind.THIRD_PARTY, Kind.ARTICLE)
LACKING = "lacking_master"
"""The id, in a preview, of «the ERP does not have what this document names»."""
_CHUNK = 200
_JUDGED = [
    "record_label", "third_party", "amount", "verdict", "reason", "problems", "send_kind", "version",
    "payload_hash", "needs",
]  # fmt: skip


def judge_items(batch: SyncBatch, kind: Kind | str, items: list[SyncBatchItem]) -> None:
    """Judge saved items of one kind and write what was found; the standings keep the verdict too."""
    ids = [item.record_id for item in items]
    records = builder.load(kind, ids, batch.target)
    held = {row.record_id: row for row in transitions.locked(kind, ids, batch.target)}
    context = context_for(batch.connection, list(records.values()))
    rivals = builder.rival_problems(list(records.values()), batch.connection, context)
    may_update = updates.may_update(batch)
    for item in items:
        record, row = records.get(item.record_id), held.get(item.record_id)
        if record is None or row is None or record.company_id != batch.company_id:
            item.reason = "Ya no existe o no es de esta empresa."
            continue
        mine = rivals.get(record.pk, [])
        judgement = judge(record, batch.connection, row, context, mine, batch.accepted_rules, may_update=may_update)
        _write(item, record, row, judgement)
        verdicts.keep(row, judgement.blocking_rules, builder.rules_version(batch.connection))
    update_many(items, _JUDGED)
    verdicts.save(held.values())


def _write(item: SyncBatchItem, record: Syncable, row: SyncStanding, judgement: Judgement) -> None:
    item.record_label = str(record)[:200]
    item.third_party = record.party_label[:200]
    item.amount = record.amount_at_stake
    item.version = record.version
    item.send_kind = row.send_kind
    item.verdict = judgement.verdict
    item.reason = judgement.reason
    item.problems = judgement.problems_as_data()
    item.payload_hash = judgement.payload.sha256 if judgement.payload else ""


def offer_masters(batch: SyncBatch) -> None:
    """Add to a preview, before the documents, the masters that they name and the ERP is not known to hold."""
    batch.items.filter(position__lt=1).delete()
    documents, needed = _documents_in_need(batch)
    offered = _judged_masters(batch, needed.values())
    for item in documents:
        _tell(item, [needed[pk] for pk in item.needs], offered, _registers_read(batch))
    update_many(documents, _JUDGED)


def decline_masters(batch: SyncBatch) -> None:
    """The documents go without waiting for anything."""
    batch.items.filter(position__lt=1).update(
        verdict=ItemVerdict.SKIPPED, reason="Se pidió enviar los documentos sin enviarlo antes."
    )
    batch.items.exclude(needs=[]).update(needs=[])


def _documents_in_need(batch: SyncBatch) -> tuple[list[SyncBatchItem], dict[int, SyncStanding]]:
    ready = batch.items.filter(kind=batch.kind, verdict=ItemVerdict.READY).order_by("position")
    documents: list[SyncBatchItem] = []
    needed: dict[int, SyncStanding] = {}
    items = list(ready)
    for start in range(0, len(items), _CHUNK):
        chunk = {item.record_id: item for item in items[start : start + _CHUNK]}
        records = builder.load(batch.kind, list(chunk), batch.target)
        for record_id, rows in prerequisites.lacking(batch.connection, list(records.values())).items():
            chunk[record_id].needs = [row.pk for row in rows]
            documents.append(chunk[record_id])
            needed |= {row.pk: row for row in rows}
    return documents, needed


def _judged_masters(batch: SyncBatch, needed: Iterable[SyncStanding]) -> dict[tuple[str, int], SyncBatchItem]:
    by_kind: dict[str, list[SyncStanding]] = {kind: [] for kind in MASTERS_IN_ORDER}
    for row in needed:
        by_kind[row.kind].append(row)
    position = -sum(map(len, by_kind.values()))
    offered: dict[tuple[str, int], SyncBatchItem] = {}
    for kind, rows in by_kind.items():
        items = []
        for row in rows:
            position += 1
            skipped = ItemVerdict.SKIPPED
            items.append(
                SyncBatchItem(batch=batch, kind=kind, position=position, record_id=row.record_id, verdict=skipped)
            )
        SyncBatchItem.objects.bulk_create(items, batch_size=_CHUNK)
        judge_items(batch, kind, items)
        offered |= {(kind, item.record_id): item for item in items}
    return offered


def _tell(
    item: SyncBatchItem,
    needed: Sequence[SyncStanding],
    offered: dict[tuple[str, int], SyncBatchItem],
    registers_read: frozenset[str],
) -> None:
    """What waits for a master that can go, waits; what names one that cannot, says so."""
    item.needs = []
    for row in needed:
        master = offered[row.kind, row.record_id]
        if master.verdict == ItemVerdict.READY or row.status in prerequisites.ON_THEIR_WAY:
            item.needs.append(row.pk)
            continue
        known_absent = prerequisites.REGISTERS[Kind(row.kind)] in registers_read
        message = _cannot_go(item, master, known_absent=known_absent)
        severity = Severity.BLOCK if known_absent else Severity.WARN
        item.problems = [*item.problems, _problem(severity, message)]
        if known_absent:
            item.verdict, item.reason = ItemVerdict.BLOCKED, f"{item.reason} {message}".strip()


def _cannot_go(item: SyncBatchItem, master: SyncBatchItem, *, known_absent: bool) -> str:
    erp = item.batch.get_target_display()
    said = f"{erp} no tiene" if known_absent else f"{erp} puede no tener"
    return f"{said} el {master.get_kind_display().lower()} {master.record_label}, y no se puede enviar: {master.reason}"


def _problem(severity: Severity, message: str) -> dict[str, Any]:
    return {"rule": LACKING, "severity": str(severity), "field": "", "line": None, "message": message}


def _registers_read(batch: SyncBatch) -> frozenset[str]:
    found = RegisterRow.objects.filter(connection=batch.connection).order_by()
    return frozenset(found.values_list("register", flat=True).distinct())
