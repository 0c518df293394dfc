"""Company and connections from the environment, groups, schedules."""

from typing import Any

from integrations import setup
from integrations.console import OK, StaffCommand


class Command(StaffCommand):
    help = "Crea la empresa, las conexiones, los grupos y las tareas programadas. Se puede repetir."

    def run(self, **_: Any) -> int:
        self.say(*setup.bootstrap().lines)
        return OK
