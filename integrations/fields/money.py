"""How pesos are written for staff."""

from decimal import Decimal


def money(pesos: Decimal) -> str:
    """`$ 1.234.567`, with decimals only where there are."""
    sign, amount = ("-" if pesos < 0 else ""), abs(pesos)
    whole, _, cents = format(amount.quantize(Decimal("0.01")), ",f").partition(".")
    tail = "" if cents == "00" else f",{cents}"
    return f"{sign}$ {whole.replace(',', '.')}{tail}"
