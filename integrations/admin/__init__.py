"""The administration: importing it puts evidence, connections and people on the staff's site."""

from integrations.admin import connections, evidence, numbering, people

__all__ = ["connections", "evidence", "numbering", "people"]
