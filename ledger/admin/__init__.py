"""The administration of movements. Importing it registers them on the staff's site."""

from ledger.admin import line, movement

__all__ = ["line", "movement"]
