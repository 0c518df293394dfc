"""The administration's own wording: what was written is what runs, on a machine without gettext's tools too."""

import ast
import gettext
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "config" / "locale" / "es_CO" / "LC_MESSAGES"


def written(file: Path) -> dict[str, str]:
    """msgid → msgstr of the plain entries of a .po file."""
    words: dict[str, str] = {}
    for entry in file.read_text(encoding="utf-8").split("\n\n"):
        lines = {name: "".join(ast.literal_eval(part) for part in text) for name, text in _parts(entry).items()}
        if lines.get("msgid") and "msgstr" in lines:
            words[lines["msgid"]] = lines["msgstr"]
    return words


def _parts(entry: str) -> dict[str, list[str]]:
    parts: dict[str, list[str]] = {}
    name = ""
    for line in entry.splitlines():
        if line.startswith("msg"):
            name, _, line = line.partition(" ")
        if line.startswith('"'):
            parts.setdefault(name, []).append(line)
    return parts


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_the_compiled_words_are_those_written(domain: str) -> None:
    with (FOLDER / f"{domain}.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    words = written(FOLDER / f"{domain}.po")
    assert {told: compiled.gettext(told) for told in words} == words
