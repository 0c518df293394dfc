"""What Siigo asks of a whole voucher."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from integrations.fields.severity import Severity
from integrations.siigo import dialect, rules
from tests.integrations.fields.records import Line, Movement


def _lines(debit: str, credit: str, **changes: Any) -> list[Line]:
    return [
        Line(position=1, side="D", amount=Decimal(debit), **changes),
        Line(position=2, side="C", amount=Decimal(credit)),
    ]


def _voucher(**changes: Any) -> Movement:
    return Movement(**{"voucher_type": "F", "number": 1, "date": date(2025, 3, 10), **changes})


def _found(movement: Movement, lines: list[Line], **settings: Any) -> set[tuple[str, str]]:
    problems = rules.check_movement(movement, lines, [], dialect.build(settings), rules.severities({}))
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


def test_letters_that_siigo_does_not_keep_warn() -> None:
    assert _found(_voucher(), _lines("1", "1", description="Envío → 5 €")) == {("charset", "warn")}


def test_a_basic_invoice_with_assets_warns() -> None:
    lines = _lines("1", "1")
    lines[0].siigo["asset_code"] = "5001"
    assert _found(_voucher(), lines, basic_invoice="S") == {("basic_invoice", "warn")}


def test_a_connection_may_change_a_severity() -> None:
    assert rules.severity_of("unbalanced", {"unbalanced": "warn"}) is Severity.WARN
    assert rules.severity_of("unbalanced", {"unbalanced": "nunca"}) is Severity.BLOCK


def test_the_process_year_is_the_movements_else_its_dates() -> None:
    years = [rules.process_year(_voucher(process_year=year)) for year in (2024, None)]
    assert years == [2024, 2025]


def test_rule_ids_are_unique() -> None:
    ids = [rule.id for rule in rules.RULES]
    assert len(ids) == len(set(ids))
