"""*Eliminar* of a list: thousands at once, without what an ERP has or may have, and with a page before."""

from typing import Any

import pytest
from django.contrib.admin.models import DELETION
from django.test import Client

from integrations.choices import Status, Target
from integrations.models import HandChange, SyncStanding
from ledger.models import Movement
from tests import builders
from tests.integrations.admin.conftest import person
from tests.integrations.admin.test_large_selections import vouchers

pytestmark = pytest.mark.django_db
LIST = "/admin/ledger/movement/"
MANY = 1_200


def chosen(who: Client, *movements: Movement, **form: str) -> Any:
    ids = [str(movement.pk) for movement in movements]
    return who.post(LIST, {"action": "delete_selected", "index": "0", "_selected_action": ids, **form})


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_nothing_goes_before_the_page_that_says_what_goes_and_what_stays(staff: Client) -> None:
    new, sent = builders.voucher(1), builders.voucher(2)
    of_siigo = SyncStanding.objects.filter(target=Target.SIIGO, record_id=sent.pk)
    of_siigo.update(status=Status.SYNCED, ever_present=True, reference="FV-2")
    shown = text(chosen(staff, new, sent))
    assert "¿Eliminar <strong>1 movimiento contable</strong>?" in shown
    assert "Ya se envió a Siigo. Anúlelo en Siigo" in shown
    assert Movement.objects.count() == 2
    chosen(staff, new, sent, confirmado="2")
    assert list(Movement.objects.all()) == [sent]
    assert HandChange.objects.filter(action_flag=DELETION).count() == 1


def test_thousands_go_at_once_with_their_lines_and_standings(staff: Client) -> None:
    vouchers(MANY)
    first = Movement.objects.earliest("pk")
    assert f"Sí, eliminar {MANY} movimientos contables" in text(chosen(staff, first, select_across="1"))
    chosen(staff, first, select_across="1", confirmado=str(MANY))
    assert (Movement.objects.count(), SyncStanding.objects.count()) == (0, 0)
    assert HandChange.objects.filter(action_flag=DELETION).count() == MANY


def test_a_selection_that_changed_meanwhile_is_shown_again(staff: Client) -> None:
    first = builders.voucher(1)
    chosen(staff, first, select_across="1")
    builders.voucher(2)
    assert "La selección cambió" in text(chosen(staff, first, select_across="1", confirmado="1"))
    assert Movement.objects.count() == 2


def test_who_may_not_delete_is_not_offered_to(staff: Client) -> None:
    movement = builders.voucher(1)
    luis = person("ledger.view_movement", "ledger.change_movement")
    chosen(luis, movement, confirmado="1")
    assert Movement.objects.count() == 1
