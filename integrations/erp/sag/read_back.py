"""Finding our documents and masters in SAG and comparing them with what was sent. Pure: `ask` does the talking."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from integrations.erp.equality import same_key, same_tax_id
from integrations.erp.read_back import (
    ErpRow,
    KnownRecord,
    Match,
    ReadBack,
    ReadBackQuestion,
    ReadBackResult,
    read_back_result,
)
from integrations.erp.receipts import Reference
from integrations.erp.sag import lookup_queries
from integrations.erp.sag.comparison import compared_master, is_comparable
from integrations.erp.sag.document_search import DocumentSearch, reference_of_row, rows_by_key
from integrations.erp.sag.lookup_queries import (
    DOCUMENTS_WITH_OUR_KEYS,
    KEY_FIELDS,
    Ask,
    LookupQueries,
    LookupQuery,
    quoted,
)
from integrations.erp.sag.sent_request import MASTER_KEYS, SentRecord, sent_record

_T = TypeVar("_T")
_MASTER_QUERIES: dict[str, LookupQuery] = {
    "cliente": lookup_queries.CLIENTS,
    "tercero": lookup_queries.THIRD_PARTIES,
    "articulo": lookup_queries.ARTICLES,
}
_CONTROLS = 3
_KEYS_AT_ONCE = (lookup_queries.KEYS_AT_ONCE - _CONTROLS) // 2
"""A third party may have two numbers, before and after a change."""
_Sought = Sequence[tuple[ReadBackQuestion, tuple[SentRecord, ...]]]
"""What is looked for, each with what its sendings said, the newest first."""


def find(
    ask: Ask, queries: LookupQueries, questions: Sequence[ReadBackQuestion], known: Sequence[KnownRecord]
) -> ReadBack:
    """What one complete read says of each record. `known` were seen before: a complete read brings them.

    Raises: QueryError and ExchangeError from `ask`: then nothing was learned.
    """
    sought = [(question, tuple(sent_record(each.body) for each in question.sendings)) for question in questions]
    controls = [(record, sent_record(record.body)) for record in known]
    masters = [each for each in sought if each[1][0].tag in MASTER_KEYS]
    documents = [each for each in sought if each[1][0].tag not in MASTER_KEYS]
    results: dict[int, ReadBackResult] = {}
    for tag in sorted({sendings[0].tag for _, sendings in masters}):
        same_tag = [each for each in masters if each[1][0].tag == tag]
        results |= _find_masters(ask, queries, same_tag, [sent for _, sent in controls if sent.tag == tag])
    missing: set[int] = set()
    for part in _chunks(documents, _KEYS_AT_ONCE):
        found = DocumentSearch(ask, queries, controls).find(part)
        results |= found.results
        missing |= found.missing
    return ReadBack(results, frozenset(missing))


def _find_masters(
    ask: Ask, queries: LookupQueries, sought: _Sought, known: Sequence[SentRecord]
) -> dict[int, ReadBackResult]:
    results: dict[int, ReadBackResult] = {}
    for part in _chunks(sought, _KEYS_AT_ONCE):
        tag = part[0][1][0].tag
        keys = [number for _, sendings in part for number in _numbers(sendings[0])]
        controls = [record.number_after for record in known if record.number_after not in keys][:_CONTROLS]
        rows = queries.rows(ask, _MASTER_QUERIES[tag], keys=quoted([*keys, *controls]))
        # SAG keeps a nameless row for a master that a document named before it existed: that is not the master.
        rows = [row for row in rows if str(row.get("nombre") or "").strip()]
        complete = bool(controls) and all(_of_master(tag, rows, control) for control in controls)
        for question, sendings in part:
            # Where a change of number did not arrive, SAG has it under the old one.
            found = (_of_master(tag, rows, number) for number in _numbers(sendings[0]))
            result = _master_result(question, sendings[0], next(filter(None, found), []), complete)
            results[question.key] = replace(result, is_read=bool(sendings[0].number_after))
    return results


def _numbers(sent: SentRecord) -> list[str]:
    """What SAG may know a master by after this was sent, the new number first."""
    return list(dict.fromkeys((sent.number_after, sent.number_before)))


def _of_master(tag: str, rows: Sequence[ErpRow], key: str) -> list[ErpRow]:
    """The rows of one master. A NIT is a number in SAG; the code of an article is a text, and 00123 is not 123."""
    is_same = same_tax_id if tag != "articulo" else _same_code
    return [row for row in rows if is_same(row["clave"], key)]


def _same_code(found: object, code: str) -> bool:
    return str(found).strip().casefold() == code.strip().casefold()


def _master_result(
    question: ReadBackQuestion, sent: SentRecord, rows: Sequence[ErpRow], complete: bool
) -> ReadBackResult:
    if rows and not is_comparable(sent):
        # An update of what no column shows (a city): that the master is there proves nothing.
        return ReadBackResult(Match.UNPROVEN)
    before = sent_record(question.body_before) if question.body_before else None
    # A join may repeat a master: it is one, by its natural key.
    return read_back_result(
        [compared_master(sent, row) for row in rows[:1]],
        compared_before=[compared_master(before, row) for row in rows[:1]] if before else [],
        proven_absent=complete,
    )


def last_number(ask: Ask, queries: LookupQueries, source: str) -> int:
    """The highest number of a fuente; 0 where it has no document."""
    rows = queries.rows(ask, lookup_queries.LAST_NUMBER, source=quoted([source]))
    return int(rows[0].get("numero") or 0) if rows else 0


def documents_with_our_keys(ask: Ask, queries: LookupQueries, field: str, above: int) -> dict[str, Reference]:
    """Key → document of everything that carries a key of our form in a field and came after the identifier `above`."""
    place = KEY_FIELDS[field]
    rows = queries.rows(ask, DOCUMENTS_WITH_OUR_KEYS, key=place.column, join=place.join, above=str(above))
    return {str(row["clave"] or "").rstrip(): reference_of_row(row) for row in rows}


def comes_back(ask: Ask, queries: LookupQueries, source: str, field: str, value: str) -> bool:
    """Whether a document of a fuente is found by a value in one field, and gives back that value unharmed."""
    rows = rows_by_key(ask, queries, source, field, [value])
    return any(same_key(row["clave"], value) for row in rows)


def _chunks(values: Sequence[_T], size: int) -> Iterator[Sequence[_T]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]
