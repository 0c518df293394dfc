"""What Siigo asks of a whole voucher, beyond its fields."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from integrations.fields.money import money
from integrations.fields.severity import Severity
from integrations.fields.validation import (
    FIELD_RULES,
    KNOWN,
    NUMBER_RULES,
    OFFICIAL,
    Problem,
    Rule,
    Severities,
    in_force,
    problems_in_force,
    severity_in,
    version_of,
)
from integrations.siigo.dialect import SiigoDialect
from integrations.siigo.fields import MOVEMENT

MOST_LINES = 250
EXTRA_ACCOUNTING = frozenset("VYZ")
BEYOND_BASIC_INVOICE = ("asset_group", "asset_code", "aiu_percentage", "aiu_vat_base", "classification_1")

RULES = (
    *FIELD_RULES,
    *NUMBER_RULES,
    Rule("unbalanced", "Los débitos y los créditos no cuadran", Severity.BLOCK, KNOWN),
    Rule("empty", "El comprobante no tiene líneas", Severity.BLOCK, OFFICIAL),
    Rule("extra_accounting", "Es un documento extracontable (V, Y o Z)", Severity.BLOCK, KNOWN),
    Rule("too_many_lines", f"Tiene más de {MOST_LINES} líneas", Severity.BLOCK, KNOWN),
    Rule("repeated_sequence", "Dos líneas tienen la misma secuencia", Severity.BLOCK, KNOWN),
    Rule("unnumbered", "No tiene número de documento", Severity.BLOCK, KNOWN),
    Rule("number_pending", "El número se asigna al confirmar", Severity.WARN, KNOWN),
    Rule("year", "El año de proceso no es el de la fecha", Severity.WARN, KNOWN),
    Rule("charset", "Tiene letras o signos que Siigo no guarda", Severity.WARN, KNOWN),
    Rule("basic_invoice", "La factura básica no admite estos datos", Severity.WARN, KNOWN),
)
_BY_ID = {rule.id: rule for rule in RULES}
_Finding = tuple[str, str, str, int | None]
"""Rule, wire name or empty, message, line."""


def severities(overrides: Mapping[str, str]) -> dict[str, Severity]:
    """Every rule's severity under a connection's overrides."""
    return in_force(RULES, overrides)


def severity_of(rule_id: str, connection_severities: Mapping[str, str]) -> Severity:
    """Raises: KeyError for a rule that doesn't exist."""
    return in_force((_BY_ID[rule_id],), connection_severities)[rule_id]


@cache
def rules_version() -> str:
    """Changes whenever a rule or a row does."""
    return version_of(RULES, (MOVEMENT,))


def check_movement(
    movement: Any,
    lines: Sequence[Any],
    payments: Sequence[Any],  # noqa: ARG001 - one shape for both ERPs
    dialect: SiigoDialect,
    severities: Severities,
) -> list[Problem]:
    """The rules of a voucher as a whole; `check_fields` of each line does its fields. Payments: none here."""
    found = (*_about_voucher(movement, lines, dialect), *_about_lines(lines, dialect))
    return problems_in_force(_problem(severities, *finding) for finding in found)


def _problem(severities: Severities, rule: str, name: str, message: str, line: int | None) -> Problem:
    label = MOVEMENT.by_spelling[name].label if name else ""
    return Problem(rule, severity_in(severities, rule), label, name, message, line)


def _about_voucher(movement: Any, lines: Sequence[Any], dialect: SiigoDialect) -> Iterator[_Finding]:
    if not lines:
        yield "empty", "", "El comprobante no tiene líneas. Agregue al menos una.", None
    difference = imbalance(lines)
    if difference:
        yield (
            "unbalanced",
            "sequence_value",
            f"Débitos y créditos no cuadran: la diferencia es {money(difference)}.",
            None,
        )
    if movement.voucher_type in EXTRA_ACCOUNTING:
        message = f"«{movement.voucher_type}» no es un comprobante contable: Siigo lo recibe por otra parte."
        yield "extra_accounting", "voucher_type", message, None
    if len(lines) > MOST_LINES:
        message = f"Tiene {len(lines)} líneas y Siigo recibe {MOST_LINES}. Divida el comprobante."
        yield "too_many_lines", "", message, None
    if not movement.number and dialect.gives_numbers:
        yield "number_pending", "document_number", "Se asignará el número al confirmar el envío.", None
    elif not movement.number:
        yield (
            "unnumbered",
            "document_number",
            "Falta el número del comprobante: sin él no se podría comprobar si ya está en Siigo.",
            None,
        )
    year = process_year(movement)
    if movement.date is not None and year != movement.date.year:
        message = f"El año de proceso es {year} y la fecha es de {movement.date.year}. Revise cuál es."
        yield "year", "document_year", message, None


def _about_lines(lines: Sequence[Any], dialect: SiigoDialect) -> Iterator[_Finding]:
    for position, times in Counter(line.position for line in lines).items():
        if times > 1:
            message = f"La secuencia {position} está {times} veces. Numere las líneas."
            yield "repeated_sequence", "sequence", message, position
    for line in lines:
        for name, text in _texts(line):
            strange = _outside_windows_1252(text)
            if strange:
                yield "charset", name, f"Siigo no guarda «{strange}». Escríbalo de otra forma.", line.position
        if dialect.settings["basic_invoice"] == "S":
            yield from _beyond_basic(line)


def _texts(line: Any) -> Iterable[tuple[str, str]]:
    yield "sequence_description", line.description or ""
    yield from ((name, str(text)) for name, text in line.siigo.items() if name in MOVEMENT.by_spelling)


def _outside_windows_1252(text: str) -> str:
    if text.isascii():
        return ""
    return "".join(dict.fromkeys(letter for letter in text if not letter.encode("cp1252", "ignore")))


def _beyond_basic(line: Any) -> Iterator[_Finding]:
    for name in BEYOND_BASIC_INVOICE:
        if str(line.siigo.get(name, "")).strip("0. "):
            label = MOVEMENT.by_spelling[name].label
            yield "basic_invoice", name, f"La factura básica no admite «{label}».", line.position


def imbalance(lines: Iterable[Any]) -> Decimal:
    """Debits minus credits in pesos, exact; what has no side or amount counts for nothing."""
    total = Decimal(0)
    for line in lines:
        if line.amount is not None and line.side in ("D", "C"):
            total += line.amount if line.side == "D" else -line.amount
    return total


def process_year(movement: Any) -> int | None:
    """`params.year`: the movement's process year, else its date's; None where it has neither."""
    if movement.process_year:
        return int(movement.process_year)
    return movement.date.year if movement.date is not None else None
