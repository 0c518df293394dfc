"""The whole job in a real browser: a file comes in, is filtered, sent; what failed is mended, what is in doubt decided.

Anything that the console, the pages' policy or the network complains of fails, whatever the page.
"""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from integrations.choices import Status
from integrations.files.file_formats import open_file
from integrations.files.intake import import_drafts
from integrations.models import Connection, SyncStanding
from integrations.sending import engine
from integrations.simulators.serving import RunningSimulator
from integrations.simulators.siigo import start_siigo
from integrations.verifying import reconcile
from tests.browser.chromium import complaints, strangers
from tests.browser.walking import press, seen, write

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DOCUMENTS = 53
"""More than a page of the list."""
REFUSED, DOUBTFUL = 2, 3
CASH, SALES, CLOSED = 1105050001, 4135050001, 1105050099


@pytest.fixture
def stand_in() -> Iterator[RunningSimulator]:
    """Siigo with a chart of accounts of its own."""
    with start_siigo(chart_of_accounts=(CASH, SALES)) as simulator:
        yield simulator


def test_a_month_comes_in_goes_out_and_what_went_wrong_is_put_right(
    browser: Chrome, live_server: LiveServer, siigo: Connection, stand_in: RunningSimulator, tmp_path: Path
) -> None:
    stand_in.set_faults({"target": "siigo", "match": f'"document_number":{DOUBTFUL},', "fault": "commit_then_reset"})
    Connection.objects.filter(pk=siigo.pk).update(
        concurrency=2
    )  # the one without an answer keeps its place for a while
    job = Job(browser, f"{live_server.url}/admin/", siigo)
    job.bring_in(_month(tmp_path))
    job.send_all_of("vista=listos_siigo")
    assert job.ends(f"{DOCUMENTS - 2} enviados, 1 con error y 1 por confirmar")
    job.mend_what_failed()
    job.decide_what_is_in_doubt()
    assert set(SyncStanding.objects.filter(target="siigo").values_list("status", flat=True)) == {Status.SYNCED}
    assert (complaints(browser), strangers(browser, live_server.url)) == ([], [])


class Job:
    """A person at the screen; the sending process is run by hand between two looks."""

    def __init__(self, browser: Chrome, address: str, connection: Connection) -> None:
        self.browser, self.address, self.connection = browser, address, connection

    def open(self, path: str) -> None:
        self.browser.get(self.address + path)

    def bring_in(self, file: Path) -> None:
        """By the same service that the page of files calls."""
        taken = import_drafts(open_file(file).drafts, company=self.connection.company)
        assert not taken.rejected

    def send_all_of(self, filtered: str) -> None:
        self.open(f"ledger/movement/?{filtered}")
        press(self.browser, "#action-toggle")
        press(self.browser, ".actions .question a")
        press(self.browser, "button[value=enviar_siigo]")
        seen(self.browser, "button.principal", f"Enviar {DOCUMENTS} a Siigo").click()
        seen(self.browser, "[data-message]", f"Enviando: 0 de {DOCUMENTS}")
        engine.drain(self.connection.pk)

    def ends(self, told: str) -> Any:
        return seen(self.browser, "[data-message]", told)

    def mend_what_failed(self) -> None:
        press(self.browser, "a.boton[href$='siigo=rejected']")
        press(self.browser, "#result_list tbody th a")
        assert seen(self.browser, ".destino .mensaje", f"La cuenta {CLOSED} no existe")
        write(self.browser, "lines-0-account", str(CASH))
        press(self.browser, "input[name=_continue]")
        assert seen(self.browser, ".destino .bien", "Ya se cambió después de ese error")
        press(self.browser, "button[value$='/siigo/verificar/']")
        seen(self.browser, ".messagelist")
        let_the_erp_settle()
        reconcile.verify(self._only(Status.REJECTED).pk)
        self.browser.refresh()
        press(self.browser, "button[value$='/siigo/enviar/']")
        seen(self.browser, "button.principal", "Enviar 1 a Siigo").click()
        # The click comes back before the server has written the confirmation.
        seen(self.browser, "[data-message]", "Enviando: 0 de 1")
        engine.drain(self.connection.pk)
        assert self.ends("1 enviado")

    def decide_what_is_in_doubt(self) -> None:
        self.open("ledger/movement/?vista=dudas")
        press(self.browser, "#result_list tbody th a")
        press(self.browser, "a[href$='/siigo/decidir/a-mano/']")
        write(self.browser, "numero", str(DOUBTFUL))
        for moment in self.browser.find_elements(By.NAME, "visto"):
            moment.send_keys(f"{timezone.localtime():%d/%m/%Y %H:%M:%S}")
        write(self.browser, "motivo", "Está en Siigo con ese número.")
        press(self.browser, ".decision button.principal")
        seen(self.browser, ".destino .estado", "Enviado")

    def _only(self, status: Status) -> SyncStanding:
        return SyncStanding.objects.get(target="siigo", status=status)


def let_the_erp_settle() -> None:
    """As if the time had passed in which Siigo could still keep what it got."""
    SyncStanding.objects.filter(settles_at__isnull=False).update(settles_at=timezone.now() - timedelta(minutes=5))


def _month(folder: Path) -> Path:
    """A file of Siigo's with a month of vouchers; one names an account that Siigo does not have."""
    rows = [row for number in range(1, DOCUMENTS + 1) for row in _voucher(number)]
    file = folder / "mes.json"
    file.write_text(json.dumps(rows), encoding="utf-8")
    return file


def _voucher(number: int) -> list[dict[str, Any]]:
    shared = {
        "voucher_type": "F", "voucher_code": 1, "document_number": number,
        "document_year": 2026, "document_month": 11, "document_day": 3, "nit": 800111222, "sequence_value": 119000,
    }  # fmt: skip
    return [
        {**shared, "sequence": 1, "accounting_account": CLOSED if number == REFUSED else CASH, "debit_or_credit": "D"},
        {**shared, "sequence": 2, "accounting_account": SALES, "debit_or_credit": "C"},
    ]
