"""The published examples, and how a document of theirs becomes records."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from integrations.erp.fields.spec import Catalogue
from integrations.erp.fields.values import finish_dates, store
from integrations.erp.sag import fields as sag
from integrations.erp.siigo import fields as siigo
from tests.integrations.erp.fields.records import Line, Movement, Payment, Record

FOLDER = Path(__file__).resolve().parents[3] / "published"
MOVEMENTS = [f"sag-movement-{each}" for each in range(1, 6)]


def request() -> dict[str, Any]:
    """Siigo's printed request, numbers with decimals as Decimal."""
    text = (FOLDER / "siigo-movements.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text, parse_float=Decimal)
    return loaded


def document(name: str) -> ET.Element:
    """The first record of a printed SAG document."""
    return ET.parse(FOLDER / f"{name}.xml").getroot()[0]


def take(catalogue: Catalogue, record: Any, values: dict[str, Any]) -> Any:
    """Store every value of a published record."""
    for name, raw in values.items():
        store(record, catalogue.by_spelling[name], raw)
    finish_dates(record)
    return record


def siigo_line() -> Line:
    line = Line(movement=Movement(process_year=2024))
    take(siigo.MOVEMENT, line, request()["data"]["list"][0])
    return line


def sag_movement(name: str) -> tuple[Movement, list[Line], list[Payment]]:
    """A printed Movimiento as records."""
    node = document(name)
    movement: Movement = take(sag.MOVEMENT, Movement(), dict(node.attrib))
    for other in node.findall("MovimientoOtrosDatos"):
        take(sag.OTHER_DATA, movement, dict(other.attrib))
    lines = [_part(sag.MOVEMENT_LINE, Line, movement, each) for each in node.findall("MovimientoDetalle")]
    paid = [_part(sag.PAYMENT, Payment, movement, each) for each in node.findall("MovimientoMediosPagos")]
    return movement, lines, paid


def _part(catalogue: Catalogue, kind: type[Record], movement: Movement, node: ET.Element) -> Any:
    return take(catalogue, kind(movement=movement), dict(node.attrib))
