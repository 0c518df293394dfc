"""The whole job through a Siigo of another make."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from integrations.choices import Looks, Status
from integrations.models import LearnedAnswer, SyncStanding
from tests import builders
from tests.other_erps.conftest import brought_in, pushed, windows_over
from tests.other_erps.http_door import serving
from tests.other_erps.siigo_server import MANNERS, Siigo

pytestmark = pytest.mark.django_db(transaction=True)
SEEN = (Status.SYNCED, True)


def vouchers(*numbers: int, amount: str = "119000") -> str:
    """A file of sales in the shape of the published request; all say the same but for their number."""
    rows = [
        {
            "voucher_type": "F",
            "voucher_code": 1,
            "document_number": number,
            "accounting_account": account,
            "debit_or_credit": side,
            "sequence_value": json.loads(amount),
            "document_year": 2026,
            "document_month": 3,
            "document_day": 10,
            "sequence": place,
            "nit": 800111222,
            "cost_center": 7,
            "sequence_description": "Venta de año, señal Ñ",
        }
        for number in numbers
        for place, (account, side) in enumerate(((1305050001, "D"), (4135050001, "C")), 1)
    ]
    params = {"year": 2026, "basic_invoice": "N", "modify_documents": "N"}
    head = {"id_connection": "x", "execution_type": "export", "resource": "accounting_movements"}
    return json.dumps({**head, "data": {"params": params, "list": rows}})


@contextmanager
def working(manner: str) -> Iterator[Siigo]:
    """A Siigo of this manner, and a connection to it that has learned nothing yet."""
    erp = Siigo(MANNERS[manner])
    with serving(erp) as url:
        seconds = {"read_seconds": 1.0, "deadline_seconds": 1.5}
        builders.siigo_connection(f"{url}/api/v1/siigo-pyme/send", learned=False, looks=Looks.IDLE, **seconds)
        yield erp


def stands() -> list[tuple[str, bool]]:
    rows = SyncStanding.objects.filter(kind="movement", target="siigo").order_by("pk")
    return [(row.status, row.seen_at is not None) for row in rows]


def why() -> str:
    return "\n".join(f"{row.status}: {row.message}" for row in SyncStanding.objects.filter(target="siigo"))


@pytest.mark.parametrize("manner", MANNERS)
def test_the_whole_job_ends_seen_also_where_one_was_never_answered(manner: str, tmp_path: Path) -> None:
    with working(manner) as siigo:
        brought_in(tmp_path, "ventas.json", vouchers(1001, 1002, 1003, amount="119000.5"))
        pushed("siigo", "movement")
        siigo.silent = 1
        brought_in(tmp_path, "iguales.json", vouchers(1004, 1005))
        pushed("siigo", "movement")
        windows_over()
        assert (stands(), len(siigo.vouchers)) == ([SEEN] * 5, 5), why()
    assert [learned.is_known for learned in LearnedAnswer.objects.filter(meaning="stored")] == [True]


def test_what_was_taken_and_never_stored_is_sent_again_once(tmp_path: Path) -> None:
    with working(next(iter(MANNERS))) as siigo:
        brought_in(tmp_path, "antes.json", vouchers(1001))
        pushed("siigo", "movement")
        windows_over()
        siigo.silent = 1
        brought_in(tmp_path, "perdido.json", vouchers(1002))
        pushed("siigo", "movement")
        siigo.vouchers.popitem()
        windows_over()
        assert [status for status, _ in stands()] == [Status.SYNCED, Status.NEW], why()
        pushed("siigo", "movement")
        windows_over()
        assert (stands(), len(siigo.vouchers)) == ([SEEN] * 2, 2), why()


def test_a_number_that_somebody_used_in_siigo_is_a_conflict_and_not_ours(tmp_path: Path) -> None:
    with working(next(iter(MANNERS))) as siigo:
        brought_in(tmp_path, "antes.json", vouchers(1001))
        pushed("siigo", "movement")
        rows = [{**row, "document_number": 1002, "sequence_value": 5} for row in next(iter(siigo.vouchers.values()))]
        siigo.vouchers[2026, "F", 1, 1002] = rows
        brought_in(tmp_path, "despues.json", vouchers(1002))
        pushed("siigo", "movement")
        windows_over()
        assert [status for status, _ in stands()] == [Status.SYNCED, Status.CONFLICT], why()
