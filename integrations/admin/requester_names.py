"""Who asks for something here, and who asked, as one person tells another."""

from typing import Any

from django.http import HttpRequest

from integrations.standings.requester import Requester

NOBODY = "–"
ORIGIN = "administración"


def requester(request: HttpRequest) -> Requester:
    return Requester(request.user, ORIGIN)


def who_asked(user: Any, asked_from: str) -> str:
    """The user; or who typed a command on the server, without the command."""
    if user is not None:
        return str(user)
    name, _, command = asked_from.partition(": manage.py ")
    return f"{name}, desde el servidor" if command else asked_from or NOBODY
