"""Masters first: the clients, third parties and articles that a document names and the ERP does not have yet."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from django.db.models import Exists, OuterRef

from integrations.choices import Kind, Register, Status
from integrations.connections.record_kinds import takes
from integrations.models import Connection, Prerequisite, RegisterRow, Syncable, SyncStanding
from integrations.models.syncable import Need, model_for

MasterKey = tuple[Kind, str]
"""The kind of a master and its code."""
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
    """Record id → the standings of the masters it names, that we have and the ERP is not known to have.

    A NIT that is both client and third party is one party to the ERP: present once, it is present. Masters that we
    do not have are left out: nobody can send them from here.
    """
    needs_of = type(records[0]).needs(records) if records else {}
    needs = {need for record_needs in needs_of.values() for need in record_needs}
    standings = _standings(connection, needs)
    present = _read_from_the_erp(connection, needs) | {key for key, row in standings.items() if row.status in PRESENT}
    missing = {record_id: _missing(dict.fromkeys(found), standings, present) for record_id, found in needs_of.items()}
    return {record_id: rows for record_id, rows in missing.items() if rows}


def _missing(
    needs: Iterable[Need], standings: Mapping[MasterKey, SyncStanding], present: Collection[MasterKey]
) -> list[SyncStanding]:
    """The first standing that we have for each need of which the ERP has none of the kinds."""
    missing = []
    for need in needs:
        keys = [(kind, need.code) for kind in need.kinds]
        ours = [standings[key] for key in keys if key in standings]
        if ours and not any(key in present for key in keys):
            missing.append(ours[0])
    return missing


def _standings(connection: Connection, needs: Collection[Need]) -> dict[MasterKey, SyncStanding]:
    """The standing of each master that we have."""
    found: dict[MasterKey, SyncStanding] = {}
    taken = ((kind, codes) for kind, codes in _codes_by_kind(needs).items() if takes(connection, kind))
    for kind, codes in taken:
        model = model_for(kind)
        column = model.natural_key_columns[-1]
        masters = model._default_manager.filter(company=connection.company_id, **{f"{column}__in": codes})
        code_of = dict(masters.values_list("pk", column))
        rows = SyncStanding.objects.of_records(kind, code_of).filter(target=connection.target)
        found |= {(kind, code_of[row.record_id]): row for row in rows}
    return found


def _read_from_the_erp(connection: Connection, needs: Collection[Need]) -> set[MasterKey]:
    found = set()
    for kind, codes in _codes_by_kind(needs).items():
        rows = RegisterRow.objects.with_codes(connection, REGISTERS[kind], codes)
        found |= {(kind, code) for code in rows.values_list("code", flat=True)}
    return found


def _codes_by_kind(needs: Collection[Need]) -> dict[Kind, set[str]]:
    codes: dict[Kind, set[str]] = defaultdict(set)
    for need in needs:
        for kind in need.kinds:
            codes[kind].add(need.code)
    return codes


def awaited() -> Exists:
    """The condition on a standing that something it needs may still arrive by itself: it stays in the queue."""
    return Exists(Prerequisite.objects.filter(standing=OuterRef("pk"), needs__status__in=ON_THEIR_WAY))


def why_it_cannot_follow(row: SyncStanding) -> str:
    """Why a record may not leave because of a master that did not arrive; empty where all did."""
    waits = Prerequisite.objects.filter(standing=row).exclude(needs__status__in=PRESENT).select_related("needs")
    wait = waits.first()
    if wait is None:
        return ""
    master = wait.needs
    name = model_for(master.kind)._default_manager.filter(pk=master.record_id).first() or "que nombra"
    message = f"{NOT_FOLLOWED} {row.get_target_display()} no tiene el {master.get_kind_display().lower()} {name}."
    return f"{message} {master.message}".strip()
