"""Débito and Crédito in columns of their own: each row is one entry, or it is told why it is none."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integrations.files.reading.numbers import NumberFormat
from ledger.models import Movement, MovementLine
from tests import builders
from tests.integrations.files.tables import book, csv_file
from tests.integrations.files.test_import_tables import Captured, imported, messages

pytestmark = pytest.mark.django_db
HEADINGS = (
    "Tipo de comprobante",
    "Código comprobante",
    "Número",
    "Fecha",
    "Cuenta",
    "NIT",
    "Detalle",
    "Débito",
    "Crédito",
)


@pytest.fixture(autouse=True)
def _company() -> None:
    builders.company()


def entry(debit: object, credit: object, number: int = 10) -> list[object]:
    return ["F", 1, number, "2026-11-03", "1305050001", "800111222", "Venta", debit, credit]


def entries() -> list[Any]:
    """(side, amount) of every line that came in."""
    return list(MovementLine.objects.order_by("movement__number", "position").values_list("side", "amount"))


def test_each_row_is_a_debit_or_a_credit(tmp_path: Path, capsys: Captured) -> None:
    rows = [entry("119.000", ""), entry("", "100.000"), entry("$ -", "$ 19.000,00")]
    status, told = imported(csv_file(tmp_path, rows, headings=HEADINGS), capsys)
    assert (status, told["errors"]) == (0, [])
    assert entries() == [("D", 119000), ("C", 100000), ("C", 19000)]


def test_real_numbers_of_a_book_are_read_beside_empty_cells(tmp_path: Path, capsys: Captured) -> None:
    rows = [entry(119000, None), entry(0, 100000.5), entry(None, 18999.5)]
    imported(book(tmp_path, rows, headings=HEADINGS), capsys)
    assert entries() == [("D", 119000), ("C", Decimal("100000.5")), ("C", Decimal("18999.5"))]


@pytest.mark.parametrize(("debit", "credit"), [("5", "7"), ("", "")])
def test_a_row_with_both_or_neither_is_told(tmp_path: Path, capsys: Captured, debit: str, credit: str) -> None:
    rows = [entry("10", ""), entry(debit, credit)]
    status, told = imported(csv_file(tmp_path, rows, headings=HEADINGS), capsys)
    assert (status, told["created"], told["errors"][0]["row"]) == (1, 0, 3)
    assert "la fila " in messages(told)


@pytest.mark.parametrize(("debit", "credit"), [("0", "0"), ("0,00", ""), ("$ -", "$ -"), ("", "0")])
def test_an_entry_of_nothing_is_left_out_and_told(tmp_path: Path, capsys: Captured, debit: str, credit: str) -> None:
    rows = [entry("10", ""), entry(debit, credit), entry("", "10")]
    _, told = imported(csv_file(tmp_path, rows, headings=HEADINGS), capsys)
    assert "La fila 3 tiene débito y crédito en cero y no se importó." in told["notices"]
    assert entries() == [("D", 10), ("C", 10)]


@pytest.mark.parametrize("negative", ["-5.000", "(5.000)", "5.000-"])
def test_a_negative_amount_is_asked_about(tmp_path: Path, capsys: Captured, negative: str) -> None:
    path = csv_file(tmp_path, [entry("1.250.000", ""), entry(negative, "")], headings=HEADINGS)
    status, told = imported(path, capsys)
    assert (status, Movement.objects.count()) == (1, 0)
    assert "--negatives turn|unsigned|refuse" in messages(told)


@pytest.mark.parametrize(
    ("choice", "held"),
    [("turn", [("C", 5000), ("D", 7000)]), ("unsigned", [("D", 5000), ("C", 7000)]), ("refuse", [])],
)
def test_a_negative_amount_is_what_the_person_says(
    tmp_path: Path, capsys: Captured, choice: str, held: list[tuple[str, int]]
) -> None:
    rows = [entry("-5000", ""), entry("", "-7000")]
    imported(csv_file(tmp_path, rows, headings=HEADINGS), capsys, "--negatives", choice)
    assert entries() == held


def test_a_refused_negative_names_its_row_and_column(tmp_path: Path, capsys: Captured) -> None:
    path = csv_file(tmp_path, [entry("-5000", "")], headings=HEADINGS)
    _, told = imported(path, capsys, "--negatives", "refuse")
    error = told["errors"][0]
    assert (error["row"], error["column"], error["value"]) == (2, "Débito", "-5000")


def test_a_debit_without_its_credit_is_told(tmp_path: Path, capsys: Captured) -> None:
    path = csv_file(tmp_path, [entry("10", "")[:8]], headings=HEADINGS[:8])
    assert "Falta la columna «Crédito»" in messages(imported(path, capsys)[1])


def test_a_credit_that_is_spelled_wrong_is_named_in_the_error(tmp_path: Path, capsys: Captured) -> None:
    headings = (*HEADINGS[:8], "Creditto")
    path = csv_file(tmp_path, [entry("10", ""), entry("", "10")], headings=headings)
    assert '--map "Creditto=crédito"' in messages(imported(path, capsys)[1])
    assert imported(path, capsys, "--map", "Creditto=crédito")[1]["created"] == 1


def test_the_same_voucher_with_two_amounts_and_with_one_is_one_record(tmp_path: Path, capsys: Captured) -> None:
    imported(csv_file(tmp_path, [entry("10", ""), entry("", "10")], headings=HEADINGS), capsys)
    one = (*HEADINGS[:7], "Valor", "D/C")
    rows = [[*entry("", "")[:7], "10", side] for side in ("D", "C")]
    _, told = imported(csv_file(tmp_path, rows, name="otra.csv", headings=one), capsys)
    assert (told["created"], told["unchanged"]) == (0, 1)


_FORMATS = {NumberFormat.COMMA: str.maketrans(",.", ".,"), NumberFormat.POINT: {}}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 10**9)), min_size=1, max_size=6),
    st.sampled_from(list(_FORMATS)),
    st.sampled_from(["", "0", "$ -"]),
)
def test_what_came_in_and_what_was_told_are_all_of_the_file(
    tmp_path: Path, capsys: Captured, cents: list[tuple[bool, int]], form: NumberFormat, nothing: str
) -> None:
    Movement.objects.all().delete()
    texts = [(is_debit, f"{amount / 100:,.2f}".translate(_FORMATS[form])) for is_debit, amount in cents]
    rows = [entry(text, nothing) if is_debit else entry(nothing, text) for is_debit, text in texts]
    _, told = imported(csv_file(tmp_path, rows, headings=HEADINGS), capsys, "--numbers", form.value)
    wanted = [("D" if is_debit else "C", Decimal(amount) / 100) for is_debit, amount in cents if amount]
    assert entries() == wanted
    left_out = len(cents) - len(wanted)
    assert bool(left_out) == any("en cero" in notice for notice in told["notices"])
