"""The forms of a page, read from its HTML as a browser reads them: what they hold, where they go, and what is typed."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

TYPED = frozenset({"text", "search", "number", "email", "password", "date", "time", "url", "tel", "textarea"})
"""Kinds of input in which a person types."""
CHOSEN = frozenset({"hidden", "select", "checkbox", "radio", "submit"})
"""Kinds whose value the page chose: only a tampered request changes it."""


@dataclass
class PageForm:
    """One form: its method, where it goes, and (name, kind, value) of its inputs as they stand there."""

    method: str
    address: str
    inputs: list[tuple[str, str, str]] = field(default_factory=list)

    def names(self, kinds: frozenset[str]) -> list[str]:
        """The inputs of some kinds, each once."""
        return list(dict.fromkeys(name for name, kind, _ in self.inputs if kind in kinds))

    def data(self, **changes: str) -> list[tuple[str, str]]:
        """What a browser sends, with other values for some names; of the buttons the first one is pressed."""
        pressed = next(((name, value) for name, kind, value in self.inputs if kind == "submit"), None)
        kept = [(name, value) for name, kind, value in self.inputs if kind != "submit" and name not in changes]
        return [*kept, *([pressed] if pressed and pressed[0] not in changes else []), *changes.items()]


class _FormParser(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self._address = address
        self._area: tuple[str, list[str]] | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(
                PageForm(given.get("method", "get").lower(), urljoin(self._address, given.get("action", "")))
            )
        elif self.forms and tag in ("input", "button", "textarea", "select", "option"):
            self._take(tag, given)

    def _take(self, tag: str, given: dict[str, str]) -> None:
        name, inputs = given.get("name", ""), self.forms[-1].inputs
        if tag == "option":
            if self._select and ("selected" in given or not any(each[0] == self._select for each in inputs)):
                inputs.append((self._select, "select", given.get("value", "")))
        elif tag == "select":
            self._select = name if "disabled" not in given else ""
        elif not name or "disabled" in given:
            return
        elif tag == "textarea":
            self._area = (name, [])
        elif given.get("type") != "file":
            kind = given.get("type", "submit" if tag == "button" else "text")
            if kind not in ("checkbox", "radio") or "checked" in given:
                inputs.append((name, kind, given.get("value", "on" if kind == "checkbox" else "")))

    def handle_data(self, data: str) -> None:
        if self._area:
            self._area[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area:
            self.forms[-1].inputs.append((self._area[0], "textarea", "".join(self._area[1]).removeprefix("\n")))
            self._area = None
        elif tag == "select":
            self._select = ""


def forms_of(html: str, address: str) -> list[PageForm]:
    """The forms of a page, in its order."""
    parser = _FormParser(address)
    parser.feed(html)
    return parser.forms
