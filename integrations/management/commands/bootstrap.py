"""Company and connections from the environment, groups, schedules: what is missing, and what differs."""

from typing import Any

from integrations.management import installation
from integrations.management.staff_command import OK, StaffCommand


class Command(StaffCommand):
    help = (
        "Crea lo que falte: empresa, conexiones, grupos y tareas programadas. Lo que un administrador cambió se queda."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--restore",
            action="append",
            default=[],
            metavar="NOMBRE",
            help="deja como viene solo lo que se nombra: un grupo, una tarea programada, siigo o sag; se puede repetir",
        )

    def run(self, *, restore: list[str], **_: Any) -> int:
        self.say(*installation.bootstrap(restore).lines)
        return OK
