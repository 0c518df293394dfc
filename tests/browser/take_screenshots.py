"""Pictures of every page and state: `take_screenshots.py [--address …] [--folder …] [NAME…]`.

Without an address it starts a demo of its own and stops it afterwards. The demo's data is added to: one of each thing
(`world`), and what only exists after someone did something (a read, a query, a decision).
"""

import argparse
import base64
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from selenium.webdriver import Chrome

from tests.browser import demo
from tests.browser.chromium import complaints, open_chromium, overflow_pixels, resize
from tests.browser.walking import enter

SIZES = ((1366, 768, False), (1366, 768, True), (1024, 768, False), (390, 844, False))
TALLEST_PIXELS = 2600
GUIDE_SIZE = (1180, 660)
GUIDE = ("entrada", "primer_dia", "inicio", "movimientos", "confirmar", "lote_terminado", "movimiento_rechazado",
         "movimiento_dudas", "decidir_adoptar")  # fmt: skip
"""The pictures of `docs/guia.md`, as one sees the page when it opens."""


def main() -> int:
    asked = _asked()
    with demo.running(asked.address) as address:
        from tests.browser import staging  # Django is ready only now

        driver = open_chromium()
        try:
            return _take_all(driver, staging, address, asked)
        finally:
            driver.quit()


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address", default="", help="of a demo that is running in this folder")
    parser.add_argument("--folder", type=Path, default=Path("screenshots"))
    parser.add_argument("--guide", action="store_true", help="only the pictures of docs/guia.md, into docs/images")
    parser.add_argument("names", nargs="*", help="of pages; all of them if none is given")
    asked = parser.parse_args()
    if asked.guide:
        asked.folder, asked.names = demo.ROOT / "docs" / "images", list(GUIDE)
    return asked


def _take_all(driver: Chrome, staging: object, address: str, asked: argparse.Namespace) -> int:
    asked.folder.mkdir(parents=True, exist_ok=True)
    wrong, picture = 0, _as_it_opens if asked.guide else _picture
    driver.get(address)
    if not asked.names or "entrada" in asked.names:
        wrong += picture(driver, asked.folder, "entrada")
    enter(driver, address, demo.USER, demo.PASSWORD)
    for name, page in staging.pages(driver, address).items():  # type: ignore[attr-defined]
        if not asked.names or name in asked.names:
            driver.get(page)
            wrong += picture(driver, asked.folder, name)
    return 1 if wrong else 0


def _as_it_opens(driver: Chrome, folder: Path, name: str) -> int:
    resize(driver, *GUIDE_SIZE)
    _keep(driver, folder / f"{name}.png")
    return 0


def _keep(driver: Chrome, file: Path) -> None:
    shot = driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png", "optimizeForSpeed": False})
    file.write_bytes(base64.b64decode(shot["data"]))


def _picture(driver: Chrome, folder: Path, name: str) -> int:
    """One picture for each size; says what is wrong, and how many things were."""
    told = []
    for width, height, dark in SIZES:
        resize(driver, width, height, dark=dark)
        _open_every_section(driver)
        tall = driver.execute_script("return document.documentElement.scrollHeight")
        resize(driver, width, min(max(int(tall), height), TALLEST_PIXELS), dark=dark)
        _keep(driver, folder / f"{name}_{width}{'_oscuro' if dark else ''}.png")
        wide = overflow_pixels(driver)
        if wide > 0:
            told.append(f"{wide} px más ancha que {width}")
    told += dict.fromkeys([*complaints(driver), *_unnamed(driver)])
    for one in told:
        print(f"{name}: {one}")
    return len(told)


def _open_every_section(driver: Chrome) -> None:
    driver.execute_script("document.querySelectorAll('fieldset details, .mirar').forEach(one => one.open = true)")
    time.sleep(0.2)  # what a section brings when it opens


def _unnamed(driver: Chrome) -> list[str]:
    """Boxes that nobody could name: no label, no aria-label, no title."""
    found: list[str] = driver.execute_script(
        """return [...document.querySelectorAll('#content :is(input, select, textarea)')].filter(box =>
        !['hidden', 'submit'].includes(box.type) && box.offsetParent && !box.labels.length && !box.ariaLabel
        && !box.title && !box.getAttribute('aria-labelledby')).map(box => 'sin rótulo: ' + (box.name || box.id))"""
    )
    return found


if __name__ == "__main__":
    os.environ.setdefault("DEBUG", "true")
    sys.exit(main())
