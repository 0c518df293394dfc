"""What Siigo's answers mean.

Official: one success, `{"statusCode": 200, "message": "…", "errors": null}`. Everything else is assumed, so
the reading is tolerant of shapes and strict with success (notes, 1.5 and 5.1.8; sync protocol, section 3).
"""

from collections.abc import Mapping
from re import fullmatch
from typing import Any

import simplejson

from integrations.erp import gate_pages
from integrations.erp.causes import GATE_PAGE, Cause, cause_of_text, cause_with_code, fold, is_learnable
from integrations.erp.receipts import Receipt, Verdict
from integrations.erp.retry_after import raise_if_asked_to_wait, retry_after_seconds
from integrations.erp.siigo.causes import BUSY, CAUSES
from integrations.erp.siigo.error_texts import Complaint, complaints, located_complaints
from integrations.erp.siigo.written import PUBLISHED, facts_of, operation_of
from integrations.erp.storable import cleaned, exact_number, needs_cleaning
from integrations.erp.success_texts import answer_text, doubt_of
from integrations.errors import NoAnswerError, QueryError

ImportRow = dict[str, Any]
"""A movement line as read back: text, int, Decimal, bool or None by wire name."""

_EMPTY: tuple[object, ...] = (None, "", [], {})


class _UnreadableError(Exception):
    """The body is no JSON."""


def read_export(
    status: int,
    body: bytes,
    request: bytes = b"",
    *,
    headers: Mapping[str, str] | None = None,
    labels: Mapping[str, str] | None = None,
) -> Receipt:
    """The receipt of a write. `status` is HTTP's; `request` was sent; `labels`: Spanish names of wire names."""
    answer = _Answer(status, body, labels or {})
    cause = answer.cause()
    operation, sent = operation_of(request), facts_of(request)
    text = answer_text(operation, answer.text, sent)
    if cause is None:
        doubt = doubt_of(answer.text, sent, PUBLISHED.get(operation or "accounting_movements", ()))
        if not doubt:
            return Receipt(Verdict.ACCEPTED, answer.text, http_status=status, body=body, text=text)
        cause = cause_with_code(CAUSES, doubt)
    is_throttled = cause.verdict is Verdict.THROTTLED
    return Receipt(
        cause.verdict,
        gate_pages.message(cause, body) if cause.code == GATE_PAGE else cause.message(answer.text, "Siigo"),
        cause=cause.code,
        http_status=status,
        body=body,
        retry_after_seconds=retry_after_seconds(headers or {}, answer.content) if is_throttled else None,
        text=text if is_learnable(cause) else None,
    )


ROWS_UNDER = ("data", "list", "rows")
"""assumed: where an import's answer keeps its rows, beside the three keys of the export's answer. Nobody has
published one (notes, 1.4); the setting `import_rows_under` of a connection names its own key.
"""


def read_import(status: int, body: bytes, under: str = "", headers: Mapping[str, str] | None = None) -> list[ImportRow]:
    """The rows of an import. An empty list only where Siigo says so with an empty list.

    `under` is the one key to look at; empty looks at all of `ROWS_UNDER`, one inside another, and at a bare
    array. Raises QueryError where Siigo refused (ThrottledError where it asked to wait), NoAnswerError where the
    answer can't be read.
    """
    answer = _Answer(status, body, {})
    cause = answer.cause()
    if cause is not None:
        raise_if_asked_to_wait(cause, status, headers or {}, answer.content)
    if cause is not None and cause.verdict is not Verdict.AMBIGUOUS:
        raise QueryError(gate_pages.query_refusal(cause, body) or cause.message(answer.text, "Siigo"))
    rows = _rows_under(answer.content, (under,) if under else ROWS_UNDER) if cause is None else None
    if rows is None and not under and 200 <= status < 300:
        rows = _bare_array(body)
    if rows is None:
        raise NoAnswerError("La respuesta de Siigo a la consulta no se pudo leer.", status=status, body=body)
    return rows


def _rows_under(content: Mapping[str, Any], names: tuple[str, ...]) -> list[ImportRow] | None:
    """The first list of objects, at most two keys deep."""
    for name in names:
        found = content.get(name)
        if isinstance(found, dict):
            found = next((found[inner] for inner in ROWS_UNDER if inner in found), None)
        if isinstance(found, list) and all(isinstance(row, dict) for row in found):
            return found
    return None


def _bare_array(body: bytes) -> list[ImportRow] | None:
    try:
        rows = _loaded(body)
    except _UnreadableError:
        return None
    return rows if isinstance(rows, list) and all(isinstance(row, dict) for row in rows) else None


def complaints_in(body: bytes) -> list[Complaint]:
    """The sentences of a refusal, with the rows and fields that they name; none where the body can't be read."""
    content = _parsed(body) or {}
    parts = (content.get("errors"), content.get("error"), content.get("message"))
    return [complaint for part in parts for complaint in located_complaints(part)]


class _Answer:
    """One answer, read once: its parts, and why it is no success."""

    def __init__(self, status: int, body: bytes, labels: Mapping[str, str]) -> None:
        self.status = status
        self.is_gate_page = gate_pages.is_gate_page(status, body)
        parsed = _parsed(body)
        self.content, self.readable = parsed or {}, parsed is not None
        self.inner = _inner_status(self.content)
        errors = self.content.get("errors")
        self.complains = errors not in _EMPTY or self.content.get("error") not in _EMPTY
        found = complaints(errors, labels) or complaints(self.content.get("error"), labels)
        message = complaints(self.content.get("message"), labels)
        self.text = " · ".join(found or message)
        self._sentences = [*found, *message]

    def cause(self) -> Cause | None:
        """None for a success. Where two readings fit, the more dangerous wins."""
        code = self._code_by_status()
        if code:
            return cause_with_code(CAUSES, code)
        if (self.inner or 0) >= 400 or self.complains:
            return self._refusal()
        return None if self._accepts() else cause_with_code(CAUSES, "unreadable")

    def _code_by_status(self) -> str:
        """The code of the cause that HTTP's or Siigo's own status says; empty where neither says one."""
        statuses = {self.status, self.inner or 0}
        if max(statuses) >= 500:
            return "server_error"
        if 401 in statuses or (403 in statuses and self.readable):
            return "unauthorized"
        if 429 in statuses:
            return "throttled"
        if not self.readable:
            return GATE_PAGE if self.is_gate_page else "unreadable"
        return "busy" if {409, 423} & statuses and self._is_busy() else ""

    def _accepts(self) -> bool:
        return 200 <= self.status < 300 and self.inner is not None and 200 <= self.inner < 300

    def _is_busy(self) -> bool:
        """It says so, and nothing that it says means something else."""
        is_said = any(fullmatch(BUSY, fold(text)) for text in self._sentences)
        return is_said and not any(cause_of_text(CAUSES, text) for text in self._sentences)

    def _refusal(self) -> Cause:
        """The most dangerous of what its texts mean: the table lists those first."""
        causes = [cause for text in self._sentences if (cause := cause_of_text(CAUSES, text))]
        return min(causes, key=CAUSES.index, default=cause_with_code(CAUSES, "other_refusal"))


def _parsed(body: bytes) -> dict[str, Any] | None:
    """The object that a body is; None where it is none, or can't be read."""
    try:
        content = _loaded(body)
    except _UnreadableError:
        return None
    return content if isinstance(content, dict) else None


def _loaded(body: bytes) -> Any:
    """The JSON of a body, with texts that can be stored. Numbers beyond all measure make it unreadable."""
    try:
        content = simplejson.loads(body.decode("utf-8-sig"), parse_float=exact_number)
    except (ValueError, RecursionError):
        raise _UnreadableError from None
    return cleaned(content) if needs_cleaning(body) else content


def _inner_status(content: Mapping[str, Any]) -> int | None:
    status = content.get("statusCode")
    if isinstance(status, str) and fullmatch(r"\s*\d{1,9}\s*", status):
        return int(status)
    return status if isinstance(status, int) and not isinstance(status, bool) else None
