"""A refusal that is no ERP's: the page of a firewall or proxy between us and it (sync protocol, section 10.14).

It usually dislikes a text of one document, and lets the others pass.
"""

import re

from integrations.erp.causes import GATE_PAGE, Cause

_IS_HTML = re.compile(rb"<!doctype html|<html|<head|<body", re.IGNORECASE)
_UNSEEN = re.compile(r"<(script|style).*?</\1\s*>|<[^>]*>", re.IGNORECASE | re.DOTALL)
_OF_THE_LANE = (401, 404, 408, 429)
"""The key, the address, the time and the pace are no matter of one document, whoever complains of them."""
_READ_BYTES = 20_000


def is_gate_page(status: int, body: bytes) -> bool:
    """Whether an HTTP refusal whose body is no envelope of the ERP comes from something in between."""
    if not 400 <= status < 500 or status in _OF_THE_LANE:
        return False
    return status == 403 or bool(_IS_HTML.search(body[:_READ_BYTES]))


def message(cause: Cause, body: bytes) -> str:
    """The Spanish message for staff, with the words of the page."""
    return cause.message(_words(body), "La página de bloqueo")


def query_refusal(cause: Cause, body: bytes) -> str:
    """The same for a query, which is no document."""
    return message(cause, body).replace("este documento", "esta consulta", 1) if cause.code == GATE_PAGE else ""


def _words(body: bytes) -> str:
    text = _UNSEEN.sub(" ", body[:_READ_BYTES].decode("utf-8", "replace"))
    return "".join(character if character.isprintable() else " " for character in text)
