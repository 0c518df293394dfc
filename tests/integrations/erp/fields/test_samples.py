"""Each row's sample is a valid value that goes in and comes out as it is."""

from decimal import Decimal

import pytest

from integrations.erp.fields.spec import Field, ValueType, WireType
from integrations.erp.fields.validation import first_fault
from integrations.erp.fields.values import finish_dates, parse, store, wire_value
from integrations.erp.sag import dialect as sag
from integrations.erp.siigo import dialect as siigo
from tests.integrations.erp.fields.catalogues import CATALOGUES
from tests.integrations.erp.fields.records import A_DAY, RECORDS

ROWS = [(key, row) for key, catalogue in CATALOGUES.items() for row in catalogue]
IDS = [f"{key}.{row.name}" for key, row in ROWS]
DIALECTS = {"siigo": siigo.build({}), "sag": sag.build({})}

KINDS = {
    ValueType.TEXT: str,
    ValueType.INTEGER: int,
    ValueType.DECIMAL: Decimal,
    ValueType.DATE: type(A_DAY),
    ValueType.FLAG: bool,
}


@pytest.mark.parametrize(("key", "row"), ROWS, ids=IDS)
def test_a_sample_is_of_its_rows_kind(key: str, row: Field) -> None:
    assert type(parse(row, row.sample)) is KINDS[row.value_type]


@pytest.mark.parametrize(("key", "row"), ROWS, ids=IDS)
def test_a_sample_fits_its_rows_width_and_choices(key: str, row: Field) -> None:
    assert first_fault(row, row.sample) == ""


@pytest.mark.parametrize(
    ("key", "row"),
    [(key, row) for key, row in ROWS if not row.derived],
    ids=[name for name, (_key, row) in zip(IDS, ROWS, strict=True) if not row.derived],
)
def test_a_sample_stored_goes_out_as_it_was_written(key: str, row: Field) -> None:
    record = RECORDS[key](**_companions(row))
    _store_with_its_date(key, record, row)
    sent = wire_value(row, record, DIALECTS[key.partition("-")[0]])
    expected = row.sample if row.wire_type is WireType.STRING else _number(row.sample)
    assert (sent, type(sent)) == (expected, type(expected))


def _companions(row: Field) -> dict[str, str]:
    return {"account": "41201401"} if row.source == "signed_amount" else {}


def _store_with_its_date(key: str, record: object, row: Field) -> None:
    if row.source and row.source.endswith((".year", ".month", ".day")):
        stem = row.source.rpartition(".")[0]
        for part in CATALOGUES[key]:
            if part.source and part.source.startswith(f"{stem}."):
                store(record, part, part.sample)
        finish_dates(record)
    else:
        store(record, row, row.sample)


def _number(text: str) -> int | Decimal:
    return Decimal(text) if "." in text else int(text)
