"""What the rules of a company fill in of the documents of a file, before anything else is made of them."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from integrations.choices import Kind
from integrations.files.drafts import Draft
from integrations.payloads.changing import write
from integrations.payloads.filling import Filler

_AT_ONCE = 200


class DraftFiller:
    """The rules of a company, for the drafts of one file."""

    def __init__(self, company_id: int) -> None:
        self._company_id = company_id
        self._fillers: dict[Kind, Filler] = {}

    def each(self, drafts: Iterable[Draft]) -> Iterator[Draft]:
        """The same drafts in their order; what is empty in those that can be read is filled in."""
        coming = iter(drafts)
        while chunk := list(islice(coming, _AT_ONCE)):
            self.fill([draft for draft in chunk if not draft.errors])
            yield from chunk

    def fill(self, drafts: Sequence[Draft]) -> None:
        """Fill in what is empty in drafts of one kind; each keeps what was."""
        if not drafts:
            return
        documents: list[Any] = [(draft.record, draft.parts) for draft in drafts]
        for draft, filled in zip(drafts, self._filler(drafts[0]).fill(documents), strict=True):
            draft.filled = filled
            if filled:
                draft.record.complete_content(draft.parts)

    def _filler(self, draft: Draft) -> Filler:
        kind = draft.record.kind
        if kind not in self._fillers:
            self._fillers[kind] = Filler(self._company_id, kind)
        return self._fillers[kind]


def take_back(draft: Draft) -> bool:
    """Empty again what the rules filled in of a draft: what its stored record has comes first. Was there any?"""
    for one in reversed(draft.filled):
        write(draft.record, one.field, [change.backwards() for change in one.changes], draft.parts)
    had, draft.filled = bool(draft.filled), []
    return had
