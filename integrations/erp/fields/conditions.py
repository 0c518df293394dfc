"""Named tests on a record: when a field is obligatory, or gets its default. Pure; any object will do."""

from typing import Any

from integrations.erp.fields.spec import always

__all__ = [
    "always",
    "has_article",
    "is_account_entry",
    "is_natural_person",
    "is_transfer",
    "lacks_account",
    "moves_stock_in_place",
]


def has_article(line: Any) -> bool:
    """The line sells, buys or moves an article."""
    return bool(line.article)


def is_account_entry(line: Any) -> bool:
    """The line posts to an account, without an article."""
    return bool(line.account) and not line.article


def is_natural_person(party: Any) -> bool:
    """The client is a person, whose names and surnames go apart."""
    return bool(party.nature == "N")


def lacks_account(line: Any) -> bool:
    """The line names no account, so it must name an article."""
    return not line.account


def is_transfer(line: Any) -> bool:
    """The line moves an article between two warehouses: it names one of them at least."""
    return bool(line.origin_warehouse or line.destination_warehouse)


def moves_stock_in_place(line: Any) -> bool:
    """The line of an invoice or an inventory document, which has one warehouse."""
    return has_article(line) and not is_transfer(line)
