"""One pass over the watched folders, or one after the other."""

import time
from typing import Any

from integrations.files.importing import watched_folders
from integrations.management.staff_command import OK, StaffCommand

_SECONDS_BETWEEN = 30


class Command(StaffCommand):
    help = "Recibe los archivos de las carpetas vigiladas (Configuración › Carpetas vigiladas)."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--watch", action="store_true", help="sigue mirando hasta que se interrumpa")

    def run(self, *, watch: bool, **_: Any) -> int:
        while True:
            self.say(f"Archivos movidos: {watched_folders.pass_over_all()}.")
            if not watch:
                return OK
            time.sleep(_SECONDS_BETWEEN)
