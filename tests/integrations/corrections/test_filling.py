"""Rules of filling: what is empty gets what the company always writes, and nothing else changes."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from integrations.choices import Kind, Register, Status
from integrations.corrections import rule_making, working
from integrations.models import Company, Connection, FillingRule, RegisterRow
from integrations.payloads import filling
from integrations.payloads.filling import Filler
from integrations.standings import transitions
from ledger.models import Movement
from tests import builders
from tests.integrations.corrections.conftest import corrected, lines_of, put, stored, verdicts

pytestmark = pytest.mark.django_db


def rule(**changes: object) -> FillingRule:
    """Fuente FV for voucher type F-1."""
    given: dict[str, Any] = {
        "condition_field": "policy_codes",
        "condition_value": "F-1",
        "field": "source_code",
        "value": "FV",
    }
    given |= {"company": builders.company(), "kind": Kind.MOVEMENT}
    return FillingRule.objects.create(**{**given, **changes})


def filled(movement: Movement) -> Movement:
    """What the rules in force make of a movement, as a form's saving applies them."""
    with transitions.editing(movement):
        filling.fill_saved(movement)
    return stored(movement)


def without_party(**changes: Any) -> Movement:
    """A voucher whose header alone names the third party."""
    movement = builders.voucher(tax_id="800111222", **changes)
    movement.lines.update(tax_id="")
    return movement


def chart(connection: Connection, account: str, flag: str) -> None:
    RegisterRow.objects.create(
        connection=connection, register=Register.ACCOUNTS, key=account, code=account, name="CUENTA",
        raw_hash="0" * 64, facts={"third_party": flag}, read_at=timezone.now(),
    )  # fmt: skip


def test_a_rule_fills_what_is_empty() -> None:
    rule()
    assert filled(builders.voucher()).source_code == "FV"


def test_a_rule_never_writes_over_a_typed_value() -> None:
    rule()
    assert filled(builders.voucher(source_code="FX")).source_code == "FX"


def test_a_rule_fills_only_where_its_condition_is_met() -> None:
    rule()
    assert filled(builders.voucher(voucher_type="R")).source_code == ""


def test_a_rule_that_is_off_fills_nothing() -> None:
    rule(is_on=False)
    assert filled(builders.voucher()).source_code == ""


def test_a_rule_of_another_company_fills_nothing() -> None:
    other = Company.objects.create(name="Otra S.A.S.", tax_id="890903938")
    rule(company=other)
    assert filled(builders.voucher()).source_code == ""


def test_a_rule_may_depend_on_what_another_filled_in() -> None:
    rule()
    rule(condition_field="source_code", condition_value="FV", field="cost_center", value="101")
    assert filled(builders.voucher()).cost_center == "101"


def test_a_rule_whose_value_does_not_serve_in_a_record_leaves_it_empty() -> None:
    rule(field="voucher_code", value="", copied_from="order_reference", condition_field="", condition_value="")
    assert filled(builders.voucher(voucher_code=None, order_reference="OC-7")).voucher_code is None


def test_a_rule_about_a_field_that_is_gone_is_passed_over() -> None:
    rule(field="no_such_field")
    assert filled(builders.voucher()).source_code == ""


def test_every_company_begins_with_the_third_party_of_the_header_in_the_lines() -> None:
    assert lines_of(filled(without_party()), "tax_id") == ["800111222"] * 3


def test_the_third_party_of_a_line_stays_its_own() -> None:
    movement = without_party()
    movement.lines.filter(position=2).update(tax_id="800333444")
    assert lines_of(filled(movement), "tax_id") == ["800111222", "800333444", "800111222"]


def test_a_document_that_is_none_of_siigos_keeps_its_lines_as_they_are() -> None:
    order = filled(builders.order("1"))
    assert lines_of(order, "tax_id") == ["", ""]


def test_an_account_that_handles_no_third_parties_gets_none(siigo: Connection) -> None:
    chart(siigo, "2408050001", "N")
    chart(siigo, "1305050001", "S")
    assert lines_of(filled(without_party()), "tax_id") == ["800111222", "800111222", ""]


def test_a_rule_that_a_company_deleted_does_not_come_back() -> None:
    FillingRule.objects.filter(company=builders.company()).delete()
    builders.company().save()
    assert lines_of(filled(without_party()), "tax_id") == [""] * 3


def test_what_a_file_leaves_empty_on_purpose_stays_empty() -> None:
    movement = without_party()
    line = movement.lines.get(position=1)
    with transitions.editing(movement):
        line.siigo = {"nit": ""}
        line.save()
    assert lines_of(filled(movement), "tax_id") == ["", "800111222", "800111222"]


@pytest.mark.parametrize("status", [Status.SYNCED, Status.CHANGED, Status.UNCERTAIN, Status.QUEUED])
def test_what_an_erp_has_or_may_have_is_not_filled_in(siigo: Connection, status: Status) -> None:
    rule()
    movement = builders.voucher()
    put(movement, status, ever_present=status in (Status.SYNCED, Status.CHANGED))
    assert filled(movement).source_code == ""


def queries_to_fill(movements: list[Movement]) -> int:
    documents = [(movement, {"lines": list(movement.lines.all()), "payments": []}) for movement in movements]
    with CaptureQueriesContext(database) as asked:
        Filler(builders.company().pk, Kind.MOVEMENT).fill(documents)
    return len(asked)


def test_many_documents_are_filled_in_with_as_many_queries_as_one(siigo: Connection) -> None:
    chart(siigo, "1305050001", "S")
    movements = [without_party(number=number) for number in range(20)]
    assert queries_to_fill(movements) == queries_to_fill(movements[:1])


def test_a_correction_becomes_a_rule_for_its_kind_of_document(siigo: Connection, ana: User) -> None:
    invoices = [builders.voucher(1), builders.voucher(2)]
    correction = corrected(invoices, ana, field="source_code", mode="fill", value="FV")
    narrow, wide = rule_making.rules_of(correction)
    assert (narrow.condition_field, narrow.condition_value, narrow.value) == ("policy_codes", "F-1", "FV")
    assert (wide.condition_field, wide.field) == ("", "source_code")


def test_a_correction_of_several_kinds_of_document_becomes_a_rule_without_condition(siigo: Connection) -> None:
    movements = [builders.voucher(1), builders.voucher(2, voucher_type="R")]
    correction = corrected(movements, field="source_code", mode="fill", value="FV")
    assert [each.condition_field for each in rule_making.rules_of(correction)] == [""]


def test_the_condition_of_a_correction_is_that_of_its_rule(siigo: Connection) -> None:
    condition = {"condition_field": "lines.account", "condition_value": "4135*"}
    correction = corrected([builders.voucher()], field="lines.cost_center", mode="fill", value="101", **condition)
    assert [each.condition_value for each in rule_making.rules_of(correction)] == ["4135*"]


def test_a_replacement_becomes_no_rule(siigo: Connection) -> None:
    correction = corrected(
        [builders.voucher(salesperson="7")], field="salesperson", mode="replace", find="7", value="8"
    )
    assert rule_making.rules_of(correction) == []


def test_a_rule_that_is_made_again_gets_the_new_value() -> None:
    first = rule_making.keep(rule(value="FX", is_on=False))
    again = rule_making.keep(FillingRule(**{**_columns(first), "value": "FV"}))
    assert (again.pk, again.value, again.is_on) == (first.pk, "FV", True)


def test_a_rule_is_applied_to_what_is_here_and_was_not_sent(siigo: Connection) -> None:
    new, sent = builders.voucher(1), builders.voucher(2)
    put(sent, Status.SYNCED, ever_present=True)
    correction = rule_making.correction_of(rule(), builders.nobody())
    working.work(correction.pk)
    working.apply(correction.pk)
    working.work(correction.pk)
    assert (stored(new).source_code, stored(sent).source_code) == ("FV", "")


def test_a_rule_that_is_applied_afterwards_leaves_out_what_it_would_have_left_out(siigo: Connection) -> None:
    chart(siigo, "2408050001", "N")
    without_party()
    shipped = FillingRule.objects.get(field="lines.tax_id")
    correction = rule_making.correction_of(shipped, builders.nobody())
    working.work(correction.pk)
    assert [change["position"] for change in correction.items.get().changes] == [1, 2]
    assert verdicts(correction) == [("changes", "")]


def _columns(of: FillingRule) -> dict[str, object]:
    names = ("company", "kind", "condition_field", "condition_value", "field", "copied_from")
    return {name: getattr(of, name) for name in names}
