"""A browser that is already inside, and a stand-in of Siigo."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from pytest_django.live_server_helper import LiveServer
from selenium.webdriver import Chrome

from integrations.models import Connection
from integrations.simulators.serving import RunningSimulator
from integrations.simulators.siigo import start_siigo
from tests import builders
from tests.browser.chromium import open_chromium
from tests.browser.walking import enter


@pytest.fixture
def stand_in() -> Iterator[RunningSimulator]:
    with start_siigo() as simulator:
        yield simulator


@pytest.fixture
def siigo(stand_in: RunningSimulator) -> Connection:
    return builders.siigo_connection(stand_in.url)


@pytest.fixture
def browser(live_server: LiveServer) -> Iterator[Chrome]:
    cache.clear()
    User.objects.create_superuser("ana", password="clave-de-prueba")
    driver = open_chromium()
    try:
        enter(driver, f"{live_server.url}/admin/", "ana", "clave-de-prueba")
        yield driver
    finally:
        driver.quit()
