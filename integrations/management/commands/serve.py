"""Web and queue together, for one machine: `make run`. In production each is its own service."""

import signal
import time
from typing import Any

from integrations.checks import CONNECTIONS
from integrations.management.staff_command import NEEDS_A_PERSON, OK, StaffCommand
from integrations.queue.processes import Processes
from integrations.queue.supervisor import Supervisor

_LOOK_SECONDS = 1.0


class Command(StaffCommand):
    help = "Sirve la web y la cola de envíos hasta Ctrl-C."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--port", type=int, default=8000)

    def run(self, *, port: int, **_: Any) -> int:
        self.check(tags=[CONNECTIONS], include_deployment_checks=True)
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with Processes() as processes:
            processes.manage("web", "web", "--port", str(port))
            supervisor = Supervisor(processes)
            supervisor.start()
            self.say(f"En servicio: http://localhost:{port}/admin/ (Ctrl-C para terminar).")
            return self._watch(processes, supervisor)

    def _watch(self, processes: Processes, supervisor: Supervisor) -> int:
        try:
            while True:
                time.sleep(_LOOK_SECONDS)
                for name in supervisor.look():
                    self.stderr.write(f"La cola «{name}» no respondía: se inició de nuevo.")
                if "web" in processes.ended():
                    self.stderr.write("El servicio web no arrancó o se detuvo. Revise el mensaje anterior.")
                    return NEEDS_A_PERSON
        except KeyboardInterrupt:
            supervisor.stop()
            return OK
