"""Every page, judged by axe-core in light and in dark: nothing serious or critical stands."""

import pytest
from pytest_django.live_server_helper import LiveServer
from selenium.webdriver import Chrome

from integrations.models import Connection
from tests.browser.axe import violations
from tests.browser.chromium import open_chromium, resize
from tests.browser.pages import pages_of, told
from tests.browser.world import build_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_no_page_keeps_anybody_out(browser: Chrome, live_server: LiveServer, siigo: Connection) -> None:
    pages = pages_of(build_world(siigo))
    found = {name: _barriers(browser, f"{live_server.url}/admin/{path}") for name, path in pages.items()}
    assert not any(found.values()), told(found)


def test_neither_does_the_door(live_server: LiveServer) -> None:
    driver = open_chromium()
    try:
        assert _barriers(driver, f"{live_server.url}/admin/") == []
    finally:
        driver.quit()


def _barriers(driver: Chrome, page: str) -> list[str]:
    """What axe finds in light, then the contrast in dark: nothing else depends on the colours."""
    resize(driver, 1366, 768)
    driver.get(page)
    light = violations(driver)
    resize(driver, 1366, 768, dark=True)
    return [*light, *(f"oscuro, {one}" for one in violations(driver, "color-contrast"))]
