"""What has to happen in a demo before there is something to see, and the pages where it is seen."""

import json
from collections.abc import Callable
from typing import Any

from selenium.common.exceptions import WebDriverException
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from integrations.choices import Target
from integrations.connections.live_connection import live_connection
from integrations.models import Company
from tests.browser import demo
from tests.browser.pages import pages_of
from tests.browser.world import World, build_world

_STAGED = demo.ROOT / ".demo" / "paginas.json"
WAIT_SECONDS = 120
ROW = "#result_list tbody th a"
FIRST_OF = {
    "movimiento_demo": "ledger/movement/",
    "movimiento_enviado": "ledger/movement/?sag=synced",
    "movimiento_rechazado": "ledger/movement/?siigo=rejected",
    "movimiento_dudas": "ledger/movement/?vista=dudas",
    "cliente_con_error": "catalog/client/?sag=rejected",
    "cliente_modificado": "catalog/client/?sag=changed",
    "tercero_demo": "catalog/thirdparty/",
    "articulo_demo": "catalog/article/",
    "intento_demo": "integrations/syncattempt/",
    "lote_terminado": "integrations/syncbatch/?state__exact=done",
    "dato_leido": "integrations/registerrow/",
}
QUERY = "SELECT t.n_nit AS nit, t.sc_nombre AS nombre FROM terceros t WITH (NOLOCK)"


def pages(driver: Chrome, address: str) -> dict[str, str]:
    """Every page by the name of its picture, each made ready; what was staged once in a demo is not staged again."""
    if not _STAGED.exists():
        _STAGED.write_text(json.dumps(_stage(driver, address)), encoding="utf-8")
    found: dict[str, str] = json.loads(_STAGED.read_text(encoding="utf-8"))
    return found


def _stage(driver: Chrome, address: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for step in (_reads, _query, _confirming):
        try:
            found |= step(driver, address)
        except WebDriverException as missing:
            print(f"{step.__name__}: {missing}".splitlines()[0])
    found |= {name: address + path for name, path in pages_of(_world()).items()}
    for name, path in FIRST_OF.items():
        driver.get(address + path)
        if rows := driver.find_elements(By.CSS_SELECTOR, ROW):
            found[name] = _address_of(rows[0])
    return found


def _world() -> World:
    company = Company.objects.earliest("pk")
    siigo, sag = (live_connection(company, target) for target in Target)
    return build_world(siigo, sag)


def _reads(driver: Chrome, address: str) -> dict[str, str]:
    """Every register of every ERP read once."""
    plans = address + "integrations/pullplan/"
    driver.get(plans)
    for number in range(len(driver.find_elements(By.CSS_SELECTOR, ".lecturas form"))):
        driver.get(plans)
        driver.find_elements(By.CSS_SELECTOR, ".lecturas form button.principal")[number].click()
    _until(driver, lambda page: _again(page, plans, "Leyendo…"))
    siigo = driver.find_elements(By.CSS_SELECTOR, "a[href*='/1/'][href$='/ajustes/']")
    found = {"ajustes_de_lectura_siigo": _address_of(siigo[0])} if siigo else {}
    runs = driver.find_elements(By.CSS_SELECTOR, "a[href*='/pullrun/'][href$='/change/']")
    return found | ({"lectura_completa": _address_of(runs[0])} if runs else {})


def _query(driver: Chrome, address: str) -> dict[str, str]:
    driver.get(address + "integrations/queryrun/add/")
    driver.find_element(By.NAME, "text").send_keys(QUERY)
    driver.find_element(By.NAME, "_save").click()
    run = driver.current_url
    _until(driver, lambda page: _again(page, run, "En curso"))
    return {"consulta_respondida": run}


def _confirming(driver: Chrome, address: str) -> dict[str, str]:
    """The page that asks before sending: many documents, and records that SAG already has."""
    return {
        "confirmar_muchos": _asked(driver, address + "ledger/movement/?siigo=new", "siigo"),
        "confirmar_clientes": _asked(driver, address + "catalog/client/", "sag"),
    }


def _asked(driver: Chrome, page: str, target: str) -> str:
    driver.get(page)
    driver.find_element(By.ID, "action-toggle").click()
    driver.find_element(By.CSS_SELECTOR, f"button[value=enviar_{target}]").click()
    _until(driver, lambda one: "/confirmar/" in one.current_url)
    confirming = driver.current_url
    _until(driver, lambda one: _again(one, confirming, "Se están revisando"))
    return confirming


def _until(driver: Chrome, seen: Callable[[Chrome], object]) -> None:
    WebDriverWait(driver, WAIT_SECONDS, poll_frequency=0.5).until(seen)


def _again(driver: Chrome, page: str, waiting: str) -> bool:
    driver.get(page)
    return waiting not in driver.find_element(By.ID, "content").text


def _address_of(link: Any) -> str:
    return str(link.get_attribute("href"))
