"""The first morning with a shop's own workbook: from the door to what was sent, with few clicks and no Excel."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from pytest_django.live_server_helper import LiveServer
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

from integrations.choices import Status
from integrations.files.importing import confirmation, staging
from integrations.models import Connection, ImportFile, SyncStanding
from integrations.sending import engine
from integrations.simulators.sag import start_sag
from tests import builders
from tests.browser.chromium import complaints, open_chromium
from tests.browser.point_of_sale_book import FAULTS, SOURCE, VOUCHERS, WITHOUT_SOURCE, write_book
from tests.browser.walking import press, seen

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_CLICKS, MOST_TYPED = 15, 4


@pytest.fixture
def sag() -> Iterator[Connection]:
    with start_sag() as simulator:
        yield builders.sag_connection(simulator.url)


@pytest.fixture
def browser() -> Iterator[Chrome]:
    driver = open_chromium()
    try:
        yield driver
    finally:
        driver.quit()


class Newcomer:
    """A person who counts what the job costs: clicks, and boxes typed in."""

    def __init__(self, browser: Chrome) -> None:
        self.browser, self.clicks, self.typed = browser, 0, 0

    def click(self, selector: str) -> None:
        press(self.browser, selector)
        self.clicks += 1

    def type(self, selector: str, text: str) -> None:
        box = self.browser.find_element(By.CSS_SELECTOR, selector)
        box.clear()
        box.send_keys(text)
        self.typed += 1

    def choose(self, selector: str, option: str) -> None:
        seen(self.browser, selector)
        Select(self.browser.find_element(By.CSS_SELECTOR, selector)).select_by_visible_text(option)
        self.clicks += 2

    def page(self) -> str:
        return str(self.browser.find_element(By.CSS_SELECTOR, "#content").text)


def test_a_shops_own_workbook_is_sent_in_few_clicks_and_every_fault_is_seen_before(
    browser: Chrome, live_server: LiveServer, sag: Connection, tmp_path: Path
) -> None:
    User.objects.create_superuser("ana", password="clave-de-prueba")
    person = Newcomer(browser)
    _bring_in(person, f"{live_server.url}/admin/", write_book(tmp_path / "ventas.xlsx"))
    told = _review(person)
    assert [fault for fault in FAULTS.values() if fault not in told] == []
    _send(person, sag)
    statuses = list(SyncStanding.objects.filter(target="sag").values_list("status", flat=True))
    assert statuses.count(Status.SYNCED) == VOUCHERS - len(FAULTS)
    assert (person.clicks <= MOST_CLICKS, person.typed <= MOST_TYPED, complaints(browser)) == (True, True, [])


def _bring_in(person: Newcomer, address: str, book: Path) -> None:
    person.browser.get(address)
    person.type("input[name=username]", "ana")
    person.type("input[name=password]", "clave-de-prueba")
    person.click("input[type=submit]")
    person.click("#nav-sidebar a[href$='/importfile/add/']")
    seen(person.browser, "#archivo")
    person.browser.find_element(By.NAME, "file").send_keys(str(book))
    person.clicks += 2  # «Elegir archivo» and the file
    person.click(".decision button.principal")


def _review(person: Newcomer) -> str:
    """From the page of columns to that of the review, and back once for what fifty vouchers lack; its text."""
    person.choose("select[name=c1]", "Fuente")
    person.click(".botones button.principal")
    _stage(person)
    assert "falta «Tipo»" in person.page()
    person.click("button[formaction$='/columnas/hacer/']")
    seen(person.browser, ".fijos", f"«Tipo» está vacía en {3 * WITHOUT_SOURCE} filas")
    person.type(".fijos input", SOURCE)
    person.click(".botones button.principal")
    _stage(person)
    return person.page()


def _stage(person: Newcomer) -> None:
    """What the worker does meanwhile."""
    seen(person.browser, "[data-message]", "Revisando")
    staging.stage(ImportFile.objects.get().pk)
    person.browser.refresh()
    seen(person.browser, ".tarjetas")


def _send(person: Newcomer, connection: Connection) -> None:
    person.click(".botones button.principal")
    seen(person.browser, "[data-message]", "Importando")
    confirmation.run(ImportFile.objects.get().pk)
    person.browser.refresh()
    ready = VOUCHERS - len(FAULTS)
    assert seen(person.browser, ".botones form button.principal", f"Enviar los {ready} listos a SAG")
    person.click(".botones form button.principal")
    seen(person.browser, "button.principal", f"Enviar {ready} a SAG")
    person.click("button.principal")
    seen(person.browser, "[data-message]", "Enviando")
    engine.drain(connection.pk)
