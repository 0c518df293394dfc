"""A record that an ERP knows by another number now, as a person asked: here it takes that number with the answer.

SAG alone has such a change, of third parties (`documentoActualizar`). The record, its standings and the entry of its
history are written in one transaction with what proved the change.
"""

from uuid import UUID

from integrations.choices import Kind, Status
from integrations.decisions.evidence_rows import record_decision
from integrations.models import Syncable, SyncAttempt, SyncStanding
from integrations.models.syncable import model_for
from integrations.standings import mirroring, transitions
from integrations.standings.requester import Requester

_TAKEN = "{erp} lo conoce ahora por el número {new}; aquí también se cambió (antes {old})."
_IN_USE = "{erp} le dio el número {new}, pero aquí ya lo tiene «{other}»: revise cuál de los dos sobra."


def locked(kind: Kind | str, record_id: int, standing_id: int) -> SyncStanding:
    """The standing, locked inside the caller's transaction; with those of the other ERPs where `take` may follow.

    All of them at once: whoever edits the record locks them in the same order.
    """
    if model_for(kind).may_be_renumbered:
        transitions.locked(kind, [record_id])
    return transitions.locked_one(standing_id)


def take(row: SyncStanding) -> None:
    """Give the record of a standing the number by which its ERP has it, where a change of number was asked for.

    `row` was locked by `locked` and is moved already: what it says of the ERP is proven.
    """
    record = _renumbered(row)
    if record is None:
        return
    old, columns = record.natural_key()[-1], record.take_number(row.target, row.reference_key or "")
    names = {"erp": row.get_target_display(), "new": row.reference_key, "old": old}
    if columns and (other := _owner(record)):
        transitions.note(row, message=f"{row.message} {_IN_USE.format(**names, other=other)}"[:1000])
    elif columns:
        rows = [row if each.pk == row.pk else each for each in transitions.locked(row.kind, [row.record_id])]
        mirroring.take_number(record, columns, rows, row)
        message = _TAKEN.format(**names)
        record_decision(row, _who_asked(row.attempt), "renumbered", message, version=row.version)
        transitions.note(row, message=f"{row.message} {message}"[:1000])


def _renumbered(row: SyncStanding) -> Syncable | None:
    """The record of a standing whose ERP may have it under another number."""
    model = model_for(row.kind)
    is_there = row.reference_key and row.status in (Status.SYNCED, Status.CHANGED)
    return model._default_manager.get(pk=row.record_id) if model.may_be_renumbered and is_there else None


def _owner(record: Syncable) -> Syncable | None:
    """Another record of the company that has the record's number, which is not saved yet."""
    key = dict(zip(record.natural_key_columns, record.natural_key(), strict=True))
    others = type(record)._default_manager.filter(company_id=record.company_id, **key).exclude(pk=record.pk)
    return others.first()


def _who_asked(attempt: UUID | None) -> Requester:
    sent = SyncAttempt.objects.filter(pk=str(attempt)).select_related("requested_by").first()
    return Requester(sent.requested_by, sent.requested_from) if sent else Requester()
