"""The preview of a batch: every record judged, and the masters that would go before the documents."""

from collections.abc import Collection, Iterable

from integrations.choices import ItemVerdict, Kind
from integrations.erp.fields.severity import Severity
from integrations.models import RegisterRow, Syncable, SyncBatch, SyncBatchItem, SyncStanding
from integrations.models.bulk_writes import update_many
from integrations.payloads import builder, prerequisites, updates
from integrations.payloads.judgement import Judge, Judgement
from integrations.standings import transitions, verdicts

MASTERS_IN_ORDER = (Kind.CLIENT, Kind.THIRD_PARTY, Kind.ARTICLE)
LACKING = "lacking_master"
"""The id, in a preview, of «the ERP does not have what this document names»."""
OfferedMasters = dict[tuple[str, int], SyncBatchItem]
"""(kind, record id) → the item of a master that the batch can send first."""
_CHUNK = 200
_IDENTITY = ("record_label", "third_party", "amount", "send_kind", "version")
_JUDGED = (*_IDENTITY, "verdict", "reason", "problems", "payload_hash", "needs")


def judge_items(batch: SyncBatch, kind: Kind | str, items: list[SyncBatchItem]) -> None:
    """Judge saved items of one kind and save what was found, on the items and on the standings."""
    ids = [item.record_id for item in items]
    judge = Judge(batch.connection, kind, ids, batch.accepted_rules, may_update=updates.may_update(batch))
    rows = {row.record_id: row for row in transitions.locked(kind, ids, batch.target)}
    rules_version = builder.rules_version(batch.connection)
    for item in items:
        record, row = judge.records.get(item.record_id), rows.get(item.record_id)
        if record is None or row is None or record.company_id != batch.company_id:
            item.reason = "Ya no existe o no es de esta empresa."
            continue
        judgement = judge.judge(row)
        _fill(item, record, row, judgement)
        verdicts.keep(row, judgement.blocking_rules, rules_version)
    update_many(items, _JUDGED)
    verdicts.save(rows.values())


def _fill(item: SyncBatchItem, record: Syncable, row: SyncStanding, judgement: Judgement) -> None:
    item.record_label = str(record)[:200]
    item.third_party = record.party_label[:200]
    item.amount = record.amount_at_stake
    item.version, item.send_kind = record.version, row.send_kind
    item.verdict, item.reason = judgement.verdict, judgement.reason
    item.problems = judgement.problems_as_data()
    item.payload_hash = judgement.payload.sha256 if judgement.payload else ""


def offer_masters(batch: SyncBatch) -> None:
    """Add to a preview, before the documents, the masters that they name and the ERP is not known to have."""
    batch.items.filter(position__lt=1).delete()
    documents, needed = _documents_in_need(batch)
    offered = _judged_masters(batch, needed.values())
    registers_read = _registers_read(batch)
    for item in documents:
        _say_what_it_needs(item, [needed[pk] for pk in item.needs], offered, registers_read)
    update_many(documents, _JUDGED)


def decline_masters(batch: SyncBatch) -> None:
    """The documents go without waiting for anything."""
    batch.items.filter(position__lt=1).update(
        verdict=ItemVerdict.SKIPPED, reason="Se pidió enviar los documentos sin enviarlo antes."
    )
    batch.items.exclude(needs=[]).update(needs=[])


def _documents_in_need(batch: SyncBatch) -> tuple[list[SyncBatchItem], dict[int, SyncStanding]]:
    """The ready items whose documents need masters, with `needs` set, and the masters' standings by their id."""
    documents: list[SyncBatchItem] = []
    needed: dict[int, SyncStanding] = {}
    ready = list(batch.items.filter(kind=batch.kind, verdict=ItemVerdict.READY).order_by("position"))
    for start in range(0, len(ready), _CHUNK):
        items = {item.record_id: item for item in ready[start : start + _CHUNK]}
        records = builder.load(batch.kind, list(items), batch.target)
        for record_id, rows in prerequisites.lacking(batch.connection, list(records.values())).items():
            items[record_id].needs = [row.pk for row in rows]
            documents.append(items[record_id])
            needed |= {row.pk: row for row in rows}
    return documents, needed


def _judged_masters(batch: SyncBatch, needed: Collection[SyncStanding]) -> OfferedMasters:
    """A judged item of the batch for each of these masters; their positions end at 0."""
    position = -len(needed)
    offered: OfferedMasters = {}
    for kind in MASTERS_IN_ORDER:
        ids = [row.record_id for row in needed if row.kind == kind]
        items = [
            SyncBatchItem(batch=batch, kind=kind, position=place, record_id=pk, verdict=ItemVerdict.SKIPPED)
            for place, pk in enumerate(ids, position + 1)
        ]
        position += len(items)
        SyncBatchItem.objects.bulk_create(items, batch_size=_CHUNK)
        judge_items(batch, kind, items)
        offered |= {(kind, item.record_id): item for item in items}
    return offered


def _say_what_it_needs(
    item: SyncBatchItem, needed: Iterable[SyncStanding], offered: OfferedMasters, registers_read: Collection[str]
) -> None:
    """Keep in `needs` the masters that can go before the document; the others become problems of the document."""
    item.needs = []
    for row in needed:
        master = offered[row.kind, row.record_id]
        if master.verdict == ItemVerdict.READY or row.status in prerequisites.ON_THEIR_WAY:
            item.needs.append(row.pk)
        else:
            is_known_absent = prerequisites.REGISTERS[Kind(row.kind)] in registers_read
            _add_lacking(item, master, is_known_absent=is_known_absent)


def _add_lacking(item: SyncBatchItem, master: SyncBatchItem, *, is_known_absent: bool) -> None:
    """A master that cannot go stops the document where the ERP is known not to have it, and else warns."""
    lacks = "no tiene" if is_known_absent else "puede no tener"
    name = f"{master.get_kind_display().lower()} {master.record_label}"
    message = f"{item.batch.get_target_display()} {lacks} el {name}, y no se puede enviar: {master.reason}"
    severity = str(Severity.BLOCK if is_known_absent else Severity.WARN)
    problem = {"rule": LACKING, "severity": severity, "field": "", "line": None, "message": message}
    item.problems = [*item.problems, problem]
    if is_known_absent:
        item.verdict, item.reason = ItemVerdict.BLOCKED, f"{item.reason} {message}".strip()


def _registers_read(batch: SyncBatch) -> frozenset[str]:
    """The registers of the connection that were ever read."""
    rows = RegisterRow.objects.filter(connection=batch.connection).order_by()
    return frozenset(rows.values_list("register", flat=True).distinct())
