"""What SAG's answers mean (manual: insercionSag, queries; notes, 2 and 3; sync protocol, section 3)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from integrations.erp.causes import Cause, find, named
from integrations.erp.receipts import Receipt, Reference, Verdict
from integrations.erp.retry_after import retry_after_seconds
from integrations.erp.sag.causes import CAUSES, OBJECT_REFERENCE
from integrations.erp.sag.envelopes import Element, FaultError, UnreadableError, children, result_of, text_of
from integrations.erp.sag.rows import OPERATIONS, Method, Row, read_rows
from integrations.errors import NoAnswerError, QueryError

_STATED = "s_estado"


def read_insertion(
    status: int, body: bytes, *, committed: bool, headers: Mapping[str, str] | None = None
) -> list[Receipt]:
    """One receipt per `clsGenerales`, in order; one AMBIGUOUS where there is none.

    `committed` is whether the record asked to be stored (`RealizarCommit` other than N).
    """
    cause = _refused_by_status(status)
    if cause is not None:
        wait = retry_after_seconds(headers or {}) if cause.verdict is Verdict.THROTTLED else None
        return [replace(_receipt(cause, "", status, body), retry_after_seconds=wait)]
    try:
        rows = list(children(result_of(body, "insercionSag"), "clsGenerales"))
    except FaultError as fault:
        return [_receipt(named(CAUSES, "server_error"), str(fault), status, body)]
    except UnreadableError:
        rows = []
    if not rows:
        return [_receipt(named(CAUSES, "unreadable"), "", status, body)]
    return [_of_row(row, status, body, committed) for row in rows]


def matched(receipts: Sequence[Receipt], keys: Sequence[str]) -> list[Receipt]:
    """One receipt per record sent, in the order of `keys`, how SAG knows each (empty where only it does).

    By the key in `s_identificador` where an element carries it for every record, else one by one in order
    where the counts agree; where neither tells, no record may take another's success: all may exist.
    """
    named = [[one for one in receipts if key and one.reference.identifier == key] for key in keys]
    if all(named) and len(set(keys)) == len(keys):
        unnamed = [one for one in receipts if not one.reference.identifier]
        return [_together([*ours, *unnamed]) for ours in named]
    if len(receipts) == len(keys):
        return list(receipts)
    folded = _together(receipts) if len(keys) == 1 else _doubtful(receipts)
    return [folded for _ in keys]


def _together(receipts: Sequence[Receipt]) -> Receipt:
    """Several elements as one record's: doubt where they disagree, or succeed without saying what they made."""
    first = receipts[0]
    agree = len({(one.verdict, str(one.reference)) for one in receipts}) == 1
    tells = first.verdict is not Verdict.ACCEPTED or bool(str(first.reference))
    return first if len(receipts) == 1 or (agree and tells) else _doubtful(receipts)


def _doubtful(receipts: Sequence[Receipt]) -> Receipt:
    message = " ".join(dict.fromkeys(one.message for one in receipts))
    first = receipts[0]
    return Receipt(Verdict.AMBIGUOUS, message, cause="unreadable", http_status=first.http_status, body=first.body)


def _refused_by_status(status: int) -> Cause | None:
    if status in (401, 403):
        return named(CAUSES, "unauthorized")
    if status == 429:
        return named(CAUSES, "throttled")
    if status >= 500:
        return named(CAUSES, "server_error")
    return None if 200 <= status < 300 else named(CAUSES, "unreadable")


def _of_row(row: Element, status: int, body: bytes, committed: bool) -> Receipt:
    try:
        parts = _parts(row)
    except UnreadableError:
        return _receipt(named(CAUSES, "unreadable"), "", status, body)
    said = parts.get("s_mensaje", "")
    reference = Reference(parts.get("s_num_documento", ""), parts.get("s_identificador", ""))
    cause = _cause(parts.get(_STATED, "").upper(), said, committed)
    if cause is None:
        text = said or "SAG lo guardó."
        return Receipt(Verdict.ACCEPTED, text, http_status=status, body=body, reference=reference)
    return _receipt(cause, said, status, body, reference)


def _parts(row: Element) -> dict[str, str]:
    """Field → text. Order and gaps do not matter; a field said twice differently does."""
    parts: dict[str, str] = {}
    for child in row:
        name, text = str(child.tag).rpartition("}")[2], text_of(child)
        if parts.setdefault(name, text) != text:
            raise UnreadableError
    return parts


def _cause(state: str, said: str, committed: bool) -> Cause | None:
    """None for an acceptance."""
    if state == "OK":
        return None if committed else named(CAUSES, "uncommitted")
    if state == "FALLIDO" and said:
        return find(CAUSES, said) or named(CAUSES, "other_refusal")
    return named(CAUSES, "unreadable")


def _receipt(cause: Cause, said: str, status: int, body: bytes, reference: Reference | None = None) -> Receipt:
    return Receipt(
        cause.verdict,
        cause.told(said, "SAG"),
        cause=cause.code,
        http_status=status,
        body=body,
        reference=reference or Reference(),
    )


def read_query(status: int, body: bytes, method: Method) -> list[Row]:
    """The rows of a query, the same whichever method asked.

    Raises QueryError where SAG refused or failed the query (`ambiguous` for "Object reference…", which a bad
    token and a crash share), NoAnswerError where the answer can't be read: neither is ever "no rows".
    """
    cause = _refused_by_status(status)
    if cause is not None and cause.verdict is not Verdict.AMBIGUOUS:
        raise QueryError(cause.told())
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


def _raise_refusal(rows: list[Row]) -> None:
    """One row with s_estado and s_mensaje is SAG's way to say that a query failed (notes, 2.3)."""
    if len(rows) != 1:
        return
    row = {name.lower(): value for name, value in rows[0].items()}
    if not {_STATED, "s_mensaje"} <= row.keys():
        return
    if str(row[_STATED] if row[_STATED] is not None else "").strip().upper() in ("OK", "0", ""):
        return
    said = str(row["s_mensaje"] or "")
    cause = find(CAUSES, said)
    ambiguous = cause is not None and cause.code == OBJECT_REFERENCE
    advice = " Puede ser la clave de la conexión o una falla de SAG: revise la conexión." if ambiguous else ""
    raise QueryError(f"SAG no pudo hacer la consulta: «{said[:500]}».{advice}", ambiguous=ambiguous)
