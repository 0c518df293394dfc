"""*Importar archivo*: from the file to its records through staging, with a person's answers in between."""

import io
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django_q.models import OrmQ

from catalog.models import Article
from integrations.choices import Kind, Status, Target
from integrations.files.importing import confirmation, staging, work_lease
from integrations.files.writing import template
from integrations.models import BackgroundJob, ColumnMapping, ImportFile, ImportPiece, StagedDocument, SyncStanding
from integrations.queue import job_runs
from integrations.queue.work_kinds import STAGE
from ledger.models import Movement
from tests import builders
from tests.integrations.admin.conftest import person
from tests.integrations.files.tables import HEADINGS, csv_bytes, line, voucher

pytestmark = pytest.mark.django_db
ADD = "/admin/integrations/importfile/add/"
_State = ImportFile.State


@pytest.fixture(autouse=True)
def _company() -> None:
    builders.company()


def brought(who: Client, body: bytes, name: str = "movimientos.csv", kind: str = "") -> ImportFile:
    """The import that an upload made."""
    who.post(ADD, {"file": SimpleUploadedFile(name, body), "kind": kind})
    return ImportFile.objects.latest("pk")


def page(who: Client, file: ImportFile, query: str = "") -> str:
    return who.get(f"/admin/integrations/importfile/{file.pk}/change/{query}").content.decode()


def answered(who: Client, file: ImportFile, **changes: str) -> ImportFile:
    """The columns as they are proposed, with changes."""
    columns = {f"c{place}": "" for place in range(40)}
    from integrations.files.importing.column_answers import column_rows

    columns |= {f"c{one['place']}": one["target"] for one in column_rows(file)}
    who.post(f"/admin/integrations/importfile/{file.pk}/columnas/", {"kind": file.kind, **columns, **changes})
    file.refresh_from_db()
    return file


def staged(who: Client, body: bytes, name: str = "movimientos.csv", **changes: str) -> ImportFile:
    """A file up to its review."""
    file = answered(who, brought(who, body, name), **changes)
    staging.stage(file.pk)
    file.refresh_from_db()
    return file


def imported(who: Client, body: bytes, **form: str) -> ImportFile:
    file = staged(who, body)
    who.post(f"/admin/integrations/importfile/{file.pk}/importar/hacer/", form)
    confirmation.run(file.pk)
    file.refresh_from_db()
    return file


def rows(*numbers: int, amount: object = 119000) -> list[Sequence[object]]:
    return [row for number in numbers for row in voucher(number, amount)]


def test_a_file_goes_from_upload_to_records(staff: Client) -> None:
    file = imported(staff, csv_bytes(rows(10, 11)))
    assert (file.state, file.new, file.done) == (_State.DONE, 2, 2)
    assert "Se importaron 2 de 2 movimientos contables." in page(staff, file)
    assert Movement.objects.count() == 2


def test_the_rows_of_a_file_are_counted_without_its_headings(staff: Client) -> None:
    assert staged(staff, csv_bytes(rows(10, 11))).row_count == 4


def test_the_list_of_imports_offers_to_import_a_file(staff: Client) -> None:
    assert 'class="addlink">Importar archivo</a>' in staff.get("/admin/integrations/importfile/").content.decode()


def test_nothing_is_saved_before_it_is_confirmed(staff: Client) -> None:
    file = staged(staff, csv_bytes(rows(10)))
    assert file.state == _State.REVIEW
    assert not Movement.objects.exists()
    assert "Importar 1 movimiento contable" in " ".join(page(staff, file).split())


def test_encoding_and_separator_are_shown(staff: Client) -> None:
    shown = page(staff, brought(staff, csv_bytes(rows(10), encoding="cp1252", separator=";")))
    assert "Windows-1252" in shown
    assert "punto y coma" in shown


def test_numbers_are_shown_as_they_would_be_read_and_asked_about(staff: Client) -> None:
    file = brought(staff, csv_bytes(rows(10, amount="1.250")))
    shown = " ".join(page(staff, file).split())
    assert "«1.250» se leerá como <strong>1.250</strong>" in shown
    assert "«1.250» se leerá como <strong>1,250</strong>" in shown
    assert answered(staff, file).state == _State.ASKING


def test_an_answer_lets_the_file_go_on(staff: Client) -> None:
    file = staged(staff, csv_bytes(rows(10, amount="1.250")), numbers="comma")
    assert file.state == _State.REVIEW
    assert file.plan["numbers"] == "comma"


def test_a_mapping_made_by_hand_is_remembered_for_that_shape(staff: Client) -> None:
    headings = (*HEADINGS[:5], "Importe", *HEADINGS[6:])
    file = brought(staff, csv_bytes(rows(10), headings=headings))
    assert "Falta la columna" in page(staff, file)
    answered(staff, file, c5="sequence_value")
    assert ColumnMapping.objects.count() == 1
    again = brought(staff, csv_bytes(rows(11), headings=headings))
    assert again.shown["questions"] == []
    assert "como usted las eligió la última vez" in page(staff, again)


def test_a_field_that_does_not_exist_is_told(staff: Client) -> None:
    file = brought(staff, csv_bytes(rows(10)))
    answered(staff, file, c5="no existe")
    assert file.state == _State.ASKING
    assert "No existe el campo «no existe»" in page(staff, file)


def test_errors_are_told_by_row_and_column(staff: Client) -> None:
    bad = [line(10, 1, "D", 5), line(10, 2, "C", "diecinueve")]
    file = staged(staff, csv_bytes([*bad, *rows(11)]))
    assert (file.wrong, file.new) == (1, 1)
    told = "Fila 3, columna VALOR DE LA SECUENCIA (OBLIGATORIO): «diecinueve» no es un número."
    assert told in page(staff, file)
    assert "y dejar 1 por fuera" in " ".join(page(staff, file).split())


def test_rejected_rows_come_back_as_a_book_and_import_once_mended(staff: Client) -> None:
    bad = [line(10, 1, "D", 5), line(10, 2, "C", "diecinueve")]
    file = imported(staff, csv_bytes([*bad, *rows(11)]))
    answer: Any = staff.get(f"/admin/integrations/importfile/{file.pk}/rechazadas/")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    sheet = book.active
    assert [cell.value for cell in sheet[1]][-1] == "Qué corregir"
    assert "diecinueve" in str(sheet.cell(3, len(HEADINGS) + 1).value)
    assert sheet.max_row == 3
    sheet.cell(3, 6).value = 5
    out = io.BytesIO()
    book.save(out)
    mended = staged_book(staff, out.getvalue())
    assert (mended.new, mended.wrong) == (1, 0)


def staged_book(who: Client, body: bytes) -> ImportFile:
    file = answered(who, brought(who, body, "corregidas.xlsx"))
    staging.stage(file.pk)
    file.refresh_from_db()
    return file


def test_a_sent_document_is_shown_as_a_difference_and_left_alone(staff: Client) -> None:
    imported(staff, csv_bytes(rows(10)))
    SyncStanding.objects.filter(target=Target.SIIGO).update(status=Status.SYNCED, ever_present=True)
    file = imported(staff, csv_bytes(rows(10, amount=5)))
    assert (file.differing, file.done) == (1, 0)
    assert "119.000 → <strong>5</strong>" in " ".join(page(staff, file, "?ver=distintos").split())
    assert Movement.objects.get().total_debit == 119000


def test_a_sent_document_changes_where_the_person_says_so(staff: Client) -> None:
    imported(staff, csv_bytes(rows(10)))
    SyncStanding.objects.filter(target=Target.SIIGO).update(status=Status.SYNCED, ever_present=True)
    imported(staff, csv_bytes(rows(10, amount=5)), over_sent="on")
    assert Movement.objects.get().siigo_status == Status.CHANGED


def test_the_same_file_is_known_by_its_content(staff: Client) -> None:
    imported(staff, csv_bytes(rows(10)))
    file = brought(staff, csv_bytes(rows(10)), "otro nombre.csv")
    assert f"Este archivo ya se importó el {timezone.now():%d/%m/%Y} por ana" in " ".join(page(staff, file).split())


def test_confirming_twice_imports_once(staff: Client) -> None:
    file = staged(staff, csv_bytes(rows(10)))
    before = OrmQ.objects.count()
    for _ in range(2):
        staff.post(f"/admin/integrations/importfile/{file.pk}/importar/hacer/")
    assert OrmQ.objects.count() == before + 1


def test_a_task_that_runs_out_of_time_hands_over_to_another(staff: Client) -> None:
    file = answered(staff, brought(staff, csv_bytes(rows(*range(1, 1200)))))
    before = OrmQ.objects.count()
    staging.stage(file.pk, seconds=1e-9)
    file.refresh_from_db()
    assert (file.state, file.documents.count(), OrmQ.objects.count()) == (_State.STAGING, 500, before + 1)
    staging.stage(file.pk)
    file.refresh_from_db()
    assert (file.state, file.new) == (_State.REVIEW, 1199)


def test_two_tasks_never_work_on_one_file(staff: Client) -> None:
    file = answered(staff, brought(staff, csv_bytes(rows(10))))
    with work_lease.lease(file.pk, _State.STAGING):
        assert staging.stage(file.pk) == "ya se había hecho"


def test_a_file_whose_worker_died_is_taken_up_again(staff: Client) -> None:
    file = answered(staff, brought(staff, csv_bytes(rows(10))))
    killed = BackgroundJob.objects.filter(task=STAGE, key=str(file.pk))
    killed.update(state=BackgroundJob.State.RUNNING, process="otra:1", alive_until=timezone.now())
    ImportFile.objects.update(busy_until=timezone.now() + timedelta(hours=1))
    assert job_runs.end_the_dead() == 1
    assert (killed.get().state, OrmQ.objects.count()) == (BackgroundJob.State.WAITING, 2)
    assert "documentos revisados" in staging.stage(file.pk)


def test_a_refused_file_leaves_no_trace_but_its_reason(staff: Client) -> None:
    file = brought(staff, b"\x89PNG\r\n\x1a\n" + b"x" * 100, "foto.csv")
    assert file.state == _State.REFUSED
    assert "una imagen" in page(staff, file)
    assert not ImportPiece.objects.exists()


def test_a_cancelled_file_leaves_no_trace(staff: Client) -> None:
    file = staged(staff, csv_bytes(rows(10)))
    staff.post(f"/admin/integrations/importfile/{file.pk}/cancelar/hacer/")
    assert not StagedDocument.objects.exists()
    assert "no se importó nada" in page(staff, file)


def test_the_bytes_go_once_the_import_is_confirmed(staff: Client) -> None:
    file = staged(staff, csv_bytes(rows(10)))
    assert ImportPiece.objects.exists()
    confirmation.confirm(file.pk)
    assert not ImportPiece.objects.exists()


def test_who_lacks_the_permission_sees_nothing(staff: Client) -> None:
    file = staged(staff, csv_bytes(rows(10)))
    luis = person("ledger.view_movement")
    base = f"/admin/integrations/importfile/{file.pk}/"
    assert [luis.get(path).status_code for path in (ADD, f"{base}change/", f"{base}rechazadas/")] == [403] * 3
    assert luis.post(f"{base}importar/hacer/").status_code == 403


def test_who_may_not_write_a_kind_can_not_import_it(staff: Client) -> None:
    luis = person("integrations.import_importfile", "ledger.add_movement", "ledger.change_movement")
    luis.post(ADD, {"file": SimpleUploadedFile("a.csv", csv_bytes(rows(10))), "kind": Kind.ARTICLE.value})
    assert not ImportFile.objects.exists()


def test_the_menu_has_both_entries(staff: Client) -> None:
    shown = staff.get("/admin/").content.decode()
    assert "Importar archivo" in shown
    assert "Importaciones anteriores" in shown


@pytest.mark.parametrize("kind", list(Kind))
def test_the_example_of_a_template_is_never_brought_in(staff: Client, kind: Kind) -> None:
    with template.template_workbook(kind) as book:
        file = answered(staff, brought(staff, book.read(), "plantilla.xlsx", kind.value))
    staging.stage(file.pk)
    file.refresh_from_db()
    assert (file.new, file.wrong) == (0, 0)


def test_the_first_step_offers_the_templates(staff: Client) -> None:
    shown = staff.get("/admin/integrations/importfile/add/").content.decode()
    assert [kind for kind in Kind if f"/admin/plantilla/{kind}/" not in shown] == []


def test_a_published_request_goes_through_the_same_steps(staff: Client) -> None:
    body = (Path(__file__).parents[2] / "published" / "siigo-movements.json").read_bytes()
    file = brought(staff, body, "pedido.json")
    staging.stage(file.pk)
    staff.post(f"/admin/integrations/importfile/{file.pk}/importar/hacer/")
    confirmation.run(file.pk)
    file.refresh_from_db()
    assert (file.state, file.done) == (_State.DONE, 1)


def test_a_document_of_xml_goes_through_the_same_steps(staff: Client) -> None:
    body = (Path(__file__).parents[2] / "published" / "sag-articles.xml").read_bytes()
    file = brought(staff, body, "articulos.xml")
    staging.stage(file.pk)
    staff.post(f"/admin/integrations/importfile/{file.pk}/importar/hacer/")
    confirmation.run(file.pk)
    assert Article.objects.count() == 1


def test_dates_that_say_the_same_either_way_are_shown_and_not_asked(staff: Client) -> None:
    headings = ("CodigoFuente", "NumeroDocumento", "FechaDocumento", "CodigoArticulo", "Cantidad")
    shown = page(staff, brought(staff, csv_bytes([["FV", 1, "2026-12-03", "A", 1]], headings=headings)))
    assert "«2026-12-03» se leerá como <strong>03/12/2026</strong>" in shown
    assert 'name="dates"' not in shown


def test_a_file_that_can_not_be_read_says_what_it_is_and_what_is_expected(staff: Client) -> None:
    shown = page(staff, brought(staff, b"\x89PNG\r\n\x1a\n" + b"0" * 99, "foto.xlsx"))
    assert "El archivo es una imagen: se espera un libro de Excel (.xlsx), un CSV, un JSON o un XML." in shown
