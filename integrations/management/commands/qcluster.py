"""django-q2's cluster, which starts without importing the pages of the web."""

from django_q.management.commands import qcluster

from integrations.checks import COMMANDS


class Command(qcluster.Command):  # type: ignore[misc]  # the package has no types
    requires_system_checks = (COMMANDS,)
