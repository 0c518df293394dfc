"""The database as a copy has it, brought to this version, and everything in it that may have changed since doubted."""

from pathlib import Path
from typing import Any

from django.core.management import call_command

from integrations.decisions import restoring
from integrations.management import backups
from integrations.management.staff_command import NEEDS_A_PERSON, StaffCommand, wrong_usage


class Command(StaffCommand):
    help = (
        "Reemplaza la base de datos por una copia, la actualiza y deja por comprobar lo que pudo salir después de ella."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", metavar="ARCHIVO", help="una copia hecha con «manage.py backup»")
        parser.add_argument("--yes", action="store_true", help="los procesos están detenidos y lo que hay se pierde")

    def run(self, *, file: str, yes: bool, **_: Any) -> int:
        _require_restorable(Path(file), is_confirmed=yes)
        backups.restore(Path(file))
        call_command("migrate", interactive=False, verbosity=0)
        # In the same command: a restored copy that nobody doubts sends again what left after it.
        done = restoring.after_restore()
        self.say(
            f"Copia restaurada. Conexiones en pausa: {done.connections}. Documentos por comprobar: {done.doubtful}.",
            "Inicie los servicios, revise cada conexión y reanúdela: nada se reenvía hasta comprobarlo en el ERP.",
        )
        return NEEDS_A_PERSON


def _require_restorable(file: Path, *, is_confirmed: bool) -> None:
    """Raises: CommandError where nobody confirmed that the database is lost, or the file is no copy to restore."""
    if not is_confirmed:
        raise wrong_usage("Detenga antes todos los procesos y repita con --yes: lo que hay en la base se pierde.")
    if why := backups.why_not_to_restore(file):
        raise wrong_usage(why)
