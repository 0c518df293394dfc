"""Siigo's errors as sentences, whatever their shape: text, list, objects, or objects keyed by row or field.

assumed, all of it: no error body is documented. Row numbers are shown as they come.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

_ROW_KEYS = ("row", "line", "fila", "linea", "línea", "index", "sequence", "secuencia")
_FIELD_KEYS = ("field", "campo", "property", "column", "columna", "reference")
_TEXT_KEYS = (
    "message",
    "mensaje",
    "msg",
    "error",
    "errors",
    "detail",
    "description",
    "descripcion",
    "constraints",
)
_ROW_NAME = re.compile(r"(?:(?:row|line|fila|l[ií]nea|list)[\s._\[]*)?(\d{1,9})\]?", re.IGNORECASE)
_ROW_IN_TEXT = re.compile(r"(?:fila|l[ií]nea|row|line)\s*(?:n[.°º]*\s*)?(\d{1,9})(?!\d)\s*[:,.\-]?\s*", re.IGNORECASE)
_SEVERAL_IN_TEXT = re.compile(r"[;|\n]\s*(?=(?:fila|l[ií]nea|row|line)\s*\d)", re.IGNORECASE)
_POSITION = re.compile(r"\d{1,9}")
_MOST_SHOWN = 20
_MOST_READ = 1000
_DEPTH = 6


@dataclass(frozen=True, slots=True)
class Complaint:
    """One sentence of Siigo's. `row` is a position in the list that was sent, `field` a name as Siigo wrote it."""

    text: str
    row: int | None = None
    field: str = ""

    def sentence(self, labels: Mapping[str, str]) -> str:
        """«Línea 3, cuenta contable: no existe». `labels`: wire name → Spanish."""
        label = labels.get(self.field, self.field.replace("_", " ")).lower()
        place = ", ".join(part for part in (f"línea {self.row}" if self.row is not None else "", label) if part)
        return f"{place[0].upper()}{place[1:]}: {self.text}" if place else self.text


def complaints(errors: Any, labels: Mapping[str, str]) -> list[str]:
    """The sentences of `errors`, at most 20: "Línea 3, cuenta contable: no existe"."""
    read = islice(_complaints(errors, "", "", 0), _MOST_READ)
    return list(dict.fromkeys(complaint.sentence(labels) for complaint in read))[:_MOST_SHOWN]


def located_complaints(errors: Any) -> list[Complaint]:
    """The sentences of `errors` with the row and the field that each one names, also those that a text names."""
    located = (part for complaint in _complaints(errors, "", "", 0) for part in _of_text(complaint))
    return list(dict.fromkeys(islice(located, _MOST_READ)))


def _complaints(node: Any, row: str, name: str, depth: int) -> Iterator[Complaint]:
    if depth > _DEPTH:
        return
    if isinstance(node, list):
        for part in node:
            yield from _complaints(part, row, name, depth + 1)
    elif isinstance(node, dict):
        yield from _of_object(node, row, name, depth + 1)
    elif node is not None and str(node).strip():
        yield Complaint(str(node).strip(), int(row) if _POSITION.fullmatch(row) else None, name)


def _of_text(complaint: Complaint) -> Iterator[Complaint]:
    """A text may name its row in words, and hold several sentences one after another."""
    for part in _SEVERAL_IN_TEXT.split(complaint.text):
        found = _ROW_IN_TEXT.match(part) if complaint.row is None else None
        rest = part[found.end() :].strip() if found else ""
        if found and rest:
            yield replace(complaint, text=rest, row=int(found[1]))
        else:
            yield replace(complaint, text=part.strip())


def _of_object(node: Mapping[Any, Any], row: str, name: str, depth: int) -> Iterator[Complaint]:
    lower = {str(key).strip().lower(): value for key, value in node.items()}
    row = _first(lower, _ROW_KEYS) or row
    name = _first(lower, _FIELD_KEYS) or name
    texts = [lower[key] for key in _TEXT_KEYS if lower.get(key)]
    if texts:
        yield from _complaints(texts[0], row, name, depth)
        return
    for key, value in node.items():
        if str(key).strip().lower() not in (*_ROW_KEYS, *_FIELD_KEYS, "code", "codigo"):
            row_name = _ROW_NAME.fullmatch(str(key).strip())
            yield from _complaints(value, row_name[1] if row_name else row, name if row_name else str(key), depth)


def _first(node: Mapping[str, Any], keys: tuple[str, ...]) -> str:
    for key in keys:
        value = node.get(key)
        if isinstance(value, (str, int)) and not isinstance(value, bool) and str(value).strip():
            return str(value).strip()
    return ""
