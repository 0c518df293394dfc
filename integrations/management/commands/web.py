"""One process of the web (waitress), on one port, behind a proxy that ends TLS (`docs/deployment.md`)."""

import signal
from typing import Any

import waitress
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.wsgi import get_wsgi_application

from integrations.management.staff_command import OK, StaffCommand, wrong_usage

THREADS = 8
_FORWARDED = {"x-forwarded-for", "x-forwarded-proto"}


class Command(StaffCommand):
    help = "Sirve la web en un puerto."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument(
            "--proxy", default="127.0.0.1", help="la única dirección a la que se le cree quién llama y si llamó por TLS"
        )

    def run(self, *, port: int, host: str, proxy: str, **_: Any) -> int:
        if not settings.DEBUG and _uncollected():
            raise wrong_usage("Faltan archivos de las páginas: ejecute «manage.py collectstatic --noinput» y repita.")
        # Requests that are being answered are finished; waitress knows Ctrl-C only.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        waitress.serve(get_wsgi_application(), host=host, port=port, threads=THREADS, ident="", **behind(proxy))
        return OK


def behind(proxy: str) -> dict[str, Any]:
    """Options of waitress: who calls, and whether by TLS, is what this one address says; what others say is dropped."""
    return {
        "trusted_proxy": proxy,
        "trusted_proxy_count": 1,
        "trusted_proxy_headers": _FORWARDED,
        "clear_untrusted_proxy_headers": True,
    }


def _uncollected() -> set[str]:
    """The static files that are not in the manifest: each would be an error of the page that shows it."""
    names = {name for finder in get_finders() for name, _ in finder.list([])}
    return names - set(getattr(staticfiles_storage, "hashed_files", ()))
