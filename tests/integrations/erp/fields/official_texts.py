"""What the official texts publish, extracted from their pages where they are at hand."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

PROJECT = Path(__file__).resolve().parents[4]
SIIGO_TEXT = "siigo-pyme-export-movements.official.md"
SAG_TEXT = "sag-web-service.official.md"

RANGES = {
    "PV1": [f"PV{each}" for each in range(1, 9)],
    "PV1TC": [f"PV{each}TC" for each in range(1, 9)],
    "otroDato1": [f"otroDato{each}" for each in range(1, 11)],
    "DiasPp1": [f"DiasPp{each}" for each in range(1, 4)],
    "FechaPp1": [f"FechaPp{each}" for each in range(1, 4)],
    "Campo01Detalle": [f"Campo{each:02}Detalle" for each in range(1, 9)],
    "Dato1": [f"Dato{each}" for each in range(1, 31)],
}
"""First name → every name that the table's «hasta» or «1 - 30» means."""

_TABLES = {
    "<cliente>": "sag-client",
    "<tercero>": "sag-third-party",
    "<articulo>": "sag-article",
    "<Movimiento>": "sag-movement",
    "<MovimientoDetalle>": "sag-movement-line",
    "<MovimientosOtrosDatos>": "sag-other-data",
    "MovimientoMediosPagos": "sag-payment",
}
_NODES = {
    "cliente": "sag-client",
    "articulo": "sag-article",
    "Movimiento": "sag-movement",
    "MovimientoDetalle": "sag-movement-line",
    "MovimientoOtrosDatos": "sag-other-data",
    "MovimientoMediosPagos": "sag-payment",
}
_NOTES = {"sag-third-party": ("nitActual", "email", "dirección"), "sag-client": ("email",)}
"""Names that stand in a note, or whose table row lost its name to the page's protection of addresses."""

_ROW = re.compile(r"^([A-Za-z]\w+) \|", re.MULTILINE)
_NOT_A_NAME = {"String", "Numeric", "Nodo", "Char", "Tipo", "Campo", "Entrada", "Valor "}


def folder() -> Path | None:
    """Where the official texts are: OFFICIAL_TEXTS, else `shared/reference` beside the project; or None."""
    given = os.environ.get("OFFICIAL_TEXTS")
    place = Path(given) if given else PROJECT.parent / "shared" / "reference"
    return place if (place / SIIGO_TEXT).exists() and (place / SAG_TEXT).exists() else None


def siigo_request(text: str) -> dict[str, Any]:
    """The printed request."""
    start = text.index('{ "id_connection"')
    request: dict[str, Any] = json.JSONDecoder().raw_decode(text[start:])[0]
    return request


def siigo_names(text: str) -> list[str]:
    """The table's names, once each, in order."""
    rows = re.findall(r"^[^|\n]+ \| ([a-z]\w+) \| (?:string|number) \|$", text, re.MULTILINE)
    return list(dict.fromkeys([*rows, *siigo_request(text)["data"]["list"][0]]))


def sag_documents(text: str) -> list[str]:
    """The printed XML documents, as they are; what isn't whole XML is a sketch, not an example."""
    found = re.findall(r"^<(clientes|articulos|Movimientos)>\n(.*?)^</\1>$", text, re.MULTILINE | re.DOTALL)
    documents = (f"<{root}>\n{body}</{root}>" for root, body in found)
    return [document for document in documents if _is_whole(document)]


def _is_whole(document: str) -> bool:
    try:
        ET.fromstring(document)
    except ET.ParseError:
        return False
    return True


def sag_names(text: str) -> dict[str, list[str]]:
    """Catalogue key → every published attribute: tables with ranges expanded, notes, examples."""
    names: dict[str, list[str]] = {key: [] for key in _TABLES.values()}
    for key, name in (*_table_names(text), *_note_names(), *_example_names(text)):
        if name not in names[key]:
            names[key].append(name)
    return names


def _table_names(text: str) -> Iterator[tuple[str, str]]:
    key = ""
    for line in text.splitlines():
        for mark, table in _TABLES.items():
            if line.startswith(f"{mark} |"):
                key = table
        match = _ROW.match(line)
        if line.startswith(("Al procesar", "<clientes>", "<articulos>", "NOTA:")):
            key = ""
        if key and match and match[1] not in _NOT_A_NAME and match[1] != "MovimientoMediosPagos":
            yield from ((key, name) for name in RANGES.get(match[1], [match[1]]))


def _note_names() -> Iterator[tuple[str, str]]:
    for key, names in _NOTES.items():
        yield from ((key, name) for name in names)


def _example_names(text: str) -> Iterator[tuple[str, str]]:
    for document in sag_documents(text):
        for node in ET.fromstring(document).iter():
            if node.tag in _NODES:
                yield from ((_NODES[node.tag], name) for name in node.attrib)
