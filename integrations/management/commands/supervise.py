"""One cluster or all, replaced when frozen or dead: what a systemd unit runs in place of `qcluster`."""

from typing import Any

from integrations.management.cluster_command import ClusterCommand
from integrations.management.staff_command import OK
from integrations.queue.cluster import CLUSTERS
from integrations.queue.processes import Processes
from integrations.queue.supervisor import Supervisor


class Command(ClusterCommand):
    help = "Mantiene en marcha la cola de envíos: la inicia de nuevo si se congela, nunca si espera a un ERP."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--cluster", choices=CLUSTERS, action="append", help="por defecto, todas")
        parser.add_argument("--beat-seconds", type=float, default=10.0, help="cada cuánto se pide una señal de vida")
        parser.add_argument("--call-seconds", type=float, default=200.0, help="lo que puede durar una llamada al parar")
        parser.add_argument("--silent-seconds", type=float, default=40.0, help="silencio que se tolera")

    def run(
        self, *, cluster: list[str] | None, beat_seconds: float, silent_seconds: float, call_seconds: float, **_: Any
    ) -> int:
        self.begin()
        with Processes() as processes:
            names = tuple(cluster or CLUSTERS)
            supervisor = Supervisor(processes, names, beat_seconds, silent_seconds, call_seconds)
            supervisor.start()
            supervisor.watch(self.report_replaced)
        return OK
