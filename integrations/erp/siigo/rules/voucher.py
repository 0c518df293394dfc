"""The rules of a voucher as a whole: its balance, letter, number, date and sequences (notes, 2.3)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from integrations.erp.fields.money import money
from integrations.erp.siigo.dialect import SiigoDialect
from integrations.erp.siigo.rules.context import Ground
from integrations.erp.siigo.rules.findings import Finding
from integrations.erp.siigo.rules.table import EXTRA_ACCOUNTING, HIGHEST_NUMBER, KNOWN_LETTERS, MOST_LINES


def about_voucher(movement: Any, lines: Sequence[Any], dialect: SiigoDialect, ground: Ground) -> Iterator[Finding]:
    yield from _balance(lines)
    yield from _letter(movement.voucher_type)
    yield from _number(movement.number, dialect)
    yield from _dates(movement, lines, ground)
    yield from _sequences(lines)


def _balance(lines: Sequence[Any]) -> Iterator[Finding]:
    if not lines:
        yield Finding("empty", "", "El comprobante no tiene líneas. Agregue al menos una.")
    difference = imbalance(lines)
    if difference:
        message = f"Débitos y créditos no cuadran: la diferencia es {money(difference)}."
        yield Finding("unbalanced", "sequence_value", message)
    if len(lines) > MOST_LINES:
        message = f"Tiene {len(lines)} líneas y Siigo recibe {MOST_LINES}. Divida el comprobante."
        yield Finding("too_many_lines", "", message)


def _letter(letter: str) -> Iterator[Finding]:
    if letter in EXTRA_ACCOUNTING:
        message = f"«{letter}» no es un comprobante contable: Siigo lo recibe por otra parte."
        yield Finding("extra_accounting", "voucher_type", message)
    elif letter and letter not in KNOWN_LETTERS:
        message = f"«{letter}» no es una letra habitual de Siigo. Revise que la empresa la tenga definida."
        yield Finding("unknown_letter", "voucher_type", message)


def _number(number: int | None, dialect: SiigoDialect) -> Iterator[Finding]:
    if not number and dialect.gives_numbers:
        yield Finding("number_pending", "document_number", "Se asignará el número al confirmar el envío.")
    elif not number:
        message = "Falta el número del comprobante: sin él no se podría comprobar si ya está en Siigo."
        yield Finding("unnumbered", "document_number", message)
    elif number > HIGHEST_NUMBER:
        message = f"El número {number} tiene más de 10 cifras: no se podría consultar en Siigo. Use uno más corto."
        yield Finding("number_unreadable", "document_number", message)


def _dates(movement: Any, lines: Sequence[Any], ground: Ground) -> Iterator[Finding]:
    day = movement.date
    if day is None:
        if len({_own_date(line) for line in lines}) > 1:
            yield Finding("mixed_dates", "document_year", "Todas las líneas deben tener la misma fecha. Corríjalas.")
        return
    year = process_year(movement)
    if year != day.year:
        message = f"El año de proceso es {year} y la fecha es de {day.year}. Revise cuál es."
        yield Finding("year", "document_year", message)
    closed = next((lock for lock in ground.locks if lock.covers(day)), None)
    if closed is not None:
        message = f"La fecha {day:%d/%m/%Y} está en un período cerrado hasta el {closed.until:%d/%m/%Y}."
        yield Finding("closed_period", "document_day", f"{message} Cambie la fecha o pida que lo abran.")


def _own_date(line: Any) -> tuple[str, ...]:
    """A line's own parts of the date: only where the movement has none do they travel."""
    return tuple(str(line.siigo.get(f"document_{part}", "")).lstrip("0") for part in ("year", "month", "day"))


def _sequences(lines: Sequence[Any]) -> Iterator[Finding]:
    counts = Counter(line.position for line in lines)
    for position, times in counts.items():
        if times > 1:
            message = f"La secuencia {position} está {times} veces. Numere las líneas."
            yield Finding("repeated_sequence", "sequence", message, position)
    highest = max(counts, default=0)
    if len(counts) == len(lines) and highest != len(lines):
        message = f"Las secuencias deben ir de 1 a {len(lines)} y llegan a {highest}. Numere las líneas."
        yield Finding("sequence_gap", "sequence", message)


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
