"""The accounting vouchers for Siigo."""

from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from integrations.erp.tax_ids import check_digit_of
from ledger.demo import parties
from ledger.demo.company import Account
from ledger.demo.files import Generated
from ledger.demo.review_vouchers import DIFFERENCE, FIRST_NUMBER
from tests.ledger.demo.reading import TODAY, difference, generate, requests, vouchers

UNBALANCED = ("F", 1, FIRST_NUMBER)


def _days(generated: Generated) -> list[date]:
    rows = (rows[0] for rows in vouchers(generated).values())
    return [date(row["document_year"], row["document_month"], row["document_day"]) for row in rows]


def test_every_voucher_balances_but_the_marked_one(generated: Generated) -> None:
    assert {key: difference(rows) for key, rows in vouchers(generated).items() if difference(rows)} == {
        UNBALANCED: DIFFERENCE
    }


@pytest.mark.parametrize("seed", range(20))
def test_vouchers_balance_whatever_the_seed(tmp_path: Path, seed: int) -> None:
    other = generate(tmp_path, seed=seed)
    assert [key for key, rows in vouchers(other).items() if difference(rows)] == [UNBALANCED]


def test_there_are_more_than_a_hundred_and_thirty_vouchers_of_six_types(generated: Generated) -> None:
    types = Counter(letter for letter, _, number in vouchers(generated) if number < FIRST_NUMBER)
    assert types == {"F": 44, "P": 24, "R": 24, "G": 16, "N": 20, "L": 6}


def test_a_voucher_is_in_one_place_and_has_one_date(generated: Generated) -> None:
    names = ("document_year", "document_month", "document_day", "cost_center")
    assert all(len({tuple(row[name] for name in names) for row in rows}) == 1 for rows in vouchers(generated).values())


def test_the_lines_of_a_voucher_are_two_to_twelve_numbered_from_one(generated: Generated) -> None:
    for rows in vouchers(generated).values():
        assert 2 <= len(rows) <= 12
        assert [row["sequence"] for row in rows] == list(range(1, len(rows) + 1))


def test_accounts_have_ten_digits(generated: Generated) -> None:
    rows = (row for rows in vouchers(generated).values() for row in rows)
    assert {len(str(row["accounting_account"])) for row in rows} == {10}


def test_descriptions_fit_siigo(generated: Generated) -> None:
    for rows in vouchers(generated).values():
        for row in rows:
            assert 0 < len(row["sequence_description"].encode("cp1252")) <= 50


def test_amounts_are_pesos_with_two_decimals_at_most(generated: Generated) -> None:
    amounts = [Decimal(row["sequence_value"]) for rows in vouchers(generated).values() for row in rows]
    assert all(0 < amount < 10**9 and amount == round(amount, 2) for amount in amounts)


def test_receivables_name_the_document_they_cross(generated: Generated) -> None:
    receivable = int(Account.RECEIVABLE)
    lines = [row for rows in vouchers(generated).values() for row in rows if row["accounting_account"] == receivable]
    sales = {number for letter, _, number in vouchers(generated) if letter in ("F", "FV", "V")}
    assert lines
    assert all(line["cross_document_number"] in sales and line["expiration_number"] == 1 for line in lines)


def test_no_invoice_is_settled_for_more_than_it_owes(generated: Generated) -> None:
    for account in (Account.RECEIVABLE, Account.SUPPLIERS, Account.PAYABLE_EXPENSES):
        balances: Counter[int] = Counter()
        for (letter, _, _), rows in vouchers(generated).items():
            for row in rows:
                if row["accounting_account"] == int(account):
                    balances[row["cross_document_number"]] += row["sequence_value"] * (-1 if letter in "RG" else 1)
        assert min(balances.values()) >= 0


def test_a_payment_comes_after_its_invoice(generated: Generated) -> None:
    found = vouchers(generated)
    for (letter, _, _), rows in found.items():
        if letter in "RG":
            own = "F" if letter == "R" else "P"
            day = (rows[0]["document_month"], rows[0]["document_day"])
            crossed = [found[own, 1, row["cross_document_number"]][0] for row in rows if "expiration_number" in row]
            assert all((each["document_month"], each["document_day"]) < day for each in crossed)


def test_withholdings_and_taxes_carry_their_base(generated: Generated) -> None:
    rows = [row for rows in vouchers(generated).values() for row in rows]
    taxed = [row for row in rows if str(row["accounting_account"]).startswith(("2365", "2368", "2408", "1355"))]
    assert taxed
    assert all(row["withholding_base"] > row["sequence_value"] for row in taxed)


def test_third_parties_of_vouchers_are_masters(generated: Generated) -> None:
    everyone = parties.invent()
    known = {int(party.tax_id) for party in (*everyone.clients, *everyone.third_parties)}
    assert {row["nit"] for rows in vouchers(generated).values() for row in rows} <= known


def test_vouchers_are_of_the_two_months_before(generated: Generated) -> None:
    days = _days(generated)
    assert min(days) >= date(2026, 9, 20)
    assert max(days) < TODAY


@pytest.mark.parametrize("today", [date(2026, 1, 10), date(2026, 3, 1), date(2028, 2, 29), date(2026, 12, 31)])
def test_a_request_names_the_year_of_all_its_rows(tmp_path: Path, today: date) -> None:
    for request in requests(generate(tmp_path, today=today)):
        years = {row["document_year"] for row in request["data"]["list"]}
        assert years == {request["data"]["params"]["year"]}


def test_a_request_has_the_published_envelope(generated: Generated) -> None:
    for request in requests(generated):
        assert request["execution_type"] == "export"
        assert request["resource"] == "accounting_movements"
        assert request["data"]["params"].keys() == {"year", "basic_invoice", "modify_documents"}


def test_rows_use_published_names_only(generated: Generated) -> None:
    text = Path(__file__).parents[3] / "ledger" / "demo" / "published" / "siigo_movement.json"
    published = text.read_text(encoding="utf-8")
    names = {name for rows in vouchers(generated).values() for row in rows for name in row}
    assert [name for name in names if f'"{name}"' not in published] == []


def test_the_digit_that_the_tests_trust_is_the_one_of_the_manual() -> None:
    assert check_digit_of("811040859") == "2"
