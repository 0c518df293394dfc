"""How a test walks: it presses, waits for what it expects to see, and never for a time."""

from collections.abc import Callable
from typing import Any

from selenium.common.exceptions import (
    ElementClickInterceptedException,
    NoSuchElementException,
    StaleElementReferenceException,
    WebDriverException,
)
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from tests.browser.chromium import WAIT_SECONDS

_PASSING = (StaleElementReferenceException, NoSuchElementException, ElementClickInterceptedException)
_GONE = "does not belong to the document"
"""How the driver calls an element of the page before, when the next one comes while it is being read."""


def press(driver: Chrome, selector: str) -> None:
    """Click it, once it is there and the page has settled: a page that is being replaced takes its elements along."""

    def click(page: Chrome) -> bool:
        found = page.find_element(By.CSS_SELECTOR, selector)
        page.execute_script("arguments[0].scrollIntoView({block: 'center'})", found)
        found.click()
        return True

    WebDriverWait(driver, WAIT_SECONDS).until(_again(click))


def seen(driver: Chrome, selector: str, text: str = "") -> Any:
    """Wait until an element is there with this text."""

    def look(page: Chrome) -> Any:
        found = page.find_elements(By.CSS_SELECTOR, selector)
        return next((one for one in found if text in one.text), None)

    return WebDriverWait(driver, WAIT_SECONDS).until(_again(look))


def _again(step: Callable[[Chrome], Any]) -> Callable[[Chrome], Any]:
    """The step, which says «not yet» where the page is being replaced under it."""

    def tried(page: Chrome) -> Any:
        try:
            return step(page)
        except _PASSING:
            return None
        except WebDriverException as error:
            if _GONE in (error.msg or ""):
                return None
            raise

    return tried


def enter(driver: Chrome, address: str, user: str, password: str) -> None:
    """Through the door: `address` is that of the administration."""
    driver.get(address)
    driver.find_element(By.NAME, "username").send_keys(user)
    driver.find_element(By.NAME, "password").send_keys(password)
    press(driver, "input[type=submit]")
    seen(driver, "#nav-sidebar, .menu-corto")


def write(driver: Chrome, name: str, text: str) -> None:
    """Put a text in the place of what a box has."""
    box = driver.find_element(By.NAME, name)
    box.clear()
    box.send_keys(text)
