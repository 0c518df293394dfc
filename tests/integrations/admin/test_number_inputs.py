"""A number typed with its prefix is both; any other text is told, and never no number."""

from typing import Any

import pytest
from django.test import Client

from integrations.models import Connection
from ledger.models import Movement
from tests import builders
from tests.integrations.admin.test_forms import save, url_of

pytestmark = pytest.mark.django_db


def page(client: Client, movement: Movement) -> str:
    return client.get(url_of(movement)).content.decode()


@pytest.mark.parametrize("typed", ["FE-1131", "FE1131", "FE 1131"])
def test_a_number_with_its_prefix_is_parted(staff: Client, siigo: Connection, typed: str) -> None:
    movement = builders.voucher()
    save(staff, movement, number=typed, prefix="")
    movement.refresh_from_db()
    assert (movement.prefix, movement.number) == ("FE", 1131)


def test_a_prefix_that_contradicts_the_number_is_told(staff: Client, siigo: Connection) -> None:
    movement = builders.voucher()
    before = movement.number
    answer: Any = save(staff, movement, number="FE-1131", prefix="SETT")
    assert "Trae el prefijo «FE» y en Prefijo dice «SETT»" in answer.content.decode()
    movement.refresh_from_db()
    assert movement.number == before


@pytest.mark.parametrize("typed", ["10-20", "once", "F-1-10", "1131 bis"])
def test_a_number_that_is_none_is_told_and_the_old_one_stays(staff: Client, siigo: Connection, typed: str) -> None:
    movement = builders.voucher()
    before = movement.number
    answer: Any = save(staff, movement, number=typed)
    assert f"«{typed}» no es un número entero" in answer.content.decode()
    movement.refresh_from_db()
    assert movement.number == before


def test_the_box_of_a_whole_number_sends_whatever_was_typed(staff: Client, siigo: Connection) -> None:
    assert 'type="number"' not in page(staff, builders.voucher())
