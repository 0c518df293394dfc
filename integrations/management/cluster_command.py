"""What the commands share that keep clusters running until Ctrl-C."""

import signal

from django.core import checks

from integrations.checks import CONNECTIONS
from integrations.management.staff_command import StaffCommand


class ClusterCommand(StaffCommand):
    """A command that runs a `Supervisor` in this process."""

    def begin(self) -> None:
        """Tell what is wrong with connections, and let SIGTERM end the command as Ctrl-C does.

        A connection whose timeouts contradict one another sends nothing (`lanes.closed`); the others go on.
        """
        self.check(tags=[CONNECTIONS], include_deployment_checks=True, fail_level=checks.CRITICAL)
        signal.signal(signal.SIGTERM, signal.default_int_handler)

    def report_replaced(self, cluster: str) -> None:
        """Say that a cluster was started anew."""
        self.stderr.write(f"La cola «{cluster}» no respondía: se inició de nuevo.")
