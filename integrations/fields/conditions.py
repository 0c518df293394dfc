"""Named tests on the record that owns a field: when the official text's «obligatorio» really binds.

The tables call some attributes obligatory that the printed examples omit (`settled.md`): the kind of line or of
document decides, so that every printed example passes.
"""

from typing import Any


def has_article(line: Any) -> bool:
    """A line of goods or services."""
    return bool(line.article)


def is_goods_line(line: Any) -> bool:
    """A line that has no account: quantity and price are its substance."""
    return not line.account


def is_account_entry(line: Any) -> bool:
    """A line of accounting alone."""
    return bool(line.account) and not line.article


def has_goods(movement: Any) -> bool:
    """A document with at least one line of goods: it has a client or supplier."""
    return any(line.article for line in movement.lines.all())


def pays_by_transaction(payment: Any) -> bool:
    """A means of payment that left a transaction number (the printed cash row has no code)."""
    return bool(payment.sag.get("NumeroTransaccion"))


def is_natural_person(client: Any) -> bool:
    return str(client.nature).upper() == "N"
