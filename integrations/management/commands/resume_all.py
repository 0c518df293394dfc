"""The way back from `stop_all` and `drain`."""

from typing import Any

from integrations.connections import stop_switch
from integrations.management.staff_command import OK, StaffCommand


class Command(StaffCommand):
    help = "Reanuda los envíos después de stop_all o drain; una conexión en pausa sigue en pausa."

    def run(self, **_: Any) -> int:
        stop_switch.resume_all()
        self.say("Los envíos se reanudaron.")
        return OK
