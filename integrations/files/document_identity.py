"""What makes a document of a file the same document next time: importing a file twice changes nothing."""

import hashlib
import json
from collections import Counter
from typing import Any

from integrations.files.drafts import Draft
from integrations.files.record_content import content_of


def external_id(draft: Draft, equals: Counter[str]) -> str:
    """What the file says it is, else its number with all that qualifies it, else its second number, else
    its content and ordinal among equals.

    `equals` counts the contents met so far in this file.
    """
    movement: Any = draft.record
    if movement.external_id:
        return str(movement.external_id)
    if movement.number:
        date = movement.date.isoformat() if movement.date else ""
        parts = (
            movement.voucher_type or movement.source_code,
            movement.voucher_code,
            movement.prefix,
            movement.number,
            date,
            movement.tax_id,
        )
        return "/".join("" if part is None else str(part) for part in parts)
    if movement.number2:
        return f"{movement.source_code}//{movement.number2}"
    digest = hashlib.sha256(
        json.dumps(content_of(draft.record, draft.parts), sort_keys=True, default=str).encode()
    ).hexdigest()[:40]
    equals[digest] += 1
    return f"{digest}/{equals[digest]}"
