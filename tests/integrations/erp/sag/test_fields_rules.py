"""What SAG asks of a whole document or master."""

from decimal import Decimal
from typing import Any

import pytest

from integrations.erp.fields.severity import Severity
from integrations.erp.fields.validation import severities_in_force
from integrations.erp.sag import dialect, rules
from tests.integrations.erp.fields.records import Article, Client, Line, Movement, Payment

SAG = dialect.build({}, login="INTEGRA")


def _found(movement: Movement, lines: list[Line], payments: list[Payment] | None = None) -> set[tuple[str, str]]:
    problems = rules.check_movement(movement, lines, payments or [], SAG, severities_in_force(rules.RULES, {}))
    return {(problem.rule, problem.severity.value) for problem in problems}


def _entry(side: str, amount: str) -> Line:
    return Line(account="41201401", side=side, amount=Decimal(amount))


def _sale(**changes: Any) -> Line:
    return Line(**{"article": "1", "quantity": Decimal(21), "unit_price": Decimal(5000), **changes})


def _paid(*amounts: str) -> list[Payment]:
    return [Payment(method="01", amount=Decimal(amount)) for amount in amounts]


def test_account_entries_that_sum_to_zero_pass() -> None:
    assert _found(Movement(), [_entry("D", "1000"), _entry("C", "1000")]) == set()


def test_account_entries_one_cent_apart_are_refused() -> None:
    assert _found(Movement(), [_entry("D", "1000.01"), _entry("C", "1000")]) == {("unbalanced", "block")}


def test_article_lines_have_no_balance() -> None:
    line = _sale(side="D", amount=Decimal(5), account="41201401")
    assert _found(Movement(tax_id="416"), [line]) == set()


def test_a_sale_needs_the_third_partys_nit() -> None:
    assert _found(Movement(), [_sale()]) == {("required", "block")}


def test_payments_that_add_up_to_the_total_pass() -> None:
    assert _found(Movement(tax_id="416"), [_sale()], _paid("90000", "15000")) == set()


@pytest.mark.parametrize("second", ["14998", "15002"])
def test_payments_that_do_not_add_up_are_refused(second: str) -> None:
    found = _found(Movement(tax_id="416"), [_sale()], _paid("90000", second))
    assert found == {("payments_total", "block")}


def test_the_total_has_both_discounts_and_vat() -> None:
    line = _sale(discount_percentage=Decimal(10), second_discount_percentage=Decimal(10), vat_percentage=Decimal(19))
    assert rules.document_total([line]) == Decimal("101209.50")


def test_a_price_left_to_sag_has_no_total_to_compare() -> None:
    line = _sale(unit_price=Decimal(-9999999))
    assert _found(Movement(tax_id="416"), [line], _paid("1")) == set()


def test_a_document_that_mixes_articles_and_accounts_warns() -> None:
    lines = [_sale(), _entry("D", "5"), _entry("C", "5")]
    assert _found(Movement(tax_id="416"), lines) == {("mixed_lines", "warn")}


def test_a_document_that_asks_not_to_be_committed_warns() -> None:
    movement = Movement(tax_id="416")
    movement.sag["RealizarCommit"] = "N"
    assert _found(movement, [_sale()]) == {("uncommitted", "warn")}


def test_a_document_without_lines_warns() -> None:
    assert _found(Movement(), []) == {("empty", "warn")}


@pytest.mark.parametrize(("digit", "expected"), [("6", []), ("2", ["check_digit"]), ("", [])])
def test_a_wrong_check_digit_warns(digit: str, expected: list[str]) -> None:
    found = rules.check_master(Client(tax_id="890900300", check_digit=digit), severities_in_force(rules.RULES, {}))
    assert [problem.rule for problem in found if problem.severity is Severity.WARN] == expected


def test_a_connection_may_block_a_wrong_check_digit() -> None:
    client = Client(tax_id="890900300", check_digit="2")
    assert rules.check_master(client, severities_in_force(rules.RULES, {"check_digit": "block"}))[0].blocks


def test_an_article_has_no_check_digit() -> None:
    assert rules.check_master(Article(), severities_in_force(rules.RULES, {})) == []


def test_rule_ids_are_unique() -> None:
    ids = [rule.id for rule in rules.RULES]
    assert len(ids) == len(set(ids))


def test_the_rules_version_is_the_same_in_every_process() -> None:
    assert len(rules.rules_version()) == 16
    assert " at 0x" not in rules.rules_version()


def test_a_tag_follows_the_connection() -> None:
    other = dialect.build({"other_data_tag": "MovimientosOtrosDatos"})
    assert [each.tag("MovimientoOtrosDatos") for each in (SAG, other)] == [
        "MovimientoOtrosDatos",
        "MovimientosOtrosDatos",
    ]


def test_every_tag_reads_the_spelling_that_is_sent() -> None:
    assert all(tag in spellings for tag, spellings in dialect.READ_TAGS.items())
