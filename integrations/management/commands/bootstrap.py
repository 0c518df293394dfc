"""Company and connections from the environment, groups, schedules."""

from typing import Any

from integrations.management import installation
from integrations.management.staff_command import OK, StaffCommand


class Command(StaffCommand):
    help = "Crea la empresa, las conexiones, los grupos y las tareas programadas. Se puede repetir."

    def run(self, **_: Any) -> int:
        self.say(*installation.bootstrap().lines)
        return OK
