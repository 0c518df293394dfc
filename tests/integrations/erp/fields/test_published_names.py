"""The catalogue has every published name and says where the rest comes from."""

import pytest

from integrations.erp.fields.spec import Certainty
from tests.integrations.erp.fields import official_texts
from tests.integrations.erp.fields.catalogues import CATALOGUES
from tests.published_names import PUBLISHED

BEYOND = {
    "sag-movement": {
        "PorcentajeDescuentoPp2": "notes: the series of the example's PorcentajeDescuentoPp1",
        "PorcentajeDescuentoPp3": "notes: the series of the example's PorcentajeDescuentoPp1",
    },
    "sag-other-data": {f"Dato{each:02}": "read only: the series of the example's Dato01" for each in range(2, 10)},
}
"""What the catalogue has beyond the published names, and from where."""


_PUBLISHED_KEYS = [key for key in CATALOGUES if key in PUBLISHED]


def test_what_nobody_published_is_marked_assumed() -> None:
    unpublished = [row for key in CATALOGUES if key not in PUBLISHED for row in CATALOGUES[key]]
    assert {row.certainty for row in unpublished} == {Certainty.ASSUMED}


@pytest.mark.parametrize("key", _PUBLISHED_KEYS)
def test_every_published_name_has_a_row(key: str) -> None:
    assert set(PUBLISHED[key]) - set(CATALOGUES[key].by_spelling) == set()


@pytest.mark.parametrize("key", _PUBLISHED_KEYS)
def test_what_goes_beyond_the_published_names_is_listed_with_its_origin(key: str) -> None:
    assert set(CATALOGUES[key].by_spelling) - set(PUBLISHED[key]) == set(BEYOND.get(key, {}))


def test_siigo_fields_keep_the_order_of_the_official_table() -> None:
    assert [row.name for row in CATALOGUES["siigo-movement"]] == list(PUBLISHED["siigo-movement"])


@pytest.mark.parametrize("key", CATALOGUES)
def test_no_name_stands_for_two_rows(key: str) -> None:
    spellings = [spelling for row in CATALOGUES[key] for spelling in row.spellings]
    assert len(spellings) == len(set(spellings))


@pytest.mark.parametrize("key", CATALOGUES)
def test_every_row_has_a_section_and_a_label(key: str) -> None:
    assert [row.name for row in CATALOGUES[key] if not (row.section and row.label)] == []


def _texts() -> tuple[str, str]:
    place = official_texts.folder()
    if place is None:
        pytest.skip("the official texts are not at hand: set OFFICIAL_TEXTS to their folder")
    siigo = (place / official_texts.SIIGO_TEXT).read_text(encoding="utf-8")
    return siigo, (place / official_texts.SAG_TEXT).read_text(encoding="utf-8")


def test_the_committed_names_of_siigo_are_those_of_its_text() -> None:
    siigo, _sag = _texts()
    assert list(PUBLISHED["siigo-movement"]) == official_texts.siigo_names(siigo)


def test_the_committed_names_of_sag_are_those_of_its_text() -> None:
    _siigo, sag = _texts()
    committed = {key: list(names) for key, names in PUBLISHED.items() if key.startswith("sag-")}
    assert committed == official_texts.sag_names(sag)


def test_siigo_labels_are_the_official_ones() -> None:
    siigo, _sag = _texts()
    rows = [line.split(" | ") for line in siigo.splitlines() if line.count(" | ") == 2]
    table = {name: label for label, name, _kind in rows}
    wrong = {
        row.name: row.label
        for row in CATALOGUES["siigo-movement"]
        if table[row.name].removesuffix(" (OBLIGATORIO)") != row.label
    }
    assert wrong == {}


def test_siigo_json_types_are_the_official_ones() -> None:
    siigo, _sag = _texts()
    rows = (line.rstrip(" |").split(" | ") for line in siigo.splitlines() if line.count(" | ") == 2)
    table = {row[1]: row[2] for row in rows if len(row) == 3}
    wrong = [row.name for row in CATALOGUES["siigo-movement"] if table[row.name] != row.wire_type.value]
    assert wrong == []
