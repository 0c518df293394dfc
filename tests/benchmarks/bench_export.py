"""Taking 100,000 lines out as CSV and XLSX: the time against a bare `csv.writer` over the same values, and the memory.

The baseline reads nothing and builds nothing: the table is in memory before its clock starts. What is left of the
ratio is reading the records, and a workbook's XML.
"""

import csv
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from functools import partial
from tempfile import TemporaryFile
from typing import Any

from tests.benchmarks.measuring import prepare, report, seconds

prepare()

from integrations.choices import Kind  # noqa: E402
from integrations.files.cell_text import csv_cell  # noqa: E402
from integrations.files.writing.export_source import ExportSource, formats_of  # noqa: E402
from integrations.files.writing.export_table import ExportTable  # noqa: E402
from integrations.files.writing.exporting import export  # noqa: E402
from integrations.standings import transitions  # noqa: E402
from ledger.models import Movement, MovementLine  # noqa: E402
from tests import builders  # noqa: E402

VOUCHERS, LINES_EACH, ROUNDS = 5000, 20, 1
FORMS = ("csv", "xlsx")
LINES = VOUCHERS * LINES_EACH


def main() -> None:
    _records()
    values = list(ExportTable(_source("csv"), csv_cell).rows())
    baseline = [seconds(partial(_bare, values)) for _ in range(ROUNDS)]
    del values
    for form in FORMS:
        ours = [seconds(partial(_export, form)) for _ in range(ROUNDS)]
        report(f"export of lines as {form}, against a bare csv.writer", ours=ours, baseline=baseline, count=LINES)
    for form in FORMS:
        tenth = _peak(partial(_export, form, Movement.objects.filter(number__lte=VOUCHERS // 10)))
        whole = _peak(partial(_export, form))
        print(f"peak memory of {form}: {tenth:.1f} MB for {LINES // 10} lines, {whole:.1f} MB for {LINES}")


def _records() -> None:
    company = builders.company()
    for first in range(1, VOUCHERS + 1, 500):
        movements = [_movement(company, number) for number in range(first, first + 500)]
        Movement.objects.bulk_create(movements)
        MovementLine.objects.bulk_create(line for movement in movements for line in _lines(movement))
        transitions.registering(movements)


def _movement(company: Any, number: int) -> Movement:
    return Movement(
        company=company,
        origin="banco",
        external_id=str(number),
        voucher_type="F",
        voucher_code=1,
        number=number,
        date=date(2026, 10, 1 + number % 28),
        tax_id="800111222",
    )


def _lines(movement: Movement) -> Iterator[MovementLine]:
    for position in range(1, LINES_EACH + 1):
        yield MovementLine(
            movement=movement,
            position=position,
            account="1305050001",
            side="D" if position % 2 else "C",
            amount=Decimal("119000.50"),
            tax_id="800111222",
            description="Venta de productos, línea de prueba",
            cost_center="007",
            siigo={"city_code": "1001", "zone_code": "5"},
        )


def _source(form: str, chosen: Any = None) -> ExportSource:
    return ExportSource(
        Kind.MOVEMENT, Movement.objects.all() if chosen is None else chosen, formats_of("movement")[form]
    )


def _export(form: str, chosen: Any = None) -> None:
    made, told = export(_source(form, chosen), chosen="medida")
    made.close()
    assert told.line_count


def _bare(values: list[list[Any]]) -> None:
    with TemporaryFile("w", newline="", encoding="utf-8") as out:
        csv.writer(out, delimiter=";").writerows(values)


def _peak(work: Callable[[], object]) -> float:
    """Most megabytes that the work held at once, beyond what was there before."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1] / 1_000_000
    finally:
        tracemalloc.stop()


if __name__ == "__main__":
    main()
