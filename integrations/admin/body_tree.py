"""JSON and XML as nested HTML lists. XML is parsed without entities."""

import json
from collections.abc import Iterable, Mapping
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException, ElementTree
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_MOST_CHARACTERS = 400_000
"""A larger body is shown as plain text: its tree would be a page too heavy for a browser."""

Labels = Mapping[str, str]


def as_tree(text: str, labels: Labels | None = None) -> SafeString:
    """The body as nested lists with the official label beside each name; text that is neither stays as it is."""
    try:
        items = _parsed(text.strip(), labels or {})
    except (ValueError, ParseError, DefusedXmlException, RecursionError):
        items = None
    return format_html('<pre class="crudo">{}</pre>' if items is None else '<ul class="arbol">{}</ul>', items or text)


def _parsed(text: str, labels: Labels) -> SafeString | None:
    """The list items of a body; None for one that is neither JSON nor XML, or too large."""
    if len(text) <= _MOST_CHARACTERS and text.startswith(("{", "[")):
        # Numbers are kept as they were written: 1.0 is not 1.
        return _from_json("", json.loads(text, parse_float=str, parse_int=str), labels)
    if len(text) <= _MOST_CHARACTERS and text.startswith("<"):
        return _from_xml(ElementTree.fromstring(text), labels)
    return None


def _leaf(name: str, value: object, labels: Labels) -> SafeString:
    html = '<li>{}<span class="clave">{}</span> <span class="valor">{}</span></li>'
    return format_html(html, _label(name, labels), name, "(vacío)" if value in ("", None) else value)


def _label(name: str, labels: Labels) -> SafeString | str:
    """The official label, which stands before the name in the payload."""
    label = labels.get(name, "")
    return format_html('<span class="rotulo">{}</span> ', label) if label else ""


def _branch(name: str, content: SafeString, labels: Labels) -> SafeString:
    html = '<li><details open><summary>{}<span class="clave">{}</span></summary><ul>{}</ul></details></li>'
    return format_html(html, _label(name, labels), name or "contenido", content)


def _from_json(name: str, value: Any, labels: Labels) -> SafeString:
    if isinstance(value, dict):
        children = [_from_json(key, child, labels) for key, child in value.items()]
        return _branch(name, _joined(children), labels)
    if isinstance(value, list):
        children = [_from_json(str(position), child, labels) for position, child in enumerate(value, 1)]
        return _branch(name, _joined(children), labels)
    if isinstance(value, bool):
        value = "true" if value else "false"
    return _leaf(name, value, labels)


def _from_xml(node: Element, labels: Labels) -> SafeString:
    name = _local(node.tag)
    text = (node.text or "").strip()
    if not node.attrib and not len(node) and not text.startswith("<"):
        return _leaf(name, text, labels)
    parts = [_leaf(_local(key), value, labels) for key, value in node.attrib.items()]
    if text.startswith("<"):
        parts.append(_inner(text, labels))
    elif text:
        parts.append(_leaf("texto", text, labels))
    parts += [_from_xml(child, labels) for child in node]
    return _branch(name, _joined(parts), labels)


def _joined(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def _inner(text: str, labels: Labels) -> SafeString:
    """An XML document that is the escaped text of an element, as in SAG's envelopes."""
    try:
        return _from_xml(ElementTree.fromstring(text), labels)
    except (ParseError, ValueError, DefusedXmlException):
        return _leaf("texto", text, labels)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
