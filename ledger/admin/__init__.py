"""The administration of vouchers: importing it puts them on the staff's site."""

from ledger.admin import line, movement

__all__ = ["line", "movement"]
