"""To run once after restoring the database from a copy, with every worker stopped."""

from typing import Any

from integrations.decisions import restoring
from integrations.management.staff_command import NEEDS_A_PERSON, StaffCommand, wrong_usage


class Command(StaffCommand):
    help = "Después de restaurar una copia: pausa todo y deja cada documento pendiente de comprobar en el ERP."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--yes", action="store_true", help="los procesos están detenidos y el original no corre")

    def run(self, *, yes: bool, **_: Any) -> int:
        if not yes:
            raise wrong_usage("Detenga antes todos los procesos y repita con --yes.")
        done = restoring.after_restore()
        self.say(
            f"Conexiones en pausa: {done.connections}. Documentos por comprobar: {done.doubtful}.",
            "Revise cada conexión y reanúdela: nada se reenvía hasta comprobarlo en el ERP.",
        )
        return NEEDS_A_PERSON
