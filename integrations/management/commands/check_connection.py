"""Configuration, reachability, credentials, clock: each failing point with what to do."""

from typing import Any

from integrations.choices import Target
from integrations.management.staff_command import NEEDS_A_PERSON, OK, StaffCommand, wrong_usage
from integrations.verifying import diagnosis


class Command(StaffCommand):
    help = "Comprueba las conexiones con los ERP y dice qué corregir."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("target", nargs="?", choices=[target.value for target in Target])
        self.add_json_flag(parser)
        self.add_company_flag(parser)

    def run(self, *, target: str | None, json: bool, company: str | None, **_: Any) -> int:
        points = diagnosis.check_connections(self.company(company), target)
        if not points:
            raise wrong_usage("No hay conexiones: regístrelas o ejecute «manage.py bootstrap» con su entorno.")
        points += diagnosis.machine_points()
        if json:
            self.emit([point.as_data() for point in points])
        else:
            self.say(*(point.line() for point in points))
        return OK if all(point.is_well for point in points) else NEEDS_A_PERSON
