"""The web server alone (waitress), on one port."""

from typing import Any

import waitress
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

from integrations.management.staff_command import OK, StaffCommand

THREADS = 8


class Command(StaffCommand):
    help = "Sirve la web en un puerto."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--host", default="127.0.0.1")

    def run(self, *, port: int, host: str, **_: Any) -> int:
        if not settings.DEBUG:
            call_command("collectstatic", interactive=False, verbosity=0)
        waitress.serve(get_wsgi_application(), host=host, port=port, threads=THREADS, ident="")
        return OK
