"""Verify every record in doubt, as far as the ERP's answers allow."""

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
        records = [_as_data(row, messages[row.pk]) for row in doubtful]
        if json:
            self.emit({"target": target, "records": records})
        else:
            self.say(
                *(f"{record['kind']} {record['id']}: {record['message']} [{record['label']}]" for record in records)
            )
            self.say("No hay nada por confirmar." if not records else f"Revisados: {len(records)}.")
        return NEEDS_A_PERSON if any(record["status"] in UNSETTLED for record in records) else OK


def _as_data(row: SyncStanding, message: str) -> dict[str, Any]:
    row.refresh_from_db()
    return {
        "kind": row.kind,
        "id": row.record_id,
        "status": row.status,
        "label": row.get_status_display(),
        "reference": row.reference,
        "message": message,
    }
