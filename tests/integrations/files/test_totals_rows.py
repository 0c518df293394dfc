"""Rows of totals: left out of the documents, and kept as control totals to compare with what came in."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from integrations.files.file_formats import open_table
from integrations.files.reading.reading_plan import ReadingPlan
from integrations.files.reading.survey import TableSurvey, survey_table
from tests.integrations.files.tables import book, csv_file, line, voucher

_Row = list[object]


def totals_row(label: str, amount: object) -> _Row:
    return [label, "", "", "", "", amount, "", "", "", "", "", ""]


def surveyed(path: Path, **plan: Any) -> TableSurvey:
    plan = {"kind": "movement", **plan}
    return survey_table(open_table(path, path.suffix.lstrip("."), ReadingPlan(**plan)), ReadingPlan(**plan))


def told(survey: TableSurvey) -> list[tuple[str, int, int, Decimal]]:
    return [(total.label, total.first, total.last, total.amounts[0][2]) for total in survey.control_totals]


def test_the_total_row_of_a_file_is_its_control_total(tmp_path: Path) -> None:
    rows = [*voucher(10), *voucher(11), totals_row("TOTAL GENERAL", "476000")]
    survey = surveyed(csv_file(tmp_path, rows))
    assert survey.control_totals[0].as_data() == {
        "row": 6,
        "label": "TOTAL GENERAL",
        "rows": [2, 5],
        "amounts": [{"heading": "VALOR DE LA SECUENCIA (OBLIGATORIO)", "attribute": "lines.amount", "value": "476000"}],
    }


def test_subtotals_say_which_rows_they_are_of(tmp_path: Path) -> None:
    rows = [
        *voucher(10),
        totals_row("Subtotal F-1 10", 238000),
        *voucher(11, 5),
        totals_row("Subtotal F-1 11", 10),
        totals_row("Total general", 238010),
    ]
    assert told(surveyed(book(tmp_path, rows))) == [
        ("Subtotal F-1 10", 2, 3, Decimal(238000)),
        ("Subtotal F-1 11", 5, 6, Decimal(10)),
        ("Total general", 2, 6, Decimal(238010)),
    ]


def test_the_last_of_many_equal_totals_is_no_total_of_the_file(tmp_path: Path) -> None:
    rows = [*voucher(10), totals_row("TOTAL", 238000), *voucher(11), totals_row("TOTAL", 238000)]
    assert [(first, last) for _, first, last, _ in told(surveyed(csv_file(tmp_path, rows)))] == [(2, 3), (5, 6)]


def test_a_control_total_is_read_in_the_format_of_the_file(tmp_path: Path) -> None:
    rows = [line(10, 1, "D", "119.000,50"), totals_row("Total", "$ 119.000,50")]
    assert told(surveyed(csv_file(tmp_path, rows)))[0][3] == Decimal("119000.50")


@pytest.mark.parametrize("cell", ["119000", 119000])
def test_a_row_of_amounts_alone_is_one_of_totals(tmp_path: Path, cell: object) -> None:
    assert told(surveyed(book(tmp_path, [*voucher(10), totals_row("", cell)]))) == [("", 2, 3, Decimal(119000))]


def test_a_file_without_a_row_of_totals_has_no_control_total(tmp_path: Path) -> None:
    assert surveyed(csv_file(tmp_path, voucher(10))).control_totals == []
