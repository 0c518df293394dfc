"""The way back from `stop_all` and `drain`."""

from typing import Any

from integrations import switch
from integrations.console import OK, StaffCommand


class Command(StaffCommand):
    help = "Reanuda los envíos después de stop_all o drain; una conexión en pausa sigue en pausa."

    def run(self, **_: Any) -> int:
        switch.resume_all()
        self.say("Los envíos se reanudaron.")
        return OK
