"""One change for many records: what is set, and what the preview says of it."""

from datetime import date
from decimal import Decimal

import pytest

from integrations.corrections import drafting
from integrations.erp.fields.parsing import FieldError
from integrations.models import Connection
from integrations.payloads.changing import ChangeError
from ledger.models import Movement
from tests import builders
from tests.integrations.corrections.conftest import (
    begun,
    checked,
    corrected,
    lines_of,
    previewed,
    stored,
    verdicts,
)


def test_what_is_empty_in_fifty_documents_is_filled_in_one_act(sag: Connection) -> None:
    orders = [builders.order(str(number), source_code="") for number in range(50)]
    corrected(orders, field="source_code", mode="fill", value="PD")
    assert set(Movement.objects.values_list("source_code", flat=True)) == {"PD"}


def test_filling_leaves_what_somebody_wrote(sag: Connection) -> None:
    empty, written = builders.order("1", source_code=""), builders.order("2", source_code="FV")
    correction = corrected([empty, written], field="source_code", mode="fill", value="PD")
    assert stored(written).source_code == "FV"
    assert [verdict for verdict, _ in verdicts(correction)] == ["changes", "same"]


def test_setting_writes_over_what_is_there(siigo: Connection) -> None:
    movement = builders.voucher(salesperson="7")
    corrected([movement], field="salesperson", mode="set", value="8")
    assert stored(movement).salesperson == "8"


def test_an_account_is_replaced_in_every_line_that_has_it(siigo: Connection) -> None:
    movement = builders.voucher()
    corrected([movement], field="lines.account", mode="replace", find="1305050001", value="1305050002")
    assert lines_of(movement, "account") == ["1305050002", "4135050001", "2408050001"]


def test_a_part_of_a_text_is_replaced(siigo: Connection) -> None:
    movement = builders.voucher()
    corrected([movement], field="lines.description", mode="replace_part", find="iva", value="Impuesto")
    assert lines_of(movement, "description") == ["Cliente", "Venta", "Impuesto 19 %"]


def test_the_header_is_copied_to_the_lines_where_they_are_empty(siigo: Connection) -> None:
    movement = builders.voucher(cost_center="101")
    corrected([movement], field="lines.cost_center", mode="fill_copy", copied_from="cost_center")
    assert lines_of(movement, "cost_center") == ["101", "101", "101"]


def test_what_all_lines_agree_in_is_copied_to_the_header(siigo: Connection) -> None:
    movement = builders.voucher()
    corrected([movement], field="tax_id", mode="fill_copy", copied_from="lines.tax_id")
    assert stored(movement).tax_id == "800111222"


def test_lines_that_disagree_are_not_copied_to_the_header(siigo: Connection) -> None:
    movement = builders.voucher()
    movement.lines.filter(position=1).update(tax_id="800333444")
    correction = previewed([movement], field="tax_id", mode="fill_copy", copied_from="lines.tax_id")
    assert verdicts(correction) == [("wrong", "En «NIT (líneas)» hay valores distintos: 800333444, 800111222.")]


def test_only_the_documents_that_meet_the_condition_change(siigo: Connection) -> None:
    invoice, receipt = builders.voucher(1), builders.voucher(2, voucher_type="R")
    condition = {"condition_field": "policy_codes", "condition_value": "F-1"}
    corrected([invoice, receipt], field="source_code", mode="fill", value="FV", **condition)
    assert (stored(invoice).source_code, stored(receipt).source_code) == ("FV", "")


def test_only_the_lines_that_meet_the_condition_change(siigo: Connection) -> None:
    movement = builders.voucher()
    condition = {"condition_field": "lines.account", "condition_value": "4135*"}
    corrected([movement], field="lines.cost_center", mode="fill", value="101", **condition)
    assert lines_of(movement, "cost_center") == ["", "101", ""]


def test_a_date_is_typed_as_people_write_it(siigo: Connection) -> None:
    movement = builders.voucher()
    corrected([movement], field="date", mode="set", value="05/11/2026")
    assert stored(movement).date == date(2026, 11, 5)


def test_a_decimal_is_typed_with_its_comma(siigo: Connection) -> None:
    order = builders.order("1")
    corrected([order], field="lines.discount_percentage", mode="set", value="2,5")
    assert lines_of(order, "discount_percentage") == [Decimal("2.5"), Decimal("2.5")]


def test_a_field_that_only_one_erp_knows_is_filled_in(sag: Connection) -> None:
    order = builders.order("1")
    corrected([order], field="sag/ClaseComprobante", mode="fill", value="PED")
    assert stored(order).sag == {"ClaseComprobante": "PED"}


def test_a_field_of_the_lines_that_only_one_erp_knows_is_filled_in(siigo: Connection) -> None:
    movement = builders.voucher()
    corrected([movement], field="lines.siigo/zone_code", mode="set", value="5")
    assert lines_of(movement, "siigo") == [{"zone_code": "5"}] * 3


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("voucher_code", "FV", "no es un número"),
        ("date", "31/02/2026", "no existe"),
        ("lines.siigo/zone_code", "norte", "no es un número"),
        ("source_code", "F" * 21, "caben 20"),
    ],
)
def test_a_value_that_is_none_of_the_field_is_refused_before_anything_is_previewed(
    siigo: Connection, field: str, value: str, told: str
) -> None:
    correction = begun(builders.voucher())
    with pytest.raises(FieldError, match=told):
        drafting.choose(correction.pk, field=field, mode="set", value=value)


def test_letters_are_not_copied_to_where_digits_are_due(siigo: Connection) -> None:
    movement = builders.voucher(order_reference="OC-7")
    correction = previewed([movement], field="voucher_code", mode="copy", copied_from="order_reference")
    assert verdicts(correction) == [("wrong", "«OC-7» no es un número.")]


def test_a_correction_without_a_field_is_refused(siigo: Connection) -> None:
    correction = begun(builders.voucher())
    with pytest.raises(ChangeError, match="Elija el campo"):
        drafting.choose(correction.pk, mode="set", value="1")


def test_the_number_of_a_document_is_no_field_of_a_correction(siigo: Connection) -> None:
    correction = begun(builders.voucher())
    with pytest.raises(ChangeError, match="Elija el campo"):
        drafting.choose(correction.pk, field="number", mode="set", value="1")


def test_the_preview_changes_nothing(siigo: Connection) -> None:
    movement = builders.voucher()
    previewed([movement], field="salesperson", mode="set", value="8")
    assert (stored(movement).salesperson, stored(movement).version) == ("", 1)


def test_the_preview_says_what_would_become_ready(siigo: Connection) -> None:
    movement = checked(builders.voucher(voucher_code=None))
    correction = previewed([movement], field="voucher_code", mode="fill", value="1")
    assert correction.items.get().check_result == "freed"


def test_a_correction_makes_a_record_ready_to_be_sent(siigo: Connection) -> None:
    movement = checked(builders.voucher(voucher_code=None))
    corrected([movement], field="voucher_code", mode="fill", value="1")
    assert builders.standing_of(movement).verdict == "ready"


def test_the_totals_follow_what_was_corrected(sag: Connection) -> None:
    order = builders.order("1")
    corrected([order], field="lines.quantity", mode="set", value="1")
    assert stored(order).total == Decimal("35700.00")


def test_a_correction_is_one_edit_of_each_record(siigo: Connection) -> None:
    movement = builders.voucher()
    corrected([movement], field="lines.cost_center", mode="set", value="101")
    assert stored(movement).version == 2
    assert builders.standing_of(movement).version == 2
