"""Each page of the administration beside the same page of Django's stock administration, in one run.

    python -m tests.benchmarks.bench_pages [--times 25]

The stock site has the same models, columns as many, the same filters that are plain columns, and Django's own
templates. A list of 50 rows may weigh 150 KB compressed on a first visit (page, styles and scripts) and ask 12 queries.
"""

import argparse
import gzip
import math
import re
import sys
import time
import types
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.benchmarks.measuring import prepare

ROUNDS = 5
MOST_TIMES, MOST_KILOBYTES, MOST_QUERIES = 1.5, 150, 12
ROWS = 120
_ASSET = re.compile(rb'(?:src|href)="/static/([^"]+\.(?:css|js))"')


@dataclass(frozen=True)
class Page:
    """An address below the mount of a site; `is_list` has a weight and a count of queries to keep."""

    name: str
    path: str
    is_list: bool = False


@dataclass(frozen=True)
class Measured:
    page: Page
    ours: float
    stock: float
    queries: int
    kilobytes: float

    @property
    def is_wrong(self) -> bool:
        heavy = self.page.is_list and (self.kilobytes > MOST_KILOBYTES or self.queries > MOST_QUERIES)
        return heavy or self.ours > MOST_TIMES * self.stock

    def __str__(self) -> str:
        times = f"{self.ours * 1000:7.0f} ms {self.stock * 1000:7.0f} ms  ×{self.ours / self.stock:4.2f}"
        weight = f"{self.queries:4} consultas {self.kilobytes:6.0f} KB"
        return f"{self.page.name:28} {times} {weight}{'  ✕' if self.is_wrong else ''}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=25)
    times = parser.parse_args().times
    prepare()
    measured = _measured(_pages(), times)
    print(f"{'página':28} {'nuestra':>10} {'de fábrica':>10}   veces")
    for one in measured:
        print(one)
    return int(any(one.is_wrong for one in measured))


def _pages() -> list[Page]:
    from integrations.models import Company
    from tests import builders

    voucher = builders.voucher()
    for number in range(ROWS):
        builders.voucher(2000 + number, third_party_name=f"CLIENTE {number} DE PRUEBA S.A.S.")
        builders.client(str(800_200_000 + number))
        builders.article(f"A{number}")
    client, article = builders.client("800999000"), builders.article("Z")
    builders.siigo_connection("http://127.0.0.1:9/", company=Company.objects.get())
    builders.sag_connection("http://127.0.0.1:9/", company=Company.objects.get())
    return [
        Page("movimientos", "ledger/movement/", is_list=True),
        Page("movimientos con filtro", "ledger/movement/?q=CLIENTE", is_list=True),
        Page("clientes", "catalog/client/", is_list=True),
        Page("artículos", "catalog/article/", is_list=True),
        Page("conexiones", "integrations/connection/", is_list=True),
        Page("intentos", "integrations/syncattempt/", is_list=True),
        Page("un movimiento", f"ledger/movement/{voucher.pk}/change/"),
        Page("movimiento nuevo", "ledger/movement/add/"),
        Page("un cliente", f"catalog/client/{client.pk}/change/"),
        Page("un artículo", f"catalog/article/{article.pk}/change/"),
        Page("historial", f"ledger/movement/{voucher.pk}/history/"),
        Page("inicio", ""),
    ]


def _measured(pages: list[Page], times: int) -> list[Measured]:
    from django.test import override_settings

    address = _mount_stock()
    client = _visitor()
    with override_settings(DEBUG=False, ROOT_URLCONF=address, ALLOWED_HOSTS=["*"]):
        queries = {page: _queries(lambda page=page: client.get(f"/admin/{page.path}")) for page in pages}  # type: ignore[misc]
        weights = {page: _kilobytes(client.get(f"/admin/{page.path}").content) for page in pages}
        ours, stock = dict.fromkeys(pages, math.inf), dict.fromkeys(pages, math.inf)
        for _ in range(ROUNDS):
            # In turns: a machine that is busy for a minute slows both alike.
            _round(client, "/admin/", ours, times // ROUNDS)
            with override_settings(TEMPLATES=_stock_templates()):
                _round(client, "/stock/", stock, times // ROUNDS)
    return [Measured(page, ours[page], stock[page], queries[page], weights[page]) for page in pages]


def _round(client: Any, mount: str, best: dict[Page, float], times: int) -> None:
    for page, before in best.items():
        best[page] = min(before, _time(lambda path=page.path: client.get(f"{mount}{path}"), times))  # type: ignore[misc]


def _visitor() -> Any:
    from django.contrib.auth.models import User
    from django.test import Client

    client = Client()
    client.force_login(User.objects.create_superuser("ana", password="x"))
    return client


def _time(visit: Callable[[], Any], times: int) -> float:
    """The best of some visits, after two that warm the templates up: what else the machine does only adds."""
    for _ in range(2):
        answer = visit()
        assert answer.status_code == 200, (answer.status_code, answer.request["PATH_INFO"])
    return min(_work_seconds(visit) for _ in range(times))


def _work_seconds(visit: Callable[[], Any]) -> float:
    """Of this process alone: other work on the machine does not count."""
    started = time.process_time()
    visit()
    return time.process_time() - started


def _queries(visit: Callable[[], Any]) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as found:
        visit()
    return len(found)


def _kilobytes(html: bytes) -> float:
    """Compressed, with every style and script that it names: what a first visit loads."""
    from django.contrib.staticfiles import finders

    names = sorted({name.decode() for name in _ASSET.findall(html)})
    files = [open(str(finders.find(name)), "rb").read() for name in names]  # noqa: SIM115, PTH123
    return sum(len(gzip.compress(one)) for one in [html, *files]) / 1024


def _stock_templates() -> list[dict[str, Any]]:
    """Ours without the folder in which the administration's own templates are replaced."""
    from django.conf import settings

    return [{**engine, "DIRS": []} for engine in settings.TEMPLATES]


def _mount_stock() -> str:
    """The address of a module with our pages and, below `/stock/`, the same models in a plain administration."""
    from django.urls import path

    from config import urls

    module = types.ModuleType("stock_urls")
    module.urlpatterns = [*urls.urlpatterns, path("stock/", _stock_site().urls)]  # type: ignore[attr-defined]
    sys.modules[module.__name__] = module
    return module.__name__


def _stock_site() -> Any:
    from django.contrib.admin import AdminSite

    from integrations.admin.site import site

    stock = AdminSite(name="stock")
    for model, ours in site._registry.items():
        stock.register(model, **_alike(model, ours))
    return stock


def _alike(model: Any, ours: Any) -> dict[str, Any]:
    """Options of a plain ModelAdmin with columns, filters and parts as many as ours."""
    from django.contrib.admin import TabularInline

    names = [field.name for field in model._meta.concrete_fields if field.name not in ("siigo", "sag", "password")]
    shown = ours.list_display if isinstance(ours.list_display, (list, tuple)) else ()
    parts = [type("Part", (TabularInline,), {"model": one.model, "extra": 0}) for one in ours.inlines]
    return {
        "list_display": names[: max(len(shown), 1)],
        "list_filter": [one for one in ours.list_filter if isinstance(one, str)],
        "search_fields": ours.search_fields,
        "list_per_page": 50,
        "inlines": parts,
    }


if __name__ == "__main__":
    sys.exit(main())
