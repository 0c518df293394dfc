"""What makes a document of a file the same document next time: importing a file twice changes nothing."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from integrations.files.drafts import Draft
from integrations.models.record_content import content_of


def with_keys(drafts: Iterable[Draft]) -> Iterator[Draft]:
    """The drafts of one file, with external ids; a second one with the same natural key is refused."""
    first_rows: dict[int, int] = {}
    equal_contents: Counter[str] = Counter()
    for draft in drafts:
        if not draft.errors:
            if hasattr(draft.record, "external_id"):
                draft.record.external_id = external_id(draft, equal_contents)
            _refuse_repeated(draft, first_rows)
        yield draft


def _refuse_repeated(draft: Draft, first_rows: dict[int, int]) -> None:
    # The hash, not the key: a file may hold a million documents.
    first = first_rows.setdefault(hash(draft.record.natural_key()), draft.row)
    if first != draft.row:
        message = f"{draft.record} está dos veces en el archivo (filas {first} y {draft.row}). Deje una sola."
        draft.refuse(draft.row, "", message)


def external_id(draft: Draft, equal_contents: Counter[str]) -> str:
    """The file's id of a movement, its qualified number, its number 2, or a digest counted in `equal_contents`."""
    movement: Any = draft.record
    if movement.external_id:
        return str(movement.external_id)
    if movement.number:
        return _qualified_number(movement)
    if movement.number2:
        return f"{movement.source_code}//{movement.number2}"
    digest = _digest(draft)
    equal_contents[digest] += 1
    return f"{digest}/{equal_contents[digest]}"


def _digest(draft: Draft) -> str:
    content = json.dumps(content_of(draft.record, draft.parts), sort_keys=True, default=str)
    return hashlib.sha256(content.encode()).hexdigest()[:40]


def _qualified_number(movement: Any) -> str:
    parts = (
        movement.voucher_type or movement.source_code,
        movement.voucher_code,
        movement.prefix,
        movement.number,
        movement.date.isoformat() if movement.date else "",
        movement.tax_id,
    )
    return "/".join("" if part is None else str(part) for part in parts)
