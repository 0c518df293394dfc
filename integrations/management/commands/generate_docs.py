"""Writes docs/fields from the catalogue, or checks that it is up to date."""

from pathlib import Path
from typing import Any

from django.conf import settings

from integrations.console import NEEDS_A_PERSON, OK, StaffCommand
from integrations.fields.docs import pages
from integrations.sag import fields as sag
from integrations.siigo import fields as siigo

CATALOGUES = (
    siigo.MOVEMENT,
    sag.CLIENT,
    sag.THIRD_PARTY,
    sag.ARTICLE,
    sag.MOVEMENT,
    sag.MOVEMENT_LINE,
    sag.OTHER_DATA,
    sag.PAYMENT,
)


class Command(StaffCommand):
    help = "Escribe docs/fields a partir del catálogo de campos."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--check", action="store_true", help="no escribe; falla si algo está viejo")

    def run(self, *, check: bool, **_: Any) -> int:
        folder = Path(settings.BASE_DIR) / "docs" / "fields"
        made = pages(CATALOGUES)
        if check:
            stale = [name for name, text in made.items() if _kept(folder / name) != text]
            self.say(*(f"docs/fields/{name} está viejo: ejecute «make docs»." for name in stale))
            return NEEDS_A_PERSON if stale else OK
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in made.items():
            (folder / name).write_text(text, encoding="utf-8")
        return OK


def _kept(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""
