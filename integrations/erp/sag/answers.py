"""What SAG's answers mean (manual: insercionSag, queries; notes, 2 and 3; sync protocol, section 3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from integrations.erp import gate_pages
from integrations.erp.causes import (
    GATE_PAGE,
    NAMES_ANOTHER,
    UNKNOWN,
    Cause,
    cause_of_text,
    cause_with_code,
    is_learnable,
)
from integrations.erp.equality import same_tax_id, same_value
from integrations.erp.receipts import NO_REFERENCE, Receipt, Reference, Verdict
from integrations.erp.retry_after import raise_if_asked_to_wait, retry_after_seconds
from integrations.erp.sag.causes import CAUSES, OBJECT_REFERENCE
from integrations.erp.sag.envelopes import Element, FaultError, UnreadableError, children, result_of, text_of
from integrations.erp.sag.rows import OPERATIONS, QueryMethod, QueryRow, read_rows
from integrations.erp.sag.sent_request import SentRecord
from integrations.erp.success_texts import answer_text, doubt_of
from integrations.errors import NoAnswerError, QueryError

_STATE_COLUMN = "s_estado"
PUBLISHED = frozenset({"documento creado correctamente"})
"""The success that the manual prints under `insercionSag`, folded. No other text of a success is public."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What was asked of `insercionSag`: its `a_s_tipo`, and the record that its XML carries."""

    tipo: str = ""
    record: SentRecord = field(default_factory=lambda: SentRecord("", {}, ()))
    committed: bool = True
    """Whether the record asked to be stored (`RealizarCommit` other than N)."""


def read_insertion(status: int, body: bytes, sent: Sent, headers: Mapping[str, str] | None = None) -> list[Receipt]:
    """One receipt per `clsGenerales`, in order; one AMBIGUOUS where there is none."""
    cause = _refused_by_status(status, body)
    if cause is not None and cause.code == GATE_PAGE:
        page = gate_pages.message(cause, body)
        return [Receipt(cause.verdict, page, cause=cause.code, http_status=status, body=body)]
    if cause is not None:
        wait = retry_after_seconds(headers or {}) if cause.verdict is Verdict.THROTTLED else None
        return [replace(_receipt(cause, "", status, body), retry_after_seconds=wait)]
    try:
        rows = list(children(result_of(body, "insercionSag"), "clsGenerales"))
    except FaultError as fault:
        return [_receipt(cause_with_code(CAUSES, "server_error"), str(fault), status, body)]
    except UnreadableError:
        rows = []
    if not rows:
        return [_receipt(cause_with_code(CAUSES, "unreadable"), "", status, body)]
    return [_of_row(row, status, body, sent) for row in rows]


def match_to_records(receipts: Sequence[Receipt], keys: Sequence[str]) -> list[Receipt]:
    """One receipt per record sent, in the order of `keys`: how SAG knows each; empty where only SAG numbers it.

    By the key in `s_identificador` where an element carries it for every record, else one by one in order
    where the counts agree; otherwise no record may take another's success: all may exist.
    """
    by_record = [_identified_by(key, receipts) if key else [] for key in keys]
    if all(by_record) and len(set(keys)) == len(keys):
        return [_combined([*own, *_identified_by("", receipts)]) for own in by_record]
    if len(receipts) == len(keys):
        return list(receipts)
    return [_combined(receipts) if len(keys) == 1 else _doubtful(receipts)] * len(keys)


def _identified_by(key: str, receipts: Sequence[Receipt]) -> list[Receipt]:
    return [receipt for receipt in receipts if receipt.reference.identifier == key]


def _combined(receipts: Sequence[Receipt]) -> Receipt:
    """Several elements as one record's: doubt where they disagree, or succeed without naming what they made."""
    first = receipts[0]
    agree = len({(receipt.verdict, str(receipt.reference)) for receipt in receipts}) == 1
    names_it = first.verdict is not Verdict.ACCEPTED or bool(str(first.reference))
    return first if len(receipts) == 1 or (agree and names_it) else _doubtful(receipts)


def _doubtful(receipts: Sequence[Receipt]) -> Receipt:
    message = " ".join(dict.fromkeys(receipt.message for receipt in receipts))
    first = receipts[0]
    return Receipt(Verdict.AMBIGUOUS, message, cause="unreadable", http_status=first.http_status, body=first.body)


def _refused_by_status(status: int, body: bytes) -> Cause | None:
    if b"Envelope" not in body and gate_pages.is_gate_page(status, body):
        return cause_with_code(CAUSES, GATE_PAGE)
    if status in (401, 403):
        return cause_with_code(CAUSES, "unauthorized")
    if status == 429:
        return cause_with_code(CAUSES, "throttled")
    if status >= 500:
        return cause_with_code(CAUSES, "server_error")
    return None if 200 <= status < 300 else cause_with_code(CAUSES, "unreadable")


def _of_row(row: Element, status: int, body: bytes, sent: Sent) -> Receipt:
    try:
        parts = _parts(row)
    except UnreadableError:
        return _receipt(cause_with_code(CAUSES, "unreadable"), "", status, body)
    return _of_parts(parts, status, body, sent)


def _of_parts(parts: Mapping[str, str], status: int, body: bytes, sent: Sent) -> Receipt:
    said = parts.get("s_mensaje", "")
    reference = Reference(parts.get("s_num_documento", ""), parts.get("s_identificador", ""))
    cause = _cause(parts, said, sent)
    names_document = not sent.record.is_master and bool(reference.number or reference.identifier)
    text = answer_text(sent.tipo, said, sent.record.facts, names_document=names_document)
    if cause is None:
        return Receipt(Verdict.ACCEPTED, said, http_status=status, body=body, reference=reference, text=text)
    receipt = _receipt(cause, said, status, body, reference)
    return replace(receipt, text=text) if is_learnable(cause) else receipt


def _parts(row: Element) -> dict[str, str]:
    """Field → text. Order and gaps do not matter; a field that appears twice with different texts does."""
    parts: dict[str, str] = {}
    for child in row:
        name, text = str(child.tag).rpartition("}")[2], text_of(child)
        if parts.setdefault(name, text) != text:
            raise UnreadableError
    return parts


def _cause(parts: Mapping[str, str], text: str, sent: Sent) -> Cause | None:
    """None for a success that the manual prints."""
    state = parts.get(_STATE_COLUMN, "").upper()
    if state == "OK":
        doubt = NAMES_ANOTHER if _names_another(parts, sent.record) else doubt_of(text, sent.record.facts, PUBLISHED)
        if doubt in ("", UNKNOWN) and not sent.committed:
            return cause_with_code(CAUSES, "uncommitted")
        return cause_with_code(CAUSES, doubt) if doubt else None
    if state == "FALLIDO" and text:
        return cause_of_text(CAUSES, text) or cause_with_code(CAUSES, "other_refusal")
    return cause_with_code(CAUSES, "unreadable")


def _names_another(parts: Mapping[str, str], sent: SentRecord) -> bool:
    """Whether an answer names a record other than the one that was sent: fuente, number, or a master's own key."""
    if sent.is_master:
        identifier = parts.get("s_identificador", "")
        is_same = same_value if sent.tag == "articulo" else same_tax_id
        return bool(identifier) and not is_same(identifier, sent.master_key)
    source, number = parts.get("s_fuente", ""), parts.get("s_num_documento", "")
    is_other_source = bool(source and sent.source) and source.casefold() != sent.source.casefold()
    own_number = sent.attributes.get("NumeroDocumento", "").lstrip("0")
    return is_other_source or bool(number and own_number and number.lstrip("0") != own_number)


def _receipt(cause: Cause, text: str, status: int, body: bytes, reference: Reference = NO_REFERENCE) -> Receipt:
    return Receipt(
        cause.verdict,
        cause.message(text, "SAG"),
        cause=cause.code,
        http_status=status,
        body=body,
        reference=reference,
    )


def read_query(
    status: int, body: bytes, method: QueryMethod, headers: Mapping[str, str] | None = None
) -> list[QueryRow]:
    """The rows of a query, the same whichever method asked.

    Raises QueryError where SAG refused or failed the query (`ambiguous` for "Object reference…", which a bad
    token and a crash share; ThrottledError where it asked to wait), NoAnswerError where the answer can't be read:
    neither is ever "no rows".
    """
    cause = _refused_by_status(status, body)
    if cause is not None:
        raise_if_asked_to_wait(cause, status, headers or {})
    if cause is not None and cause.verdict is not Verdict.AMBIGUOUS:
        raise QueryError(gate_pages.query_refusal(cause, body) or cause.message())
    if cause is not None:
        raise NoAnswerError(f"{cause.title} al responder la consulta.", status=status, body=body)
    try:
        rows = read_rows(result_of(body, OPERATIONS[method]), method)
    except FaultError as fault:
        raise NoAnswerError(f"SAG tuvo un error interno: «{fault}».", status=status, body=body) from None
    except UnreadableError:
        raise NoAnswerError("La respuesta de SAG a la consulta no se pudo leer.", status=status, body=body) from None
    _raise_refusal(rows)
    return rows


def _raise_refusal(rows: list[QueryRow]) -> None:
    """One row with s_estado and s_mensaje is SAG's way to say that a query failed (notes, 2.3)."""
    row = {name.lower(): value for name, value in rows[0].items()} if len(rows) == 1 else {}
    if not {_STATE_COLUMN, "s_mensaje"} <= row.keys() or _is_success(row[_STATE_COLUMN]):
        return
    text = str(row["s_mensaje"] or "")
    cause = cause_of_text(CAUSES, text)
    ambiguous = cause is not None and cause.code == OBJECT_REFERENCE
    advice = " Puede ser la clave de la conexión o una falla de SAG: revise la conexión." if ambiguous else ""
    raise QueryError(f"SAG no pudo hacer la consulta: «{text[:500]}».{advice}", ambiguous=ambiguous)


def _is_success(state: object) -> bool:
    return state is None or str(state).strip().upper() in ("OK", "0", "")
