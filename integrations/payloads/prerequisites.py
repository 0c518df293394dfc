"""Masters first: the clients, third parties and articles that a document names and the ERP does not have yet."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from django.db.models import Exists, OuterRef

from integrations.choices import Kind, Register, Status
from integrations.connections.record_kinds import takes
from integrations.models import Connection, Prerequisite, RegisterRow, Syncable, SyncStanding
from integrations.models.syncable import Need, model_for

PRESENT = frozenset({Status.SYNCED, Status.CHANGED})
"""The ERP holds it: what names it may leave (sync protocol, section 8.16)."""
ON_THEIR_WAY = frozenset({Status.QUEUED, Status.SENDING, Status.RETRYING, Status.UNCERTAIN})
"""It may become present by itself: what names it waits."""

NOT_FOLLOWED = "No salió porque"
"""How the message begins of a document that went back because a master did not arrive."""

REGISTERS = {
    Kind.CLIENT: Register.CLIENTS,
    Kind.THIRD_PARTY: Register.THIRD_PARTIES,
    Kind.ARTICLE: Register.ARTICLES,
}


def lacking(connection: Connection, records: Sequence[Syncable]) -> dict[int, list[SyncStanding]]:
    """Record id → the standings of the masters it names, that we keep and the ERP is not known to hold.

    A NIT that is both client and third party is one party to the ERP: present once, it is present. What we
    keep no record of is not here: nobody can send it from this side.
    """
    needs = type(records[0]).needs(records) if records else {}
    wanted = {need for several in needs.values() for need in several}
    held = _standings(connection, wanted)
    read = _read_from_the_erp(connection, wanted)
    return {
        record_id: found
        for record_id, several in needs.items()
        if (found := _missing(dict.fromkeys(several), held, read))
    }


def _missing(
    needs: Iterable[Need],
    held: Mapping[tuple[Kind, str], SyncStanding],
    read: Collection[tuple[Kind, str]],
) -> list[SyncStanding]:
    missing = []
    for need in needs:
        ours = [held[kind, need.code] for kind in need.kinds if (kind, need.code) in held]
        is_there = any((kind, need.code) in read for kind in need.kinds) or any(row.status in PRESENT for row in ours)
        if ours and not is_there:
            missing.append(ours[0])
    return missing


def _standings(connection: Connection, wanted: Collection[Need]) -> dict[tuple[Kind, str], SyncStanding]:
    found: dict[tuple[Kind, str], SyncStanding] = {}
    for kind, codes in _codes_by_kind(wanted).items():
        model = model_for(kind)
        if not takes(connection, kind):
            continue
        column = model.natural_key_columns[-1]
        mine = model._default_manager.filter(company=connection.company_id, **{f"{column}__in": codes})
        code_of = dict(mine.values_list("pk", column))
        rows = SyncStanding.objects.of_records(kind, code_of).filter(target=connection.target)
        found |= {(kind, code_of[row.record_id]): row for row in rows}
    return found


def _read_from_the_erp(connection: Connection, wanted: Collection[Need]) -> set[tuple[Kind, str]]:
    found = set()
    for kind, codes in _codes_by_kind(wanted).items():
        rows = RegisterRow.objects.with_codes(connection, REGISTERS[kind], codes)
        found |= {(kind, code) for code in rows.values_list("code", flat=True)}
    return found


def _codes_by_kind(wanted: Collection[Need]) -> dict[Kind, set[str]]:
    codes: dict[Kind, set[str]] = defaultdict(set)
    for need in wanted:
        for kind in need.kinds:
            codes[kind].add(need.code)
    return codes


def awaited() -> Exists:
    """The condition on a standing that something it needs may still arrive by itself: it stays in the queue."""
    return Exists(Prerequisite.objects.filter(standing=OuterRef("pk"), needs__status__in=ON_THEIR_WAY))


def why_it_cannot_follow(row: SyncStanding) -> str:
    """Why a record may not leave because of a master that did not arrive; empty where all did."""
    waits = Prerequisite.objects.filter(standing=row).exclude(needs__status__in=PRESENT).select_related("needs")
    lacking = [wait.needs for wait in waits]
    if not lacking:
        return ""
    model = model_for(lacking[0].kind)
    name = model._default_manager.filter(pk=lacking[0].record_id).first() or "que nombra"
    said = f"{NOT_FOLLOWED} {row.get_target_display()} no tiene el {lacking[0].get_kind_display().lower()} {name}."
    return f"{said} {lacking[0].message}".strip()
