"""A voucher that Siigo answered with «0 registros insertados», from the file to the page (sync protocol, 10.11)."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from integrations.choices import Status, Target
from integrations.models import SyncStanding
from tests import builders
from tests.integrations.sending.conftest import documents, fault
from tests.integrations.sending.test_success_texts import after_the_window, pushed, run_queue

pytestmark = pytest.mark.django_db(transaction=True)


def line(sequence: int, side: str, account: int) -> dict[str, Any]:
    return {
        "voucher_type": "F",
        "voucher_code": 1,
        "document_number": 30,
        "accounting_account": account,
        "debit_or_credit": side,
        "sequence_value": 119000,
        "document_year": 2026,
        "document_month": 11,
        "document_day": 3,
        "sequence": sequence,
        "nit": 800111222,
        "sequence_description": "CERO-FILAS",
    }


def imported_and_pushed(folder: Path) -> SyncStanding:
    path = folder / "comprobante.json"
    path.write_text(json.dumps([line(1, "D", 1305050001), line(2, "C", 4135050001)]), encoding="utf-8")
    for words in (["import_file", str(path)], ["push", "siigo", "movement"]):
        with suppress(SystemExit):
            call_command(*words)
    run_queue()
    return SyncStanding.objects.filter(target=Target.SIIGO).latest("pk")


def test_a_voucher_of_which_no_row_was_inserted_is_never_sent(siigo: Any, tmp_path: Path) -> None:
    siigo.set_faults(fault("success_nothing_stored", operation="export"))
    row = imported_and_pushed(tmp_path)
    assert (row.status, row.cause, documents(siigo)) == (Status.UNCERTAIN, "denied_success", 0)
    assert "0 registros insertados" in row.message


def test_and_may_be_sent_again_once_a_read_proves_that_it_is_not_there(siigo: Any, tmp_path: Path) -> None:
    pushed(builders.voucher(29), Target.SIIGO)
    siigo.set_faults(fault("success_nothing_stored", operation="export"))
    row = after_the_window(imported_and_pushed(tmp_path))
    assert (row.status, documents(siigo)) == (Status.NEW, 1)
    assert "Revise ErrorMov.xlsx" in row.message
