"""Before a deploy: claim nothing more, and wait until nothing is in flight."""

import time
from typing import Any

from integrations.connections import stop_switch
from integrations.management.staff_command import NEEDS_A_PERSON, OK, StaffCommand
from integrations.queue import heartbeat

_LOOK_SECONDS = 0.5


class Command(StaffCommand):
    help = "Deja de tomar documentos y espera a que terminen los que están en curso. Para seguir: resume_all."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--wait", type=float, default=0.0, metavar="SECONDS", help="cuánto esperar, como máximo")

    def run(self, *, wait: float, **_: Any) -> int:
        stop_switch.start_draining()
        end = time.monotonic() + wait
        while (left := heartbeat.in_flight()) and time.monotonic() < end:
            time.sleep(_LOOK_SECONDS)
        self.say("Nada en curso: puede actualizar." if not left else f"Todavía en curso: {left}. No actualice aún.")
        return NEEDS_A_PERSON if left else OK
