"""Finding our documents and masters in SAG and comparing them with what was sent. Pure: `ask` does the talking."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from integrations.erp.equality import same_value
from integrations.erp.read_back import (
    ErpRow,
    FoundRecord,
    Match,
    ReadBackQuestion,
    ReadBackResult,
    read_back_result,
)
from integrations.erp.receipts import Reference
from integrations.erp.sag import lookup_queries
from integrations.erp.sag.comparison import compared_document, compared_master, is_comparable
from integrations.erp.sag.lookup_queries import KEY_FIELDS, LookupQueries, LookupQuery
from integrations.erp.sag.sent_request import MASTER_KEYS, SentRecord, sent_record

_K = TypeVar("_K")
_T = TypeVar("_T")
Ask = Callable[[str], list[dict[str, Any]]]
"""Runs one query of SAG: its rows, all of them, or QueryError."""
_Sought = Sequence[tuple[ReadBackQuestion, SentRecord]]

_MASTER_QUERIES: dict[str, LookupQuery] = {
    "cliente": lookup_queries.CLIENTS,
    "tercero": lookup_queries.THIRD_PARTIES,
    "articulo": lookup_queries.ARTICLES,
}
_CONTROLS = 3
_KEYS_AT_ONCE = lookup_queries.KEYS_AT_ONCE - _CONTROLS


def find(
    ask: Ask,
    queries: LookupQueries,
    questions: Sequence[ReadBackQuestion],
    control_bodies: Iterable[str],
    key_field: str,
) -> dict[int, ReadBackResult]:
    """What one complete read says of each record, by the key of its question.

    `control_bodies` were sent of records that are known to be there; `key_field` carries our key in documents.
    Raises: QueryError and ExchangeError from `ask`: then nothing was learned.
    """
    known = [sent_record(body) for body in control_bodies]
    sought = [(question, sent_record(question.body)) for question in questions]
    results: dict[int, ReadBackResult] = {}
    masters = _grouped((item[1].tag, item) for item in sought if item[1].tag in MASTER_KEYS)
    for tag, items in sorted(masters.items()):
        results |= _find_masters(ask, queries, items, [record for record in known if record.tag == tag])
    documents = [(question, sent) for question, sent in sought if sent.tag not in MASTER_KEYS]
    by_series = _grouped(((item[1].source, item[1].key(key_field)[0]), item) for item in documents)
    for (source, field), items in by_series.items():
        search = _DocumentSearch(ask, queries, source, field)
        results |= search.by_key(items, known, key_field) if field else search.by_content(items)
    return results


def _grouped(items: Iterable[tuple[_K, _T]]) -> dict[_K, list[_T]]:
    groups: dict[_K, list[_T]] = defaultdict(list)
    for key, item in items:
        groups[key].append(item)
    return groups


def _find_masters(
    ask: Ask, queries: LookupQueries, sought: _Sought, known: Sequence[SentRecord]
) -> dict[int, ReadBackResult]:
    results: dict[int, ReadBackResult] = {}
    for part in _chunks(sought, _KEYS_AT_ONCE):
        tag = part[0][1].tag
        keys = [sent.attributes.get(MASTER_KEYS[tag], "") for _, sent in part]
        controls = [key for record in known if (key := record.attributes.get(MASTER_KEYS[tag], "")) not in keys]
        controls = controls[:_CONTROLS]
        rows = ask(queries.text_of(_MASTER_QUERIES[tag], keys=_quoted([*keys, *controls])))
        # SAG keeps a nameless row for a master that a document named before it existed: that is not the master.
        rows = [row for row in rows if str(row.get("nombre") or "").strip()]
        control_found = any(_with_key(rows, control) for control in controls)
        for (question, sent), key in zip(part, keys, strict=True):
            results[question.key] = _master_result(question, sent, _with_key(rows, key), control_found)
    return results


def _master_result(
    question: ReadBackQuestion, sent: SentRecord, rows: Sequence[ErpRow], control_found: bool
) -> ReadBackResult:
    if rows and not is_comparable(sent):
        # An update of what no column shows (a city): that the master is there proves nothing.
        return ReadBackResult(Match.UNPROVEN)
    before = sent_record(question.body_before) if question.body_before else None
    # A join may repeat a master: it is one, by its natural key.
    return read_back_result(
        [compared_master(sent, row) for row in rows[:1]],
        compared_before=[compared_master(before, row) for row in rows[:1]] if before else [],
        proven_absent=control_found,
    )


@dataclass(frozen=True)
class _DocumentSearch:
    """Looks for documents of one fuente, `source`, whose key travels in one `field`; empty: they carry none."""

    ask: Ask
    queries: LookupQueries
    source: str
    field: str

    def by_key(self, sought: _Sought, known: Sequence[SentRecord], key_field: str) -> dict[int, ReadBackResult]:
        """Each by its own key. Absence is proven where the same query returned one of the `known` documents."""
        known_keys = [record.key(key_field) for record in known if record.source == self.source]
        results: dict[int, ReadBackResult] = {}
        for part in _chunks(sought, _KEYS_AT_ONCE):
            keys = {question.key: sent.key(key_field)[1] for question, sent in part}
            controls = [key for name, key in known_keys if name == self.field and key not in keys.values()]
            results |= self._by_keys(part, keys, controls[:_CONTROLS])
        return results

    def _by_keys(self, sought: _Sought, keys: Mapping[int, str], controls: Sequence[str]) -> dict[int, ReadBackResult]:
        found = self.rows([*keys.values(), *controls])
        own_rows = {question.key: _own_rows(question, _with_key(found, keys[question.key])) for question, _ in sought}
        lines = self._lines([(sent, row) for question, sent in sought for row in own_rows[question.key]])
        control_found = any(_with_key(found, control) for control in controls)
        return {
            question.key: read_back_result(_compared(sent, own_rows[question.key], lines), proven_absent=control_found)
            for question, sent in sought
        }

    def by_content(self, sought: _Sought) -> dict[int, ReadBackResult]:
        """Absence is never proven, and presence only above the last number that was recorded before the sending.

        As many documents above that number as records are sought, each equal to one of them, prove the commit:
        with one record, a jump of one.
        """
        results = {question.key: ReadBackResult(Match.UNPROVEN) for question, _ in sought}
        numbers = [question.number_before for question, _ in sought if question.number_before is not None]
        rows = self._unclaimed_rows_above(min(numbers), sought[0][0]) if numbers else []
        if len(rows) > len(sought):
            return results
        lines = self._lines([(sought[0][1], row) for row in rows])
        equal = {question.key: tuple(_equal_documents(question, sent, rows, lines)) for question, sent in sought}
        references = [document.reference for documents in equal.values() for document in documents]
        for key, documents in equal.items():
            if len(documents) == 1 and references.count(documents[0].reference) == 1:
                results[key] = ReadBackResult(Match.EQUAL, documents)
        return results

    def rows(self, keys: Sequence[str]) -> list[dict[str, Any]]:
        """The rows of the documents with one of these keys."""
        place = KEY_FIELDS[self.field]
        values = {"key": place.column, "join": place.join, "source": _quoted([self.source]), "keys": _quoted(keys)}
        return self.ask(self.queries.text_of(lookup_queries.DOCUMENTS, **values))

    def _unclaimed_rows_above(self, number: int, question: ReadBackQuestion) -> list[dict[str, Any]]:
        query = self.queries.text_of(
            lookup_queries.DOCUMENTS_ABOVE, source=_quoted([self.source]), above=str(int(number))
        )
        rows = {str(row["movimiento"]): row for row in self.ask(query)}
        return [row for row in rows.values() if not question.is_claimed(reference_of_row(row))]

    def _lines(self, found: Sequence[tuple[SentRecord, ErpRow]]) -> dict[str, list[ErpRow]]:
        """Identifier of a document → its lines. Transfers keep theirs in a table of their own."""
        lines: dict[str, list[ErpRow]] = defaultdict(list)
        for query, moves_stock in ((lookup_queries.ITEMS, False), (lookup_queries.TRANSFERS, True)):
            identifiers = [str(int(row["movimiento"])) for sent, row in found if sent.moves_stock is moves_stock]
            for part in _chunks(identifiers, lookup_queries.KEYS_AT_ONCE):
                for row in self.ask(self.queries.text_of(query, keys=",".join(part))):
                    lines[str(row["movimiento"])].append(row)
        return lines


def _with_key(rows: Sequence[ErpRow], key: str) -> list[ErpRow]:
    return [row for row in rows if same_value(row["clave"], key)]


def _own_rows(question: ReadBackQuestion, rows: Iterable[ErpRow]) -> list[ErpRow]:
    """Without the documents of closed lives, and each document once."""
    by_identifier = {str(row["movimiento"]): row for row in rows if not question.is_closed(reference_of_row(row))}
    return list(by_identifier.values())


def _equal_documents(
    question: ReadBackQuestion, sent: SentRecord, rows: Sequence[ErpRow], lines: Mapping[str, Sequence[ErpRow]]
) -> Iterator[FoundRecord]:
    number = question.number_before
    if number is None:
        return
    above = [row for row in rows if int(row["numero"] or 0) > number]
    for document in _compared(sent, _own_rows(question, above), lines):
        if not document.is_voided and not document.differences:
            yield document


def _compared(sent: SentRecord, rows: Sequence[ErpRow], lines: Mapping[str, Sequence[ErpRow]]) -> list[FoundRecord]:
    return [compared_document(sent, row, lines.get(str(row["movimiento"]), ()), reference_of_row(row)) for row in rows]


def last_number(ask: Ask, queries: LookupQueries, source: str) -> int:
    """The highest number of a fuente; 0 where it has no document."""
    rows = ask(queries.text_of(lookup_queries.LAST_NUMBER, source=_quoted([source])))
    return int(rows[0].get("numero") or 0) if rows else 0


def comes_back(ask: Ask, queries: LookupQueries, source: str, field: str, value: str) -> bool:
    """Whether a document of a fuente is found by a value in one field, and gives back that value unharmed."""
    rows = _DocumentSearch(ask, queries, source, field).rows([value])
    return any(str(row["clave"] or "").strip() == value for row in rows)


def reference_of_row(row: ErpRow) -> Reference:
    """What SAG calls a document: fuente, prefix and number, and its own identifier."""
    parts = (row.get("fuente"), row.get("prefijo"), row.get("numero"))
    number = "-".join(str(part).strip() for part in parts if part not in (None, ""))
    return Reference(number, str(row["movimiento"]), str(row.get("fuente") or "").strip())


def _chunks(values: Sequence[_T], size: int) -> Iterator[Sequence[_T]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]


def _quoted(values: Sequence[str]) -> str:
    """T-SQL text literals: a quote is doubled, nothing else is special inside one."""
    return ", ".join("'" + value.replace("'", "''") + "'" for value in values)
