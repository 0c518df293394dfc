"""What goes out: types, dates, spellings and defaults, each under the connection's settings."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from integrations.erp.fields.values import FieldError, wire_items, wire_value
from integrations.erp.sag import dialect as sag_dialect
from integrations.erp.sag import fields as sag
from integrations.erp.siigo import dialect as siigo_dialect
from integrations.erp.siigo import fields as siigo
from integrations.errors import ConfigurationError
from tests.integrations.erp.fields.records import Article, Client, Line, Movement, Payment, ThirdParty

SAG = sag_dialect.build({}, login="INTEGRA")
SIIGO = siigo_dialect.build({})


def _sag(catalogue: Any, record: Any, *, updating: bool = False, **settings: Any) -> dict[str, Any]:
    return dict(wire_items(catalogue, record, sag_dialect.build(settings, login="INTEGRA"), updating=updating))


@pytest.mark.parametrize(
    ("held", "sent"),
    [
        (Decimal("10000.00"), 10000),
        (Decimal("1E+5"), 100000),
        (Decimal("0.50"), Decimal("0.5")),
        (Decimal("0E-2"), 0),
        (Decimal("-0.00"), 0),
    ],
)
def test_a_columns_decimal_loses_its_trailing_zeros(held: Decimal, sent: object) -> None:
    value = wire_value(siigo.MOVEMENT.by_spelling["sequence_value"], Line(amount=held), SIIGO)
    assert (value, type(value)) == (sent, type(sent))


def test_a_decimal_is_plain_text_for_sag() -> None:
    line = Line(article="1", unit_price=Decimal("1E+5"), quantity=Decimal("0.50000"))
    sent = _sag(sag.MOVEMENT_LINE, line)
    assert (sent["ValorUnitario"], sent["Cantidad"]) == ("100000", "0.5")


def test_every_value_for_sag_is_text() -> None:
    line = Line(article="1", unit_price=Decimal(5), quantity=Decimal(2), due_date=date(2025, 1, 2))
    assert {type(value) for value in _sag(sag.MOVEMENT_LINE, line).values()} == {str}


def test_a_code_that_is_no_number_cannot_go_to_siigo() -> None:
    with pytest.raises(FieldError, match="AG01"):
        wire_items(siigo.MOVEMENT, Line(warehouse="AG01"), SIIGO)


def test_the_cross_voucher_is_a_number_unless_the_connection_says_text() -> None:
    line = Line()
    line.siigo["cross_voucher_type"] = "0"
    row = siigo.MOVEMENT.by_spelling["cross_voucher_type"]
    text = siigo_dialect.build({"cross_voucher_type": "text"})
    assert (wire_value(row, line, SIIGO), wire_value(row, line, text)) == (0, "0")


def test_a_cross_voucher_in_letters_needs_the_text_setting() -> None:
    line = Line()
    line.siigo["cross_voucher_type"] = "F-001"
    row = siigo.MOVEMENT.by_spelling["cross_voucher_type"]
    assert wire_value(row, line, siigo_dialect.build({"cross_voucher_type": "text"})) == "F-001"
    with pytest.raises(FieldError):
        wire_value(row, line, SIIGO)


@pytest.mark.parametrize(("dates", "document_date"), [("text", "2025/05/22"), ("hyphen", "2025-05-22")])
def test_only_the_documents_date_follows_the_setting(dates: str, document_date: str) -> None:
    movement = Movement(date=date(2025, 5, 22), due_date=date(2025, 6, 21))
    movement.sag["FechaPp1"] = "2025/06/01"
    sent = _sag(sag.MOVEMENT, movement, dates=dates)
    assert (sent["FechaDocumento"], sent["FechaVencimiento"], sent["FechaPp1"]) == (
        document_date,
        "2025-06-21",
        "2025-06-01",
    )


SPELLINGS = [
    ("send_NitTercero", sag.MOVEMENT, Movement(tax_id="416"), "Nit", "NitTercero", False),
    ("send_subGrupo", sag.ARTICLE, Article(subgroup="DAMA"), "subgrupo", "subGrupo", False),
    (
        "send_CodigoCentroCosto",
        sag.MOVEMENT_LINE,
        Line(cost_center="ADM"),
        "CodigoCentroCostoItem",
        "CodigoCentroCosto",
        False,
    ),
    ("send_nitActual", sag.THIRD_PARTY, ThirdParty(tax_id="416"), "documentoActual", "nitActual", True),
]


@pytest.mark.parametrize(("setting", "catalogue", "record", "name", "also", "updating"), SPELLINGS)
def test_a_further_spelling_carries_the_same_value_and_can_be_switched_off(
    setting: str, catalogue: Any, record: Any, name: str, also: str, updating: bool
) -> None:
    sent = _sag(catalogue, record, updating=updating)
    silent = _sag(catalogue, record, updating=updating, **{setting: False})
    assert sent[also] == sent[name]
    assert (also in silent, silent[name]) == (False, sent[name])


def test_the_update_key_is_sent_only_in_an_update() -> None:
    assert "nitActual" not in _sag(sag.THIRD_PARTY, ThirdParty(tax_id="416"))


def test_the_second_vat_percentage_can_be_switched_off() -> None:
    line = Line(article="1")
    line.sag["PorcentajeIva"] = "19"
    assert _sag(sag.MOVEMENT_LINE, line)["PorcentajeIva"] == "19"
    assert "PorcentajeIva" not in _sag(sag.MOVEMENT_LINE, line, send_PorcentajeIva=False)


DEFAULTS = [
    ("RealizarCommit", sag.MOVEMENT, Movement(), "S"),
    ("LoginUsuario", sag.MOVEMENT, Movement(), "INTEGRA"),
    ("Descuento", sag.MOVEMENT_LINE, Line(article="1"), "0"),
    ("Descuento2", sag.MOVEMENT_LINE, Line(article="1"), "0"),
]


@pytest.mark.parametrize(("name", "catalogue", "record", "filled"), DEFAULTS)
def test_a_harmless_default_is_filled_in_and_can_be_switched_off(
    name: str, catalogue: Any, record: Any, filled: str
) -> None:
    assert _sag(catalogue, record)[name] == filled
    assert name not in _sag(catalogue, record, **{f"fill_{name}": False})


def test_a_default_never_replaces_what_the_record_has() -> None:
    movement = Movement()
    movement.sag.update({"RealizarCommit": "N", "LoginUsuario": "ADMON"})
    sent = _sag(sag.MOVEMENT, movement)
    assert (sent["RealizarCommit"], sent["LoginUsuario"]) == ("N", "ADMON")


def test_an_account_entry_gets_no_discounts() -> None:
    sent = _sag(sag.MOVEMENT_LINE, Line(account="41201401", side="D", amount=Decimal(1000)))
    assert {"Descuento", "Descuento2"} & set(sent) == set()


@pytest.mark.parametrize(("number", "sent"), [(None, "0"), (0, "0"), (14516, "14516")])
def test_a_document_without_number_asks_sag_to_number_it(number: int | None, sent: str) -> None:
    assert _sag(sag.MOVEMENT, Movement(number=number))["NumeroDocumento"] == sent


def test_the_parts_carry_the_documents_own_correlator() -> None:
    movement = Movement()
    movement.sag["MovimientoId"] = "213012"
    payment = Payment(movement=movement, method="01", amount=Decimal(5))
    assert _sag(sag.PAYMENT, payment)["MovimientoId"] == "213012"


def test_upper_case_leaves_addresses_of_mail_alone() -> None:
    client = Client(name="Almacén", email="ventas@example.com")
    sent = _sag(sag.CLIENT, client, uppercase=True)
    assert (sent["nombre"], sent["email"]) == ("ALMACÉN", "ventas@example.com")


def test_a_bool_column_goes_out_as_s_or_n() -> None:
    assert [_sag(sag.CLIENT, Client(active=active))["activo"] for active in (True, False)] == ["S", "N"]


@pytest.mark.parametrize(
    ("settings", "catalogue", "record", "name"),
    [
        ({"payment_id": "Movimientold"}, sag.PAYMENT, Payment(), "Movimientold"),
        ({"client_capitals": True}, sag.CLIENT, Client(name="X"), "Nombre"),
    ],
)
def test_another_printed_spelling_is_a_setting(
    settings: dict[str, Any], catalogue: Any, record: Any, name: str
) -> None:
    assert name in _sag(catalogue, record, **settings)


def test_other_data_in_two_digits_is_a_setting() -> None:
    movement = Movement()
    movement.sag.update({"Dato1": "a", "Dato15": "b"})
    assert set(_sag(sag.OTHER_DATA, movement, two_digit_data=True)) == {"MovimientoId", "Dato01", "Dato15"}


@pytest.mark.parametrize("given", [{"no_existe": 1}, {"dates": "ayer"}, {"uppercase": "S"}, {"system_name": 5}])
def test_a_setting_that_makes_no_sense_is_refused_by_sag(given: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError):
        sag_dialect.build(given)


@pytest.mark.parametrize(
    "given", [{"no_existe": 1}, {"basic_invoice": "X"}, {"timeout_minutes": 21}, {"timeout_minutes": True}]
)
def test_a_setting_that_makes_no_sense_is_refused_by_siigo(given: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError):
        siigo_dialect.build(given)


def test_siigo_is_always_asked_for_one_attempt() -> None:
    assert SIIGO.request_config == {"timeout": 2, "attempts": 1, "backoff": 0.5}


def test_sag_tipos_follow_the_source_and_the_swap() -> None:
    dialect = sag_dialect.build({"tipo_by_source": {"RC": "6"}, "swap_third_party_tipos": True})
    assert (dialect.document_tipo("RC"), dialect.document_tipo("FV"), dialect.third_party_tipo("3")) == (
        "6",
        "28",
        "4",
    )
