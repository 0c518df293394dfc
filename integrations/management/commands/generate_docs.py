"""`manage.py generate_docs` writes docs/fields from the catalogue; `--check` says if they are current."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from integrations.erp.fields.docs import catalogue_page, rules_page, settings_page
from integrations.erp.sag import dialect as sag_dialect
from integrations.erp.sag import fields as sag
from integrations.erp.sag import rules as sag_rules
from integrations.erp.siigo import dialect as siigo_dialect
from integrations.erp.siigo import fields as siigo
from integrations.erp.siigo import rules as siigo_rules

PROJECT = Path(__file__).resolve().parents[3]
CATALOGUES = (
    siigo.MOVEMENT,
    siigo.THIRD,
    siigo.PRODUCT,
    sag.CLIENT,
    sag.THIRD_PARTY,
    sag.ARTICLE,
    sag.MOVEMENT,
    sag.MOVEMENT_LINE,
    sag.OTHER_DATA,
    sag.PAYMENT,
)


def pages() -> dict[str, str]:
    """File name → its text."""
    pages = {f"{catalogue.key}.md": catalogue_page(catalogue) for catalogue in CATALOGUES}
    pages["rules.md"] = rules_page((("Siigo Pyme", siigo_rules.RULES), ("SAG", sag_rules.RULES)))
    pages["settings.md"] = settings_page((("Siigo Pyme", siigo_dialect.SETTINGS), ("SAG", sag_dialect.SETTINGS)))
    return pages


def stale_pages(folder: Path) -> list[str]:
    """The names of pages that are missing or say something else than the catalogue."""
    return [
        name
        for name, text in pages().items()
        if not (folder / name).exists() or (folder / name).read_text(encoding="utf-8") != text
    ]


class Command(BaseCommand):
    help = "Escribe las páginas de campos y reglas en docs/fields."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="Solo dice si están al día.")

    def handle(self, **options: Any) -> None:
        folder = PROJECT / "docs" / "fields"
        stale = stale_pages(folder)
        if options["check"]:
            if stale:
                raise CommandError(f"Páginas desactualizadas: {', '.join(stale)}. Ejecute generate_docs.")
            self.stdout.write("Las páginas de campos están al día.")
            return
        folder.mkdir(parents=True, exist_ok=True)
        for name in stale:
            (folder / name).write_text(pages()[name], encoding="utf-8")
        self.stdout.write(f"{len(stale)} páginas escritas en docs/fields.")
