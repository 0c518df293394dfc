"""A headless Chromium that reports what its console said."""

import json
import shutil
from typing import Any

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

WAIT_SECONDS = 20
_TELL_WHAT_THE_POLICY_STOPS = """addEventListener('securitypolicyviolation',
    stopped => console.error(`policy: ${stopped.violatedDirective} ${stopped.blockedURI}`));"""


def open_chromium(width: int = 1366, height: int = 768, *, dark: bool = False) -> webdriver.Chrome:
    """A window of that size; the caller quits it."""
    options = Options()
    options.binary_location = shutil.which("chromium") or "chromium"
    for argument in (
        "--headless=new",
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--lang=es-CO",
        "--hide-scrollbars",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    driver.set_page_load_timeout(WAIT_SECONDS)
    driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": _TELL_WHAT_THE_POLICY_STOPS})
    resize(driver, width, height, dark=dark)
    return driver


def resize(driver: webdriver.Chrome, width: int, height: int, *, dark: bool = False) -> None:
    """The size of the page itself: a window can't be as narrow as a telephone."""
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    still = {"name": "prefers-reduced-motion", "value": "reduce"}  # colours that fade are half of one theme
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme, still]})


def complaints(driver: webdriver.Chrome) -> list[str]:
    """Errors of the console since the last look: scripts that failed, what the policy stopped, what is missing."""
    log: list[dict[str, Any]] = driver.get_log("browser")  # type: ignore[no-untyped-call]
    return [entry["message"] for entry in log if entry["level"] in ("SEVERE", "WARNING")]


def strangers(driver: webdriver.Chrome, own: str) -> list[str]:
    """What was asked of any other place than `own` since the last look, by the browser's own account."""
    log: list[dict[str, Any]] = driver.get_log("performance")  # type: ignore[no-untyped-call]
    events = [json.loads(entry["message"])["message"] for entry in log]
    asked = [one["params"]["request"]["url"] for one in events if one["method"] == "Network.requestWillBeSent"]
    return [url for url in asked if not url.startswith((own, "data:", "chrome", "about:"))]


def overflow_pixels(driver: webdriver.Chrome) -> int:
    """How much wider than the window the page is."""
    wide = driver.execute_script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return int(wide)
