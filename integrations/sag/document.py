"""SAG's inner XML from plain data: no declaration, ASCII with numeric references (`sag-notes`, section 7). Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from integrations.errors import PayloadError

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Node:
    """One element with its attributes in order and its children."""

    tag: str
    attributes: Mapping[str, str]
    children: Sequence["Node"] = field(default=())


def serialise(root: str, nodes: Iterable[Node], *, as_elements: bool = False) -> str:
    """`<root><node …/></root>`; `as_elements` writes the records' attributes as child elements.

    Raises: PayloadError for a character that XML can't carry.
    """
    inner = "".join(_element(node, as_elements=as_elements) for node in nodes)
    text = f"<{root}>{inner}</{root}>"
    return text.encode("ascii", "xmlcharrefreplace").decode("ascii")


def _element(node: Node, *, as_elements: bool) -> str:
    for name, value in node.attributes.items():
        _refuse_forbidden(name, value)
    children = "".join(_element(child, as_elements=False) for child in node.children)
    if as_elements:
        inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in node.attributes.items())
        return f"<{node.tag}>{inner}{children}</{node.tag}>"
    attributes = "".join(f" {name}={_quoted(value)}" for name, value in node.attributes.items())
    return f"<{node.tag}{attributes}>{children}</{node.tag}>" if children else f"<{node.tag}{attributes}/>"


def _quoted(value: str) -> str:
    # A raw tab or line break inside an attribute is read back as a blank.
    return quoteattr(value, {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def _refuse_forbidden(name: str, value: str) -> None:
    found = _FORBIDDEN.search(value)
    if found:
        raise PayloadError(
            f"El campo {name} tiene un carácter que no se puede enviar (código {ord(found[0])}): bórrelo."
        )
