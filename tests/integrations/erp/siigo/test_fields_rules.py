"""What Siigo asks of a whole voucher."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from integrations.erp.fields.severity import Severity
from integrations.erp.fields.validation import severities_in_force
from integrations.erp.siigo import dialect, rules
from tests.integrations.erp.fields.records import Line, Movement


def _lines(debit: str, credit: str, **changes: Any) -> list[Line]:
    return [
        Line(position=1, side="D", amount=Decimal(debit), **changes),
        Line(position=2, side="C", amount=Decimal(credit)),
    ]


def _voucher(**changes: Any) -> Movement:
    return Movement(**{"voucher_type": "F", "number": 1, "date": date(2025, 3, 10), **changes})


def _found(movement: Movement, lines: list[Line], **settings: Any) -> set[tuple[str, str]]:
    problems = rules.check_movement(movement, lines, dialect.build(settings), severities_in_force(rules.RULES, {}))
    return {(problem.rule, problem.severity.value) for problem in problems}


def test_a_sound_voucher_has_no_problem() -> None:
    assert _found(_voucher(), _lines("100.00", "100")) == set()


def test_one_cent_is_not_balanced() -> None:
    assert _found(_voucher(), _lines("100.01", "100")) == {("unbalanced", "block")}


@pytest.mark.parametrize("letter", ["V", "Y", "Z"])
def test_extra_accounting_letters_are_refused(letter: str) -> None:
    assert ("extra_accounting", "block") in _found(_voucher(voucher_type=letter), _lines("1", "1"))


@pytest.mark.parametrize(("count", "expected"), [(250, set()), (252, {("too_many_lines", "block")})])
def test_a_voucher_has_at_most_250_lines(count: int, expected: set[tuple[str, str]]) -> None:
    lines = [Line(position=each, side="DC"[each % 2], amount=Decimal(1)) for each in range(1, count + 1)]
    assert _found(_voucher(), lines) == expected


def test_a_voucher_without_lines_is_refused() -> None:
    assert _found(_voucher(), []) == {("empty", "block")}


def test_a_repeated_sequence_is_refused() -> None:
    lines = [Line(position=1, side=side, amount=Decimal(1)) for side in "DC"]
    assert _found(_voucher(), lines) == {("repeated_sequence", "block")}


def test_another_process_year_than_the_dates_warns() -> None:
    assert _found(_voucher(process_year=2024), _lines("1", "1")) == {("year", "warn")}


def test_a_voucher_without_number_is_kept_because_it_could_not_be_found_again() -> None:
    found = _found(_voucher(number=None), _lines("1", "1"), give_numbers=False)
    assert found == {("unnumbered", "block")}


def test_a_voucher_without_number_goes_where_the_connection_gives_numbers() -> None:
    assert _found(_voucher(number=None), _lines("1", "1")) == {("number_pending", "warn")}


def test_a_connection_that_overwrites_gives_no_numbers() -> None:
    found = _found(_voucher(number=None), _lines("1", "1"), modify_documents="S")
    assert found == {("unnumbered", "block")}


def test_letters_that_siigo_does_not_keep_stop_the_voucher() -> None:
    assert _found(_voucher(), _lines("1", "1", description="Envío → 5 €")) == {("charset", "block")}


def test_a_basic_invoice_with_assets_warns() -> None:
    lines = _lines("1", "1")
    lines[0].siigo["asset_code"] = "5001"
    assert _found(_voucher(), lines, basic_invoice="S") == {("basic_invoice", "warn")}


def test_a_connection_may_change_a_severity() -> None:
    assert severities_in_force(rules.RULES, {"unbalanced": "warn"})["unbalanced"] is Severity.WARN
    assert severities_in_force(rules.RULES, {"unbalanced": "nunca"})["unbalanced"] is Severity.BLOCK


def test_the_process_year_is_the_movements_else_its_dates() -> None:
    years = [rules.process_year(_voucher(process_year=year)) for year in (2024, None)]
    assert years == [2024, 2025]


def _dated_lines(*days: str) -> list[Line]:
    """Lines with a date of their own, of a movement that has none."""
    own = [{"document_year": "2025", "document_month": "3", "document_day": day} for day in days]
    return [Line(position=n, side="DC"[n % 2], amount=Decimal(1), siigo=date) for n, date in enumerate(own, 1)]


@pytest.mark.parametrize(("days", "breaks"), [(("10", "10"), False), (("9", "09"), False), (("10", "11"), True)])
def test_a_voucher_is_of_one_day(days: tuple[str, ...], breaks: bool) -> None:
    found = _found(_voucher(date=None, process_year=2025), _dated_lines(*days))
    assert (("mixed_dates", "block") in found) == breaks


def test_every_rule_says_why_in_one_sentence() -> None:
    assert [rule.id for rule in rules.RULES if not rule.why.endswith(".") or ". " in rule.why] == []


def test_rule_ids_are_unique() -> None:
    ids = [rule.id for rule in rules.RULES]
    assert len(ids) == len(set(ids))


def _one(movement: Movement, line: Line, context: rules.RuleContext | None = None) -> set[str]:
    lines = [line]
    found = rules.check_movement(
        movement, lines, dialect.build({}), severities_in_force(rules.RULES, {}), context or rules.RuleContext()
    )
    return {problem.rule for problem in found} - {"unbalanced"}


def _line(**changes: Any) -> Line:
    return Line(**{"position": 1, "side": "D", "amount": Decimal(1), **changes})


CHART = rules.RuleContext(accounts={"1105050000": {"third_party": "S", "cost_centers": "S"}})
HANDLED = {"account": "1105050000", "tax_id": "900123456", "cost_center": "1"}
PRODUCT = {"product_line": "1", "product_group": "20", "product_code": "305"}
CLOSED = rules.RuleContext(closed_periods=[rules.ClosedPeriod(date(2025, 2, 1), date(2025, 3, 10))])


@pytest.mark.parametrize(
    ("rule", "inside", "outside"),
    [
        ("unknown_letter", ({"voucher_type": "L"}, {}, None), ({"voucher_type": "Q"}, {}, None)),
        ("number_unreadable", ({"number": 9_999_999_999}, {}, None), ({"number": 10_000_000_000}, {}, None)),
        ("sequence_gap", ({}, {"position": 1}, None), ({}, {"position": 2}, None)),
        ("year", ({"process_year": 2025}, {}, None), ({"process_year": 2026}, {}, None)),
        ("closed_period", ({"date": date(2025, 3, 11)}, {}, CLOSED), ({"date": date(2025, 3, 10)}, {}, CLOSED)),
        ("unknown_account", ({}, HANDLED, CHART), ({}, {**HANDLED, "account": "1105050001"}, CHART)),
        ("third_party_missing", ({}, HANDLED, CHART), ({}, {**HANDLED, "tax_id": "0"}, CHART)),
        ("cost_center_missing", ({}, HANDLED, CHART), ({}, {**HANDLED, "cost_center": "0"}, CHART)),
        ("nit_with_check_digit", ({}, {"tax_id": "900123456"}, None), ({}, {"tax_id": "9001234568"}, None)),
        ("code_unreadable", ({}, {"tax_id": "1" * 12}, None), ({}, {"tax_id": "1" * 13}, None)),
        (
            "cross_document",
            ({}, {"account": "1305050001", "cross_document_number": 7}, None),
            ({}, {"account": "1305050001"}, None),
        ),
        (
            "withholding_base",
            ({}, {"account": "2365400000", "withholding_base": Decimal(1)}, None),
            ({}, {"account": "2365400000"}, None),
        ),
        (
            "product_missing",
            ({}, {"account": "1435050000", "siigo": PRODUCT}, None),
            ({}, {"account": "1435050000"}, None),
        ),
        (
            "check_number",
            ({"voucher_type": "G"}, {"siigo": {"check_number": "5"}}, None),
            ({"voucher_type": "F"}, {"siigo": {"check_number": "5"}}, None),
        ),
        ("charset", ({}, {"description": "Año 5 €"}, None), ({}, {"description": "Año → 5"}, None)),
    ],
)
def test_a_rule_passes_just_inside_and_fails_just_outside(rule: str, inside: Any, outside: Any) -> None:
    found = [rule in _one(_voucher(**voucher), _line(**line), context) for voucher, line, context in (inside, outside)]
    assert found == [False, True]


def test_an_account_is_padded_only_where_the_connection_says() -> None:
    padded = [dialect.build({"pad_accounts": pad}).account_of("110505") for pad in (False, True)]
    assert padded == ["110505", "1105050000"]
