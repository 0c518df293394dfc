"""What Siigo asks of a third party or a product beyond its fields (notes, 2.4 and 4)."""

from collections.abc import Iterator
from typing import Any

from integrations.erp.fields.spec import Catalogue
from integrations.erp.fields.validation import Problem, Severities, problems_in_force, severity_in
from integrations.erp.fields.values import held_rows
from integrations.erp.siigo.rules.findings import Finding
from integrations.erp.siigo.rules.lines import carries_check_digit, outside_windows_1252
from integrations.erp.siigo.rules.table import READABLE_DIGITS

_PRODUCT = (("line", 3), ("group", 4), ("product", 6))


def check_master(record: Any, catalogue: Catalogue, severities: Severities) -> list[Problem]:
    """The rules of one third party or product; `check_fields` does its fields."""
    found = (*_texts(record, catalogue), *_third(record, catalogue), *_product(record, catalogue))
    return problems_in_force(_problem(finding, catalogue, severities) for finding in found)


def _problem(finding: Finding, catalogue: Catalogue, severities: Severities) -> Problem:
    row = catalogue.by_spelling[finding.field]
    return Problem(finding.rule, severity_in(severities, finding.rule), row.label, row.name, finding.message)


def _texts(record: Any, catalogue: Catalogue) -> Iterator[Finding]:
    for row, held in held_rows(catalogue, record):
        strange = outside_windows_1252(held) if isinstance(held, str) else ""
        if strange:
            yield Finding("charset", row.name, f"Siigo no guarda «{strange}». Escríbalo de otra forma.")


def _third(record: Any, catalogue: Catalogue) -> Iterator[Finding]:
    if "identification" not in catalogue.by_spelling:
        return
    nit = record.tax_id
    if carries_check_digit(nit):
        message = f"«{nit}» parece llevar el dígito de verificación. En Siigo va sin él: {nit[:-1]}."
        yield Finding("nit_with_check_digit", "identification", message)
    if len(nit.lstrip("0")) > READABLE_DIGITS:
        yield Finding("code_unreadable", "identification", _unreadable(nit))


def _product(record: Any, catalogue: Catalogue) -> Iterator[Finding]:
    if "product" not in catalogue.by_spelling:
        return
    code = "".join(str(record.siigo.get(name, "")).strip().zfill(digits) for name, digits in _PRODUCT)
    if len(code.lstrip("0")) > READABLE_DIGITS:
        yield Finding("code_unreadable", "line", _unreadable(code))


def _unreadable(code: str) -> str:
    return f"«{code}» tiene más de {READABLE_DIGITS} cifras: no se podría consultar en Siigo."
