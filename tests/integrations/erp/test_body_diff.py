"""What an update would change, told line by line and field by field, and the pages that show it."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from integrations.erp import body_diff
from integrations.erp.body_diff import ChangeKind
from tests.integrations.payloads.test_updates import drafted, synced_then_edited

pytestmark = pytest.mark.django_db(transaction=True)


def body(*lines: dict[str, Any]) -> str:
    return json.dumps({"data": {"list": list(lines)}})


ONE = {"accounting_account": 1305050001, "debit_or_credit": "D", "sequence_value": 100}
TWO = {"accounting_account": 4135050001, "debit_or_credit": "C", "sequence_value": 60}
THREE = {"accounting_account": 2408050001, "debit_or_credit": "C", "sequence_value": 40}


def kinds(before: str, now: str) -> list[ChangeKind]:
    return [line.kind for line in body_diff.line_changes(before, now, {})]


def test_a_value_that_changes_marks_its_line_only() -> None:
    assert kinds(body(ONE, TWO), body(ONE, TWO | {"sequence_value": 61})) == [ChangeKind.SAME, ChangeKind.CHANGED]


def test_a_line_put_between_two_does_not_mark_the_ones_after_it() -> None:
    assert kinds(body(ONE, THREE), body(ONE, TWO, THREE)) == [ChangeKind.SAME, ChangeKind.ADDED, ChangeKind.SAME]


def test_a_line_taken_out_is_told() -> None:
    assert kinds(body(ONE, TWO, THREE), body(ONE, THREE)) == [ChangeKind.SAME, ChangeKind.REMOVED, ChangeKind.SAME]


def test_the_count_of_the_lines_is_no_change() -> None:
    assert kinds(body(ONE | {"sequence": 1}), body(ONE | {"sequence": 2})) == [ChangeKind.SAME]


def test_numbers_written_in_another_way_are_no_change() -> None:
    assert kinds(body(ONE | {"sequence_value": Decimal(100).__float__()}), body(ONE)) == [ChangeKind.SAME]


@pytest.mark.parametrize("broken", ["{}", '{"data": null}', "{", "<a", ""])
def test_what_is_no_body_of_ours_is_not_compared(broken: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        body_diff.line_changes(broken, body(ONE), {})


def test_a_master_of_sag_is_compared_by_its_attributes() -> None:
    old, new = (
        '<clientes><cliente nombre="A" nit="1"/></clientes>',
        '<clientes><cliente nombre="B" nit="1"/></clientes>',
    )
    (line,) = body_diff.line_changes(old, new, {"nombre": "nombre"})
    assert [(one.label, one.found, one.sent) for one in line.differing] == [("nombre", "A", "B")]


def test_the_page_shows_the_field_before_and_after(siigo: Any) -> None:
    movement = synced_then_edited(siigo)
    staff = Client()
    staff.force_login(User.objects.create_superuser("ana", password="x"))
    page = staff.get(f"/admin/ledger/movement/{movement.pk}/cambios/siigo/").content.decode()
    assert "1 línea cambia, 2 líneas quedan iguales" in page
    assert "<strong>Cliente de contado</strong>" in page


def test_the_record_and_the_confirm_page_lead_to_what_changes(siigo: Any) -> None:
    movement = synced_then_edited(siigo)
    staff = Client()
    staff.force_login(User.objects.create_superuser("ana", password="x"))
    there = f"/admin/ledger/movement/{movement.pk}/cambios/siigo/"
    assert there in staff.get(f"/admin/ledger/movement/{movement.pk}/change/").content.decode()
    assert there in staff.get(f"/admin/lote/{drafted(movement).pk}/confirmar/").content.decode()
