"""A file that was exported here, brought back by the pages: no question, and nothing to import."""

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from integrations.files.importing import confirmation, staging
from integrations.models import ImportFile
from ledger.models import Movement
from tests import builders

pytestmark = pytest.mark.django_db
ADD = "/admin/integrations/importfile/add/"


def exported(who: Client, form: str) -> bytes:
    answer: Any = who.post("/admin/ledger/movement/exportar/", {"formato": form})
    return b"".join(answer.streaming_content)  # the client closes it at its end


def staged(who: Client, body: bytes, name: str) -> ImportFile:
    who.post(ADD, {"file": SimpleUploadedFile(name, body), "kind": ""})
    file = ImportFile.objects.latest("pk")
    staging.stage(file.pk)
    file.refresh_from_db()
    return file


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_an_export_comes_back_without_a_question_and_changes_nothing(staff: Client, form: str) -> None:
    builders.voucher(1001)
    builders.order("OC-1")
    file = staged(staff, exported(staff, form), f"todo.{form}")
    assert (file.state, file.same, file.new, file.changed, file.wrong) == (ImportFile.State.REVIEW, 2, 0, 0, 0)
    assert staff.get(f"/admin/integrations/importfile/{file.pk}/change/").status_code == 200


def test_what_was_corrected_in_an_export_is_imported(staff: Client) -> None:
    movement = builders.voucher(1001)
    rows = list(csv.reader(io.StringIO(exported(staff, "csv").decode("utf-8-sig")), delimiter=";"))
    place = rows[0].index("Observaciones")
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows([rows[0], *([*r[:place], "Corregido", *r[place + 1 :]] for r in rows[1:])])
    file = staged(staff, out.getvalue().encode(), "todo.csv")
    staff.post(f"/admin/integrations/importfile/{file.pk}/importar/hacer/", {})
    confirmation.run(file.pk)
    movement.refresh_from_db()
    assert (movement.observations, Movement.objects.count()) == ("Corregido", 1)
