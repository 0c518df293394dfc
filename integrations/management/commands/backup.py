"""A copy of the whole database in one file."""

from pathlib import Path
from typing import Any

from django.utils import timezone

from integrations.management import backups
from integrations.management.staff_command import OK, StaffCommand

FOLDER = "/var/backups/integrador"


class Command(StaffCommand):
    help = "Copia toda la base de datos en un archivo que solo su dueño lee. Se puede hacer con todo en marcha."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--folder", default=FOLDER, metavar="CARPETA", help=f"dónde se guarda; por defecto {FOLDER}"
        )
        parser.add_argument(
            "--keep", type=int, default=0, metavar="N", help="borra las más viejas y deja N; 0: ninguna"
        )

    def run(self, *, folder: str, keep: int, **_: Any) -> int:
        file = backups.back_up(Path(folder), keep, timezone.localtime())
        self.say(
            f"Copia: {file} ({file.stat().st_size / 1024**2:.1f} MB).",
            "No lleva .env ni FIELD_ENCRYPTION_KEY: guárdelos aparte. Sin esa clave no se leen las de los ERP.",
        )
        return OK
