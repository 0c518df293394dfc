"""What Siigo asks of a third party or a product beyond its fields (notes, 2.4 and 4)."""

from collections.abc import Iterator
from typing import Any

from integrations.erp.fields.spec import Catalogue
from integrations.erp.fields.tax_id_rules import master_findings
from integrations.erp.fields.validation import Problem, RuleFinding, Severities, problems_of
from integrations.erp.fields.values import stored_values
from integrations.erp.siigo.rules.lines import (
    outside_windows_1252,
    unreadable_message,
    unwritable_message,
)
from integrations.erp.siigo.rules.table import READABLE_DIGITS

_PRODUCT = (("line", 3), ("group", 4), ("product", 6))


def check_master(record: Any, catalogue: Catalogue, severities: Severities) -> list[Problem]:
    """The rules of one third party or product; `check_fields` does its fields."""
    findings = (*_texts(record, catalogue), *_third(record, catalogue), *_product(record, catalogue))
    return problems_of(findings, severities, catalogue)


def _texts(record: Any, catalogue: Catalogue) -> Iterator[RuleFinding]:
    for row, stored in stored_values(catalogue, record):
        strange = outside_windows_1252(stored) if isinstance(stored, str) else ""
        if strange:
            yield RuleFinding("charset", row.name, unwritable_message(strange))


def _third(record: Any, catalogue: Catalogue) -> Iterator[RuleFinding]:
    if "identification" not in catalogue.by_spelling:
        return
    yield from master_findings("identification", "verification_digit", record)
    if len(record.tax_id.lstrip("0")) > READABLE_DIGITS:
        yield RuleFinding("code_unreadable", "identification", unreadable_message(record.tax_id))


def _product(record: Any, catalogue: Catalogue) -> Iterator[RuleFinding]:
    if "product" not in catalogue.by_spelling:
        return
    code = "".join(str(record.siigo.get(name, "")).strip().zfill(digits) for name, digits in _PRODUCT)
    if len(code.lstrip("0")) > READABLE_DIGITS:
        yield RuleFinding("code_unreadable", "line", unreadable_message(code))
