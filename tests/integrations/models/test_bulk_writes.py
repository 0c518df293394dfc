"""Rows by the thousand: what is written is what `save` would have written, on either database."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from integrations.choices import Kind, Target
from integrations.models import SyncStanding
from integrations.models.bulk_writes import insert_alike, insert_many, insert_unkeyed, update_many
from integrations.standings import transitions
from integrations.standings.search_keys import FORM, key_of
from ledger.models import Movement, MovementLine
from tests import builders

pytestmark = pytest.mark.django_db
AWKWARD = "Ñandú\t\\N «a''b»\nsegunda {línea}, 100 %"


def movements(count: int) -> list[Movement]:
    company = builders.company()
    made = [Movement(company=company, external_id=f"m{number}", observations=AWKWARD) for number in range(count)]
    insert_many(made)
    return made


def columns(row: Any) -> dict[str, Any]:
    held = {column.attname: getattr(row, column.attname) for column in row._meta.concrete_fields}
    del held["id"]
    return held


def test_rows_inserted_together_have_the_keys_under_which_they_are_found() -> None:
    made = movements(3)
    assert list(Movement.objects.filter(pk__in=[one.pk for one in made]).order_by("pk")) == made


def test_parts_inserted_together_keep_their_texts_whatever_is_in_them() -> None:
    [movement] = movements(1)
    insert_unkeyed([MovementLine(movement=movement, position=place, description=AWKWARD) for place in (1, 2)])
    assert list(movement.lines.values_list("position", "description")) == [(1, AWKWARD), (2, AWKWARD)]


def test_no_part_is_there_where_one_of_them_is_refused() -> None:
    [movement] = movements(1)
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_unkeyed([MovementLine(movement=movement, position=1), MovementLine(movement=movement, position=1)])
    assert not movement.lines.exists()


def test_a_column_named_twice_is_written_once() -> None:
    made = movements(2)
    for one in made:
        one.observations = "otra"
    update_many(made, ["observations", "prefix", "observations"])
    assert set(Movement.objects.values_list("observations", flat=True)) == {"otra"}


def test_standings_registered_together_are_as_those_that_are_saved_one_by_one() -> None:
    one, other = movements(2)
    transitions.registering([one])
    SyncStanding(kind=Kind.MOVEMENT, record_id=other.pk, target=Target.SAG, company=other.company).save()
    together = SyncStanding.objects.get(record_id=one.pk, target=Target.SAG)
    alone = SyncStanding.objects.get(record_id=other.pk, target=Target.SAG)
    assert columns(together) == columns(alone) | {"record_id": one.pk, "search_key": together.search_key}
    assert FORM.fullmatch(key_of(together))


def test_a_thousand_rows_alike_are_one_statement() -> None:
    pattern = SyncStanding(kind=Kind.MOVEMENT, target=Target.SIIGO, company=builders.company())
    with CaptureQueriesContext(connection) as asked:
        insert_alike(pattern, {"record_id": range(1, 1001)})
    assert (len(asked), SyncStanding.objects.count()) == (1, 1000)


def test_among_finds_texts_with_any_letter_in_them() -> None:
    company = builders.company()
    names = [AWKWARD, "a,b", '"c"', "{d}", "NULL", "e\\"]
    insert_many([Movement(company=company, external_id=name) for name in [*names, "otra"]])
    assert set(Movement.objects.filter(external_id__among=names).values_list("external_id", flat=True)) == set(names)


def test_among_nothing_finds_nothing() -> None:
    movements(1)
    assert not Movement.objects.filter(external_id__among=[]).exists()


def test_among_finds_the_numbers_asked_for() -> None:
    company = builders.company()
    insert_many([Movement(company=company, external_id=f"m{n}", number=n) for n in (7, 8, 9_000_000_000)])
    found = Movement.objects.filter(number__among={7, 9_000_000_000}).values_list("number", flat=True)
    assert set(found) == {7, 9_000_000_000}
