"""The layout of the house, as `python -m tests.architecture.house` prints it, stays within its limits."""

from pathlib import Path

import pytest

from tests.architecture.house import Layout, layout, sizes, undocumented_doors

ROOT = Path(__file__).resolve().parents[2]
MOST_ROOMS, MOST_ARROWS = 20, 200
MOST_LINES_OF_A_FUNCTION = 30


@pytest.fixture(scope="module")
def imports() -> Layout:
    return layout(ROOT)


def test_no_import_points_against_the_layers(imports: Layout) -> None:
    assert imports.against_the_layers == set()


def test_no_modules_import_each_other_in_a_circle(imports: Layout) -> None:
    assert imports.circles == []


def test_the_rooms_are_few(imports: Layout) -> None:
    assert len(imports.rooms) <= MOST_ROOMS


def test_the_arrows_between_rooms_are_few(imports: Layout) -> None:
    assert len(imports.arrows) <= MOST_ARROWS


def test_no_function_is_too_long() -> None:
    assert sizes(ROOT).functions[-1] <= MOST_LINES_OF_A_FUNCTION


def test_every_name_that_another_room_uses_says_what_it_does() -> None:
    assert undocumented_doors(ROOT) == []
