"""Settles what is uncertain, as far as the ERP's answers allow."""

from typing import Any

from integrations.choices import NEEDS_A_PERSON as UNSETTLED
from integrations.management.staff_command import NEEDS_A_PERSON, OK, StaffCommand
from integrations.models import SyncStanding
from integrations.verifying import reconcile


class Command(StaffCommand):
    help = "Verifica en el ERP todo lo que está por confirmar."

    def add_arguments(self, parser: Any) -> None:
        self.add_target(parser)
        self.add_json_flag(parser)

    def run(self, *, target: str, json: bool, **_: Any) -> int:
        doubtful = list(reconcile.in_doubt(target))
        messages = reconcile.verify_many({row.pk: row.attempt for row in doubtful}, "manage.py reconcile")
        told = [_told(row, messages[row.pk]) for row in doubtful]
        if json:
            self.emit({"target": target, "records": told})
        else:
            self.say(*(f"{one['kind']} {one['id']}: {one['message']} [{one['label']}]" for one in told))
            self.say("No hay nada por confirmar." if not told else f"Revisados: {len(told)}.")
        return NEEDS_A_PERSON if any(one["status"] in UNSETTLED for one in told) else OK


def _told(row: SyncStanding, message: str) -> dict[str, Any]:
    row.refresh_from_db()
    return {
        "kind": row.kind,
        "id": row.record_id,
        "status": row.status,
        "label": row.get_status_display(),
        "reference": row.reference,
        "message": message,
    }
