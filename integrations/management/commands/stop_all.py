"""*Detener todos los envíos*, from the shell."""

from typing import Any

from integrations import switch
from integrations.console import OK, StaffCommand


class Command(StaffCommand):
    help = "Detiene todos los envíos de todas las conexiones; lo que ya salió termina."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--reason", default="orden desde la consola", help="lo que leerán los usuarios")

    def run(self, *, reason: str, **_: Any) -> int:
        switch.stop_all(reason)
        self.say(f"Envíos detenidos. En curso todavía: {switch.in_flight()}. Para seguir: resume_all.")
        return OK
