"""Our own tables on their way back: exports that somebody touched, and templates that somebody filled in."""

import csv
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from catalog.models import Client
from integrations.choices import Kind
from integrations.files.file_formats import open_file
from integrations.files.intake import ImportResult, import_drafts
from integrations.files.writing import template
from integrations.files.writing.export_source import ExportSource, formats_of
from integrations.files.writing.exporting import export
from integrations.models.syncable import model_for
from ledger.models import Movement
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _company() -> None:
    builders.company()


def taken_in(path: Path) -> ImportResult:
    return import_drafts(open_file(path).drafts, company=builders.company())


def exported(path: Path, kind: Kind = Kind.MOVEMENT) -> Path:
    form = formats_of(kind)[path.suffix.lstrip(".")]
    made, _told = export(ExportSource(kind, model_for(kind)._default_manager.all(), form), chosen="todo")
    with made:
        path.write_bytes(made.read())
    return path


def filled_in(folder: Path, kind: Kind, **changes: Any) -> Path:
    """The template with its example made a record, and cells changed by their heading."""
    with template.template_workbook(kind) as made:
        book = openpyxl.load_workbook(made)
    sheet: Any = book["Datos"]
    headings = [cell.value for cell in sheet[1]]
    for heading, value in {"Nota": None, **changes}.items():
        sheet.cell(2, headings.index(heading) + 1).value = value
    path = folder / "plantilla.xlsx"
    book.save(path)
    return path


def edited(path: Path, **changes: str) -> Path:
    """A CSV with cells of every row changed by their heading."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = [{**row, **changes} for row in csv.DictReader(lines, delimiter=";")]
    with path.open("w", encoding="utf-8-sig", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_records_of_every_origin_come_back_as_themselves(tmp_path: Path, ending: str) -> None:
    builders.voucher(1001, origin="manual", external_id="a-mano")
    builders.order("OC-1")
    intake = taken_in(exported(tmp_path / f"todo.{ending}"))
    assert (intake.unchanged, intake.created, intake.updated, intake.errors) == (2, 0, 0, [])


def test_what_somebody_changed_in_the_file_is_all_that_changes(tmp_path: Path) -> None:
    movement = builders.voucher(1001, observations="Antes")
    intake = taken_in(edited(exported(tmp_path / "todo.csv"), **{"Fecha del documento": "31/12/2026"}))
    movement.refresh_from_db()
    assert (intake.updated, str(movement.date), movement.observations) == (1, "2026-12-31", "Antes")


def test_two_answers_for_one_document_are_told_by_row_and_column(tmp_path: Path) -> None:
    builders.voucher(1001)
    path = exported(tmp_path / "todo.csv")
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    path.write_text("\n".join([*lines[:-1], lines[-1].replace("2026-11-03", "2026-11-04")]), encoding="utf-8")
    (error,) = taken_in(path).errors
    assert (error.row, error.column) == (4, "Fecha del documento")


def test_a_cell_that_says_no_value_is_told_by_its_heading(tmp_path: Path) -> None:
    builders.voucher(1001)
    intake = taken_in(edited(exported(tmp_path / "todo.csv"), **{"Valor de la secuencia": "mucho"}))
    assert {error.column for error in intake.errors} == {"Valor de la secuencia"}


def test_what_the_record_holds_beyond_the_file_stays(tmp_path: Path) -> None:
    movement = builders.voucher(1001)
    path = exported(tmp_path / "todo.csv")
    Movement.objects.filter(pk=movement.pk).update(sag={"Incoterm": "FOB"})
    taken_in(edited(path, Prefijo="X"))
    movement.refresh_from_db()
    assert (movement.sag, movement.prefix) == ({"Incoterm": "FOB"}, "X")


@pytest.mark.parametrize("kind", list(Kind))
def test_the_example_of_a_template_is_passed_over(tmp_path: Path, kind: Kind) -> None:
    path = tmp_path / "plantilla.xlsx"
    with template.template_workbook(kind) as made:
        path.write_bytes(made.read())
    intake = taken_in(path)
    assert (intake.created, intake.rejected) == (0, 0)


@pytest.mark.parametrize("kind", list(Kind))
def test_the_example_of_a_template_would_be_a_sound_record(tmp_path: Path, kind: Kind) -> None:
    intake = taken_in(filled_in(tmp_path, kind))
    assert (intake.created, intake.errors) == (1, [])


def test_what_people_type_into_a_template_is_trimmed(tmp_path: Path) -> None:
    taken_in(filled_in(tmp_path, Kind.CLIENT, **{"Nombre o razón social": "  Ñame S.A.S. "}))
    assert Client.objects.get().name == "Ñame S.A.S."


@pytest.mark.parametrize("typed", ["1.250", "1,250"])
def test_a_number_typed_into_a_template_that_may_be_two_is_told(tmp_path: Path, typed: str) -> None:
    intake = taken_in(filled_in(tmp_path, Kind.MOVEMENT, **{"Valor de la secuencia": typed}))
    assert (intake.created, "puede leerse de dos maneras" in intake.errors[0].message) == (0, True)


def test_a_cell_beyond_the_headings_of_an_export_keeps_its_document_out(tmp_path: Path) -> None:
    builders.voucher(1001)
    path = exported(tmp_path / "todo.csv")
    path.write_text(path.read_text(encoding="utf-8-sig").rstrip("\r\n") + ";de más\r\n", encoding="utf-8")
    intake = taken_in(path)
    assert (intake.unchanged, intake.updated, intake.rejected) == (0, 0, 1)
    assert "más celdas que títulos" in intake.errors[0].message


def test_what_a_template_lacks_is_told(tmp_path: Path) -> None:
    intake = taken_in(filled_in(tmp_path, Kind.CLIENT, **{"Nombre o razón social": None}))
    assert "Nombre o razón social" in intake.errors[0].message
