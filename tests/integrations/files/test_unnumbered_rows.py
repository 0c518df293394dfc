"""Rows without a document's number: one voucher where they balance together, asked about where nobody can tell."""

from pathlib import Path
from typing import Any

import pytest

from integrations.files.importing import staging, survey_step, uploads
from integrations.models import Company, ImportFile
from ledger.models import Movement
from tests import builders
from tests.integrations.files.tables import csv_file
from tests.integrations.files.test_import_tables import Captured, imported, messages

JOURNAL = ("Tipo", "Cód. Comprobante", "Número", "Fecha", "Cuenta", "Débito", "Crédito")
SALES = ("Fuente", "Número", "Fecha", "NIT", "Código Producto", "Cantidad", "Precio")


@pytest.fixture(autouse=True)
def _company(db: Any) -> None:
    builders.company()


def journal(tmp_path: Path, *amounts: int, number: object = "", day: str = "2026-11-03") -> Path:
    """A debit for each amount above zero, a credit for each below."""
    rows = [["F", 1, number, day, "1305", max(each, 0) or "", max(-each, 0) or ""] for each in amounts]
    return csv_file(tmp_path, rows, headings=JOURNAL)


def sales(tmp_path: Path, *articles: str, number: object = "", parties: str = "") -> Path:
    rows = [
        ["FV", number, "2026-12-31", party or "222222222222", article, 1, 3500]
        for article, party in zip(articles, parties.split() or [""] * len(articles), strict=True)
    ]
    return csv_file(tmp_path, rows, headings=SALES)


def lines() -> list[int]:
    return [movement.lines.count() for movement in Movement.objects.order_by("pk")]


@pytest.mark.parametrize("number", ["", "0"])
def test_a_voucher_without_number_stays_one_voucher_of_three_lines(
    tmp_path: Path, capsys: Captured, number: str
) -> None:
    status, told = imported(journal(tmp_path, 119000, -100000, -19000, number=number), capsys)
    assert (status, told["created"], lines()) == (0, 1, [3])


def test_a_voucher_that_does_not_balance_is_one_too(tmp_path: Path, capsys: Captured) -> None:
    imported(journal(tmp_path, 119000, -100000), capsys)
    assert lines() == [2]


def test_another_day_is_another_voucher(tmp_path: Path, capsys: Captured) -> None:
    rows = [["F", 1, "", day, "1305", amount, ""] for day in ("2026-11-03", "2026-11-04") for amount in (5, 7)]
    imported(csv_file(tmp_path, rows, headings=JOURNAL), capsys)
    assert lines() == [2, 2]


@pytest.mark.parametrize(("way", "held"), [("together", [4]), ("balanced", [2, 2]), ("apart", [1, 1, 1, 1])])
def test_rows_that_balance_twice_are_asked_about(tmp_path: Path, capsys: Captured, way: str, held: list[int]) -> None:
    path = journal(tmp_path, 100, -100, 50, -50)
    assert "--unnumbered together|balanced" in messages(imported(path, capsys)[1])
    assert not Movement.objects.exists()
    imported(path, capsys, "--unnumbered", way)
    assert lines() == held


@pytest.mark.parametrize(("way", "held"), [("together", [2]), ("apart", [1, 1])])
def test_sales_without_number_are_asked_about(tmp_path: Path, capsys: Captured, way: str, held: list[int]) -> None:
    path = sales(tmp_path, "CAFE", "PAN")
    assert "--unnumbered together|apart" in messages(imported(path, capsys)[1])
    imported(path, capsys, "--unnumbered", way)
    assert lines() == held


def test_sales_of_two_parties_are_two_documents(tmp_path: Path, capsys: Captured) -> None:
    status, _ = imported(sales(tmp_path, "CAFE", "PAN", parties="800111222 900123456"), capsys)
    assert (status, lines()) == (0, [1, 1])


def test_sales_that_ask_for_a_number_each_are_documents_each_and_told(tmp_path: Path, capsys: Captured) -> None:
    status, told = imported(sales(tmp_path, "CAFE", "CAFE", "PAN", number=0), capsys)
    assert (status, lines()) == (0, [1, 1, 1])
    assert any("--unnumbered together" in notice for notice in told["notices"])


def test_staging_makes_the_same_documents(tmp_path: Path) -> None:
    body = journal(tmp_path, 119000, -100000, -19000).read_bytes()
    file = uploads.store_upload("a.csv", [body], company=Company.objects.get())
    survey_step.begin(file)
    file.refresh_from_db()
    assert "1 comprobante." in file.shown["told"]
    survey_step.accept(file)
    staging.stage(file.pk)
    assert ImportFile.objects.get(pk=file.pk).new == 1
