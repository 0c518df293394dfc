"""What an ERP gives back with points, zeros or a check digit is the NIT that was sent; another number is not."""

from typing import Any

import pytest

from integrations.erp.receipts import NO_REFERENCE
from integrations.erp.sag.comparison import compared_document, compared_master
from integrations.erp.sag.sent_request import SentRecord
from integrations.erp.siigo import master_read_back
from integrations.erp.siigo.comparison import compared_voucher
from integrations.erp.siigo.document import THIRDS
from integrations.erp.siigo.voucher_keys import VoucherKey

SAME = ["800111222-7", "800.111.222-7", "800111222", 800111222, "0800111222", "800111222.0", "800111222   "]
OTHERS = ["800111223", "8001112227", "800111222-3", 80011122, "80011122"]
SIIGO_LINE: dict[str, Any] = {"sequence": 1, "accounting_account": 1305050001, "sequence_value": 1000}


def siigo_differences(sent: object, found: object) -> list[str]:
    ours, theirs = ([{**SIIGO_LINE, "nit": nit}] for nit in (sent, found))
    found_record = compared_voucher(ours, theirs, VoucherKey(2026, "F", 1, 10))
    return [value.label for value in found_record.compared if value.differs]


@pytest.mark.parametrize("found", SAME)
def test_the_nit_of_a_line_of_siigo_compares_equal(found: object) -> None:
    assert siigo_differences(800111222, found) == []


@pytest.mark.parametrize("found", OTHERS)
def test_another_nit_of_a_line_of_siigo_differs(found: object) -> None:
    assert siigo_differences(800111222, found) == ["NIT"]


def sag_differences(found: object) -> list[str]:
    sent = SentRecord(
        "Movimiento",
        {"CodigoFuente": "FV", "Nit": "800111222", "NitVendedor": "800111222"},
        ({"CodigoArticulo": "CAFE", "Cantidad": "1", "NitTercero": "800111222"},),
    )
    row = {"movimiento": 1, "nit": found, "vendedor": found}
    line = {"movimiento": 1, "articulo": "CAFE", "cantidad": 1, "nit": found}
    found_record = compared_document(sent, row, [line], NO_REFERENCE, is_ours=True)
    return [value.label for value in found_record.compared if value.differs]


@pytest.mark.parametrize("found", SAME)
def test_the_nits_of_a_document_of_sag_compare_equal(found: object) -> None:
    assert sag_differences(found) == []


@pytest.mark.parametrize("found", OTHERS)
def test_other_nits_of_a_document_of_sag_differ(found: object) -> None:
    assert sag_differences(found) == ["NIT", "NIT del vendedor", "NIT"]


@pytest.mark.parametrize("found", SAME)
def test_a_third_party_of_sag_is_found_by_its_number(found: object) -> None:
    found_record = compared_master(SentRecord("tercero", {"documentoActual": "800111222"}, ()), {"clave": found})
    assert [value.differs for value in found_record.compared] == [False]


@pytest.mark.parametrize("found", SAME)
def test_a_third_party_of_siigo_is_found_by_its_number(found: object) -> None:
    key = master_read_back.key_of(THIRDS, {"identification": found, "branch": 0})
    assert (key and key.number) == 800111222


def test_the_code_of_an_article_is_no_number() -> None:
    found_record = compared_master(SentRecord("articulo", {"codigo": "1000"}, ()), {"clave": "1.000"})
    assert found_record.compared[0].differs
