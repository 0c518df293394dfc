"""What people decide, by rule (sync protocol, sections 5 and 8). Nothing here talks to an ERP.

Every decision is one transaction: the move, and an attempt of the record's story that says who, why, and what the
last read of the ERP had shown.
"""

from integrations.decisions.annulling import MAY_ANNUL, can_stay, in_force, original_of, replaced
from integrations.decisions.evidence_rows import DecisionRefusedError
from integrations.decisions.last_look import Look, has_vanished, last_look
from integrations.decisions.resolving import adopt, annul, confirm_absent, mark_by_hand, overwrite
from integrations.decisions.second_person import approve, deny, open_request
from integrations.decisions.setting_aside import already_there, archive, exclude, include

__all__ = [
    "MAY_ANNUL",
    "DecisionRefusedError",
    "Look",
    "adopt",
    "already_there",
    "annul",
    "approve",
    "archive",
    "can_stay",
    "confirm_absent",
    "deny",
    "exclude",
    "has_vanished",
    "in_force",
    "include",
    "last_look",
    "mark_by_hand",
    "open_request",
    "original_of",
    "overwrite",
    "replaced",
]
