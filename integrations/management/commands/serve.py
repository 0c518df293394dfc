"""Web and queue together, for one machine: `make run`. In production each is its own service."""

from typing import Any

from django.conf import settings
from django.core.management import call_command

from integrations.management.cluster_command import ClusterCommand
from integrations.management.staff_command import NEEDS_A_PERSON, OK
from integrations.queue.processes import Processes
from integrations.queue.supervisor import Supervisor


class Command(ClusterCommand):
    help = "Sirve la web y la cola de envíos hasta Ctrl-C."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--port", type=int, default=8000)

    def run(self, *, port: int, **_: Any) -> int:
        self.begin()
        if not settings.DEBUG:
            call_command("collectstatic", interactive=False, verbosity=0)
        with Processes() as processes:
            processes.manage("web", "web", "--port", str(port))
            supervisor = Supervisor(processes)
            supervisor.start()
            self.say(f"En servicio: http://localhost:{port}/admin/ (Ctrl-C para terminar).")
            if supervisor.watch(self.report_replaced, lambda: "web" in processes.ended()):
                self.stderr.write("El servicio web no arrancó o se detuvo. Revise el mensaje anterior.")
                return NEEDS_A_PERSON
        return OK
