"""Unblock records once what they waited for is there: a master, or the ERP's name of a code.

An error closes itself (`Event.UNBLOCKED`) however the missing thing got there: sent, read from the ERP, entered by hand
or mapped. Only records that a refusal, or a read, proves absent in the ERP are moved; the others are verified first.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from integrations.choices import Kind, Register, Status
from integrations.connections.live_connection import each_live
from integrations.erp.causes import Cause
from integrations.erp.fields.values import stored_value
from integrations.erp.sag.rules.sources import SOURCE_RULES
from integrations.inbox.remedies import causes_of
from integrations.models import (
    CodeMapping,
    Connection,
    Prerequisite,
    RegisterRow,
    Syncable,
    SyncAttempt,
    SyncStanding,
)
from integrations.models.sweep_cursor import next_rows
from integrations.models.syncable import Need, model_for
from integrations.payloads import builder, judgement
from integrations.payloads.prerequisites import NOT_FOLLOWED, PRESENT, REGISTERS
from integrations.standings import transitions, unblockings, verdicts
from integrations.standings.batch_rows import record_on_batch
from integrations.standings.lifecycle import Event

MOST_AT_ONCE = 500
"""How many records of one lane and cause are looked at in one run; the next one goes on with the rest."""


def release() -> int:
    """Unblock, on every lane, the records for which everything arrived since; how many."""
    return _release_withdrawn() + each_live(_release_refused_of)


def _release_refused_of(connection: Connection) -> int:
    causes = [cause for cause in causes_of(connection.target) if cause.master_kinds or cause.mapped_kind]
    return sum(_release_refused(connection, cause) for cause in causes)


def codes_arrived(connection: Connection) -> int:
    """After a code was mapped: check again the records of this lane that waited for one; how many may leave now."""
    verdicts.forget(connection.company_id, connection.target)
    passed = judgement.rejudge_stopped(connection, {"unmapped"})
    stopped = unblockings.record(passed, "Se homologó el código que faltaba.")
    causes = [cause for cause in causes_of(connection.target) if cause.mapped_kind]
    return stopped + sum(_release_refused(connection, cause) for cause in causes)


def register_read(connection: Connection, register: str) -> int:
    """After a register was read: check again the records that its rows may unblock; how many may leave now."""
    rules = _RULES_OF.get(register, frozenset())
    stopped = 0
    if rules:
        verdicts.forget(connection.company_id, connection.target)
        reason = f"Se leyeron de {connection.get_target_display()}: {Register(register).label.lower()}."
        stopped = unblockings.record(judgement.rejudge_stopped(connection, rules), reason)
    causes = [cause for cause in causes_of(connection.target) if cause.master_kinds]
    return stopped + sum(_release_refused(connection, cause) for cause in causes)


_RULES_OF: dict[str, frozenset[str]] = {
    Register.SOURCES: frozenset({"unknown_source"} | {rule.id for rule in SOURCE_RULES}),
    Register.ACCOUNTS: frozenset({"unknown_account", "third_party_missing", "cost_center_missing", "product_missing"}),
}
"""Register → the local checks that use it."""


def _release_refused(connection: Connection, cause: Cause) -> int:
    waiting = SyncStanding.objects.with_erp_of(connection).filter(cause=cause.code)
    waiting = waiting.filter(status=Status.REJECTED, verify_first=False)
    by_kind: dict[str, list[SyncStanding]] = defaultdict(list)
    for row in next_rows(f"arrivals {connection.pk} {cause.code}", waiting, MOST_AT_ONCE):
        by_kind[row.kind].append(row)
    return sum(_release_of_kind(connection, cause, kind, rows) for kind, rows in by_kind.items())


def _release_of_kind(connection: Connection, cause: Cause, kind: str, rows: Sequence[SyncStanding]) -> int:
    records = builder.load(kind, [row.record_id for row in rows], connection.target)
    refused = _refused_at(rows)
    since = {row.record_id: refused[row.pk] for row in rows if row.pk in refused}
    reasons = (_masters_arrived if cause.master_kinds else _codes_arrived)(connection, cause, records, since)
    by_reason: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        if row.record_id in reasons:
            by_reason[reasons[row.record_id]].append(row.pk)
    return sum(_unblock(ids, reason) for reason, ids in by_reason.items())


def _unblock(standing_ids: Sequence[int], reason: str) -> int:
    """Move each standing under its own lock, in a transaction of its own; how many were still refused."""
    moved = 0
    for pk in standing_ids:
        with transaction.atomic():
            row = transitions.locked_one(pk)
            if row.status != Status.REJECTED or row.verify_first:
                continue
            transitions.move(row, Event.UNBLOCKED, message=f"{reason} Puede enviarlo de nuevo.", cause="")
            record_on_batch(row)
            moved += unblockings.record([row], reason)
    return moved


def _refused_at(rows: Sequence[SyncStanding]) -> dict[int, datetime]:
    """Standing id → when the call that was refused ended. The standing itself may have been read since."""
    attempts: dict[UUID, int] = {row.attempt: row.pk for row in rows if row.attempt is not None}
    ended = SyncAttempt.objects.filter(pk__in=attempts, finished_at__isnull=False)
    return {attempts[pk]: at for pk, at in ended.values_list("pk", "finished_at") if at is not None}


# --- masters


def _masters_arrived(
    connection: Connection, cause: Cause, records: Mapping[int, Syncable], since: Mapping[int, datetime]
) -> dict[int, str]:
    """Record id → «Ya está en…», where every master of the refused kinds that it names is there and one came later."""
    several = list(records.values())
    needs = type(several[0]).needs(several) if several else {}
    kinds = set(cause.master_kinds)
    missing = {pk: [need for need in all_needs if kinds & set(need.kinds)] for pk, all_needs in needs.items()}
    present = _present_since(connection, {need for of_record in missing.values() for need in of_record})
    late = {pk: _latecomer(missing[pk], present, since[pk]) for pk in missing if pk in since}
    erp = connection.get_target_display()
    return {pk: f"Ya está en {erp} {_name_of(need)}." for pk, need in late.items() if need}


def _latecomer(needs: Sequence[Need], present: Mapping[Need, datetime], since: datetime) -> Need | None:
    """The first master of these that came later than `since`; None where none did, or one is still not there."""
    if not all(need in present for need in needs):
        return None
    return next((need for need in needs if present[need] > since), None)


def _name_of(need: Need) -> str:
    return f"el {model_for(need.kinds[0])._meta.verbose_name} {need.code}"


def _present_since(connection: Connection, needs: set[Need]) -> dict[Need, datetime]:
    """When each master was last known to be in the ERP, sent from here or read there; without those that are not."""
    codes: dict[Kind, set[str]] = defaultdict(set)
    for need in needs:
        for kind in need.kinds:
            codes[kind].add(need.code)
    moments: dict[tuple[Kind, str], list[datetime]] = defaultdict(list)
    for kind, of_kind in codes.items():
        for code, moment in (*_sent(connection, kind, of_kind), *_read(connection, kind, of_kind)):
            moments[kind, code].append(moment)
    found = {need: [at for kind in need.kinds for at in moments.get((kind, need.code), ())] for need in needs}
    return {need: max(of_need) for need, of_need in found.items() if of_need}


def _sent(connection: Connection, kind: Kind, codes: set[str]) -> list[tuple[str, datetime]]:
    model = model_for(kind)
    column = model.natural_key_columns[-1]
    records = model._default_manager.filter(company=connection.company_id, **{f"{column}__in": codes})
    code_of = dict(records.values_list("pk", column))
    rows = SyncStanding.objects.of_records(kind, code_of).filter(
        target=connection.target, status__in=PRESENT, synced_at__isnull=False
    )
    return [(code_of[pk], at) for pk, at in rows.values_list("record_id", "synced_at") if at is not None]


def _read(connection: Connection, kind: Kind, codes: set[str]) -> list[tuple[str, datetime]]:
    rows = RegisterRow.objects.with_codes(connection, REGISTERS[kind], codes)
    return list(rows.values_list("code", "read_at"))


# --- codes


def _codes_arrived(
    connection: Connection, cause: Cause, records: Mapping[int, Syncable], since: Mapping[int, datetime]
) -> dict[int, str]:
    """Record id → «Se homologó…», where one of its codes was mapped after the refusal."""
    by_code = {each.code: each for each in CodeMapping.objects.filter(connection=connection, kind=cause.mapped_kind)}
    reasons: dict[int, str] = {}
    for pk, record in records.items() if by_code else ():
        mapped = [by_code[code] for code in _codes(record, connection, cause.mapped_kind) if code in by_code]
        late = [mapping for mapping in mapped if pk in since and mapping.updated_at > since[pk]]
        if late:
            reasons[pk] = f"Se homologó {late[0].get_kind_display().lower()} {late[0]}."
    return reasons


def _codes(record: Syncable, connection: Connection, kind: str) -> set[str]:
    return {
        str(stored_value(row, each) or "").strip()
        for catalogue, each in builder.parts_of(record, connection)
        for row in catalogue.coded
        if row.coded == kind
    }


# --- documents that went back because a master did not arrive


def _release_withdrawn() -> int:
    """Unblock documents that went back because a master did not arrive, once all did."""
    needed = Prerequisite.objects.filter(standing=OuterRef("pk"))
    waiting = SyncStanding.objects.filter(
        Exists(needed), status__in=[Status.NEW, Status.CHANGED], message__startswith=NOT_FOLLOWED
    )
    ids = list(waiting.exclude(Exists(needed.exclude(needs__status__in=PRESENT))).values_list("pk", flat=True))
    return sum(_release_one(pk) for pk in ids[:MOST_AT_ONCE])


def _release_one(standing_id: int) -> int:
    with transaction.atomic():
        row = transitions.locked_one(standing_id)
        if row.status not in (Status.NEW, Status.CHANGED):
            return 0
        reason = f"Ya está en {row.get_target_display()} lo que este documento esperaba."
        transitions.wait_for([row], {})
        transitions.note(row, message=f"{reason} Puede enviarlo.")
        return unblockings.record([row], reason)
