"""SAG's inner documents as text: `<root><tag name="value">…children…</tag></root>`. Pure.

The manual prints attributes; customers were driven live with child elements (notes, 0.7), so the style is a
choice. The text is ASCII with numeric references: it survives whatever encoding a server assumes.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from integrations.errors import PayloadError

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""XML 1.0, production 2 (Char)."""
_ESCAPED = re.compile('[&<>"\t\n\r]|[^\x20-\x7e]')
"""Blanks other than a space, too: an attribute's reader would turn them into spaces."""
_NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}


@dataclass(frozen=True, slots=True)
class XmlNode:
    """An element: its attributes in the order in which they travel, then its children."""

    tag: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: Sequence["XmlNode"] = ()


def serialise(root: str, elements: Sequence[XmlNode], *, as_elements: bool = False) -> str:
    """`elements` under `root`, without declaration. `as_elements` writes attributes as child elements.

    Raises PayloadError for a character that XML can't carry, naming its field.
    """
    return _element(root, "", "".join(_node(element, as_elements) for element in elements))


def element(node: XmlNode) -> str:
    """One document by itself, for a file that is written piece by piece. Raises PayloadError as `serialise`."""
    return _node(node, as_elements=False)


def _node(node: XmlNode, as_elements: bool) -> str:
    children = "".join(_node(child, as_elements) for child in node.children)
    if as_elements:
        fields = "".join(_element(_name(k), "", _escaped(k, v)) for k, v in node.attributes.items())
        return _element(node.tag, "", fields + children)
    attributes = "".join(f' {_name(k)}="{_escaped(k, v)}"' for k, v in node.attributes.items())
    return _element(node.tag, attributes, children)


def _element(tag: str, attributes: str, content: str) -> str:
    tag = _name(tag)
    return f"<{tag}{attributes}>{content}</{tag}>" if content else f"<{tag}{attributes}/>"


def _name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise PayloadError(f"«{name}» no puede ser el nombre de un campo de SAG.")
    return name


def _escaped(name: str, value: str) -> str:
    wrong = UNWRITABLE.search(value)
    if wrong:
        raise PayloadError(
            f"El campo «{name}» tiene un carácter invisible que no se puede enviar "
            f"(código {ord(wrong[0])}, posición {wrong.start() + 1}). Bórrelo y vuelva a escribirlo."
        )
    return _ESCAPED.sub(lambda found: _NAMED.get(found[0]) or f"&#{ord(found[0])};", value)
