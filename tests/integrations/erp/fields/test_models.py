"""The rows meet the real models: every source is there, and its column sets the limits."""

from decimal import Decimal

import pytest

from catalog.models import Article, Client, ThirdParty
from integrations.erp.fields.columns import path_of
from integrations.erp.fields.spec import Catalogue
from integrations.erp.fields.values import FieldError, store
from integrations.erp.sag import fields as sag
from integrations.erp.siigo import fields as siigo
from ledger.models import Movement, MovementLine, MovementPayment

OWNERS = [
    (siigo.MOVEMENT, MovementLine),
    (siigo.THIRD, ThirdParty),
    (siigo.PRODUCT, Article),
    (sag.CLIENT, Client),
    (sag.THIRD_PARTY, ThirdParty),
    (sag.ARTICLE, Article),
    (sag.MOVEMENT, Movement),
    (sag.MOVEMENT_LINE, MovementLine),
    (sag.OTHER_DATA, Movement),
    (sag.PAYMENT, MovementPayment),
]


@pytest.mark.parametrize(("catalogue", "model"), OWNERS)
def test_every_source_is_an_attribute_of_its_model(catalogue: Catalogue, model: type) -> None:
    missing = [
        row.source
        for row in catalogue
        if (path := path_of(row)) is not None
        and not hasattr(Movement if path.owner == "movement" else model, path.attribute)
    ]
    assert missing == []


@pytest.mark.parametrize(("catalogue", "model"), OWNERS)
def test_the_sparse_json_of_a_row_is_on_its_model(catalogue: Catalogue, model: type) -> None:
    assert {row.sparse_in for row in catalogue if not hasattr(model, row.sparse_in)} == set()


def test_a_real_column_refuses_what_it_would_round() -> None:
    with pytest.raises(FieldError):
        store(MovementLine(movement=Movement()), siigo.MOVEMENT.by_spelling["sequence_value"], "10.005")


def test_a_real_column_takes_what_fits() -> None:
    line = MovementLine(movement=Movement())
    store(line, siigo.MOVEMENT.by_spelling["sequence_value"], "10.05")
    assert line.amount == Decimal("10.05")


def test_a_signed_value_is_measured_by_the_amount_column() -> None:
    with pytest.raises(FieldError):
        store(MovementLine(movement=Movement()), sag.MOVEMENT_LINE.by_spelling["Valor"], "-10.005")
