"""The administration: importing it puts evidence, connections and people on the staff's site."""

from integrations.admin import connections, evidence, people, queries

__all__ = ["connections", "evidence", "people", "queries"]
