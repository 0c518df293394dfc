"""The rules of a NIT and its check digit, which both ERPs keep apart (Siigo: notes, 4; SAG: notes, 4.1)."""

from collections.abc import Iterator
from typing import Any

from integrations.erp.fields.severity import Severity
from integrations.erp.fields.validation import NOTES, Rule, RuleFinding
from integrations.erp.tax_ids import check_digit_of, doubt_about, ends_in_check_digit, wrong_digit_message

TAX_ID_RULES = (
    Rule(
        "nit_with_check_digit",
        "El NIT parece llevar el dígito de verificación",
        Severity.WARN,
        NOTES,
        "El NIT va sin dígito de verificación: con él sería otro tercero.",
    ),
    Rule(
        "check_digit",
        "El dígito de verificación no es el del NIT",
        Severity.WARN,
        NOTES,
        "Suele ser un NIT mal escrito, y el tercero quedaría creado con otro número.",
    ),
)


def number_findings(name: str, tax_id: str, line: int | None = None) -> Iterator[RuleFinding]:
    """What a number that goes out as the field `name` breaks."""
    if ends_in_check_digit(tax_id):
        yield RuleFinding("nit_with_check_digit", name, doubt_about(tax_id), line, tax_id)


def master_findings(number_name: str, digit_name: str, record: Any) -> Iterator[RuleFinding]:
    """What the number and the check digit of a client or third party break; the names of the fields they go out as."""
    yield from number_findings(number_name, record.tax_id)
    written = record.check_digit
    if written and written != check_digit_of(record.tax_id):
        message = wrong_digit_message(record.tax_id, written)
        yield RuleFinding("check_digit", digit_name, message, value=written)
