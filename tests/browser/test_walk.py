"""A person's whole way in a real browser, from the door to the last result. Complaints of the console fail."""

import pytest
from pytest_django.live_server_helper import LiveServer
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from integrations.choices import Kind, Status, Target
from integrations.dispatch import batches
from integrations.models import Connection, SyncBatch
from integrations.sending import engine
from integrations.standings.requester import Requester
from tests import builders
from tests.browser.chromium import WAIT_SECONDS, complaints, overflow_pixels, resize, strangers
from tests.browser.pages import pages_of, told
from tests.browser.walking import press, seen
from tests.browser.world import build_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_month_is_sent_from_the_list_to_the_last_result(
    browser: Chrome, live_server: LiveServer, siigo: Connection
) -> None:
    for number in range(1, 4):
        builders.voucher(number)
    browser.get(f"{live_server.url}/admin/ledger/movement/")
    press(browser, "#action-toggle")
    press(browser, "button[value=enviar_siigo]")
    seen(browser, "button.principal", "Enviar 3 a Siigo").click()
    seen(browser, "[data-message]", "Enviando: 0 de 3")
    engine.drain(siigo.pk)
    seen(browser, "[data-message]", "terminado: 3 enviados")
    assert complaints(browser) == []


def test_what_would_be_sent_opens_inside_the_confirm_page(
    browser: Chrome, live_server: LiveServer, siigo: Connection
) -> None:
    movement = builders.voucher()
    browser.get(f"{live_server.url}/admin/ledger/movement/{movement.pk}/change/")
    press(browser, "button[value$='/siigo/enviar/']")
    seen(browser, "details.mirar summary").click()
    assert seen(browser, "details.mirar .clave", "voucher_type")
    assert complaints(browser) == []


def test_what_was_typed_is_saved_before_it_is_sent(browser: Chrome, live_server: LiveServer, siigo: Connection) -> None:
    movement = builders.voucher()
    browser.get(f"{live_server.url}/admin/ledger/movement/{movement.pk}/change/")
    browser.find_element(By.NAME, "third_party_name").send_keys("ESCRITO AHORA")
    assert seen(browser, "button[value$='/siigo/enviar/']", "Guardar y enviar a Siigo")
    press(browser, "button[value$='/siigo/enviar/']")
    assert seen(browser, "button.principal.grande")
    movement.refresh_from_db()
    assert movement.third_party_name == "ESCRITO AHORA"


def test_the_difference_follows_what_one_types(browser: Chrome, live_server: LiveServer, siigo: Connection) -> None:
    movement = builders.voucher()
    browser.get(f"{live_server.url}/admin/ledger/movement/{movement.pk}/change/")
    box = browser.find_element(By.NAME, "lines-0-debit")
    box.clear()
    box.send_keys("119.500")
    assert seen(browser, "[data-total=difference]", "$ 500")
    assert complaints(browser) == []


def test_what_a_box_may_hold_is_offered_as_one_types(
    browser: Chrome, live_server: LiveServer, siigo: Connection
) -> None:
    builders.client("800111222", name="Almacén del Puente")
    movement = builders.voucher()
    browser.get(f"{live_server.url}/admin/ledger/movement/{movement.pk}/change/")
    browser.find_element(By.NAME, "tax_id").send_keys("puente")
    WebDriverWait(browser, WAIT_SECONDS).until(
        lambda page: page.execute_script("return document.querySelector('datalist option[value=\"800111222\"]')")
    )
    assert browser.find_element(By.NAME, "tax_id").get_attribute("list")
    assert complaints(browser) == []


def test_a_view_is_saved_opened_and_deleted(browser: Chrome, live_server: LiveServer, siigo: Connection) -> None:
    builders.voucher()
    browser.get(f"{live_server.url}/admin/ledger/movement/?siigo=new")
    seen(browser, "details.chip summary", "Guardar esta vista").click()
    browser.find_element(By.NAME, "nombre").send_keys("Mis pendientes")
    press(browser, "form[action$='/vistas/guardar/'] button")
    assert seen(browser, ".propia a[aria-current]", "Mis pendientes")
    press(browser, ".propia button")
    assert seen(browser, ".messagelist .success", "Se eliminó la vista")
    assert complaints(browser) == []


def test_the_story_opens_in_place_and_its_text_can_be_copied(
    browser: Chrome, live_server: LiveServer, siigo: Connection
) -> None:
    movement = builders.voucher()
    batches.confirm(_draft(siigo, movement.pk).pk)
    engine.drain(siigo.pk)
    browser.get(f"{live_server.url}/admin/ledger/movement/{movement.pk}/change/")
    seen(browser, ".historia .mirar summary", "Ver lo que se envió").click()
    assert seen(browser, ".historia .clave", "voucher_type")
    assert seen(browser, ".historia button[data-copy]", "Copiar el texto exacto")
    assert complaints(browser) == []


def test_a_line_added_in_the_browser_is_saved(browser: Chrome, live_server: LiveServer, siigo: Connection) -> None:
    movement = builders.voucher()
    browser.get(f"{live_server.url}/admin/ledger/movement/{movement.pk}/change/")
    press(browser, "#lines-group .add-row a")
    browser.find_element(By.NAME, "lines-3-account").send_keys("1105050001")
    browser.find_element(By.NAME, "lines-3-debit").send_keys("10")
    press(browser, "input[name=_continue]")
    seen(browser, ".messagelist .success")
    assert movement.lines.get(position=4).account == "1105050001"


def test_a_filter_is_chosen_with_two_clicks_and_shows_its_value(
    browser: Chrome, live_server: LiveServer, siigo: Connection
) -> None:
    movement = builders.voucher()
    type(movement).objects.update(siigo_status=Status.REJECTED)
    browser.get(f"{live_server.url}/admin/ledger/movement/")
    chip = seen(browser, "details.chip summary", "Siigo")
    chip.click()
    seen(browser, "details.chip[open] a", "Con error").click()
    assert seen(browser, "details.chip summary strong", "Con error")
    assert complaints(browser) == []


def test_every_page_opens_without_a_complaint(browser: Chrome, live_server: LiveServer, siigo: Connection) -> None:
    pages = pages_of(build_world(siigo))
    found = {name: _wrong_with(browser, f"{live_server.url}/admin/{path}") for name, path in pages.items()}
    assert not any(found.values()), told(found)


def _wrong_with(driver: Chrome, page: str) -> list[str]:
    """What the console said, what came from another host, what is too wide, and pages that aren't there."""
    driver.get(page)
    there = driver.find_elements(By.CSS_SELECTOR, "#nav-sidebar, .login")
    foreign = strangers(driver, page.split("/admin/")[0])
    return [*complaints(driver), *foreign, *([] if there else ["sin página"]), *_too_wide(driver)]


def _too_wide(driver: Chrome) -> list[str]:
    """Only a table may be wider than the screen, and it scrolls inside a box of its own."""
    found = []
    for width, height in ((390, 844), (1366, 768)):
        resize(driver, width, height)
        if (wide := overflow_pixels(driver)) > 0:
            found.append(f"{wide} px más ancha que {width}")
    return found


def _draft(connection: Connection, *ids: int) -> SyncBatch:
    batch = batches.draft(
        company=connection.company, target=Target.SIIGO, kind=Kind.MOVEMENT, record_ids=ids,
        requester=Requester(origin="prueba"),
    )  # fmt: skip
    batches.prepare(batch)
    return batch
