"""Normalised causes: what an ERP's text means, in words, and whether sending again is safe. Rows are data."""

import re
from dataclasses import dataclass
from functools import cached_property

from integrations.receipts import Verdict


@dataclass(frozen=True)
class Cause:
    """One row. `pattern` is searched in the ERP's message, whatever its case and accents."""

    code: str
    pattern: str
    verdict: Verdict
    title: str
    """What failed, in a few words, for the error inbox."""
    advice: str
    """What to do, for staff."""
    retry_is_safe: bool = False

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern, re.IGNORECASE)

    def matches(self, text: str) -> bool:
        return self._compiled.search(text) is not None

    def told(self, erp: str, text: str) -> str:
        """The sentence that staff read."""
        said = f"{erp} respondió: «{text.strip()}». " if text.strip() else ""
        return f"{self.title}. {said}{self.advice}"


def first_match(causes: tuple[Cause, ...], text: str) -> Cause | None:
    """The first row that fits; the rows stand from the most dangerous to the least."""
    return next((cause for cause in causes if cause.matches(text)), None)
