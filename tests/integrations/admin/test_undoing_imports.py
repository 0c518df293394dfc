"""An import is undone as long as nothing of it left: what it made goes, what it changed comes back."""

import json
from contextlib import suppress
from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, DELETION
from django.core.management import call_command
from django.test import Client

from integrations.choices import Status, Target
from integrations.files.importing import undoing
from integrations.models import Connection, HandChange, ImportFile, SyncBatch, SyncStanding
from integrations.standings import transitions
from ledger.models import Movement
from tests import builders
from tests.integrations.admin.conftest import person
from tests.integrations.admin.importing import address, imported, page
from tests.integrations.files.tables import csv_bytes, voucher

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _company() -> None:
    builders.company()


def rows(*numbers: int, amount: object = 119000) -> bytes:
    return csv_bytes([row for number in numbers for row in voucher(number, amount)])


def undone(who: Client, file: ImportFile, **form: str) -> ImportFile:
    who.post(address(file, "deshacer/"), form)
    undoing.run(file.pk)
    file.refresh_from_db()
    return file


def asked(who: Client, file: ImportFile, query: str = "") -> str:
    return " ".join(who.get(address(file, f"deshacer/{query}")).content.decode().split())


def test_what_an_import_made_goes_and_leaves_one_entry_a_record(staff: Client) -> None:
    file = imported(staff, rows(10, 11))
    assert "Se elimina lo que esta importación agregó: <strong>2 movimientos contables</strong>." in asked(staff, file)
    undone(staff, file)
    assert (file.state, Movement.objects.count(), SyncStanding.objects.count()) == ("undone", 0, 0)
    assert (
        HandChange.objects.filter(action_flag=DELETION, change_message__contains=f"importación {file.pk}").count() == 2
    )


def test_what_an_import_changed_is_as_it_was(staff: Client) -> None:
    imported(staff, rows(10))
    before = Movement.objects.get()
    lines = list(before.lines.values_list("position", "account", "amount", "tax_id", "siigo"))
    file = imported(staff, rows(10, amount="1234.56"))
    assert Movement.objects.get().total_debit != before.total_debit
    undone(staff, file)
    movement = Movement.objects.get()
    assert (movement.total_debit, movement.party_tax_id) == (before.total_debit, before.party_tax_id)
    assert list(movement.lines.values_list("position", "account", "amount", "tax_id", "siigo")) == lines
    assert HandChange.objects.filter(action_flag=CHANGE).count() == 1


def test_what_left_or_may_have_left_stays_and_is_told(staff: Client) -> None:
    file = imported(staff, rows(10, 11, 12))
    sent, queued, _ = Movement.objects.order_by("number")
    of_siigo = SyncStanding.objects.filter(target=Target.SIIGO)
    of_siigo.filter(record_id=sent.pk).update(status=Status.SYNCED, ever_present=True)
    of_siigo.filter(record_id=queued.pk).update(status=Status.QUEUED)
    shown = asked(staff, file)
    assert "Ya se envió a Siigo" in shown
    assert "En Siigo está «En cola»." in shown
    undone(staff, file)
    assert set(Movement.objects.values_list("number", flat=True)) == {10, 11}
    assert "se eliminaron 1, volvieron a como estaban 0 y se quedan 2" in page(staff, file)


def test_a_changed_one_that_is_on_its_way_stays(staff: Client) -> None:
    imported(staff, rows(10))
    file = imported(staff, rows(10, amount=5))
    SyncStanding.objects.filter(target=Target.SIIGO).update(status=Status.QUEUED)
    undone(staff, file)
    assert Movement.objects.get().total_debit == 5


def test_what_was_changed_here_since_stays_unless_a_person_says_otherwise(staff: Client) -> None:
    file = imported(staff, rows(10, 11))
    movement = Movement.objects.get(number=10)
    with transitions.editing(movement):
        movement.observations = "Corregido"
        movement.save()
    assert "Se cambió aquí después de importarlo." in asked(staff, file)
    undone(staff, file)
    assert [one.number for one in Movement.objects.all()] == [10]
    undone(staff, file, editados="1")
    assert not Movement.objects.exists()


def test_an_update_of_what_an_erp_has_is_put_back_and_is_sent_again(staff: Client) -> None:
    imported(staff, rows(10))
    row = SyncStanding.objects.get(target=Target.SIIGO)
    transitions.move(row, "mirrored", version_sent=row.version)  # type: ignore[arg-type]
    file = imported(staff, rows(10, amount=5), over_sent="on")
    assert Movement.objects.get().siigo_status == Status.CHANGED
    undone(staff, file)
    movement = Movement.objects.get()
    assert (int(movement.total_debit), movement.siigo_status) == (119000, Status.SYNCED.value)


def test_undoing_in_pieces_goes_on_where_it_stopped(staff: Client) -> None:
    file = imported(staff, rows(*range(1, 520)))
    staff.post(address(file, "deshacer/"))
    undoing.run(file.pk, seconds=1e-9)
    assert Movement.objects.count() == 19
    undoing.run(file.pk)
    assert not Movement.objects.exists()


def test_what_came_in_before_an_import_was_cancelled_can_be_undone(staff: Client) -> None:
    file = imported(staff, rows(10))
    ImportFile.objects.update(state=ImportFile.State.CANCELLED)
    assert "Deshacer importación" in page(staff, file)
    undone(staff, file)
    assert not Movement.objects.exists()


def test_who_may_not_delete_does_not_undo(staff: Client) -> None:
    file = imported(staff, rows(10))
    luis = person("integrations.import_importfile", "ledger.add_movement", "ledger.change_movement")
    assert luis.get(address(file, "deshacer/")).status_code == 403
    assert "Deshacer importación" not in page(luis, file)


def told(capsys: Any, *arguments: str) -> dict[str, Any]:
    capsys.readouterr()
    with suppress(SystemExit):
        call_command("undo_import", *arguments, "--json")
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_the_shell_says_what_it_would_do_and_does_it(staff: Client, capsys: Any) -> None:
    file = imported(staff, rows(10, 11))
    SyncStanding.objects.filter(target=Target.SIIGO, record_id=Movement.objects.earliest("pk").pk).update(
        verify_first=True
    )
    number = str(file.pk)
    assert (told(capsys, number, "--dry-run")["deleted"], Movement.objects.count()) == (1, 2)
    done = told(capsys, number)
    assert (done["deleted"], done["kept"], Movement.objects.count()) == (1, 1, 1)


def test_the_finished_page_leads_to_its_records_and_sends_those_that_are_ready(
    staff: Client, siigo: Connection
) -> None:
    builders.voucher(99)
    unready = csv_bytes([*voucher(10), *voucher(11), *voucher(12)[:1]])
    file = imported(staff, unready)
    shown = page(staff, file)
    assert f'href="/admin/ledger/movement/?importacion={file.pk}">Ver los 3</a>' in shown
    assert "Enviar los 2 listos a Siigo" in shown
    listed = staff.get(f"/admin/ledger/movement/?importacion={file.pk}")
    assert {one.number for one in listed.context["cl"].result_list} == {10, 11, 12}
    answer = staff.post(address(file, "enviar/siigo/"))
    assert (SyncBatch.objects.get().selected_count, "/confirmar/" in answer["Location"]) == (2, True)
