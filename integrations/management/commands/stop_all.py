"""*Detener todos los envíos*, from the shell."""

from typing import Any

from integrations.connections import stop_switch
from integrations.management.staff_command import OK, StaffCommand
from integrations.queue import heartbeat


class Command(StaffCommand):
    help = "Detiene todos los envíos de todas las conexiones; lo que ya salió termina."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--reason", default="orden desde la consola", help="lo que leerán los usuarios")

    def run(self, *, reason: str, **_: Any) -> int:
        stop_switch.stop_all(reason)
        self.say(f"Envíos detenidos. En curso todavía: {heartbeat.in_flight()}. Para seguir: resume_all.")
        return OK
