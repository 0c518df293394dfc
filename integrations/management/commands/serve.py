"""Web and queue together, for one machine: `make run`. In production each is its own service."""

import signal
import time
from typing import Any

from integrations.console import NEEDS_A_PERSON, OK, StaffCommand
from integrations.processes import Processes

_LOOK_SECONDS = 1.0


class Command(StaffCommand):
    help = "Sirve la web y la cola de envíos hasta Ctrl-C."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--port", type=int, default=8000)

    def run(self, *, port: int, **_: Any) -> int:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with Processes() as processes:
            processes.manage("web", "web", "--port", str(port))
            processes.manage("cola", "qcluster")
            self.say(f"En servicio: http://localhost:{port}/admin/ (Ctrl-C para terminar).")
            return self._watch(processes)

    def _watch(self, processes: Processes) -> int:
        try:
            while True:
                time.sleep(_LOOK_SECONDS)
                ended = processes.ended()
                if "cola" in ended:
                    self.stderr.write("La cola de envíos se detuvo: se inicia de nuevo.")
                    processes.manage("cola", "qcluster")
                if "web" in ended:
                    self.stderr.write("El servicio web no arrancó o se detuvo. Revise el mensaje anterior.")
                    return NEEDS_A_PERSON
        except KeyboardInterrupt:
            return OK
