"""The administration: importing it puts evidence, connections, people, queries and reads on the staff's site."""

from integrations.admin import (
    batches,
    connections,
    evidence,
    exported,
    history,
    importing,
    locks,
    mappings,
    numbering,
    people,
    pulls,
    queries,
)

__all__ = [
    "batches",
    "connections",
    "evidence",
    "exported",
    "history",
    "importing",
    "locks",
    "mappings",
    "numbering",
    "people",
    "pulls",
    "queries",
]
