"""Files in, one run: the same movements by CSV and XLSX, against django-import-export, a bare bulk insert and COPY.

`bench_files [LINES]`: SQLite in a file and, with PostgreSQL at 127.0.0.1:5432, a database of its own. The others
write the movements and lines alone, of rows parsed already; ours also parses, compares and gives standings.
django-import-export is timed on the first lines only, and without our guard; the rest are the best of two turns.
Memory is what a process of its own took at most; `BENCH_MOST_LINES` is its larger file. On SQLite all of the work is
this process's, and what is timed is the processor: a busy machine doesn't bend a ratio. On PostgreSQL it is the clock.
"""

import csv
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.benchmarks.measuring import ROOT, fresh_postgres, most_megabytes, prepare, prepare_on

POSTGRES = "bench_files"
if "--postgres" in sys.argv:
    prepare_on(fresh_postgres(POSTGRES))
else:
    prepare()

import xlsxwriter  # type: ignore[import-untyped] # noqa: E402
from django.db import connection, models, transaction  # noqa: E402
from import_export import resources  # type: ignore[import-untyped] # noqa: E402
from import_export.fields import Field  # type: ignore[import-untyped] # noqa: E402
from import_export.widgets import DecimalWidget, ForeignKeyWidget  # type: ignore[import-untyped] # noqa: E402
from tablib import Dataset  # type: ignore[import-untyped] # noqa: E402

from integrations.files.file_formats import open_file  # noqa: E402
from integrations.files.intake import import_drafts  # noqa: E402
from integrations.models import Company  # noqa: E402
from ledger.models import Movement, MovementLine  # noqa: E402
from tests import builders  # noqa: E402

LINES = 100_000
LINES_A_VOUCHER = 4
HEADINGS = (
    "voucher_type",
    "voucher_code",
    "document_number",
    "document_year",
    "document_month",
    "document_day",
    "sequence",
    "accounting_account",
    "debit_or_credit",
    "sequence_value",
    "nit",
    "sequence_description",
)


def rows(count: int) -> Any:
    for number in range(count):
        sequence = number % LINES_A_VOUCHER + 1
        side = "D" if sequence % 2 else "C"
        yield (
            "F",
            1,
            number // LINES_A_VOUCHER + 1,
            2026,
            11,
            3,
            sequence,
            "1305050001",
            side,
            f"{1000 + number % 500}.50",
            "800111222",
            f"Línea {number}",
        )


def csv_of(folder: Path, count: int) -> Path:
    path = folder / f"lineas-{count}.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(HEADINGS)
        writer.writerows(rows(count))
    return path


def xlsx_of(folder: Path, count: int) -> Path:
    path = folder / f"lineas-{count}.xlsx"
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADINGS)
        for number, row in enumerate(rows(count), 1):
            sheet.write_row(number, 0, [*row[:9], float(row[9]), *row[10:]])
    return path


def ours(path: Path, company: Company) -> None:
    intake = import_drafts(open_file(path).drafts, company=company)
    assert not intake.errors, intake.errors[:3]


class LineResource(resources.ModelResource):  # type: ignore[misc]
    """What one gets by naming the model and its fields, dry run left out."""

    movement = Field("movement", "movement", ForeignKeyWidget(Movement))
    amount = Field("amount", "amount", DecimalWidget())

    def do_instance_save(self, instance: Any, is_create: bool) -> None:
        models.Model.save(instance)  # past our guard, which costs it nothing here

    class Meta:
        model = MovementLine
        import_id_fields = ("movement", "position")
        fields = ("movement", "position", "account", "side", "amount", "tax_id", "description")


def import_export(path: Path, company: Company, count: int) -> None:
    """The lines alone, into movements that are there already: less than what ours does."""
    made = [_movement(company, number) for number in range(1, count // LINES_A_VOUCHER + 1)]
    Movement.objects.bulk_create(made, batch_size=500)
    data = Dataset(headers=["movement", "position", "account", "side", "amount", "tax_id", "description"])
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        next(reader)
        for place, row in enumerate(reader):
            if place == count:
                break
            data.append([made[place // LINES_A_VOUCHER].pk, row[6], row[7], row[8], row[9], row[10], row[11]])
    global clocked
    started = _now()
    result = LineResource().import_data(data, raise_errors=True, use_transactions=True)
    clocked = _now() - started
    assert not result.has_errors()


clocked = 0.0


def _now() -> float:
    return time.process_time() if connection.vendor == "sqlite" else time.perf_counter()


def seconds(work: Callable[[], object]) -> float:
    started = _now()
    work()
    return _now() - started


def _movement(company: Company, number: int) -> Movement:
    return Movement(
        company=company,
        origin="siigo_json",
        external_id=f"F/1//{number}/2026-11-03/",
        voucher_type="F",
        voucher_code=1,
        number=number,
    )


def parsed(company: Company, count: int) -> tuple[list[Movement], list[MovementLine]]:
    movements = [_movement(company, number) for number in range(1, count // LINES_A_VOUCHER + 1)]
    lines = []
    for number, row in enumerate(rows(count)):
        held = {"position": row[6], "account": row[7], "side": row[8], "tax_id": row[10], "description": row[11]}
        lines.append(MovementLine(movement=movements[number // LINES_A_VOUCHER], amount=Decimal(row[9]), **held))
    return movements, lines


def bare_bulk(company: Company, count: int) -> float:
    movements, lines = parsed(company, count)
    started = _now()
    with transaction.atomic():
        Movement.objects.bulk_create(movements, batch_size=500)
        for line in lines:
            line.movement_id = line.movement.pk
        MovementLine.objects.bulk_create(lines, batch_size=500)
    return _now() - started


def bare_copy(company: Company, count: int) -> float:
    """COPY of the same parsed rows: movements, then lines."""
    from integrations.models.bulk_writes import insert_many

    movements, lines = parsed(company, count)
    started = _now()
    with transaction.atomic():
        insert_many(movements)
        for line in lines:
            line.movement_id = line.movement.pk
        insert_many(lines)
    return _now() - started


def memory(count: int) -> float:
    """The most memory, in MB, of a process that brings `count` lines in."""
    told = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.bench_files", "--memory", str(count)],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return float(told.stdout.split()[-1])


def main(count: int) -> None:
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    table, book = csv_of(folder, count), xlsx_of(folder, count)
    few = min(count, 5_000)
    import_export(table, builders.company(tax_id="900000001"), few)
    theirs = clocked / few
    by_csv, by_xlsx, bulk, copy = (seconds / count for seconds in best_of_turns(table, book, count))
    again = seconds(lambda: ours(table, builders.company(tax_id=FIRST))) / count
    print(f"[{connection.vendor}] {count} líneas por CSV: {1 / by_csv:,.0f}/s")
    print(f"  contra django-import-export ({1 / theirs:,.0f}/s): {theirs / by_csv:.1f} veces (se pide 8)")
    print(f"  contra bulk_create a secas ({1 / bulk:,.0f}/s): {bulk / by_csv:.0%} (se pide 40 %)")
    print(f"  XLSX contra CSV: {by_xlsx / by_csv:.2f} veces el tiempo (se pide 1,5)")
    print(f"  otra vez el mismo archivo, nada cambia: {1 / again:,.0f}/s")
    if connection.vendor == "postgresql":
        print(f"  contra COPY ({1 / copy:,.0f}/s): {copy / by_csv:.1%} (se pide 25 %)")
    else:
        small, large = memory(10_000), memory(int(os.environ.get("BENCH_MOST_LINES", "1000000")))
        print(f"  memoria: {small:.0f} MB con 10.000 líneas, {large:.0f} MB con la mayor: +{large - small:.0f} MB")


TURNS = 2
FIRST = "900000010"


def best_of_turns(table: Path, book: Path, count: int) -> list[float]:
    """Seconds by CSV, by XLSX, in bulk and by COPY: the best of some turns, for tables grow and machines are busy."""
    found = []
    for turn in range(TURNS):
        companies = [builders.company(tax_id=str(int(FIRST) + 10 * turn + each)) for each in range(4)]
        found.append(
            (
                seconds(lambda into=companies[0]: ours(table, into)),  # type: ignore[misc]
                seconds(lambda into=companies[1]: ours(book, into)),  # type: ignore[misc]
                bare_bulk(companies[2], count),
                bare_copy(companies[3], count),
            )
        )
    return [min(times) for times in zip(*found, strict=True)]


def _on_postgres(count: int) -> None:
    command = [sys.executable, "-m", "tests.benchmarks.bench_files", str(count), "--postgres"]
    if subprocess.run(command, cwd=ROOT, check=False).returncode:
        print("PostgreSQL: no responde en 127.0.0.1:5432, no se mide")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--memory"]:
        lines = int(sys.argv[2])
        ours(csv_of(Path(tempfile.mkdtemp(prefix="bench-")), lines), builders.company())
        print(most_megabytes())
    else:
        asked = int(sys.argv[1]) if sys.argv[1:2] and sys.argv[1].isdigit() else LINES
        main(asked)
        if "--postgres" not in sys.argv:
            _on_postgres(asked)
