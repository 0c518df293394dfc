"""Before a deploy: claim nothing more, and wait until nothing is in flight."""

import time
from typing import Any

from integrations import switch
from integrations.console import NEEDS_A_PERSON, OK, StaffCommand

_LOOK_SECONDS = 0.5


class Command(StaffCommand):
    help = "Deja de tomar documentos y espera a que terminen los que están en curso. Para seguir: resume_all."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--wait", type=float, default=0.0, metavar="SECONDS", help="cuánto esperar, como máximo")

    def run(self, *, wait: float, **_: Any) -> int:
        switch.start_draining()
        end = time.monotonic() + wait
        while (left := switch.in_flight()) and time.monotonic() < end:
            time.sleep(_LOOK_SECONDS)
        self.say("Nada en curso: puede actualizar." if not left else f"Todavía en curso: {left}. No actualice aún.")
        return NEEDS_A_PERSON if left else OK
