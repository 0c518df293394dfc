"""Sales of a shop as a table for SAG, one row a document: with a number, or without one."""

from collections.abc import Iterable
from pathlib import Path

from integrations.files.file_formats import open_file
from integrations.files.identity_questions import StandingAnswers
from integrations.files.intake import ImportResult, import_drafts
from integrations.models import Company
from tests import builders

HEADINGS = "CodigoFuente;NumeroDocumento;NumeroDocumento2;FechaDocumento;Nit;CodigoArticulo;Cantidad;ValorUnitario"
Sale = tuple[str, int]
"""(article, price)."""


def sale(article: str = "CAFE", price: int = 3500, **changes: object) -> str:
    row = {
        "source": "FV", "number": 0, "number2": "", "date": "31/12/2026", "tax_id": "222222222222", "article": article,
        "quantity": 1, "price": price,
    } | changes  # fmt: skip
    return ";".join(map(str, row.values()))


def sales_file(folder: Path, *rows: str, name: str = "ventas.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([HEADINGS, *rows]) + "\n", encoding="utf-8")
    return path


def brought_in(path: Path, company: Company | None = None, **answers: object) -> ImportResult:
    """What an import of a file did, with what a person says beforehand."""
    said = StandingAnswers(**answers)  # type: ignore[arg-type]
    return import_drafts(open_file(path).drafts, company=company or builders.company(), answers=said)


def counts(result: ImportResult) -> tuple[int, int, int, int]:
    """(new, changed, as they were, asked about)."""
    return result.created, result.updated, result.unchanged, result.asked


def messages(result: ImportResult) -> list[str]:
    return [error.message for error in result.errors]


def prices(movements: Iterable[object]) -> list[int]:
    return sorted(int(line.unit_price) for movement in movements for line in movement.lines.all())  # type: ignore[attr-defined]
