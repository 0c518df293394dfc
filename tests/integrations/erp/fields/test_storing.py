"""Storing keeps what was written and cuts nothing."""

from datetime import date
from decimal import Decimal

import pytest

from integrations.erp.fields.values import FieldError, finish_dates, store, wire_value
from integrations.erp.sag import dialect as sag_dialect
from integrations.erp.sag import fields as sag
from integrations.erp.siigo import dialect as siigo_dialect
from integrations.erp.siigo import fields as siigo
from tests.integrations.erp.fields.records import Client, Line, Movement

SAG = sag_dialect.build({})
SIIGO = siigo_dialect.build({})
LINE = siigo.MOVEMENT.by_spelling
CLIENT = sag.CLIENT.by_spelling


def test_a_value_without_a_column_is_kept_as_it_was_written() -> None:
    line = Line()
    store(line, LINE["conversion_factor_value"], Decimal("1.0"))
    assert line.siigo == {"conversion_factor_value": "1.0"}


def test_an_explicitly_empty_text_goes_out_empty_again() -> None:
    client = Client()
    store(client, CLIENT["apellido1"], "")
    assert wire_value(CLIENT["apellido1"], client, SAG) == ""


def test_an_absent_value_does_not_go_out() -> None:
    assert wire_value(CLIENT["apellido1"], Client(), SAG) is None


def test_a_value_given_later_replaces_the_empty_one() -> None:
    client = Client()
    store(client, CLIENT["apellido1"], "")
    store(client, CLIENT["apellido1"], "López")
    assert (wire_value(CLIENT["apellido1"], client, SAG), client.sag) == ("López", {})


def test_null_clears() -> None:
    line = Line()
    store(line, LINE["city_code"], 5)
    store(line, LINE["city_code"], None)
    assert line.siigo == {}


@pytest.mark.parametrize("raw", ["10000.005", "1" + "0" * 18, "0.001"])
def test_an_amount_that_its_column_would_round_or_refuse_is_an_error(raw: str) -> None:
    with pytest.raises(FieldError):
        store(Line(), LINE["sequence_value"], raw)


@pytest.mark.parametrize("raw", ["10000.05", "9" * 18, "10000.500"])
def test_an_amount_that_fits_its_column_is_stored(raw: str) -> None:
    line = Line()
    store(line, LINE["sequence_value"], raw)
    assert line.amount == Decimal(raw)


def test_a_signed_value_is_measured_by_the_column_under_its_property() -> None:
    with pytest.raises(FieldError):
        store(Line(), sag.MOVEMENT_LINE.by_spelling["Valor"], "-1000.005")


def test_a_text_longer_than_its_column_is_an_error() -> None:
    with pytest.raises(FieldError, match="caben 20"):
        store(Line(), LINE["nit"], "9" * 21)


@pytest.mark.parametrize("raw", [2**63, -(2**63) - 1])
def test_an_integer_out_of_its_columns_range_is_an_error(raw: int) -> None:
    with pytest.raises(FieldError):
        store(Movement(), sag.MOVEMENT.by_spelling["NumeroDocumento"], raw)


def _store_date(line: Line, year: object, month: object, day: object) -> None:
    for part, raw in (("year", year), ("month", month), ("day", day)):
        store(line, LINE[f"cross_document_expiration_{part}"], raw)
    finish_dates(line)


def test_parts_make_a_date() -> None:
    line = Line()
    _store_date(line, 2024, 2, 29)
    assert line.due_date == date(2024, 2, 29)


@pytest.mark.parametrize("parts", [(2025, 2, 29), (2025, 13, 1), (2025, 0, 1), (25, 3, 10), (2025, 3, None)])
def test_parts_that_make_no_date_are_an_error(parts: tuple[object, object, object]) -> None:
    with pytest.raises(FieldError):
        _store_date(Line(), *parts)


def test_three_zeros_are_no_date_and_go_out_as_zeros() -> None:
    line = Line()
    _store_date(line, 0, 0, 0)
    sent = [wire_value(LINE[f"cross_document_expiration_{part}"], line, SIIGO) for part in ("year", "day")]
    assert (line.due_date, sent) == (None, [0, 0])


def test_a_derived_field_is_passed_over() -> None:
    line = Line()
    store(line, sag.MOVEMENT_LINE.by_spelling["MovimientoId"], "no importa")
    assert line.sag == {}


def test_a_negative_value_is_a_credit() -> None:
    line = Line(account="24080105")
    store(line, sag.MOVEMENT_LINE.by_spelling["Valor"], "-1000")
    assert (line.side, line.amount) == ("C", Decimal(1000))
