"""Numbers with a prefix, or with a type and code: parted, or told; never no number."""

from pathlib import Path
from typing import Any

import pytest

from integrations.files.reading.document_numbers import prefixed_number, source_name, voucher_name
from ledger.models import Movement
from tests import builders
from tests.integrations.files.tables import csv_file
from tests.integrations.files.test_import_tables import Captured, imported, messages

JOURNAL = ("Tipo de comprobante", "Código comprobante", "Número", "Fecha", "Cuenta", "Débito", "Crédito")


@pytest.fixture(autouse=True)
def _company(db: Any) -> None:
    builders.company()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("FE-1131", ("FE", 1131)),
        ("FE1131", ("FE", 1131)),
        (" SETP 990000123 ", ("SETP", 990000123)),
        ("FE1-0025", ("FE1", 25)),
        ("1131", None),
        ("10-20", None),
        ("F-1-10", None),
        ("FE-", None),
        ("X" * 70 + "1", None),
    ],
)
def test_a_prefix_is_parted_from_its_number(text: str, parts: tuple[str, int] | None) -> None:
    assert prefixed_number(text) == parts


@pytest.mark.parametrize("text", ["F-1-10", "F 001 00000010", "f-001-10", "F 1 10"])
def test_the_whole_name_of_a_voucher_of_siigo_is_parted(text: str) -> None:
    assert voucher_name(text) == ("F", 1, 10)


@pytest.mark.parametrize(
    ("text", "name"), [("FV-1131", ("FV", "", 1131)), ("FV FE-1131", ("FV", "FE", 1131)), ("1131", None)]
)
def test_the_whole_name_of_a_document_of_sag_is_parted(text: str, name: tuple[str, str, int] | None) -> None:
    assert source_name(text) == name


def journal(tmp_path: Path, number: object, headings: tuple[str, ...] = JOURNAL, **changes: object) -> Path:
    rows = [["F", 1, number, "2026-11-03", "1305", 10, ""], ["F", 1, number, "2026-11-03", "4135", "", 10]]
    extra = [*changes.values()]
    return csv_file(tmp_path, [[*row, *extra] for row in rows], headings=(*headings, *changes))


@pytest.mark.parametrize("written", ["FE-1131", "FE1131", "FE 001131"])
def test_a_number_with_its_prefix_is_read_as_both(tmp_path: Path, capsys: Captured, written: str) -> None:
    imported(journal(tmp_path, written), capsys)
    assert Movement.objects.values_list("prefix", "number").get() == ("FE", 1131)


def test_a_prefix_that_contradicts_its_column_is_told(tmp_path: Path, capsys: Captured) -> None:
    _, told = imported(journal(tmp_path, "FE-1131", Prefijo="SETT"), capsys)
    assert (told["created"], "trae el prefijo «FE» y el del documento es «SETT»" in messages(told)) == (0, True)


@pytest.mark.parametrize("written", ["10-20", "FE-", "x"])
def test_a_number_that_is_none_is_told(tmp_path: Path, capsys: Captured, written: str) -> None:
    status, told = imported(journal(tmp_path, written), capsys)
    assert (status, told["created"]) == (1, 0)


def test_a_whole_name_in_the_column_of_the_number_says_where_it_goes(tmp_path: Path, capsys: Captured) -> None:
    assert "«Tipo, código y número»" in messages(imported(journal(tmp_path, "F-1-10"), capsys)[1])


def test_a_whole_name_stands_for_type_code_and_number(tmp_path: Path, capsys: Captured) -> None:
    headings = ("Fecha", "Comprobante", "Cuenta", "Débito", "Crédito")
    rows = [["2026-11-03", "F-001-0010", "1305", 10, ""], ["2026-11-03", "F-001-0010", "4135", "", 10]]
    path = csv_file(tmp_path, rows, headings=headings)
    assert "puede ser" in messages(imported(path, capsys)[1])
    imported(path, capsys, "--map", "Comprobante=own/document")
    held = Movement.objects.get()
    assert (held.voucher_type, held.voucher_code, held.number, held.lines.count()) == ("F", 1, 10, 2)
