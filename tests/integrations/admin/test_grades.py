"""The two grades of «Enviado»: aceptado ✓ and visto en el ERP ✓✓, on lists, on the record and in the commands."""

import json
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from integrations.choices import Status, Target
from integrations.models import Connection, SyncStanding
from integrations.models.clock import database_now
from ledger.models import Movement
from tests import builders
from tests.builders import standing_of

LIST = "/admin/ledger/movement/"


def arrived(number: int, *, seen: bool = False, look: bool = True) -> Movement:
    """A voucher that Siigo accepted; `seen`: a read found it; without `look`: a person's word is all there is."""
    movement = builders.voucher(number)
    now = database_now()
    SyncStanding.objects.filter(pk=standing_of(movement).pk).update(
        status=Status.SYNCED, seen_at=now if seen else None, look_at=now if look else None
    )
    Movement.objects.filter(pk=movement.pk).update(siigo_status=Status.SYNCED)
    return movement


@pytest.fixture
def three(siigo: Connection) -> list[Movement]:
    return [arrived(1), arrived(2, seen=True), arrived(3, look=False)]


def test_the_list_shows_the_grade_in_text_and_not_by_colour_alone(staff: Client, three: list[Movement]) -> None:
    page = staff.get(LIST).content.decode()
    assert page.count('class="visually-hidden">: visto en el ERP</span>') == 1
    assert page.count('class="visually-hidden">: aceptado, aún sin ver en el ERP</span>') == 1
    assert 'title="visto en el ERP"><span aria-hidden="true">✓✓</span> Enviado' in page
    assert page.count("Enviado</span>") == 1  # by a person's word: no grade


def test_the_grades_of_a_page_cost_one_query(staff: Client, siigo: Connection) -> None:
    counts = []
    for numbers in (range(1, 3), range(3, 30)):
        for number in numbers:
            arrived(number, seen=number % 2 == 0)
        with CaptureQueriesContext(connection) as queries:
            staff.get(LIST)
        counts.append(len(queries))
    assert counts[1] <= counts[0]


def test_the_filter_finds_what_is_accepted_and_not_seen_yet(staff: Client, three: list[Movement]) -> None:
    page = staff.get(f"{LIST}?siigo=sin_ver")
    assert [record.pk for record in page.context["cl"].result_list] == [three[0].pk]


@pytest.mark.parametrize(("place", "sentence"), [(0, "todavía no se ha visto allá"), (1, "✓✓ Visto en Siigo el")])
def test_the_record_says_how_sure_it_is(staff: Client, three: list[Movement], place: int, sentence: str) -> None:
    assert sentence in staff.get(f"{LIST}{three[place].pk}/change/").content.decode()


def test_the_first_day_explains_both(staff: Client) -> None:
    page = staff.get("/admin/primer-dia/").content.decode()
    assert ("✓✓" in page, "todavía no se ha visto allá" in page) == (True, True)


def test_sync_explain_says_the_grade(three: list[Movement], capsys: pytest.CaptureFixture[str]) -> None:
    found: list[Any] = []
    for movement in three:
        with pytest.raises(SystemExit):
            raise SystemExit(call_command("sync_explain", "movement", str(movement.pk), "--json"))
        found.append(json.loads(capsys.readouterr().out)["siigo"]["grade"])
    assert found == ["accepted", "seen", ""]


def test_sync_status_counts_the_grades_beside_the_states(
    three: list[Movement], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        raise SystemExit(call_command("sync_status", "--json"))
    counts = json.loads(capsys.readouterr().out)
    assert counts["movement"]["siigo"] == {"synced": 3}
    assert counts["grades"] == {"movement": {"siigo": {"accepted": 1, "seen": 1}}}


def test_nobody_sees_a_grade_on_what_was_changed_since(staff: Client, siigo: Connection) -> None:
    movement = arrived(1, seen=True)
    SyncStanding.objects.of(movement).filter(target=Target.SIIGO).update(status=Status.CHANGED)
    Movement.objects.filter(pk=movement.pk).update(siigo_status=Status.CHANGED)
    assert "visto en el ERP</span>" not in staff.get(LIST).content.decode()
