"""SAG's SOAP answers as trees: strict about being whole, tolerant about everything else.

zeep's own reading serves neither way: strict, it refuses the manual's printed failure (fields missing, other
order); lenient, it takes a truncated answer for an OK. So parts are found by local name, in any namespace.
"""

import re
from collections.abc import Iterator

from lxml import etree

DOCTYPE = re.compile(rb"\A(?:\xef\xbb\xbf)?(?:\s|<\?.*?\?>|<!--.*?-->)*+<!DOCTYPE", re.DOTALL)
_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"

Element = etree._Element


class UnreadableError(Exception):
    """Not a whole SOAP answer of the expected operation."""


class FaultError(Exception):
    """A SOAP Fault; its text is the server's."""


def parse(body: bytes) -> Element:
    """The root of a whole XML document. Raises UnreadableError for anything else, a DTD included.

    The encoding is fixed to UTF-8 (notes, 2.2), whatever the document declares: .NET labels texts "utf-16"
    that are not, and an exotic label could hide a DTD from the check.
    """
    if DOCTYPE.match(body):
        raise UnreadableError
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=True,
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise UnreadableError from None


def result_of(body: bytes, operation: str) -> Element:
    """The one `<operation>Result` of a SOAP answer. Raises FaultError or UnreadableError."""
    responses = children(_content(body), f"{operation}Response")
    found = [result for response in responses for result in children(response, f"{operation}Result")]
    if len(found) != 1:
        raise UnreadableError
    return found[0]


def _content(body: bytes) -> Element:
    """The body of an envelope that holds no fault. Raises: as `result_of`."""
    root = parse(body)
    content = next(children(root, "Body"), None) if local_name(root) == "Envelope" else None
    if content is None:
        raise UnreadableError
    for fault in children(content, "Fault"):
        raise FaultError(" ".join(" ".join(map(str, fault.itertext())).split()))
    return content


def local_name(element: Element) -> str:
    """Its tag without the namespace; empty for what is no element."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def children(element: Element, name: str) -> Iterator[Element]:
    """Its children of that local name."""
    return (child for child in element if local_name(child) == name)


def is_nil(element: Element) -> bool:
    """Whether it says `xsi:nil`: a NULL."""
    return element.get(_NIL, "").strip() in ("true", "1")


def text_of(element: Element) -> str:
    """Its text, stripped: CHAR columns come padded (notes, 2.2)."""
    return (element.text or "").strip()
