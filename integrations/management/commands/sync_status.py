"""Counts by status value, only what is not zero."""

from typing import Any

from integrations.choices import Kind, Status, Target
from integrations.management.staff_command import OK, StaffCommand
from integrations.selectors import console_reports


class Command(StaffCommand):
    help = "Cuántos registros hay en cada estado, por tipo y ERP."

    def add_arguments(self, parser: Any) -> None:
        self.add_json_flag(parser)
        self.add_company_flag(parser)

    def run(self, *, json: bool, company: str | None, **_: Any) -> int:
        counts = console_reports.status_counts(self.company(company) if company else None)
        if json:
            self.emit(counts)
            return OK
        for kind, by_target in counts.items():
            for target, by_status in by_target.items():
                counted = ", ".join(f"{Status(value).label} {count}" for value, count in by_status.items())
                self.say(f"{Kind(kind).label} · {Target(target).label}: {counted}")
        if not counts:
            self.say("Todavía no hay registros.")
        return OK
