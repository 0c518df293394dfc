"""What SAG says when it fails a record, each with the cause that people read."""

import pytest

from integrations.erp.receipts import Verdict
from integrations.erp.sag.answers import Sent, read_insertion
from tests.integrations.erp.sag.recorded import PRINTED_FAILURE, PRINTED_SUCCESS, failed, insertion

SAID = {
    "LA BODEGA 99 NO EXISTE": "warehouse_missing",
    "EL USUARIO WEB NO EXISTE": "login_missing",
    "LA FUENTE ZZ NO EXISTE": "source_missing",
    "EL ARTÍCULO A9 NO EXISTE": "article_missing",
    "EL TERCERO 900123 NO EXISTE": "client_missing",
    "Conversion failed when converting the varchar value 'x' to data type int.": "wrong_value",
    "Error converting data type varchar to numeric.": "wrong_value",
    "Arithmetic overflow error converting expression to data type int.": "number_too_large",
    "String or binary data would be truncated.": "text_too_long",
    "Cannot insert the value NULL into column 'x', table 'y'; column does not allow nulls.": "required_value",
    "The INSERT statement conflicted with the FOREIGN KEY constraint 'fk_x'.": "related_missing",
    "Cannot insert duplicate key row in object 'dbo.x'.": "duplicate",
    "Invalid object name 'v_cl'.": "sag_schema",
    "Invalid column name 'x'.": "sag_schema",
    "Transaction was deadlocked on lock resources.": "interrupted",
}


@pytest.mark.parametrize(("said", "cause"), SAID.items())
def test_each_failure_has_its_cause(said: str, cause: str) -> None:
    (receipt,) = read_insertion(200, failed(said), Sent())
    assert receipt.cause == cause


@pytest.mark.parametrize("said", SAID)
def test_no_text_of_sql_server_proves_that_nothing_was_written(said: str) -> None:
    (receipt,) = read_insertion(200, failed(said), Sent())
    assert receipt.verdict is not Verdict.REFUSED


def test_three_elements_are_three_receipts_in_order() -> None:
    body = insertion(*({"s_estado": "OK", "s_identificador": str(one)} for one in (1, 2, 3)))
    receipts = read_insertion(200, body, Sent())
    assert [receipt.reference.identifier for receipt in receipts] == ["1", "2", "3"]


@pytest.mark.parametrize("body", [PRINTED_SUCCESS, PRINTED_FAILURE], ids=["success", "failure"])
def test_a_body_cut_at_every_hundredth_byte_is_never_a_verdict(body: bytes) -> None:
    for cut in range(0, len(body), 100):
        (receipt,) = read_insertion(200, body[:cut], Sent())
        assert receipt.verdict is Verdict.AMBIGUOUS
