"""Reads the generated files with the standard library alone."""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, parse

from ledger.demo.files import Generated, write_files

TODAY = date(2026, 11, 21)
Key = tuple[str, int, int]


def generate(folder: Path, *, today: date = TODAY, seed: int = 2026) -> Generated:
    return write_files(folder, today=today, seed=seed)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def is_own(path: Path) -> bool:
    """Not a published example."""
    return not path.name.startswith("publicado-")


def requests(generated: Generated) -> Iterator[dict[str, Any]]:
    for file in generated.files:
        if file.target == "siigo" and is_own(file.path):
            yield json.loads(file.path.read_text(encoding="utf-8"), parse_float=Decimal)


def vouchers(generated: Generated) -> dict[Key, list[dict[str, Any]]]:
    """Rows by type, code and number."""
    found: dict[Key, list[dict[str, Any]]] = defaultdict(list)
    for request in requests(generated):
        for row in request["data"]["list"]:
            found[row["voucher_type"], row["voucher_code"], row["document_number"]].append(row)
    return found


def difference(rows: list[dict[str, Any]]) -> Decimal:
    return sum((row["sequence_value"] * (1 if row["debit_or_credit"] == "D" else -1) for row in rows), Decimal(0))


def elements(generated: Generated, tag: str) -> list[Element]:
    """Every `tag` of the company's own XML files."""
    own = (file.path for file in generated.files if file.path.suffix == ".xml" and is_own(file.path))
    return [element for path in own for element in parse(path).getroot().iter(tag)]
