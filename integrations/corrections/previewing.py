"""The preview of a correction: old and new value of every record, what stays and why, and what could be sent then."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from integrations.connections import record_kinds
from integrations.connections.sending_policy import policy_of, why_elsewhere
from integrations.erp.fields.parsing import FieldError
from integrations.models import Connection, Correction, CorrectionItem, Syncable, SyncStanding
from integrations.models.bulk_writes import update_many
from integrations.models.syncable import model_for
from integrations.payloads import filling
from integrations.payloads.changing import Change, ChangeError, changes_of, resolved, write
from integrations.payloads.judgement import Judge
from integrations.standings import left_alone
from integrations.standings.left_alone import Closed
from integrations.standings.verdicts import JUDGED

_Verdict, _Check = CorrectionItem.Verdict, CorrectionItem.Check
_COLUMNS = ("label", "verdict", "reason", "changes", "version", "check_result", "problem")
_LONGEST_LABEL = 200


def load(correction: Correction, ids: Sequence[int]) -> dict[int, Syncable]:
    """The records of these items with their lines, in a fixed number of queries; those of another company are not."""
    model = model_for(correction.kind)
    found = model._default_manager.filter(company=correction.company_id, pk__in=ids)
    return {record.pk: record for record in found.prefetch_related(*model.part_relations)}


@dataclass(frozen=True)
class Previewer:
    """What previewing the records of one correction needs, read once for all of them."""

    correction: Correction
    change: Change
    closed: Closed
    connections: Sequence[Connection]

    @classmethod
    def of(cls, correction: Correction) -> "Previewer":
        """Raises: ChangeError, FieldError where the correction can't be carried out."""
        connections = [
            connection
            for connection in Connection.objects.live().filter(company=correction.company_id)
            if record_kinds.takes(connection, correction.kind)
        ]
        change = resolved(correction, correction.mode, correction.find)
        return cls(correction, change, left_alone.closed_periods(correction.company_id), connections)

    @transaction.atomic
    def preview(self, items: Sequence[CorrectionItem]) -> None:
        """Fill in and save what becomes of these items; nothing of their records is saved."""
        ids = [item.record_id for item in items]
        records, rows = load(self.correction, ids), self._standings(ids)
        change = self._change_for(records)
        for item in items:
            self._preview_one(item, records.get(item.record_id), rows.get(item.record_id, []), change)
        changing = {item.record_id: records[item.record_id] for item in items if item.verdict == _Verdict.CHANGES}
        if changing:
            type(next(iter(changing.values()))).complete_contents(list(changing.values()))
            self._check(items, changing, rows)
        update_many(items, _COLUMNS)

    def _change_for(self, records: Mapping[int, Syncable]) -> Change:
        """The change; of a rule that is applied afterwards, without what the rule leaves out."""
        if self.correction.rule_id is None:
            return self.change
        documents = [(record, None) for record in records.values()]
        return filling.narrowed(self.change, self.correction.company_id, documents)

    def _standings(self, ids: Iterable[int]) -> dict[int, list[SyncStanding]]:
        kind = self.correction.kind
        rows = list(SyncStanding.objects.of_records(kind, ids).order_by("pk"))
        return left_alone.standings_by_record(kind, rows)

    def _preview_one(
        self, item: CorrectionItem, record: Syncable | None, rows: Sequence[SyncStanding], change: Change
    ) -> None:
        """The verdict of one item; the record has the new values afterwards, where it changes."""
        stays = left_alone.why(record, self.correction.company_id, rows)
        if record is not None:
            item.label, item.version = str(record)[:_LONGEST_LABEL], record.version
        if stays or record is None:
            item.verdict, item.reason = _Verdict.STAYS, stays
            return
        before = getattr(record, "date", None)
        try:
            changes = changes_of(record, change)
        except (ChangeError, FieldError) as wrong:
            item.verdict, item.reason = _Verdict.WRONG, str(wrong)
            return
        item.verdict = _Verdict.CHANGES if changes else _Verdict.SAME
        item.changes = [cell.as_data() for cell in changes]
        write(record, change.field, changes)
        record.complete_content({relation: getattr(record, relation).all() for relation in record.part_relations})
        if changes and (stays := left_alone.why_closed(before, getattr(record, "date", None), self.closed)):
            item.verdict, item.reason, item.changes = _Verdict.STAYS, stays, []

    def _check(
        self,
        items: Sequence[CorrectionItem],
        records: dict[int, Syncable],
        rows: Mapping[int, Sequence[SyncStanding]],
    ) -> None:
        """Run the local checks over the records as they would be, and say of each what they would say."""
        found: dict[int, list[tuple[SyncStanding, list[str]]]] = {pk: [] for pk in records}
        policy = policy_of(self.correction.company_id)
        for connection in self.connections:
            judge = Judge(connection, self.correction.kind, list(records), loaded=records)
            for pk, record in records.items():
                for row in rows.get(pk, ()):
                    meant = row.target == connection.target and not why_elsewhere(policy, record, row.target)
                    if meant and row.status in JUDGED:
                        found[pk].append((row, [p.message for p in judge.problems_of(record) if p.blocks]))
        for item in items:
            if item.record_id in found:
                _say(item, found[item.record_id])


def _say(item: CorrectionItem, found: Sequence[tuple[SyncStanding, list[str]]]) -> None:
    """What the checks of each ERP say of one item: it is ready where one of them lets it pass."""
    if not found:
        return
    passed = [row for row, messages in found if not messages]
    if passed:
        item.check_result = _Check.READY if all(map(_passed_before, passed)) else _Check.FREED
        return
    row, messages = min(found, key=lambda pair: len(pair[1]))
    item.check_result, item.problem = _Check.BLOCKED, f"{row.get_target_display()}: {' '.join(messages[:3])}"


def _passed_before(row: SyncStanding) -> bool:
    return row.verdict == SyncStanding.Verdict.READY and row.version_checked == row.version
