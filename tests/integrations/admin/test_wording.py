"""What staff read on every page: Spanish, usted, accounting's words; and nothing that the page's policy would stop."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.test import Client

from integrations.models import Connection
from tests.browser.pages import pages_of, told
from tests.browser.world import build_world

pytestmark = pytest.mark.django_db

FORBIDDEN = {
    "what the machine is made of": r"tareas?|cola de trabajo|worker|payload|json|https?|null|none|true|false|"
    r"timeout|token|log|url|endpoint|id|csrf|cookie|cache|backend|bug|query|script|string|hash|uuid|bytes?|debug|cluster|slug",
    "words of another trade": r"ficheros?|registros?|objetos?|elementos?|sincroniz\w*|tuplas?|instancias?|parámetros?|"
    r"hacer clic|haz clic|clic|cliquear|pulse|staff|superusuarios?|autenticación",
    "tú instead of usted": r"tu|tus|tú|contigo|puedes|debes|tienes|quieres|haz|estás|verás|introduzca|añad\w+|"
    r"(?-i:Elige|Escribe|Selecciona|Revisa|Corrige|Introduce|Intenta|Crea|Sube|Descarga)",
    "English": r"can add|can change|can delete|can view|add|change|delete|view|save|error list|please|select|home|user|"
    r"password|loading|history|submit|search|filter",
    "an acronym in small letters": r"(?-i:Rut|Nit|Iva|Puc|Sag|Erp|Cufe)",
}
ALLOWED = {
    "SELECT": "the language of a question to SAG, on pages that only who may ask them opens",
    "Con el mismo valor de Nit.": "SAG's own name of a field, in the settings of a connection",
    "Archivo del conector de Siigo (.json)": "a file is known by its ending",
    "Archivo de Excel (.xlsx), CSV, JSON o XML": "formats of files, by the names that programs give them",
    "Enviar PorcentajeIva además de Iva": "SAG's own names of fields, in the settings of a connection",
}
"""Words and whole sentences that stand, and why."""
_ADDRESS = re.compile(r"https?://\S+")
_OF_THE_ERP = {"arbol", "clave"}
"""Where an ERP's own name of a field stands beside ours."""
NOT_OURS = {"samp", "script", "style", "template", "pre", "textarea", "code", "noscript"}
SPOKEN = ("title", "aria-label", "placeholder", "alt")


class Reader(HTMLParser):
    """The words that a page shows or says aloud."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in _EMPTY:
            self._tell(tag, given)
        elif self._silent or tag in NOT_OURS or _OF_THE_ERP & set((given.get("class") or "").split()):
            self._silent.append(tag)
        else:
            self._tell(tag, given)

    def handle_endtag(self, tag: str) -> None:
        if self._silent and self._silent[-1] == tag:
            self._silent.pop()

    def handle_data(self, data: str) -> None:
        if not self._silent and data.strip():
            self.said.append(" ".join(data.split()))

    def _tell(self, tag: str, given: dict[str, str | None]) -> None:
        self.said += [given[name] or "" for name in SPOKEN if given.get(name)]
        if tag == "input" and given.get("type") == "submit":
            self.said.append(given.get("value") or "")


_EMPTY = {"input", "meta", "link", "br", "hr", "img", "col", "source", "wbr"}


def said_on(html: str) -> list[str]:
    reader = Reader()
    reader.feed(html)
    return reader.said


def opened(staff: Client, siigo: Connection) -> Iterator[tuple[str, str]]:
    for name, path in pages_of(build_world(siigo)).items():
        answer = staff.get(f"/admin/{path}")
        assert answer.status_code == 200, (name, path, answer.status_code)
        yield name, answer.content.decode()


def wrong_words(html: str) -> list[str]:
    return [
        f"«{found.group()}» ({why}) en «{sentence[:120]}»"
        for sentence in dict.fromkeys(said_on(html))
        for why, words in FORBIDDEN.items()
        for found in re.finditer(rf"\b({words})\b", _ADDRESS.sub("", sentence), re.IGNORECASE)
        if found.group() not in ALLOWED and sentence not in ALLOWED
    ]


def test_no_page_speaks_of_the_machine_or_like_another_trade(staff: Client, siigo: Connection) -> None:
    found = {name: wrong_words(html) for name, html in opened(staff, siigo)}
    assert not any(found.values()), told(found)


_INLINE = re.compile(
    r"<style|<script(?![^>]*\ssrc=)[^>]*>(?!\s*[\[{\"])|\s(?:style|on[a-z]+)=[\"']|javascript:", re.IGNORECASE
)


def test_no_page_carries_what_its_policy_would_stop(staff: Client, siigo: Connection) -> None:
    found = {name: [one.group() for one in _INLINE.finditer(html)] for name, html in opened(staff, siigo)}
    assert not any(found.values()), told(found)
