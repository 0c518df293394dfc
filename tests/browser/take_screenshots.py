"""Pictures of every page of a running demo: `take_screenshots.py [ADDRESS] [FOLDER] [NAME…]`.

What only exists after someone did something (a read, a query, a decision) is done first, on the demo's own data.
"""

import base64
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

from selenium.common.exceptions import NoSuchElementException
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.browser.chromium import complaints, open_chromium, overflow_pixels, resize
from tests.browser.pages import PAGES

USER, PASSWORD = "demo", "demo"
SIZES = ((1366, 768, False), (1366, 768, True), (1024, 768, False), (390, 844, False))
TALLEST_PIXELS = 2600
WAIT_SECONDS = 30
ROW = "#result_list tbody th a"
FIRST_OF = {
    "movimiento": "ledger/movement/",
    "movimiento_enviado": "ledger/movement/?sag=synced",
    "movimiento_con_error": "ledger/movement/?siigo=rejected",
    "movimiento_dudas": "ledger/movement/?vista=dudas",
    "cliente": "catalog/client/?sag=rejected",
    "cliente_modificado": "catalog/client/?sag=changed",
    "tercero": "catalog/thirdparty/",
    "articulo": "catalog/article/",
    "intento": "integrations/syncattempt/",
    "lote": "integrations/syncbatch/?state__exact=done",
    "dato_del_erp": "integrations/registerrow/",
    "usuario": "auth/user/",
    "empresa": "integrations/company/",
}
QUERY = "SELECT t.n_nit AS nit, t.sc_nombre AS nombre FROM terceros t WITH (NOLOCK)"


def main(address: str, folder: Path, only: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    driver = open_chromium()
    try:
        driver.get(address)
        _picture(driver, folder, "entrada")
        driver.find_element(By.NAME, "username").send_keys(USER)
        driver.find_element(By.NAME, "password").send_keys(PASSWORD)
        driver.find_element(By.CSS_SELECTOR, "input[type=submit]").click()
        _until(driver, lambda page: page.find_elements(By.ID, "nav-sidebar"))
        for name, page in _every_page(driver, address).items():
            if not only or name in only:
                driver.get(page)
                _picture(driver, folder, name)
        _history(driver, address, folder)
    finally:
        driver.quit()


def _every_page(driver: Chrome, address: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for step in (_decide, _read_everything, _query, _sends, _connections):
        try:
            found |= step(driver, address)
        except NoSuchElementException as missing:
            print(f"{step.__name__}: {str(missing.msg).splitlines()[0]}")
    found |= {name: address + path for name, path in PAGES.items()}
    for name, path in FIRST_OF.items():
        driver.get(address + path)
        links = driver.find_elements(By.CSS_SELECTOR, ROW)
        if links:
            found[name] = _address_of(links[0])
    found |= _around(found["movimiento_enviado"])
    driver.get(found["movimiento"])
    more = driver.find_elements(By.PARTIAL_LINK_TEXT, "Más")
    return found | ({"linea": _address_of(more[0])} if more else {})


def _around(record: str) -> dict[str, str]:
    """The pages of one record, beside its form."""
    base = record.partition("change/")[0]
    return {
        "duplicar": f"{base}duplicar/",
        "lado_a_lado": f"{base}lado-a-lado/sag/",
        "historial": f"{base}history/",
        "eliminar": f"{base}delete/",
    }


# --- what has to happen before there is something to see


def _read_everything(driver: Chrome, address: str) -> dict[str, str]:
    """Every register of every ERP read once; then one record that differs from what SAG shows."""
    plans = address + "integrations/pullplan/"
    driver.get(plans)
    for number in range(len(driver.find_elements(By.CSS_SELECTOR, ".lecturas form"))):
        driver.get(plans)
        driver.find_elements(By.CSS_SELECTOR, ".lecturas form button.principal")[number].click()
    _until(driver, lambda page: _again(page, plans, "Leyendo…"))
    found = {"ajustes_de_lectura": _link(driver, "a[href$='/ajustes/']")}
    driver.get(found["ajustes_de_lectura"])
    found["ajustes_de_lectura"] = driver.current_url
    driver.get(plans)
    siigo = [one for one in driver.find_elements(By.CSS_SELECTOR, "a[href$='/ajustes/']") if "/1/" in _address_of(one)]
    if siigo:
        found["ajustes_de_lectura_siigo"] = _address_of(siigo[0])
    found["lectura"] = _link(driver, "a[href*='/pullrun/'][href$='/change/']")
    differing = driver.find_elements(By.CSS_SELECTOR, "a[href$='/diferencias/']")
    plan = re.sub(r"/change/.*", "/diferencias/", found["ajustes_de_lectura"])
    found["diferencias"] = _address_of(differing[0]) if differing else plan
    return found


def _query(driver: Chrome, address: str) -> dict[str, str]:
    driver.get(address + "integrations/queryrun/add/")
    driver.find_element(By.NAME, "text").send_keys(QUERY)
    driver.find_element(By.NAME, "_save").click()
    run = driver.current_url
    _until(driver, lambda page: _again(page, run, "En curso"))
    found = {"consulta_resultado": run}
    driver.get(address + "integrations/savedquery/")
    found["consulta_guardada"] = _link(driver, ROW)
    found["consulta_ejecutar"] = found["consulta_guardada"].replace("/change/", "/ejecutar/")
    return found


def _decide(driver: Chrome, address: str) -> dict[str, str]:
    """The pages of a decision about a document in doubt, and the page about history."""
    found: dict[str, str] = {}
    for view in ("vista=dudas", "siigo=rejected", "sag=synced"):
        driver.get(f"{address}ledger/movement/?{view}")
        rows = driver.find_elements(By.CSS_SELECTOR, ROW)
        if rows:
            driver.get(_address_of(rows[0]))
            for link in driver.find_elements(By.CSS_SELECTOR, "a[href*='/decidir/']"):
                page = _address_of(link)
                found.setdefault(f"decidir_{page.rstrip('/').rsplit('/', 1)[1]}", page)
    return found


def _history(driver: Chrome, address: str, folder: Path) -> None:
    """«Ya está en el ERP» has no address of its own: the list leads to it, and the picture is taken there."""
    driver.get(address + "ledger/movement/?siigo=new")
    driver.find_element(By.ID, "action-toggle").click()
    driver.execute_script("document.querySelectorAll('.actions details').forEach(one => one.open = true)")
    driver.find_element(By.CSS_SELECTOR, "select[name=action] option[value=ya_esta_siigo]").click()
    driver.find_element(By.CSS_SELECTOR, ".mas-acciones button").click()
    _picture(driver, folder, "ya_esta")


def _sends(driver: Chrome, address: str) -> dict[str, str]:
    """What would be sent, and the page that asks before sending: many, and one with masters that go first."""
    driver.get(address + "ledger/movement/")
    driver.get(_link(driver, ROW))
    looks = driver.find_elements(By.PARTIAL_LINK_TEXT, "Ver lo que se enviaría")
    found = {f"lo_que_se_enviaria_{number}": _address_of(link) for number, link in enumerate(looks, 1)}
    found["confirmar"] = _confirming(driver, address + "ledger/movement/?siigo=new", "siigo")
    found["confirmar_clientes"] = _confirming(driver, address + "catalog/client/", "sag")
    orders = address + "ledger/movement/?sag=new&source_code=PD"
    driver.get(orders)
    if driver.find_elements(By.ID, "action-toggle"):  # none in a demo as it starts: add an order of a new client
        found["confirmar_con_maestros"] = _confirming(driver, orders, "sag")
    return found


def _confirming(driver: Chrome, page: str, target: str) -> str:
    driver.get(page)
    driver.find_element(By.ID, "action-toggle").click()
    driver.find_element(By.CSS_SELECTOR, f"button[value=enviar_{target}]").click()
    _until(driver, lambda one: "/confirmar/" in one.current_url)
    confirming = driver.current_url
    _until(driver, lambda one: _again(one, confirming, "Preparando"))
    return confirming


def _connections(driver: Chrome, address: str) -> dict[str, str]:
    driver.get(address + "integrations/connection/")
    pages = [_address_of(link) for link in driver.find_elements(By.CSS_SELECTOR, ROW)]
    found = {}
    for number, page in enumerate(pages, 1):
        found[f"conexion_{number}"] = page
        found[f"reglas_{number}"] = page.replace("/change/", "/reglas/")
        found[f"sin_homologar_{number}"] = re.sub(r"connection/(\d+)/.*", r"codemapping/sin-homologar/\1/", page)
        driver.get(page)
        if driver.find_elements(By.CSS_SELECTOR, "a[href$='/prueba-de-clave/']"):
            found["prueba_de_clave"] = page.replace("/change/", "/prueba-de-clave/")
    return found


# --- browser


def _until(driver: Chrome, seen: Callable[[Chrome], object]) -> None:
    WebDriverWait(driver, WAIT_SECONDS, poll_frequency=0.5).until(seen)


def _again(driver: Chrome, page: str, waiting: str) -> bool:
    driver.get(page)
    return waiting not in driver.find_element(By.ID, "content").text


def _link(driver: Chrome, selector: str) -> str:
    return _address_of(driver.find_element(By.CSS_SELECTOR, selector))


def _address_of(link: object) -> str:
    return str(link.get_attribute("href"))  # type: ignore[attr-defined]


def _picture(driver: Chrome, folder: Path, name: str) -> None:
    for width, height, dark in SIZES:
        resize(driver, width, height, dark=dark)
        _open_every_section(driver)
        time.sleep(0.4)  # colours fade from one theme to the other
        tall = driver.execute_script("return document.documentElement.scrollHeight")
        resize(driver, width, min(max(int(tall), height), TALLEST_PIXELS), dark=dark)
        shot = driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})
        file = folder / f"{name}_{width}{'_oscuro' if dark else ''}.png"
        file.write_bytes(base64.b64decode(shot["data"]))
        wide = overflow_pixels(driver)
        if wide > 0:
            print(f"{name}: {wide} px más ancha que {width}")
    for told in dict.fromkeys([*complaints(driver), *_unnamed(driver)]):
        print(f"{name}: {told}")


def _open_every_section(driver: Chrome) -> None:
    driver.execute_script("document.querySelectorAll('fieldset details, .mirar').forEach(one => one.open = true)")


def _unnamed(driver: Chrome) -> list[str]:
    """Boxes that nobody could name: no label, no aria-label, no title."""
    found: list[str] = driver.execute_script(
        """return [...document.querySelectorAll('#content :is(input, select, textarea)')].filter(box =>
        !['hidden', 'submit'].includes(box.type) && box.offsetParent && !box.labels.length && !box.ariaLabel
        && !box.title && !box.getAttribute('aria-labelledby')).map(box => 'sin rótulo: ' + (box.name || box.id))"""
    )
    return found


if __name__ == "__main__":
    arguments = sys.argv[1:]
    address, folder = [*arguments, *("http://127.0.0.1:8000/admin/", "screenshots")[len(arguments) :]][:2]
    main(address, Path(folder), arguments[2:])
