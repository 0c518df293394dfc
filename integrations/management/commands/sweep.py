"""Expired leases, due retries, stuck lanes; for a timer outside the cluster."""

from typing import Any

from integrations import sweep
from integrations.management.staff_command import NEEDS_A_PERSON, OK, StaffCommand


class Command(StaffCommand):
    help = "Pasa a «Por confirmar» lo que quedó sin respuesta, reintenta lo programado y despierta las colas."

    def run(self, **_: Any) -> int:
        swept = sweep.sweep()
        self.say(
            f"Por confirmar: {swept.uncertain}. De nuevo en cola: {swept.due}. Conexiones despertadas: {swept.lanes}."
        )
        for step in swept.failed:
            self.say(f"Falló: {step}. Vea «Trabajos en segundo plano».")
        return NEEDS_A_PERSON if swept.uncertain or swept.failed else OK
