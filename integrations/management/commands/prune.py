"""Retention: bodies of old attempts and finished queue results go; rows and hashes stay."""

from typing import Any

from integrations.management import retention
from integrations.management.staff_command import OK, StaffCommand, wrong_usage


class Command(StaffCommand):
    help = "Borra el contenido de los intentos con más de N días; la fila y la huella se conservan."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--days", type=int, default=retention.KEEP_DAYS)

    def run(self, *, days: int, **_: Any) -> int:
        if days < 1:
            raise wrong_usage("--days debe ser 1 o más.")
        pruned = retention.prune(days)
        self.say(f"Contenidos borrados: {pruned.bodies}. Resultados de la cola borrados: {pruned.results}.")
        return OK
