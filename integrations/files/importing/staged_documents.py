"""A draft as a row of the review: what it is, what an import would do with it, and what tells whether it is here."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from integrations.files.comparing import Compared, DraftDifference
from integrations.files.document_identity import Marks, marks_of
from integrations.files.draft_text import pack_source
from integrations.files.drafts import Draft
from integrations.files.errors import RowError
from integrations.files.importing.differences import list_changes
from integrations.models import ImportFile, StagedDocument

_Verdict = StagedDocument.Verdict
_VERDICT_OF = {
    DraftDifference.NONE: _Verdict.SAME,
    DraftDifference.UNSENT: _Verdict.CHANGED,
    DraftDifference.SENT: _Verdict.DIFFERING,
}
_MAX_LABEL, _MAX_NUMBER2, _MAX_TAX_ID, _MAX_PARTY = 200, 60, 20, 250
_MAX_ERRORS = 50
_ZERO = Decimal(0)
_NO_MARKS = Marks("", "", "")


def staged_document(file: ImportFile, draft: Draft, position: int) -> StagedDocument:
    """The staged document of a draft, as if it had errors."""
    record: Any = draft.record
    if draft.errors:
        record.complete_content(draft.parts)  # what was read of it: the file's own totals are held against that
    marks = (marks_of(draft) if not draft.errors else None) or _NO_MARKS
    return StagedDocument(
        file=file,
        position=position,
        row=draft.row,
        label=str(record)[:_MAX_LABEL],
        source=pack_source(file.format, draft),
        verdict=_Verdict.WRONG,
        errors=[error_data(error) for error in draft.errors[:_MAX_ERRORS]],
        filled=[each.told() for each in draft.filled],
        number2=getattr(record, "number2", "")[:_MAX_NUMBER2] if marks.digest else "",
        **marks._asdict(),
        **_summary(record, draft.parts.get("lines", ())),
    )


def _summary(record: Any, lines: Sequence[Any]) -> dict[str, Any]:
    """What an accountant knows a document by: date, third party, and sums in pesos."""
    tax_id = getattr(record, "party_tax_id", "") or getattr(record, "tax_id", "")
    return {
        "date": getattr(record, "date", None),
        "tax_id": tax_id[:_MAX_TAX_ID],
        "party": (getattr(record, "third_party_name", "") or getattr(record, "name", ""))[:_MAX_PARTY],
        "line_count": len(lines),
        "debit": getattr(record, "total_debit", _ZERO),
        "credit": getattr(record, "total_credit", _ZERO),
        "total": getattr(record, "total", _ZERO),
    }


def set_verdict(document: StagedDocument, compared: Compared) -> None:
    """Say what an import would do with a document that can be read."""
    draft, existing, difference = compared
    if draft.errors:
        return
    if existing is not None:
        document.record_id, document.verdict = existing.pk, _VERDICT_OF[difference]
        document.changes = list_changes(existing, draft) if difference.value else []
    elif draft.question is not None:
        document.verdict, document.question = _Verdict.ASKED, draft.question.as_data()
    else:
        document.verdict = _Verdict.NEW


def error_data(error: RowError) -> dict[str, Any]:
    """An error as a staged document keeps it."""
    column = error.column or error.field
    return {"row": error.row, "column": column, "value": error.value, "message": error.message, "line": error.text()}
