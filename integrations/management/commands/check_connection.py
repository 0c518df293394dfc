"""Configuration, reachability, credentials, clock: each failing result with what to do."""

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
        results = diagnosis.check_connections(self.company(company), target)
        if not results:
            raise wrong_usage("No hay conexiones: regístrelas o ejecute «manage.py bootstrap» con su entorno.")
        results += diagnosis.check_machine()
        if json:
            self.emit([result.as_data() for result in results])
        else:
            self.say(*(result.line() for result in results))
        return OK if all(result.is_well for result in results) else NEEDS_A_PERSON
