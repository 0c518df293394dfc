"""`simulate`: the stand-ins for Siigo and SAG, alone, until they are told to end."""

import json
import signal
import threading
from argparse import ArgumentParser
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from integrations.simulators.faults import read_faults
from integrations.simulators.sag import start_sag
from integrations.simulators.serving import RunningSimulator
from integrations.simulators.siigo import start_siigo
from integrations.simulators.store import Store

STARTERS = {"siigo": start_siigo, "sag": start_sag}
WAIT_SECONDS = 1.0
"""A wait without end can't be interrupted everywhere; this one is repeated."""


class Command(BaseCommand):
    help = "Inicia los simuladores de Siigo y SAG para pruebas y capacitación."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("target", nargs="?", choices=[*STARTERS, "all"], default="all")
        parser.add_argument("--siigo-port", type=int, default=4005, help="0 elige uno libre")
        parser.add_argument("--sag-port", type=int, default=8099, help="0 elige uno libre")
        parser.add_argument("--store", help="archivo SQLite en el que se guarda lo recibido")
        parser.add_argument("--faults", help="archivo JSON con las fallas que se quieren provocar")
        parser.add_argument(
            "--switches", help='archivo JSON con lo que cambia en cada simulador, como {"siigo": {"balance": true}}'
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        ended = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: ended.set())
        with ExitStack() as running:
            self._start(running, options)
            while not ended.wait(WAIT_SECONDS):
                pass
        self.stdout.write("Simuladores detenidos.")

    def _start(self, running: ExitStack, options: dict[str, Any]) -> None:
        faults, switches = self._faults(options["faults"]), self._switches(options["switches"])
        store = Store(options["store"])
        running.callback(store.close)
        self.stdout.write("Simuladores en servicio (Ctrl-C para terminar):")
        for target in STARTERS if options["target"] == "all" else [options["target"]]:
            simulator = self._listen(target, options[f"{target}_port"], store, faults, switches.get(target, {}))
            running.callback(simulator.stop)
            self.stdout.write(f"{target} {simulator.url}")
        self.stdout.flush()

    def _listen(
        self, target: str, port: int, store: Store, faults: list[Any], switches: dict[str, Any]
    ) -> RunningSimulator:
        try:
            return STARTERS[target](port, store, faults=faults, **switches)
        except (TypeError, ValueError) as error:
            raise CommandError(f"No se pudo cambiar el simulador de {target}: {error}", returncode=2) from None
        except OSError:
            message = f"El puerto {port} está ocupado. Indique otro con --{target}-port, o 0 para uno libre."
            raise CommandError(message, returncode=2) from None

    def _faults(self, path: str | None) -> list[Any]:
        try:
            return read_faults(path) if path else []
        except (OSError, ValueError) as error:
            raise CommandError(f"No se pudo leer el archivo de fallas: {error}", returncode=2) from None

    def _switches(self, path: str | None) -> dict[str, dict[str, Any]]:
        try:
            switches = json.loads(Path(path).read_text(encoding="utf-8")) if path else {}
            if not isinstance(switches, dict) or not all(
                target in STARTERS and isinstance(given, dict) for target, given in switches.items()
            ):
                raise ValueError(f"se espera un objeto por simulador: {', '.join(STARTERS)}")
        except (OSError, ValueError) as error:
            raise CommandError(f"No se pudo leer el archivo de cambios: {error}", returncode=2) from None
        return switches
