"""The number that an ERP knows a document by, and whether two numbers name one document."""

from enum import Enum
from typing import NamedTuple


class Sameness(Enum):
    """Whether two records with a number are one document."""

    SAME = 0
    ASKED = 1
    """Only a person knows: another third party under one number, or a year that one of them lacks."""
    OTHER = 2


class DocumentKey(NamedTuple):
    """What an ERP calls a numbered document. `party`: its third party, where another one may have the same number.

    `year` is empty where the number is not of a year, and None where nobody knows of which.
    """

    values: tuple[object, ...]
    year: object
    party: str | None = None

    def compare(self, other: "DocumentKey") -> Sameness:
        """Whether both name one document; an empty third party may be any."""
        if self.values != other.values or (self.year != other.year and None not in (self.year, other.year)):
            return Sameness.OTHER
        is_other_party = bool(self.party and other.party) and self.party != other.party
        return Sameness.ASKED if is_other_party or self.year != other.year else Sameness.SAME
