"""The whole state machine as one table (sync protocol, section 2). `transitions` alone applies it."""

from enum import StrEnum
from typing import Any

from integrations.choices import Status


class Event(StrEnum):
    """What can happen to a standing."""

    REQUESTED = "requested"
    """A person confirmed the batch."""
    CLAIMED = "claimed"
    WITHDRAWN = "withdrawn"
    """Its batch was cancelled, or the claim found other content than was confirmed."""
    ACCEPTED = "accepted"
    REFUSED = "refused"
    NEVER_SENT = "never_sent"
    NOT_ADMITTED = "not_admitted"
    """401, 403 or an unknown connection id: nothing wrong with the record."""
    THROTTLED = "throttled"
    DOUBTFUL = "doubtful"
    LEASE_ENDED = "lease_ended"
    FELL_DUE = "fell_due"
    FOUND_EQUAL = "found_equal"
    FOUND_BEFORE = "found_before"
    """An update that the ERP does not have: it still holds what was there before."""
    FOUND_OTHER = "found_other"
    FOUND_ABSENT = "found_absent"
    FOUND_GONE = "found_gone"
    """An update whose document is not there any more: only a person knows why."""
    SECOND_DOCUMENT = "second_document"
    ADOPTED = "adopted"
    """A person compared the one document that is there with what was sent, and took it as this record's."""
    CONFIRMED_ABSENT = "confirmed_absent"
    MARKED_BY_HAND = "marked_by_hand"
    """A person entered it in the ERP and says under what number."""
    ALREADY_THERE = "already_there"
    """History: it was in the ERP before anyone sent it from here."""
    ANNULLED = "annulled"
    """Annulled in the ERP, as a read showed: a new life begins."""
    EDITED = "edited"
    REVERTED = "reverted"
    """Edited back to what the ERP is known to hold."""
    DRIFTED = "drifted"
    """A look at what was sent found it annulled, gone or different: somebody changed it in the ERP."""
    OVERWRITTEN = "overwritten"
    """A person decided that what somebody changed in the ERP is to be written over with the record, by an update."""
    MIRRORED = "mirrored"
    """A read of the ERP's masters shows that it holds the record, as it is here."""
    UNBLOCKED = "unblocked"
    """What it was refused for arrived since: the master that it names, or the ERP's name of a code."""
    EXCLUDED = "excluded"
    INCLUDED = "included"
    OTHER_ENVIRONMENT = "other_environment"
    """Production took the place of tests: nothing sent to tests counts as sent."""
    RESTORED = "restored"
    """The database came back from a copy, which does not know what left since."""
    RENUMBERED = "renumbered"
    """A person retired its number, which is proven not to be ours in the ERP."""


class Goal(StrEnum):
    """A destination that depends on the row."""

    BACK = "back"
    """`changed` if the record was ever present in the ERP, else `new`."""
    SETTLED = "settled"
    """`synced` if the record's version is that attempt's, else `changed`: an edit is never lost."""


_EVERYWHERE_BUT_CONFLICT: dict[Status, Status | Goal] = {
    status: Status.CONFLICT for status in Status if status is not Status.CONFLICT
}

MOVES: dict[Event, dict[Status, Status | Goal]] = {
    Event.REQUESTED: {
        Status.NEW: Status.QUEUED,
        Status.CHANGED: Status.QUEUED,
        Status.REJECTED: Status.QUEUED,
    },
    Event.CLAIMED: {Status.QUEUED: Status.SENDING},
    Event.WITHDRAWN: {Status.QUEUED: Goal.BACK, Status.RETRYING: Goal.BACK, Status.SENDING: Goal.BACK},
    # A success is always recorded, even one that comes after the lease ended or a person decided.
    Event.ACCEPTED: {
        Status.SENDING: Goal.SETTLED,
        Status.UNCERTAIN: Goal.SETTLED,
        Status.NEW: Goal.SETTLED,
        Status.QUEUED: Goal.SETTLED,
        Status.RETRYING: Goal.SETTLED,
        Status.REJECTED: Goal.SETTLED,
        Status.EXCLUDED: Goal.SETTLED,
    },
    Event.REFUSED: {Status.SENDING: Status.REJECTED},
    Event.NEVER_SENT: {Status.SENDING: Status.RETRYING},
    Event.NOT_ADMITTED: {Status.SENDING: Status.QUEUED},
    Event.THROTTLED: {Status.SENDING: Status.RETRYING},
    Event.DOUBTFUL: {Status.SENDING: Status.UNCERTAIN},
    Event.LEASE_ENDED: {Status.SENDING: Status.UNCERTAIN},
    Event.FELL_DUE: {Status.RETRYING: Status.QUEUED},
    # «No aplica» is in doubt only after a restore (`standing.is_in_doubt`); what a read finds then is in the ERP.
    Event.FOUND_EQUAL: {
        Status.SENDING: Goal.SETTLED,
        Status.UNCERTAIN: Goal.SETTLED,
        Status.REJECTED: Goal.SETTLED,
        Status.EXCLUDED: Goal.SETTLED,
    },
    Event.FOUND_BEFORE: {
        Status.SENDING: Status.CHANGED,
        Status.UNCERTAIN: Status.CHANGED,
        Status.REJECTED: Status.CHANGED,
        Status.EXCLUDED: Status.CHANGED,
    },
    Event.FOUND_OTHER: {
        Status.SENDING: Status.CONFLICT,
        Status.UNCERTAIN: Status.CONFLICT,
        Status.REJECTED: Status.CONFLICT,
        Status.EXCLUDED: Status.CONFLICT,
    },
    # A refused record that a read proves absent stays refused, with the gate open; its message still says why.
    Event.FOUND_ABSENT: {
        Status.UNCERTAIN: Goal.BACK,
        Status.REJECTED: Status.REJECTED,
        Status.EXCLUDED: Status.EXCLUDED,
    },
    Event.FOUND_GONE: {Status.UNCERTAIN: Status.CONFLICT, Status.REJECTED: Status.CONFLICT},
    Event.SECOND_DOCUMENT: _EVERYWHERE_BUT_CONFLICT,
    Event.ADOPTED: {
        Status.UNCERTAIN: Goal.SETTLED,
        Status.REJECTED: Goal.SETTLED,
        Status.CONFLICT: Goal.SETTLED,
    },
    Event.CONFIRMED_ABSENT: {
        Status.UNCERTAIN: Goal.BACK,
        Status.REJECTED: Status.REJECTED,
        Status.EXCLUDED: Status.EXCLUDED,
    },
    Event.MARKED_BY_HAND: {
        Status.UNCERTAIN: Goal.SETTLED,
        Status.REJECTED: Goal.SETTLED,
        Status.CONFLICT: Goal.SETTLED,
    },
    Event.ALREADY_THERE: {Status.NEW: Goal.SETTLED, Status.REJECTED: Goal.SETTLED},
    Event.ANNULLED: {
        Status.SYNCED: Status.NEW,
        Status.CHANGED: Status.NEW,
        Status.REJECTED: Status.NEW,
        Status.CONFLICT: Status.NEW,
    },
    Event.EDITED: {Status.SYNCED: Status.CHANGED},
    # A refusal for certain left the ERP with what it had: the edit that it refused can be undone too.
    Event.REVERTED: {Status.CHANGED: Status.SYNCED, Status.REJECTED: Status.SYNCED},
    Event.DRIFTED: {Status.SYNCED: Status.CONFLICT, Status.CHANGED: Status.CONFLICT},
    Event.OVERWRITTEN: {Status.CONFLICT: Status.CHANGED},
    Event.MIRRORED: {
        Status.NEW: Status.SYNCED,
        Status.REJECTED: Status.SYNCED,
        Status.CHANGED: Status.SYNCED,
        Status.SYNCED: Status.SYNCED,
    },
    Event.UNBLOCKED: {Status.REJECTED: Goal.BACK},
    Event.EXCLUDED: {Status.NEW: Status.EXCLUDED, Status.REJECTED: Status.EXCLUDED},
    Event.INCLUDED: {Status.EXCLUDED: Status.NEW},
    Event.OTHER_ENVIRONMENT: {
        Status.SYNCED: Status.NEW,
        Status.CHANGED: Status.NEW,
        Status.REJECTED: Status.NEW,
        Status.CONFLICT: Status.NEW,
    },
    Event.RESTORED: {status: Status.UNCERTAIN for status in Status if status not in (Status.CONFLICT, Status.EXCLUDED)},
    Event.RENUMBERED: {Status.NEW: Status.NEW, Status.REJECTED: Status.NEW, Status.CONFLICT: Status.NEW},
}


BY_A_PERSON = frozenset(
    {
        Event.ADOPTED,
        Event.CONFIRMED_ABSENT,
        Event.MARKED_BY_HAND,
        Event.ALREADY_THERE,
        Event.ANNULLED,
        Event.OVERWRITTEN,
        Event.OTHER_ENVIRONMENT,
        Event.RENUMBERED,
    }
)
"""The only ways out of `conflict` are among these: the last is an administrator's, for a whole company."""


NEW_LIFE: dict[str, Any] = {
    "ever_present": False,
    "verify_first": False,
    "reference": "",
    "reference_key": None,
    "synced_at": None,
    "seen_at": None,
    "look_at": None,
    "content_held": "",
    "attempt": None,
    "lease_until": None,
    "settles_at": None,
    "version_sent": None,
    "version_confirmed": None,
    "hash_confirmed": "",
    "cause": "",
    "tries": 0,
}
"""Columns of a standing that begins a new life: nothing of the one before."""


def destination(event: Event, status: Status, *, ever_present: bool, content_is_current: bool) -> Status | None:
    """Where `event` takes a standing in `status`; None where the event does not apply there."""
    goal = MOVES[event].get(status)
    if goal is Goal.BACK:
        return Status.CHANGED if ever_present else Status.NEW
    if goal is Goal.SETTLED:
        return Status.SYNCED if content_is_current else Status.CHANGED
    return goal
