"""What a file leaves empty is filled in by the rules of the company when it comes in, and only then."""

from pathlib import Path
from typing import Any

import pytest

from integrations.choices import Kind, Status
from integrations.files.file_formats import open_file
from integrations.files.importing import confirmation, staging, survey_step, uploads
from integrations.files.intake import ImportResult, import_drafts
from integrations.files.reading.reading_plan import ReadingPlan
from integrations.files.reading.typed_mapping import ColumnOverride
from integrations.models import Connection, FillingRule, ImportFile, StagedDocument
from integrations.payloads.filling import Filler
from integrations.standings import transitions
from ledger.models import Movement
from tests import builders
from tests.integrations.corrections.conftest import lines_of, put

pytestmark = pytest.mark.django_db

HEADINGS = "Tipo de comprobante;Código de comprobante;Número;Fecha;NIT del tercero;Cuenta PUC;Débito o crédito;Valor"
VOUCHER = f"""{HEADINGS}
F;1;{{number}};2026-11-03;800111222;1305050001;D;119000
F;1;{{number}};2026-11-03;800111222;4135050001;C;119000
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return written(tmp_path / "ventas.csv", VOUCHER.format(number=1001))


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def fuente(**changes: Any) -> FillingRule:
    given = {"condition_field": "policy_codes", "condition_value": "F-1", "field": "source_code", "value": "FV"}
    return FillingRule.objects.create(company=builders.company(), kind=Kind.MOVEMENT, **{**given, **changes})


def brought(path: Path) -> ImportResult:
    """The file, whose column of NITs is taken for that of the header."""
    plan = ReadingPlan(kind=Kind.MOVEMENT, typed=(ColumnOverride("NIT del tercero", "own/tax_id"),))
    return import_drafts(open_file(path, None, Kind.MOVEMENT, plan).drafts, company=builders.company())


def test_the_third_party_of_the_header_reaches_the_lines_of_a_file(path: Path) -> None:
    brought(path)
    assert lines_of(Movement.objects.get(), "tax_id") == ["800111222", "800111222"]


def test_a_file_without_fuente_gets_that_of_its_rule(path: Path) -> None:
    fuente()
    result = brought(path)
    assert Movement.objects.get().source_code == "FV"
    assert result.filled == {"NIT (líneas)": 1, "Fuente": 1}


def test_the_same_file_again_changes_nothing(path: Path) -> None:
    fuente()
    brought(path)
    again = brought(path)
    assert (again.unchanged, again.updated, again.created) == (1, 0, 0)


def test_what_a_person_wrote_since_is_not_written_over_by_a_rule(path: Path) -> None:
    fuente()
    brought(path)
    movement = Movement.objects.get()
    with transitions.editing(movement):
        movement.source_code = "FX"
        movement.save()
    brought(path)
    assert Movement.objects.get().source_code == "FX"


def test_a_new_rule_changes_nothing_of_what_came_before_it(path: Path) -> None:
    brought(path)
    fuente()
    assert brought(path).unchanged == 1
    assert Movement.objects.get().source_code == ""


def test_a_file_that_changes_a_document_has_it_filled_in_too(path: Path) -> None:
    brought(path)
    fuente()
    written(path, path.read_text().replace("119000", "238000"))
    assert brought(path).updated == 1
    assert Movement.objects.get().source_code == "FV"


def test_what_an_erp_has_is_no_difference_because_of_a_rule(path: Path, siigo: Connection) -> None:
    FillingRule.objects.all().delete()
    brought(path)
    put(Movement.objects.get(), Status.SYNCED, ever_present=True)
    FillingRule.objects.create(
        company=builders.company(), kind=Kind.MOVEMENT, field="lines.tax_id", copied_from="tax_id"
    )
    fuente()
    again = brought(path)
    assert (again.unchanged, again.differing) == (1, 0)


@pytest.mark.django_db(transaction=True)
def test_the_review_says_what_is_filled_in_by_rule_and_the_import_does_it(path: Path) -> None:
    fuente()
    with path.open("rb") as body:
        file = uploads.store_upload("ventas.csv", [body.read()], company=builders.company(), kind=Kind.MOVEMENT)
    survey_step.begin(file)
    file.refresh_from_db()
    survey_step.accept(file)
    staging.stage(file.pk)
    assert StagedDocument.objects.get().filled == ["Fuente: FV"]
    confirmation.confirm(file.pk)
    confirmation.run(file.pk)
    assert ImportFile.objects.get().state == ImportFile.State.DONE
    assert Movement.objects.get().source_code == "FV"


def test_the_documents_of_the_official_texts_have_nothing_that_a_rule_would_fill_in() -> None:
    published = Path(__file__).resolve().parents[2] / "published"
    company = builders.company()
    found = []
    for path in sorted(published.iterdir()):
        drafts = list(open_file(path).drafts)
        kind = drafts[0].record.kind
        filled = Filler(company.pk, kind).fill([(draft.record, draft.parts) for draft in drafts])
        found += [(path.name, [each.told() for each in one]) for one in filled if one]
    assert found == []
