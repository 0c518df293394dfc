"""What a read-back found, as the JSON that is stored as evidence."""

import json
from dataclasses import asdict, astuple
from typing import Any

from integrations.erp.read_back import ComparedValue, FoundRecord, Match, ReadBackResult, Weight
from integrations.erp.receipts import Reference


def as_json(result: ReadBackResult) -> bytes:
    """The result as JSON, to be stored as evidence; `from_json` reads it."""
    documents = [_as_data(record) for record in result.records]
    data = {"match": result.match, "documents": documents, "sending": result.sending, "is_read": result.is_read}
    return json.dumps(data, ensure_ascii=False).encode()


def _as_data(record: FoundRecord) -> dict[str, Any]:
    return {
        **asdict(record.reference),
        "voided": record.is_voided,
        "pairs": [astuple(value) for value in record.compared],
        "ours": record.is_ours,
        "not_compared": record.not_compared,
        "lines_compared": record.lines_compared,
    }


def from_json(text: bytes) -> ReadBackResult:
    """What `as_json` wrote. Raises ValueError or KeyError for anything else."""
    content: dict[str, Any] = json.loads(text)
    records = tuple(
        FoundRecord(
            Reference(document["number"], document["identifier"], document["series"]),
            tuple(ComparedValue(*value[:5], *map(Weight, value[5:])) for value in document["pairs"]),
            document["voided"],
            document.get("ours", True),
            tuple(document.get("not_compared", ())),
            document.get("lines_compared", True),
        )
        for document in content["documents"]
    )
    match = Match(content["match"])
    # What was stored before this was written down may have been found out without asking the ERP.
    is_read = bool(content.get("is_read", match is not Match.UNPROVEN))
    return ReadBackResult(match, records, content.get("sending", 0), is_read)
