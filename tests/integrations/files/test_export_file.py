"""The command that takes records out: what it writes, what it says, and how it ends."""

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from integrations.models import FileExport
from ledger.models import Movement
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _records() -> None:
    builders.voucher(1001)
    builders.voucher(1002, date=date(2026, 12, 1))
    builders.order("OC-1")


def exported(path: Path, capsys: pytest.CaptureFixture[str], *flags: str) -> dict[str, Any]:
    """The JSON result of one export of movements."""
    call_command("export_file", "movement", str(path), "--json", *flags)
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig")), delimiter=";"))


def test_a_table_has_one_row_for_each_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = exported(tmp_path / "todo.csv", capsys)
    assert (told["records"], told["lines"], told["left_out"]) == (3, 8, 0)
    assert len(rows_of(tmp_path / "todo.csv")) == 8


def test_the_dates_asked_for_are_those_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    exported(tmp_path / "nov.csv", capsys, "--since", "2026-11-01", "--until", "2026-11-30")
    assert {row["Fecha del documento"] for row in rows_of(tmp_path / "nov.csv")} == {"2026-11-03"}


def test_a_status_is_of_the_target_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Movement.objects.filter(number=1001).update(siigo_status="rejected")
    told = exported(tmp_path / "x.csv", capsys, "--status", "rejected", "--target", "siigo")
    assert told["records"] == 1


def test_only_the_records_asked_for_are_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wanted = Movement.objects.get(number=1002)
    assert exported(tmp_path / "x.csv", capsys, "--ids", str(wanted.pk))["records"] == 1


def test_a_format_of_one_erp_says_how_many_it_leaves_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = exported(tmp_path / "sag.xml", capsys)
    assert (told["records"], told["left_out"]) == (1, 2)


def test_every_export_is_written_down(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    exported(tmp_path / "x.json", capsys, "--since", "2026-11-01")
    told = FileExport.objects.get()
    assert (told.kind, told.record_count, told.line_count, told.left_out) == ("movement", 2, 6, 1)
    assert "--since 2026-11-01" in told.chosen


def test_the_standard_output_holds_the_file_alone(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    call_command("export_file", "movement", "-", "--format", "xml")
    written = capfdbinary.readouterr()
    assert written.out.startswith(b"<?xml")
    assert written.out.rstrip().endswith(b"</Movimientos>")
    assert b"Exportados: 1" in written.err


@pytest.mark.parametrize(
    "flags",
    [
        ("client", "x.json"),
        ("movement", "x.pdf"),
        ("movement", "x.csv", "--ids", "uno"),
        ("movement", "x.csv", "--status", "perdido"),
        ("client", "x.csv", "--since", "2026-01-01"),
        ("movement", "no/existe/x.csv"),
    ],
)
def test_wrong_usage_ends_with_2(flags: tuple[str, ...]) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("export_file", *flags)
    assert refused.value.returncode == 2
