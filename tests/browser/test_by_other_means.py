"""Without scripts, and by the keyboard alone: the main job and the way about."""

import pytest
from pytest_django.live_server_helper import LiveServer
from selenium.webdriver import Chrome
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from integrations.models import Connection
from integrations.sending import engine
from tests import builders
from tests.browser.walking import press, seen

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_month_is_sent_without_a_single_script(browser: Chrome, live_server: LiveServer, siigo: Connection) -> None:
    for number in range(1, 3):
        builders.voucher(number)
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    browser.get(f"{live_server.url}/admin/ledger/movement/")
    for box in browser.find_elements(By.CSS_SELECTOR, "input.action-select"):
        box.click()
    press(browser, "button[value=enviar_siigo]")
    seen(browser, "button.principal", "Enviar 2 a Siigo").click()
    seen(browser, "[data-message]", "Enviando: 0 de 2")
    engine.drain(siigo.pk)
    browser.find_element(By.LINK_TEXT, "Actualizar").click()
    assert seen(browser, "[data-message]", "terminado: 2 enviados")


def test_the_first_stop_of_the_keyboard_is_a_way_past_the_menu(browser: Chrome, siigo: Connection) -> None:
    ActionChains(browser).send_keys(Keys.TAB).perform()
    assert str(browser.switch_to.active_element.get_attribute("href")).endswith("#content-start")


def test_where_the_keyboard_is_a_ring_of_three_pixels_shows_it(
    browser: Chrome, live_server: LiveServer, siigo: Connection
) -> None:
    builders.voucher()
    browser.get(f"{live_server.url}/admin/ledger/movement/")
    assert _ringless(browser, 45) == []


def test_everything_that_can_be_pressed_can_be_reached(
    browser: Chrome, live_server: LiveServer, siigo: Connection
) -> None:
    movement = builders.voucher()
    browser.get(f"{live_server.url}/admin/ledger/movement/{movement.pk}/change/")
    unreachable: list[str] = browser.execute_script(
        """return [...document.querySelectorAll('#container :is(a[href], button, input, select, textarea, summary)')]
        .filter(one => one.tabIndex < 0 && !one.disabled && one.offsetParent && one.type !== 'hidden')
        .map(one => one.outerHTML.slice(0, 120))"""
    )
    assert unreachable == []


def _ringless(driver: Chrome, stops: int) -> list[str]:
    """Of the next stops of the keyboard, those that show no ring of three pixels."""
    found = []
    for _ in range(stops):
        ActionChains(driver).send_keys(Keys.TAB).perform()
        ring, here = driver.execute_script(
            """const one = document.activeElement, style = getComputedStyle(one);
            return [`${style.outlineStyle} ${style.outlineWidth}`, one.outerHTML.slice(0, 120)]"""
        )
        if ring != "solid 3px" and not here.startswith("<body"):
            found.append(f"{ring}: {here}")
    return found
