"""The rules of a voucher as a whole: its balance, letter, number, date and sequences (notes, 2.3)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from integrations.erp.fields.money import money
from integrations.erp.fields.validation import RuleFinding
from integrations.erp.siigo.dialect import SiigoDialect
from integrations.erp.siigo.rules.context import ClosedPeriod
from integrations.erp.siigo.rules.table import EXTRA_ACCOUNTING, HIGHEST_NUMBER, KNOWN_LETTERS, MOST_LINES


def voucher_findings(
    movement: Any, lines: Sequence[Any], dialect: SiigoDialect, closed_periods: Iterable[ClosedPeriod]
) -> Iterator[RuleFinding]:
    """What a voucher breaks as a whole: its balance, letter, number, date and sequences."""
    yield from _balance(lines)
    yield from _letter(movement.voucher_type)
    yield from _number(movement.number, dialect)
    yield from _dates(movement, lines, closed_periods)
    yield from _sequences(lines)


def _balance(lines: Sequence[Any]) -> Iterator[RuleFinding]:
    if not lines:
        yield RuleFinding("empty", "", "El comprobante no tiene líneas. Agregue al menos una.")
    difference = imbalance(lines)
    if difference:
        message = f"Débitos y créditos no cuadran: la diferencia es {money(difference)}."
        yield RuleFinding("unbalanced", "sequence_value", message)
    if len(lines) > MOST_LINES:
        message = f"Tiene {len(lines)} líneas y Siigo recibe {MOST_LINES}. Divida el comprobante."
        yield RuleFinding("too_many_lines", "", message)


def _letter(letter: str) -> Iterator[RuleFinding]:
    if letter in EXTRA_ACCOUNTING:
        message = f"«{letter}» no es un comprobante contable: Siigo lo recibe por otra parte."
        yield RuleFinding("extra_accounting", "voucher_type", message)
    elif letter and letter not in KNOWN_LETTERS:
        message = f"«{letter}» no es una letra habitual de Siigo. Revise que la empresa la tenga definida."
        yield RuleFinding("unknown_letter", "voucher_type", message)


def _number(number: int | None, dialect: SiigoDialect) -> Iterator[RuleFinding]:
    if not number and dialect.gives_numbers:
        yield RuleFinding("number_pending", "document_number", "Se asignará el número al confirmar el envío.")
    elif not number:
        message = "Falta el número del comprobante: sin él no se podría comprobar si ya está en Siigo."
        yield RuleFinding("unnumbered", "document_number", message)
    elif number > HIGHEST_NUMBER:
        message = f"El número {number} tiene más de 10 cifras: no se podría consultar en Siigo. Use uno más corto."
        yield RuleFinding("number_unreadable", "document_number", message)


def _dates(movement: Any, lines: Sequence[Any], closed_periods: Iterable[ClosedPeriod]) -> Iterator[RuleFinding]:
    day = movement.date
    if day is None:
        if len({_own_date(line) for line in lines}) > 1:
            yield RuleFinding(
                "mixed_dates", "document_year", "Todas las líneas deben tener la misma fecha. Corríjalas."
            )
        return
    yield from _dated(movement, day, closed_periods)


def _dated(movement: Any, day: date, closed_periods: Iterable[ClosedPeriod]) -> Iterator[RuleFinding]:
    year = process_year(movement)
    if year != day.year:
        message = f"El año de proceso es {year} y la fecha es de {day.year}. Revise cuál es."
        yield RuleFinding("year", "document_year", message)
    closed = next((period for period in closed_periods if period.covers(day)), None)
    if closed is not None:
        message = f"La fecha {day:%d/%m/%Y} está en un período cerrado hasta el {closed.until:%d/%m/%Y}."
        yield RuleFinding("closed_period", "document_day", f"{message} Cambie la fecha o pida que lo abran.")


def _own_date(line: Any) -> tuple[str, ...]:
    """A line's own parts of the date: only where the movement has none do they travel."""
    return tuple(str(line.siigo.get(f"document_{part}", "")).lstrip("0") for part in ("year", "month", "day"))


def _sequences(lines: Sequence[Any]) -> Iterator[RuleFinding]:
    counts = Counter(line.position for line in lines)
    for position, times in counts.items():
        if times > 1:
            message = f"La secuencia {position} está {times} veces. Numere las líneas."
            yield RuleFinding("repeated_sequence", "sequence", message, position)
    highest = max(counts, default=0)
    if len(counts) == len(lines) and highest != len(lines):
        message = f"Las secuencias deben ir de 1 a {len(lines)} y llegan a {highest}. Numere las líneas."
        yield RuleFinding("sequence_gap", "sequence", message)


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
