"""Which records wait for what, and that it arrived: a master, or the ERP's name of a code.

An error closes itself when what it was refused for is there (`Event.UNBLOCKED`), however it got there: sent, read from
the ERP, entered by hand or homologated. Only what a refusal proves absent, or a read, may move; the rest waits for its
verification first.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from integrations.choices import Kind, Register, Status
from integrations.erp.fields.values import current
from integrations.erp.sag.rules.sources import SOURCE_RULES
from integrations.inbox.remedies import MAPPED, MASTERS
from integrations.models import (
    CodeMapping,
    Connection,
    Prerequisite,
    RegisterRow,
    Syncable,
    SyncAttempt,
    SyncStanding,
)
from integrations.models.syncable import Need, model_for
from integrations.payloads import builder, judgement
from integrations.payloads.prerequisites import NOT_FOLLOWED, PRESENT, REGISTERS
from integrations.standings import transitions, unblockings, verdicts
from integrations.standings.batch_rows import record_on_batch
from integrations.standings.lifecycle import Event

MOST_AT_ONCE = 500
"""Records of one lane and cause that one look takes; the rest wait for the next."""


def release() -> int:
    """Let go what waited for something that arrived since, on every lane; how many."""
    released = _release_withdrawn()
    for connection in Connection.objects.live():
        for cause in (*MASTERS, *MAPPED):
            released += _release_refused(connection, cause)
    return released


def codes_arrived(connection: Connection) -> int:
    """A code was mapped: judge again what waited for one on this lane; how many may leave now."""
    verdicts.forget(connection.company_id, connection.target)
    passed = judgement.rejudge_stopped(connection, {"unmapped"})
    stopped = unblockings.tell(passed, "Se homologó el código que faltaba.")
    return stopped + sum(_release_refused(connection, cause) for cause in MAPPED)


def register_read(connection: Connection, register: str) -> int:
    """A register was read whole or in part: judge again what its facts may let go; how many may leave now."""
    rules = _RULES_OF.get(register, frozenset())
    stopped = 0
    if rules:
        verdicts.forget(connection.company_id, connection.target)
        reason = f"Se leyeron de {connection.get_target_display()}: {Register(register).label.lower()}."
        stopped = unblockings.tell(judgement.rejudge_stopped(connection, rules), reason)
    return stopped + sum(_release_refused(connection, cause) for cause in MASTERS)


_RULES_OF: dict[str, frozenset[str]] = {
    Register.SOURCES: frozenset({"unknown_source"} | {rule.id for rule in SOURCE_RULES}),
    Register.ACCOUNTS: frozenset({"unknown_account", "third_party_missing", "cost_center_missing", "product_missing"}),
}
"""Which local checks ask a register that is read from the ERP."""


def _release_refused(connection: Connection, cause: str) -> int:
    waiting = SyncStanding.objects.filter(
        company=connection.company_id, target=connection.target, cause=cause,
        status=Status.REJECTED, verify_first=False,
    )  # fmt: skip
    by_kind: dict[str, list[SyncStanding]] = defaultdict(list)
    for row in waiting.order_by("pk")[:MOST_AT_ONCE]:
        by_kind[row.kind].append(row)
    return sum(_release_some(connection, cause, kind, rows) for kind, rows in by_kind.items())


def _release_some(connection: Connection, cause: str, kind: str, rows: Sequence[SyncStanding]) -> int:
    records = builder.load(kind, [row.record_id for row in rows], connection.target)
    refused = _refused_at(rows)
    arrived = _masters_arrived if cause in MASTERS else _codes_arrived
    found = arrived(connection, cause, records, {row.record_id: refused[row.pk] for row in rows if row.pk in refused})
    by_reason: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        if row.record_id in found:
            by_reason[found[row.record_id]].append(row.pk)
    return sum(_move(ids, reason) for reason, ids in by_reason.items())


def _move(standing_ids: Sequence[int], reason: str) -> int:
    """Each standing under its own lock, as the answers of an ERP are settled."""
    moved = []
    for pk in standing_ids:
        with transaction.atomic():
            row = transitions.locked_one(pk)
            if row.status != Status.REJECTED or row.verify_first:
                continue
            transitions.move(row, Event.UNBLOCKED, message=f"{reason} Puede enviarlo de nuevo.", cause="")
            record_on_batch(row)
            unblockings.tell([row], reason)
            moved.append(row)
    return len(moved)


def _refused_at(rows: Sequence[SyncStanding]) -> dict[int, datetime]:
    """Standing id → when the send that was refused ended: a read since then moved the standing, not the refusal."""
    attempts: dict[UUID, int] = {row.attempt: row.pk for row in rows if row.attempt is not None}
    ended = SyncAttempt.objects.filter(pk__in=attempts, finished_at__isnull=False)
    return {attempts[pk]: at for pk, at in ended.values_list("pk", "finished_at") if at is not None}


# --- masters


def _masters_arrived(
    connection: Connection, cause: str, records: Mapping[int, Syncable], since: Mapping[int, datetime]
) -> dict[int, str]:
    """Record id → «Llegó…», where every master that it names of the refused kinds is there and one came later."""
    several = list(records.values())
    needs = type(several[0]).needs(several) if several else {}
    kinds = set(MASTERS[cause])
    wanted = {pk: [need for need in named if kinds & set(need.kinds)] for pk, named in needs.items()}
    there = _present_since(connection, {need for named in wanted.values() for need in named})
    found = {}
    for pk, named in wanted.items():
        moments = {need: there[need] for need in named if need in there}
        late = [need for need, at in moments.items() if pk in since and at > since[pk]]
        if late and len(moments) == len(named):
            found[pk] = f"Ya está en {connection.get_target_display()} {_named(late[0])}."
    return found


def _named(need: Need) -> str:
    return f"el {model_for(need.kinds[0])._meta.verbose_name} {need.code}"


def _present_since(connection: Connection, needs: set[Need]) -> dict[Need, datetime]:
    """When each master was last seen to be in the ERP: sent from here, or read there."""
    at: dict[tuple[str, str], datetime] = {}
    codes: dict[Kind, set[str]] = defaultdict(set)
    for need in needs:
        for kind in need.kinds:
            codes[kind].add(need.code)
    for kind, some in codes.items():
        for code, moment in (*_sent(connection, kind, some), *_read(connection, kind, some)):
            at[kind, code] = max(at.get((kind, code), moment), moment)
    found = {need: [at[kind, need.code] for kind in need.kinds if (kind, need.code) in at] for need in needs}
    return {need: max(moments) for need, moments in found.items() if moments}


def _sent(connection: Connection, kind: Kind, codes: set[str]) -> list[tuple[str, datetime]]:
    model = model_for(kind)
    column = model.natural_key_columns[-1]
    mine = model._default_manager.filter(company=connection.company_id, **{f"{column}__in": codes})
    code_of = dict(mine.values_list("pk", column))
    rows = SyncStanding.objects.filter(
        kind=kind, target=connection.target, record_id__in=code_of, status__in=PRESENT, synced_at__isnull=False
    )
    return [(code_of[pk], at) for pk, at in rows.values_list("record_id", "synced_at") if at is not None]


def _read(connection: Connection, kind: Kind, codes: set[str]) -> list[tuple[str, datetime]]:
    rows = RegisterRow.objects.filter(
        connection=connection, register=REGISTERS[kind], code__in=codes, missing_since__isnull=True
    )
    return list(rows.values_list("code", "read_at"))


# --- codes


def _codes_arrived(
    connection: Connection, cause: str, records: Mapping[int, Syncable], since: Mapping[int, datetime]
) -> dict[int, str]:
    """Record id → «Se homologó…», where one of its codes was mapped after the refusal."""
    mappings = CodeMapping.objects.filter(connection=connection, kind=MAPPED[cause])
    mapped = {mapping.code: mapping for mapping in mappings}
    found: dict[int, str] = {}
    for pk, record in records.items() if mapped else ():
        late = [mapped[code] for code in _codes(record, connection, MAPPED[cause])
                if code in mapped and pk in since and mapped[code].updated_at > since[pk]]  # fmt: skip
        if late:
            found[pk] = f"Se homologó {late[0].get_kind_display().lower()} {late[0]}."
    return found


def _codes(record: Syncable, connection: Connection, kind: str) -> set[str]:
    return {
        str(current(row, each) or "").strip()
        for catalogue, each in builder.parts_of(record, connection)
        for row in catalogue.coded
        if row.coded == kind
    }


# --- what never left because its master did not arrive


def _release_withdrawn() -> int:
    """Documents that went back because a master did not arrive, and now all did."""
    mine = Prerequisite.objects.filter(standing=OuterRef("pk"))
    waiting = SyncStanding.objects.filter(
        Exists(mine), status__in=[Status.NEW, Status.CHANGED], message__startswith=NOT_FOLLOWED
    )
    ids = list(waiting.exclude(Exists(mine.exclude(needs__status__in=PRESENT))).values_list("pk", flat=True))
    return sum(_free(pk) for pk in ids[:MOST_AT_ONCE])


def _free(standing_id: int) -> int:
    with transaction.atomic():
        row = transitions.locked_one(standing_id)
        if row.status not in (Status.NEW, Status.CHANGED):
            return 0
        reason = f"Ya está en {row.get_target_display()} lo que este documento esperaba."
        transitions.wait_for([row], {})
        transitions.note(row, message=f"{reason} Puede enviarlo.")
        return unblockings.tell([row], reason)
