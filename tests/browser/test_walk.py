"""A person's whole way in a real browser, from the door to the last result. Complaints of the console fail."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer
from selenium.common.exceptions import (
    ElementClickInterceptedException,
    NoSuchElementException,
    StaleElementReferenceException,
)
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from integrations import dispatch, engine, queries
from integrations.admin.deciding import VERBS
from integrations.choices import Kind, Register, Status, Target
from integrations.dispatch import Requester
from integrations.models import Connection, PullRun, SavedQuery, SyncAttempt, SyncBatch, SyncStanding
from integrations.pulls.plans import plan_for
from integrations.simulators.siigo import start_siigo
from ledger.models import Movement
from tests import builders
from tests.browser.chromium import WAIT_SECONDS, complaints, open_chromium, overflow_pixels, resize
from tests.browser.pages import PAGES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def siigo() -> Iterator[Connection]:
    with start_siigo() as simulator:
        yield builders.siigo_connection(simulator.url)


@pytest.fixture
def browser(live_server: LiveServer) -> Iterator[Chrome]:
    cache.clear()
    User.objects.create_superuser("ana", password="clave-de-prueba")
    driver = open_chromium()
    try:
        driver.get(f"{live_server.url}/admin/")
        driver.find_element(By.NAME, "username").send_keys("ana")
        driver.find_element(By.NAME, "password").send_keys("clave-de-prueba")
        press(driver, "input[type=submit]")
        seen(driver, "#nav-sidebar")
        yield driver
    finally:
        driver.quit()


_PASSING = (StaleElementReferenceException, NoSuchElementException, ElementClickInterceptedException)


def press(driver: Chrome, selector: str) -> None:
    """Click it, once it is there and the page has settled: a page that is being replaced takes its elements along."""

    def click(page: Chrome) -> bool:
        found = page.find_element(By.CSS_SELECTOR, selector)
        page.execute_script("arguments[0].scrollIntoView({block: 'center'})", found)
        found.click()
        return True

    WebDriverWait(driver, WAIT_SECONDS, ignored_exceptions=_PASSING).until(click)


def seen(driver: Chrome, selector: str, text: str = "") -> Any:
    """Wait until an element is there with this text."""

    def look(page: Chrome) -> Any:
        found = page.find_elements(By.CSS_SELECTOR, selector)
        return next((one for one in found if text in one.text), None)

    return WebDriverWait(driver, WAIT_SECONDS, ignored_exceptions=_PASSING).until(look)


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
    press(browser, "form[action$='/siigo/enviar/'] button")
    seen(browser, "details.mirar summary").click()
    assert seen(browser, "details.mirar .clave", "voucher_type")
    assert complaints(browser) == []


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
    dispatch.confirm(_draft(siigo, movement.pk).pk)
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


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
@pytest.mark.parametrize(
    "path", ["", "ledger/movement/", "ledger/movement/add/", "catalog/client/", "integrations/connection/add/"]
)
def test_no_page_is_wider_than_its_screen(
    browser: Chrome, live_server: LiveServer, siigo: Connection, path: str, width: int, height: int
) -> None:
    builders.voucher(third_party_name="Distribuidora de nombre muy largo y otros negocios de la sabana S.A.S.")
    resize(browser, width, height)
    browser.get(f"{live_server.url}/admin/{path}")
    assert (overflow_pixels(browser), complaints(browser)) == (0, [])


def test_every_page_opens_without_a_complaint(browser: Chrome, live_server: LiveServer, siigo: Connection) -> None:
    pages = [*PAGES.values(), *_pages_of_what_there_is(siigo)]
    assert {page: found for page in pages if (found := _wrong_with(browser, f"{live_server.url}/admin/{page}"))} == {}


def _wrong_with(driver: Chrome, page: str) -> list[str]:
    """What the console said, what came from another host, and pages that aren't there."""
    driver.get(page)
    own = page.split("/admin/")[0]
    loaded: list[str] = driver.execute_script("return performance.getEntriesByType('resource').map(one => one.name)")
    strangers = [one for one in loaded if not one.startswith((own, "data:"))]
    there = driver.find_elements(By.CSS_SELECTOR, "#nav-sidebar, .login")
    return [*complaints(driver), *strangers, *([] if there else ["sin página"])]


def _pages_of_what_there_is(siigo: Connection) -> list[str]:
    """Records, connections, decisions, a batch, reads and queries: one of each, and the addresses of their pages."""
    sag = builders.sag_connection("http://127.0.0.1:9/", company=siigo.company)
    movement, client, third, article = builders.order(), builders.client(), builders.third_party(), builders.article()
    row = _doubtful(movement, sag)
    batch = _draft(siigo, builders.voucher().pk)
    plan = plan_for(sag, Register.CLIENTS)
    read = PullRun.objects.create(plan=plan, connection=sag, lease_until=timezone.now())
    run = queries.write_down(sag, "SELECT a FROM t", method="json", limit=9)
    queries.finish(run, [{"a": "Ñ"}], 0.5)
    saved = SavedQuery.objects.create(name="Una", text="SELECT a FROM t WHERE b = @b", parameters=_ASKED)
    document = f"ledger/movement/{movement.pk}"
    return [
        *(f"{document}/{rest}" for rest in _OF_A_MOVEMENT),
        *(f"{document}/sag/decidir/{verb}/" for verb in VERBS),
        *(f"catalog/{one._meta.model_name}/{one.pk}/change/" for one in (client, third, article)),
        f"integrations/syncattempt/{row.attempt}/change/",
        *(f"lote/{batch.pk}/{rest}" for rest in ("confirmar/", "")),
        *(f"integrations/connection/{one.pk}/{rest}" for one in (sag, siigo) for rest in ("change/", "reglas/")),
        *(f"integrations/codemapping/sin-homologar/{one.pk}/" for one in (sag, siigo)),
        f"integrations/connection/{sag.pk}/prueba-de-clave/",
        *(f"integrations/pullplan/{plan.pk}/{rest}" for rest in ("change/", "diferencias/")),
        f"integrations/pullrun/{read.pk}/change/",
        f"integrations/queryrun/{run.pk}/change/",
        *(f"integrations/savedquery/{saved.pk}/{rest}" for rest in ("change/", "ejecutar/")),
    ]


_OF_A_MOVEMENT = ("change/", "history/", "delete/", "duplicar/", "enviaria/sag/", "enviaria/siigo/",
                  "cambios/sag/", "lado-a-lado/sag/", "lado-a-lado/siigo/")  # fmt: skip
_ASKED = [{"name": "b", "label": "NIT", "type": "number"}]


def _draft(connection: Connection, *ids: int) -> SyncBatch:
    batch = dispatch.draft(
        company=connection.company, target=Target.SIIGO, kind=Kind.MOVEMENT, record_ids=ids,
        requester=Requester(origin="prueba"),
    )  # fmt: skip
    dispatch.prepare(batch)
    return batch


def _doubtful(movement: Movement, connection: Connection) -> SyncStanding:
    row = builders.standing_of(movement, Target.SAG)
    attempt = SyncAttempt.objects.create(
        kind=row.kind, record_id=row.record_id, target=row.target, company=row.company, connection=connection,
        lease_until=timezone.now(), record_label=str(movement),
    )  # fmt: skip
    row.status, row.connection, row.attempt = Status.UNCERTAIN, connection, attempt.pk
    row.save()
    return row
