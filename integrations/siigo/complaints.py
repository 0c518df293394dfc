"""Siigo's errors as sentences, whatever their shape: text, list, objects, or objects keyed by row or field.

assumed, all of it: no error body is documented. Row numbers are shown as they come.
"""

import re
from collections.abc import Iterator, Mapping
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
_ROW_NAME = re.compile(r"(?:(?:row|line|fila|l[ií]nea|list)[\s._\[]*)?(\d+)\]?", re.IGNORECASE)
_MOST = 20
_DEPTH = 6


def complaints(errors: Any, labels: Mapping[str, str]) -> list[str]:
    """The sentences of `errors`, at most 20: "Línea 3, cuenta contable: no existe"."""
    found: list[str] = []
    for sentence in _sentences(errors, "", "", labels, 0):
        if sentence not in found:
            found.append(sentence)
        if len(found) == _MOST:
            break
    return found


def _sentences(node: Any, row: str, name: str, labels: Mapping[str, str], depth: int) -> Iterator[str]:
    if depth > _DEPTH:
        return
    if isinstance(node, list):
        for part in node:
            yield from _sentences(part, row, name, labels, depth + 1)
    elif isinstance(node, dict):
        yield from _of_object(node, row, name, labels, depth + 1)
    elif node is not None and str(node).strip():
        yield _placed(str(node).strip(), row, name, labels)


def _of_object(node: Mapping[Any, Any], row: str, name: str, labels: Mapping[str, str], depth: int) -> Iterator[str]:
    lower = {str(key).strip().lower(): value for key, value in node.items()}
    row = _first(lower, _ROW_KEYS) or row
    name = _first(lower, _FIELD_KEYS) or name
    texts = [lower[key] for key in _TEXT_KEYS if lower.get(key)]
    if texts:
        yield from _sentences(texts[0], row, name, labels, depth)
        return
    for key, value in node.items():
        if str(key).strip().lower() in (*_ROW_KEYS, *_FIELD_KEYS, "code", "codigo"):
            continue
        place = _ROW_NAME.fullmatch(str(key).strip())
        if place:
            yield from _sentences(value, place[1], name, labels, depth)
        else:
            yield from _sentences(value, row, str(key), labels, depth)


def _first(node: Mapping[str, Any], keys: tuple[str, ...]) -> str:
    for key in keys:
        value = node.get(key)
        if isinstance(value, (str, int)) and not isinstance(value, bool) and str(value).strip():
            return str(value).strip()
    return ""


def _placed(text: str, row: str, name: str, labels: Mapping[str, str]) -> str:
    label = labels.get(name, name.replace("_", " ")).lower()
    places = [f"línea {row}" if row else "", label]
    place = ", ".join(part for part in places if part)
    return f"{place[0].upper()}{place[1:]}: {text}" if place else text
