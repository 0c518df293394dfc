"""Finding our documents and masters in SAG and comparing them with what was sent. Pure: `ask` does the talking."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from integrations.erp.equality import same
from integrations.erp.findings import Finding, Found, Match, Question, judged
from integrations.erp.receipts import Reference
from integrations.erp.sag import lookup_queries
from integrations.erp.sag.comparison import compared_document, compared_master, shows
from integrations.erp.sag.lookup_queries import KEY_FIELDS, Lookup, Lookups
from integrations.erp.sag.sent_request import MASTER_KEYS, Sent, reference_of, sent_of

__all__ = ["find", "last_number", "reference_of", "sent_of"]

_T = TypeVar("_T")
Row = Mapping[str, Any]
Ask = Callable[[str], list[dict[str, Any]]]
"""One query, complete: rows, or QueryError."""

_MASTERS: dict[str, Lookup] = {
    "cliente": lookup_queries.CLIENTS,
    "tercero": lookup_queries.THIRD_PARTIES,
    "articulo": lookup_queries.ARTICLES,
}


def find(
    ask: Ask, lookups: Lookups, questions: Sequence[Question], known_bodies: Iterable[str], key_field: str
) -> dict[int, Finding]:
    """What one complete read says of each record. `known_bodies` were sent of what is known to be there.

    Raises: QueryError and ExchangeError from `ask`: then nothing was learned.
    """
    sought = [(question, sent_of(question.body)) for question in questions]
    known = [sent_of(body) for body in known_bodies]
    found: dict[int, Finding] = {}
    for tag in sorted({sent.tag for _, sent in sought if sent.tag in MASTER_KEYS}):
        mine = [(question, sent) for question, sent in sought if sent.tag == tag]
        found |= _find_masters(ask, lookups, mine, [one for one in known if one.tag == tag])
    documents = [(question, sent) for question, sent in sought if sent.tag not in MASTER_KEYS]
    for (source, field), mine in _by_series(documents, key_field).items():
        if field:
            controls = [one.key(key_field) for one in known if one.source == source]
            values = [value for name, value in controls if name == field]
            found |= _find_documents(ask, lookups, mine, source, field, values, key_field)
        else:
            found |= _find_keyless(ask, lookups, mine, source)
    return found


Sought = Sequence[tuple[Question, Sent]]


def _by_series(documents: Sought, key_field: str) -> dict[tuple[str, str], list[tuple[Question, Sent]]]:
    groups: dict[tuple[str, str], list[tuple[Question, Sent]]] = defaultdict(list)
    for question, sent in documents:
        groups[sent.source, sent.key(key_field)[0]].append((question, sent))
    return groups


def _find_masters(ask: Ask, lookups: Lookups, sought: Sought, known: Sequence[Sent]) -> dict[int, Finding]:
    found: dict[int, Finding] = {}
    for some in _some(sought, lookup_queries.KEYS_AT_ONCE - 3):
        tag = some[0][1].tag
        keys = [sent.attributes.get(MASTER_KEYS[tag], "") for _, sent in some]
        controls = [key for one in known if (key := one.attributes.get(MASTER_KEYS[tag], "")) not in keys][:3]
        rows = ask(lookups.of(_MASTERS[tag], keys=_quoted([*keys, *controls])))
        # SAG keeps a nameless row for a master that a document named before it existed: that is not the master.
        rows = [row for row in rows if str(row.get("nombre") or "").strip()]
        seen = any(same(row["clave"], control) for row in rows for control in controls)
        for (question, sent), key in zip(some, keys, strict=True):
            found[question.key] = _judged_master(question, sent, [row for row in rows if same(row["clave"], key)], seen)
    return found


def _judged_master(question: Question, sent: Sent, rows: Sequence[Row], control_seen: bool) -> Finding:
    # A join may repeat a master: it is one, by its natural key.
    if rows and not shows(sent):
        # An update of what no column shows (a city): that the master is there proves nothing.
        return Finding(Match.UNPROVEN)
    ours = [compared_master(sent, row) for row in rows[:1]]
    before = [compared_master(sent_of(question.before), row) for row in rows[:1]] if question.before else []
    return judged(ours, before=before, proven_absent=control_seen)


def _find_documents(
    ask: Ask, lookups: Lookups, sought: Sought, source: str, field: str, known: Sequence[str], key_field: str
) -> dict[int, Finding]:
    found: dict[int, Finding] = {}
    place = KEY_FIELDS[field]
    for some in _some(sought, lookup_queries.KEYS_AT_ONCE - 3):
        keys = [sent.key(key_field)[1] for _, sent in some]
        controls = [value for value in known if value not in keys][:3]
        rows = ask(
            lookups.of(
                lookup_queries.DOCUMENTS,
                key=place.column,
                join=place.join,
                source=_quoted([source]),
                keys=_quoted([*keys, *controls]),
            )
        )
        seen = any(same(row["clave"], control) for row in rows for control in controls)
        ours = {
            question.key: _open_rows(question, [row for row in rows if same(row["clave"], key)])
            for (question, _), key in zip(some, keys, strict=True)
        }
        lines = _lines(ask, lookups, [(sent, row) for question, sent in some for row in ours[question.key]])
        for question, sent in some:
            documents = _compared(sent, ours[question.key], lines)
            found[question.key] = judged(documents, proven_absent=seen)
    return found


def _open_rows(question: Question, rows: Iterable[Row]) -> list[Row]:
    """Without the documents of closed lives, and each document once."""
    by_identifier = {str(row["movimiento"]): row for row in rows if not question.is_closed(reference_of_row(row))}
    return list(by_identifier.values())


def _find_keyless(ask: Ask, lookups: Lookups, sought: Sought, source: str) -> dict[int, Finding]:
    """By content alone: absence is never proven, and presence only above the number that somebody kept before.

    As many documents above that mark as records are sought, each equal to one of them, prove the commit: with
    one record, a jump of one.
    """
    marked = [question.above for question, _ in sought if question.above is not None]
    found = {question.key: Finding(Match.UNPROVEN) for question, _ in sought}
    if not marked:
        return found
    above = lookups.of(lookup_queries.DOCUMENTS_ABOVE, source=_quoted([source]), above=str(int(min(marked))))
    rows = list({str(row["movimiento"]): row for row in ask(above)}.values())
    rows = [row for row in rows if not sought[0][0].is_claimed(reference_of_row(row))]
    if len(rows) > len(sought):
        return found
    lines = _lines(ask, lookups, [(sought[0][1], row) for row in rows])
    equal = {question.key: tuple(_equal_ones(question, sent, rows, lines)) for question, sent in sought}
    wanted = [one.reference for several in equal.values() for one in several]
    for key, several in equal.items():
        if len(several) == 1 and wanted.count(several[0].reference) == 1:
            found[key] = Finding(Match.EQUAL, several)
    return found


def _equal_ones(
    question: Question, sent: Sent, rows: Sequence[Row], lines: Mapping[str, Sequence[Row]]
) -> Iterator[Found]:
    if question.above is None:
        return
    above = [row for row in rows if int(row["numero"] or 0) > question.above]
    for one in _compared(sent, _open_rows(question, above), lines):
        if not one.is_voided and not one.differences:
            yield one


def _compared(sent: Sent, rows: Sequence[Row], lines: Mapping[str, Sequence[Row]]) -> list[Found]:
    return [compared_document(sent, row, lines.get(str(row["movimiento"]), ()), reference_of_row(row)) for row in rows]


def _lines(ask: Ask, lookups: Lookups, found: Sequence[tuple[Sent, Row]]) -> dict[str, list[Row]]:
    """Lines by document. Transfers are kept apart from the others."""
    lines: dict[str, list[Row]] = defaultdict(list)
    for query, moves_stock in ((lookup_queries.ITEMS, False), (lookup_queries.TRANSFERS, True)):
        identifiers = [str(int(row["movimiento"])) for sent, row in found if sent.moves_stock is moves_stock]
        for some in _some(identifiers, lookup_queries.KEYS_AT_ONCE):
            for row in ask(lookups.of(query, keys=",".join(some))):
                lines[str(row["movimiento"])].append(row)
    return lines


def last_number(ask: Ask, lookups: Lookups, source: str) -> int:
    """The highest number of a fuente; 0 where it has no document."""
    rows = ask(lookups.of(lookup_queries.LAST_NUMBER, source=_quoted([source])))
    return int(rows[0].get("numero") or 0) if rows else 0


def comes_back(ask: Ask, lookups: Lookups, source: str, field: str, value: str) -> bool:
    """Whether a document of a fuente is found by a value in one field, unharmed."""
    place = KEY_FIELDS[field]
    holes = {"key": place.column, "join": place.join, "source": _quoted([source]), "keys": _quoted([value])}
    return any(str(row["clave"] or "").strip() == value for row in ask(lookups.of(lookup_queries.DOCUMENTS, **holes)))


def reference_of_row(row: Row) -> Reference:
    """What SAG calls a document: fuente, prefix and number, and its own identifier."""
    parts = (row.get("fuente"), row.get("prefijo"), row.get("numero"))
    number = "-".join(str(part).strip() for part in parts if part not in (None, ""))
    return Reference(number, str(row["movimiento"]), str(row.get("fuente") or "").strip())


def _some(values: Sequence[_T], most: int) -> Iterator[Sequence[_T]]:
    for start in range(0, len(values), most):
        yield values[start : start + most]


def _quoted(values: Sequence[str]) -> str:
    """T-SQL text literals: a quote is doubled, nothing else is special inside one."""
    return ", ".join("'" + value.replace("'", "''") + "'" for value in values)
