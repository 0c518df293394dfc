"""Pictures of every page of a running demo: `take_screenshots.py [ADDRESS] [FOLDER]`."""

import sys
import time
from pathlib import Path

from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.browser.chromium import complaints, open_chromium, overflow_pixels, resize

USER, PASSWORD = "demo", "demo"
SIZES = ((1366, 768, False), (1366, 768, True), (1024, 768, False), (390, 844, False))
PAGES = {
    "inicio": "",
    "movimientos": "ledger/movement/",
    "movimientos_filtro": "ledger/movement/?sag=rejected",
    "movimiento_nuevo": "ledger/movement/add/",
    "clientes": "catalog/client/",
    "terceros": "catalog/thirdparty/",
    "articulos": "catalog/article/",
    "intentos": "integrations/syncattempt/",
    "lotes": "integrations/syncbatch/",
    "conexiones": "integrations/connection/",
    "empresas": "integrations/company/",
    "usuarios": "auth/user/",
}
FIRST_OF = {
    "movimiento": "ledger/movement/",
    "movimiento_dudas": "ledger/movement/?vista=dudas",
    "cliente": "catalog/client/?sag=rejected",
    "articulo": "catalog/article/",
    "intento": "integrations/syncattempt/",
    "conexion": "integrations/connection/",
}


def main(address: str, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    driver = open_chromium()
    try:
        driver.get(address)
        _picture(driver, folder, "entrada")
        driver.find_element(By.NAME, "username").send_keys(USER)
        driver.find_element(By.NAME, "password").send_keys(PASSWORD)
        driver.find_element(By.CSS_SELECTOR, "input[type=submit]").click()
        WebDriverWait(driver, 20).until(lambda page: page.find_elements(By.ID, "nav-sidebar"))
        pages = {name: address + path for name, path in PAGES.items()}
        for name, path in FIRST_OF.items():
            driver.get(address + path)
            links = driver.find_elements(By.CSS_SELECTOR, "#result_list tbody th a")
            if links:
                pages[name] = str(links[0].get_attribute("href"))
        pages |= _found(driver, pages)
        for name, page in pages.items():
            driver.get(page)
            _picture(driver, folder, name)
    finally:
        driver.quit()


def _found(driver: Chrome, pages: dict[str, str]) -> dict[str, str]:
    """Pages that are reached from others: what would be sent, a batch before and after."""
    found: dict[str, str] = {}
    if "movimiento" in pages:
        driver.get(pages["movimiento"])
        links = driver.find_elements(By.PARTIAL_LINK_TEXT, "Ver lo que se enviaría")
        more = driver.find_elements(By.PARTIAL_LINK_TEXT, "Más")
        if links:
            found["lo_que_se_enviaria"] = str(links[0].get_attribute("href"))
        if more:
            found["linea"] = str(more[0].get_attribute("href"))
    driver.get(pages["lotes"] + "?state__exact=done")
    batches = driver.find_elements(By.CSS_SELECTOR, "#result_list tbody th a")
    if batches:
        found["lote"] = str(batches[0].get_attribute("href"))
    driver.get(pages["movimientos"] + "?vista=listos_siigo")
    driver.find_element(By.ID, "action-toggle").click()
    driver.find_element(By.CSS_SELECTOR, "button[value=enviar_siigo]").click()
    WebDriverWait(driver, 20).until(lambda page: "/confirmar/" in page.current_url)
    found["confirmar"] = driver.current_url
    return found


def _picture(driver: Chrome, folder: Path, name: str) -> None:
    for width, height, dark in SIZES:
        resize(driver, width, height, dark=dark)
        time.sleep(0.4)  # colours fade from one theme to the other
        driver.save_screenshot(str(folder / f"{name}_{width}{'_oscuro' if dark else ''}.png"))
        wide = overflow_pixels(driver)
        if wide > 0:
            print(f"{name}: {wide} px más ancha que {width}")
    for complaint in dict.fromkeys(complaints(driver)):
        print(f"{name}: {complaint}")


if __name__ == "__main__":
    arguments = [*sys.argv[1:], "http://127.0.0.1:8000/admin/", "screenshots"]
    main(arguments[0], Path(arguments[1 if len(sys.argv) > 2 else -1]))
