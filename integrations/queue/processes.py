"""Starting and stopping the product's processes together: web, queue, stand-ins."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from django.conf import settings

MANAGE = Path(settings.BASE_DIR) / "manage.py"
STOP_SECONDS = 8


class Processes:
    """Child processes that end with us. Use it as a context manager."""

    def __init__(self, environment: Mapping[str, str] | None = None, log_folder: Path | None = None) -> None:
        self._environment = {**os.environ, **(environment or {})}
        self._log_folder = log_folder
        self._running: dict[str, subprocess.Popen[str]] = {}
        self._released: dict[int, subprocess.Popen[str]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def manage(
        self, name: str, *arguments: str, read_output: bool = False, environment: Mapping[str, str] | None = None
    ) -> subprocess.Popen[str]:
        """Start `manage.py …` in a group of its own, so that Ctrl-C reaches us alone and we end it in order."""
        log = None if self._log_folder is None else (self._log_folder / f"{name}.log").open("a", encoding="utf-8")
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and command
            [sys.executable, str(MANAGE), *arguments],
            env={**self._environment, **(environment or {})},
            stdout=subprocess.PIPE if read_output else log,
            stderr=log,
            text=True,
            start_new_session=True,
        )
        self._running[name] = process
        return process

    def group_of(self, name: str) -> int:
        """The process group of a child: its own id."""
        return self._running[name].pid

    def release(self, name: str) -> int:
        """Give up a child whose name is wanted for another; returns its group, which `kill_group` ends."""
        process = self._running.pop(name)
        self._released[process.pid] = process
        return process.pid

    def kill_group(self, group: int) -> None:
        """End a process with its whole group, without a word: a frozen cluster answers no other signal.

        It also reaps the orphans that a dead main process leaves at work.
        """
        with suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)
        self._released.pop(group).wait()

    def ended(self) -> list[str]:
        """Names of those that have stopped by themselves."""
        return [name for name, process in self._running.items() if process.poll() is not None]

    def terminate(self) -> None:
        """Ask all to end."""
        for process in self._running.values():
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """Ask all to end; whoever does not in time is killed with its whole group."""
        self.terminate()
        end = time.monotonic() + seconds
        for process in self._running.values():
            _wait_or_kill(process, max(0.1, end - time.monotonic()))
        self._running.clear()
        for group in [*self._released]:
            self.kill_group(group)


def _wait_or_kill(process: subprocess.Popen[str], seconds: float) -> None:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    if process.stdout is not None:
        process.stdout.close()
