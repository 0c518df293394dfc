"""Counts by status value, only what is not zero; under `grades` those of «Enviado» that the ERP accepted or showed.

Under `jobs` the background work that failed.
"""

from typing import Any

from integrations.choices import Grade, Kind, Status, Target
from integrations.management.staff_command import OK, StaffCommand
from integrations.selectors import background_jobs, console_reports


class Command(StaffCommand):
    help = "Cuántos registros hay en cada estado, por tipo y ERP."

    def add_arguments(self, parser: Any) -> None:
        self.add_json_flag(parser)
        self.add_company_flag(parser)

    def run(self, *, json: bool, company: str | None, **_: Any) -> int:
        chosen = self.company(company) if company else None
        counts, grades = console_reports.status_counts(chosen), console_reports.grade_counts(chosen)
        jobs = background_jobs.failures()
        if json:
            self.emit({**counts, **({"grades": grades} if grades else {}), **({"jobs": jobs} if jobs else {})})
            return OK
        for kind, by_target in counts.items():
            for target, by_status in by_target.items():
                counted = ", ".join(f"{Status(value).label} {count}" for value, count in by_status.items())
                self.say(f"{Kind(kind).label} · {Target(target).label}: {counted}")
                for grade, count in grades.get(kind, {}).get(target, {}).items():
                    self.say(f"  {Status.SYNCED.label}, {Grade(grade).label}: {count}")
        if not counts:
            self.say("Todavía no hay registros.")
        for job in jobs:
            self.say(f"Falló en segundo plano: {job['work']} {job['about']}".rstrip() + f". {job['reason']}")
        return OK
