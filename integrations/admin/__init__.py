"""The administration: importing it puts evidence, connections and users on the staff's site."""

from integrations.admin import connections, evidence

__all__ = ["connections", "evidence"]
