"""A document that is here already under another origin is not made twice by a file that names it."""

from datetime import date
from pathlib import Path

import pytest

from integrations.choices import Kind
from integrations.files.file_formats import open_file
from integrations.files.intake import ImportResult, import_drafts
from integrations.files.writing.export_source import ExportSource, formats_of
from integrations.files.writing.exporting import export
from ledger.models import Movement, MovementLine
from tests import builders

pytestmark = pytest.mark.django_db
FORMATS = ("json", "siigo", "xml", "csv", "xlsx")


@pytest.fixture(autouse=True)
def _records() -> None:
    """A voucher by hand that goes to both ERPs, with what only each of them knows."""
    movement = builders.voucher(
        1001, origin="manual", external_id="a-mano", source_code="FV", prefix="PR", tax_id="800111222",
        observations="Entregar en portería", sag={"Incoterm": "FOB"}, process_year=2026,
    )  # fmt: skip
    MovementLine.objects.filter(movement=movement).update(sag={"CodigoBin": "A-01"}, siigo={"zone_code": "5"})


def written(folder: Path, form: str) -> Path:
    chosen = formats_of("movement")[form]
    made, _told = export(ExportSource(Kind.MOVEMENT, Movement.objects.all(), chosen), chosen="todo")
    path = folder / f"archivo.{chosen.ending}"
    with made:
        path.write_bytes(made.read())
    return path


def taken_in(path: Path) -> ImportResult:
    return import_drafts(open_file(path).drafts, company=builders.company())


@pytest.mark.parametrize("form", FORMATS)
def test_a_document_typed_by_hand_goes_out_and_comes_in_unchanged(tmp_path: Path, form: str) -> None:
    intake = taken_in(written(tmp_path, form))
    assert (intake.unchanged, intake.created, intake.updated, intake.errors) == (1, 0, 0, [])


@pytest.mark.parametrize("form", ["json", "xml"])
def test_what_the_file_changes_leaves_what_its_format_can_not_say(tmp_path: Path, form: str) -> None:
    path = written(tmp_path, form)
    MovementLine.objects.filter(position=1).update(description="Otra")
    intake = taken_in(path)
    movement = Movement.objects.get()
    assert (intake.updated, movement.lines.get(position=1).description) == (1, "Cliente")
    assert (movement.origin, movement.sag) == ("manual", {"Incoterm": "FOB"})


def test_another_date_of_the_year_corrects_the_voucher(tmp_path: Path) -> None:
    path = written(tmp_path, "json")
    Movement.objects.update(date=date(2026, 11, 4))
    assert taken_in(path).updated == 1
    assert Movement.objects.get().date == date(2026, 11, 3)


def test_another_year_is_another_voucher(tmp_path: Path) -> None:
    path = written(tmp_path, "json")
    Movement.objects.update(date=date(2025, 11, 3), process_year=2025)
    assert taken_in(path).created == 1


def test_where_two_could_be_it_a_person_is_asked(tmp_path: Path) -> None:
    path = written(tmp_path, "json")
    builders.voucher(1001, origin="otro", external_id="también")
    intake = taken_in(path)
    assert (intake.created, intake.updated, intake.asked) == (0, 0, 1)


def test_a_field_that_the_format_can_not_say_stays_where_the_same_file_comes_again(tmp_path: Path) -> None:
    path = written(tmp_path, "json")
    Movement.objects.all().delete()
    taken_in(path)
    Movement.objects.update(source_code="FV")
    assert (taken_in(path).unchanged, Movement.objects.get().source_code) == (1, "FV")
