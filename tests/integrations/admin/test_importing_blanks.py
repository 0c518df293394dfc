"""Cells that are empty in many rows: a person goes back to the columns and gives one value for all of them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from integrations.files.importing import staging
from integrations.files.importing.column_answers import column_rows
from integrations.models import ImportFile, StagedDocument
from tests import builders
from tests.integrations.admin.importing import ADD, address, confirmed, page, staged
from tests.integrations.files.tables import csv_bytes

pytestmark = pytest.mark.django_db
HEADINGS = ("Fuente", "Número", "Fecha", "Cuenta", "NIT", "Detalle", "Débito", "Crédito")
_Verdict = StagedDocument.Verdict


@pytest.fixture(autouse=True)
def _company() -> None:
    builders.company()


def journal(*sources: str, number: str = "") -> bytes:
    """A voucher of two lines for each fuente."""
    rows = [
        [source, number or str(10 + place), "2026-11-13", account, "800111222", "Venta", debit, credit]
        for place, source in enumerate(sources)
        for account, debit, credit in (("11050505", "1190", ""), ("41350505", "", "1190"))
    ]
    return csv_bytes(rows, headings=HEADINGS)


def verdicts(file: ImportFile) -> list[str]:
    return list(file.documents.values_list("verdict", flat=True))


def back_at_the_columns(who: Client, file: ImportFile) -> ImportFile:
    who.post(address(file, "columnas/hacer/"))
    file.refresh_from_db()
    return file


def test_empty_cells_are_counted_beside_the_box_for_their_value(staff: Client) -> None:
    file = back_at_the_columns(staff, staged(staff, journal("", "CC", "")))
    assert "«Fuente» está vacía en 4 filas." in page(staff, file)


def test_rows_that_go_on_with_the_document_above_lack_nothing(staff: Client) -> None:
    rows = [
        ["CC", "10", "2026-11-13", "11050505", "800111222", "Venta", "1190", ""],
        ["", "", "", "41350505", "800111222", "Venta", "", "1190"],
    ]
    file = staged(staff, csv_bytes(rows, headings=HEADINGS))
    assert file.shown["blanks"] == {}


def test_one_value_for_all_empty_cells_puts_every_document_right(staff: Client) -> None:
    file = staged(staff, journal("", "CC", ""))
    assert verdicts(file) == [_Verdict.WRONG, _Verdict.NEW, _Verdict.WRONG]
    back_at_the_columns(staff, file)
    key = next(iter(file.shown["blanks"]))
    columns = {f"c{one['place']}": str(one["target"]) for one in column_rows(file)}
    staff.post(address(file, "columnas/"), {"kind": file.kind, **columns, f"fijo-{key}": "CC"})
    staging.stage(file.pk)
    assert verdicts(file) == [_Verdict.NEW] * 3


def test_what_was_counted_of_the_first_review_is_forgotten(staff: Client) -> None:
    file = back_at_the_columns(staff, staged(staff, journal("", "CC")))
    assert (file.state, file.new, file.wrong, file.documents.count()) == (ImportFile.State.ASKING, 0, 0, 0)


def test_a_confirmed_import_leads_back_to_no_columns(staff: Client) -> None:
    file = back_at_the_columns(staff, confirmed(staff, staged(staff, journal("CC"))))
    assert (file.state, file.pieces.count(), file.documents.count()) == (ImportFile.State.DONE, 0, 1)


def test_a_document_that_stays_out_shows_the_sums_that_were_read(staff: Client) -> None:
    file = staged(staff, journal(""))
    document = file.documents.get()
    assert document.debit == document.credit == 1190


@pytest.mark.parametrize(
    ("erp", "missing"), [("sag", "Falta la columna «Fuente»"), ("siigo", "Falta la columna «Tipo de comprobante»")]
)
def test_what_is_missing_is_said_in_the_words_of_the_only_erp(staff: Client, erp: str, missing: str) -> None:
    connect = builders.sag_connection if erp == "sag" else builders.siigo_connection
    connect("http://127.0.0.1:9/")
    rows = [["10", "2026-11-13", "11050505", "800111222", "Venta", "1190", ""]]
    staff.post(ADD, {"file": SimpleUploadedFile("diario.csv", csv_bytes(rows, headings=HEADINGS[1:])), "kind": ""})
    shown = page(staff, ImportFile.objects.latest("pk"))
    assert missing in shown


def test_a_file_is_of_no_company_until_one_of_several_is_chosen(staff: Client) -> None:
    builders.company(name="Otra S.A.S.", tax_id="890903938")
    answer = staff.post(ADD, {"file": SimpleUploadedFile("diario.csv", journal("CC")), "kind": ""})
    assert "Elija de qué empresa es el archivo." in answer.content.decode()
    assert not ImportFile.objects.exists()
