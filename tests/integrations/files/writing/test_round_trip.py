"""Out and in again changes no record, whatever the file it came from held."""

import csv
import json
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from integrations.choices import Kind
from integrations.files.file_formats import open_file
from integrations.files.intake import ImportResult, import_drafts
from integrations.files.writing.export_source import ExportSource, formats_of
from integrations.files.writing.exporting import export
from integrations.models.syncable import model_for
from tests import builders
from tests.integrations.files.writing import documents

pytestmark = pytest.mark.django_db
# Shrinking saves records hundreds of times: what fails is small enough as it is.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
ROUNDS = settings(max_examples=25, deadline=None, phases=PHASES, suppress_health_check=list(HealthCheck))


@pytest.fixture(autouse=True)
def _company() -> None:
    builders.company()


def taken_in(path: Path) -> ImportResult:
    return import_drafts(open_file(path).drafts, company=builders.company())


def exported(folder: Path, kind: Kind, form: str) -> Path:
    chosen = formats_of(kind)[form]
    made, _told = export(ExportSource(kind, model_for(kind)._default_manager.all(), chosen), chosen="todo")
    path = folder / f"otra-vez.{chosen.ending}"
    with made:
        path.write_bytes(made.read())
    return path


def comes_back(folder: Path, name: str, text: str, kind: Kind, *forms: str) -> None:
    """The records of a file, written in each format, are the records that are there."""
    model_for(kind)._default_manager.all().delete()
    path = folder / name
    path.write_text(text, encoding="utf-8")
    first = taken_in(path)
    assert first.errors == []
    for form in forms:
        again = taken_in(exported(folder, kind, form))
        assert (form, again.errors, again.created, again.updated) == (form, [], 0, 0)
        assert again.unchanged == first.created


@ROUNDS
@given(rows=documents.siigo_rows())
def test_vouchers_of_siigo_come_back_from_the_request(tmp_path_factory: Any, rows: list[dict[str, Any]]) -> None:
    folder = tmp_path_factory.mktemp("ida")
    comes_back(folder, "ida.json", json.dumps(rows, default=_as_number), Kind.MOVEMENT, "json", "csv", "xlsx")


@ROUNDS
@given(rows=documents.siigo_rows().map(documents.tidy))
def test_vouchers_come_back_from_the_model_of_siigo(tmp_path_factory: Any, rows: list[dict[str, Any]]) -> None:
    folder = tmp_path_factory.mktemp("ida")
    comes_back(folder, "ida.json", json.dumps(rows, default=_as_number), Kind.MOVEMENT, "siigo")


@ROUNDS
@given(text=documents.sag_documents())
def test_documents_of_sag_come_back_from_the_xml(tmp_path_factory: Any, text: str) -> None:
    comes_back(tmp_path_factory.mktemp("ida"), "ida.xml", text, Kind.MOVEMENT, "xml", "csv", "xlsx")


@ROUNDS
@given(text=documents.sag_documents())
def test_payments_that_somebody_moved_beside_the_lines_come_back_as_the_same(tmp_path_factory: Any, text: str) -> None:
    folder = tmp_path_factory.mktemp("ida")
    comes_back(folder, "ida.xml", text, Kind.MOVEMENT, "csv")
    moved = taken_in(with_payments_beside_the_lines(exported(folder, Kind.MOVEMENT, "csv")))
    assert (moved.errors, moved.created, moved.updated) == ([], 0, 0)


def with_payments_beside_the_lines(path: Path) -> Path:
    """The table with the first payment of each document in the row of its first line, and so on."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        headings, *rows = csv.reader(lines, delimiter=";")
    paid = [place for place, heading in enumerate(headings) if "edio de pago" in heading]
    key = headings.index("Número de documento")
    made: list[list[str]] = []
    for _number, group in groupby(rows, key=lambda row: row[key]):
        made += _beside([*group], paid)
    with path.open("w", encoding="utf-8-sig", newline="") as lines:
        csv.writer(lines, delimiter=";").writerows([headings, *made])
    return path


def _beside(rows: list[list[str]], paid: list[int]) -> list[list[str]]:
    payments = [row for row in rows if any(row[place] for place in paid)]
    lines = [row for row in rows if row not in payments]
    for line, payment in zip(lines, payments, strict=False):
        for place in paid:
            line[place] = payment[place]
    return [*lines, *payments[len(lines) :]]


MASTERS = st.one_of(
    documents.masters(Kind.CLIENT, {"documento": "800111222", "nombre": "Peña & Ñáñez"}).map(
        lambda text: (Kind.CLIENT, text)
    ),
    documents.masters(Kind.THIRD_PARTY, {"documentoActual": "0800111222"}).map(lambda text: (Kind.THIRD_PARTY, text)),
    documents.masters(Kind.ARTICLE, {"codigo": "007", "descripcion": "=Café"}).map(lambda text: (Kind.ARTICLE, text)),
)


@ROUNDS
@given(master=MASTERS)
def test_masters_come_back_from_the_xml(tmp_path_factory: Any, master: tuple[Kind, str]) -> None:
    kind, text = master
    comes_back(tmp_path_factory.mktemp("ida"), "ida.xml", text, kind, "xml", "csv", "xlsx")


def _as_number(value: object) -> float:
    assert isinstance(value, Decimal)
    return float(value)
