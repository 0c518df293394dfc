"""The administration: importing it puts evidence, connections, people and reads on the staff's site."""

from integrations.admin import connections, evidence, people, pulls

__all__ = ["connections", "evidence", "people", "pulls"]
