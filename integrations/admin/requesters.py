"""The person behind a request: as the record of who asks for a decision, and as a name on a page."""

from typing import Any

from django.http import HttpRequest

from integrations.standings.requester import Requester

NOBODY = "–"
ORIGIN = "administración"


def requester_of(request: HttpRequest) -> Requester:
    """The logged-in user, with these pages as the origin of what they ask for."""
    return Requester(request.user, ORIGIN)


def requester_name(user: Any, requested_from: str) -> str:
    """The user; without one, the account that typed a command on the server, without the command."""
    if user is not None:
        return str(user)
    name, _, command = requested_from.partition(": manage.py ")
    return f"{name}, desde el servidor" if command else requested_from or NOBODY
