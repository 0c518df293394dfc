"""No text in any input of any form of the administration, and no id in any address, is an error 500.

The forms are read from the HTML of every page (`tests.browser.pages`), so a new page is walked as soon as it is named.
Each input gets one of the texts, in turn; `make fuzz` gives each of them all.
"""

import os
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from integrations.admin.site import site
from integrations.models import Connection
from tests.browser.pages import pages_of
from tests.browser.world import build_world
from tests.integrations.admin.page_forms import TYPED, PageForm, forms_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
TEXTS = (
    "800.111.222-7",  # a NIT as people write it
    "abc",  # letters
    "x" * 300,  # 300 characters
    "a\x00b",  # a null
    "🙂\ud83d",  # an emoji and a half of one
    "31/12/9999",  # the year 9999
    "9" * 5000,  # 5,000 digits
    "1" * 19,  # a number of 19 digits
    "1e999999999",  # a number with an endless exponent
    "²",  # a digit of another script
)
NO_IDS = ("abc", "9" * 25, "%00", "²", "-1")
NO_PARAMETERS = ("abc", "9" * 25, "\x00", "²")
TURNS = len(TEXTS) if os.environ.get("EVERY_TEXT") == "1" else 1


class Walker:
    """A superuser whose requests leave nothing behind."""

    def __init__(self, siigo: Connection, sag: Connection) -> None:
        self.pages = {name: f"/admin/{path}" for name, path in pages_of(build_world(siigo, sag)).items()}
        self._client = Client(raise_request_exception=False)
        self._person = User.objects.create_superuser("eva", password="x")
        self.broken: list[str] = []

    def html(self, address: str) -> str:
        """A page; a page that is not there any more is none."""
        self._client.force_login(self._person)
        page = self._client.get(address)
        return str(page.content.decode()) if page.status_code == 200 else ""

    def forms(self) -> Iterator[tuple[str, PageForm]]:
        """(page, form) of every form in which a person types, each once: many pages have the same search."""
        seen = set()
        for name, address in self.pages.items():
            for form in forms_of(self.html(address), address):
                shape = (form.method, re.sub("[0-9]+", "#", form.address), tuple(form.names(TYPED)))
                if form.names(TYPED) and form.address.startswith("/admin/") and shape not in seen:
                    seen.add(shape)
                    yield name, form

    def send(self, where: str, method: str, address: str, data: list[tuple[str, str]]) -> Any:
        """Send a form, note an error 500, and undo what it did."""
        sent = urlencode([(name, text.encode("utf-8", "surrogatepass")) for name, text in data])
        with transaction.atomic():
            if method == "post":
                answer = self._client.post(address, sent, content_type="application/x-www-form-urlencoded")
            else:
                answer = self._client.get(f"{address.partition('?')[0]}?{sent}")
            transaction.set_rollback(True)
        cache.clear()
        if answer.status_code >= 500:
            self.broken.append(f"{where}: {method} {address}: {answer.exc_info[1]!r:.200}")  # type: ignore[attr-defined]
        return answer


@pytest.fixture
def walker(siigo: Connection, sag: Connection) -> Walker:
    return Walker(siigo, sag)


@pytest.mark.parametrize("turn", range(TURNS))
def test_no_text_in_any_input_is_an_error_of_the_server(walker: Walker, turn: int) -> None:
    for number, (page, form) in enumerate(walker.forms()):
        typed, text = form.names(TYPED), TEXTS[(number + turn) % len(TEXTS)]
        answer = walker.send(page, form.method, form.address, form.data(**dict.fromkeys(typed, text)))
        taken = [name for name in typed if name not in told(answer)]
        if form.method == "post" and 0 < len(taken) < len(typed):
            # What each input takes by itself is saved, and so it goes through the checks of the record too.
            walker.send(page, form.method, form.address, form.data(**dict.fromkeys(taken, text)))
    assert not walker.broken, "\n".join(walker.broken)


def told(answer: Any) -> set[str]:
    """The names of the inputs that a page shows with an error."""
    html = answer.content.decode() if not answer.streaming else ""
    rows = re.findall(r'<ul class="errorlist[^>]*id="id_([^"]+?)_error"', html)
    return set(rows)


def test_no_id_in_any_address_is_an_error_of_the_server(walker: Walker) -> None:
    addresses = {address.partition("?")[0] for address in walker.pages.values()}
    for address in sorted(address for address in addresses if re.search("/[0-9a-f-]*[0-9][0-9a-f-]*/", address)):
        for wrong in NO_IDS:
            other = re.sub("/[0-9a-f-]*[0-9][0-9a-f-]*/", f"/{quote(wrong, safe='%')}/", address, count=1)
            for method in ("get", "post"):
                walker.send("address", method, other, [])
    assert not walker.broken, "\n".join(walker.broken)


@pytest.mark.parametrize("turn", range(min(TURNS, len(NO_PARAMETERS))))
def test_no_parameter_of_a_list_is_an_error_of_the_server(walker: Walker, turn: int) -> None:
    for number, (name, address) in enumerate(walker.pages.items()):
        wrong = NO_PARAMETERS[(number + turn) % len(NO_PARAMETERS)]
        found = re.findall(r'href="\?([^"=&]+)=', walker.html(address))
        for parameter in sorted({*found, "p", "o", "q", "company", "empresa", "causa", "ver", "date__year"}):
            if address.count("/") <= 4:
                walker.send(name, "get", address, [(parameter, wrong)])
    assert not walker.broken, "\n".join(walker.broken)


def test_every_list_and_form_of_the_administration_is_walked(walker: Walker) -> None:
    addresses = set(walker.pages.values())
    models = [model._meta for model, of_model in site._registry.items() if "change" not in of_model.forbidden]  # type: ignore[attr-defined]
    missing = [m.label for m in models if not any(f"/{m.app_label}/{m.model_name}/" in each for each in addresses)]
    assert missing == []
