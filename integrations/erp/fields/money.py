"""How numbers and pesos are written for staff."""

from decimal import Decimal

_MARKS = str.maketrans(",.", ".,")


def colombian(number: int | Decimal) -> str:
    """`1.234.567,5`: every decimal that it has."""
    return f"{number:,f}".translate(_MARKS) if isinstance(number, Decimal) else f"{number:,d}".translate(_MARKS)


def money(pesos: Decimal) -> str:
    """`$ 1.234.567`, with decimals only where there are."""
    sign, amount = ("-" if pesos < 0 else ""), abs(pesos)
    whole, _, cents = format(amount.quantize(Decimal("0.01")), ",f").partition(".")
    tail = "" if cents == "00" else f",{cents}"
    return f"{sign}$ {whole.replace(',', '.')}{tail}"
