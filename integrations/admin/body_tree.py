"""JSON and XML as a tree that a person can read. XML is parsed with entities off."""

import json
from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException, ElementTree
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_MOST_CHARACTERS = 400_000
"""A larger body is shown as it is: a tree of it would be slower to read than to fetch."""

Labels = Mapping[str, str]


def as_tree(text: str, labels: Labels | None = None) -> SafeString:
    """The body as nested lists with the official label beside each name; as it is where it is neither."""
    said = text.strip()
    labels = labels or {}
    if said and len(said) <= _MOST_CHARACTERS:
        try:
            if said[0] in "{[":
                # Numbers as they were written: 1.0 is not 1.
                return _list(_from_json("", json.loads(said, parse_float=str, parse_int=str), labels))
            if said[0] == "<":
                return _list(_from_xml(ElementTree.fromstring(said), labels))
        except (ValueError, ParseError, DefusedXmlException, RecursionError):
            pass
    return format_html('<pre class="crudo">{}</pre>', text)


def _list(items: SafeString) -> SafeString:
    return format_html('<ul class="arbol">{}</ul>', items)


def _leaf(name: str, value: object, labels: Labels) -> SafeString:
    return format_html(
        '<li>{}<span class="clave">{}</span> <span class="valor">{}</span></li>',
        _called(name, labels),
        name,
        "(vacío)" if value in ("", None) else value,
    )


def _called(name: str, labels: Labels) -> SafeString | str:
    """How staff call it, before the name under which it travels."""
    label = labels.get(name, "")
    return format_html('<span class="rotulo">{}</span> ', label) if label else ""


def _branch(name: str, content: SafeString, labels: Labels) -> SafeString:
    return format_html(
        '<li><details open><summary>{}<span class="clave">{}</span></summary><ul>{}</ul></details></li>',
        _called(name, labels),
        name or "contenido",
        content,
    )


def _from_json(name: str, value: Any, labels: Labels) -> SafeString:
    if isinstance(value, dict):
        content = format_html_join("", "{}", ((_from_json(key, one, labels),) for key, one in value.items()))
        return _branch(name, content, labels)
    if isinstance(value, list):
        rows = ((_from_json(str(position), one, labels),) for position, one in enumerate(value, 1))
        return _branch(name, format_html_join("", "{}", rows), labels)
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
    return _branch(name, format_html_join("", "{}", ((part,) for part in parts)), labels)


def _inner(text: str, labels: Labels) -> SafeString:
    """A document that travels as escaped text inside another, as SAG's do."""
    try:
        return _from_xml(ElementTree.fromstring(text), labels)
    except (ParseError, ValueError, DefusedXmlException):
        return _leaf("texto", text, labels)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
