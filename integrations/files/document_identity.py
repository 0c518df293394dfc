"""What makes a document of a file the same as another one: in the file itself, and next time."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from integrations.files.drafts import Draft
from integrations.files.identity_questions import About, Candidate, Question
from integrations.models import Syncable
from integrations.models.document_key import DocumentKey
from integrations.models.record_content import content_of

DIGEST_LETTERS = 40
_NOT_COMPARED = frozenset({"origin", "number", "process_year"})


def without_repeats(drafts: Iterable[Draft], *, number2_identifies: bool) -> Iterator[Draft]:
    """The drafts of one file, completed; one that names the document of an earlier one is refused, or asked about.

    Documents without number are never taken for one another: two equal sales of a file are two sales.
    """
    seen = _Seen(number2_identifies)
    for draft in drafts:
        if not draft.errors:
            draft.record.complete_content(draft.parts)
            seen.look_at(draft)
        yield draft


class _Seen:
    """The documents of a file so far, by hash: a file may hold a million."""

    def __init__(self, number2_identifies: bool) -> None:
        self._number2_identifies = number2_identifies
        self._rows: dict[int, tuple[int, int]] = {}
        """Hash of a key without its party → (row, hash of the party) of the first document; 0: no party."""

    def look_at(self, draft: Draft) -> None:
        for key in self._keys(draft.record):
            party = hash(key.party) if key.party else 0
            first, first_party = self._rows.setdefault(hash(key[:2]), (draft.row, party))
            if first == draft.row:
                continue
            if party and first_party and party != first_party:
                draft.question = draft.question or Question(About.IN_FILE, (Candidate(0, f"fila {first}"),))
                first, _ = self._rows.setdefault(hash(key), (draft.row, party))
            if first != draft.row:
                draft.refuse(draft.row, "", _REPEATED.format(draft.record, first, draft.row))
                return

    def _keys(self, record: Syncable) -> Sequence[DocumentKey]:
        if is_named(record):
            return (DocumentKey(("named", *record.natural_key()), ""),)
        keys, second = record.document_keys(), record.second_key()
        return keys or ((DocumentKey(("second", *second), ""),) if second and self._number2_identifies else ())


_REPEATED = "{} está dos veces en el archivo (filas {} y {}). Deje una sola."


def is_named(record: Syncable) -> bool:
    """Whether the file itself says which record it is: a master always does, a movement of our own export too."""
    return bool(getattr(record, "external_id", True))


class Marks(NamedTuple):
    """What tells whether a document without number is here already.

    `digest`: of all that the file brought; `content`: of what does not depend on the kind of file; `likeness`: of what
    a correction of it would still have.
    """

    digest: str
    content: str
    likeness: str


def marks_of(draft: Draft) -> Marks | None:
    """The marks of a draft that only its content identifies; None where it has a name or a number."""
    record = draft.record
    if is_named(record) or record.document_keys() or not record.likeness(draft.parts):
        return None
    content = content_of(record, draft.parts)
    return Marks(_digest(content, DIGEST_LETTERS), content_mark(content), likeness_mark(record, draft.parts))


def content_mark(content: Mapping[str, Any]) -> str:
    """A digest of a record's content without what the kind of file, or an ERP's numbering, adds to it."""
    return _digest({name: value for name, value in content.items() if name not in _NOT_COMPARED}, 16)


def likeness_mark(record: Syncable, parts: Mapping[str, Sequence[Any]]) -> str:
    """A digest of what a correction of the record would still have."""
    return _digest(record.likeness(parts), 16)


def _digest(content: object, letters: int) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()[:letters]


def first_id(draft: Draft, marks: Marks | None) -> str:
    """The external id of a document that is new, by its number or else by what it says; others may have it."""
    keys = draft.record.document_keys()
    if keys:
        return _key_id(keys[0])
    return f"{marks.digest if marks else _digest(content_of(draft.record, draft.parts), DIGEST_LETTERS)}/1"


def numbered_ids(first: str, count: int) -> list[str]:
    """The ids of so many documents with the same first one: `…/1`, `…/2` of a digest; `…`, `…/2` of a number."""
    base = first[:-2] if first[DIGEST_LETTERS:] == "/1" else first
    return [first, *(f"{base}/{number}" for number in range(2, count + 1))]


def _key_id(key: DocumentKey) -> str:
    erp, *rest = key.values
    return f"{erp}:" + "/".join("" if part is None else str(part) for part in (key.year, *rest))


def ids_of_number(record: Any) -> list[str]:
    """The external ids that a numbered document may have been given when it came: of its keys, and the older one."""
    before = (
        record.voucher_type or record.source_code,
        record.voucher_code,
        record.prefix,
        record.number,
        record.date.isoformat() if record.date else "",
        record.tax_id,
    )
    older = "/".join("" if part is None else str(part) for part in before)
    return [older, *map(_key_id, record.document_keys())]
