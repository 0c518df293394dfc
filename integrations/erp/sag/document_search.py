"""Looking for documents in SAG: by our key, by SAG's own identifier, or by content where no key travels. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from integrations.erp.equality import same_key
from integrations.erp.read_back import (
    ErpRow,
    FoundRecord,
    KnownRecord,
    Match,
    ReadBack,
    ReadBackQuestion,
    ReadBackResult,
    best_of_sendings,
    proves_absence,
    read_back_result,
)
from integrations.erp.receipts import Reference
from integrations.erp.sag import lookup_queries
from integrations.erp.sag.comparison import compared_document
from integrations.erp.sag.lookup_queries import KEY_FIELDS, NUMBER2, Ask, LookupQueries, quoted
from integrations.erp.sag.sent_request import SentRecord

_CONTROLS = 3
_Sought = Sequence[tuple[ReadBackQuestion, tuple[SentRecord, ...]]]


@dataclass(frozen=True)
class _KeyPlace:
    """Where a key of ours is looked for: keys of one length in one field of one fuente are one question to SAG."""

    source: str
    field: str
    length: int


@dataclass
class DocumentSearch:
    """One read: what it asks, what came, and whether it brought all that it had to bring."""

    ask: Ask
    queries: LookupQueries
    known: Sequence[tuple[KnownRecord, SentRecord]]
    _rows: dict[int, dict[str, ErpRow]] = field(default_factory=lambda: defaultdict(dict))
    """Standing → the rows that carry what only its record has, by SAG's identifier."""
    _complete: set[int] = field(default_factory=set)
    """Standings of which every key was asked for in a read that brought its known records."""
    _missing: set[int] = field(default_factory=set)
    _searched: set[int] = field(default_factory=set)
    """Standings that some query asked for: of the others this read says nothing."""

    def find(self, sought: _Sought) -> ReadBack:
        """What the read says of each document that is looked for."""
        self._read_by_key(sought)
        self._read_by_identifier(sought)
        rows = {question.key: _own_rows(question, self._rows[question.key].values()) for question, _ in sought}
        candidates = self._without_key([pair for pair in sought if not rows[pair[0].key]])
        lines = self._lines(sought, {key: [*rows[key], *candidates.get(key, [])] for key in rows})
        results = {
            question.key: self._result(question, sendings, rows[question.key], candidates.get(question.key, []), lines)
            for question, sendings in sought
        }
        return ReadBack(_each_once(results), frozenset(self._missing))

    def _read_by_key(self, sought: _Sought) -> None:
        places: dict[_KeyPlace, dict[str, int]] = defaultdict(dict)
        for question, sendings in sought:
            for sent in sendings:
                name, carried = sent.carried_key(question.search_keys)
                for key in question.search_keys if carried else ():
                    places[_KeyPlace(sent.source, name, len(key))][key] = question.key
        incomplete = {standing for place, keys in places.items() for standing in self._read_place(place, keys)}
        self._complete = {standing for keys in places.values() for standing in keys.values()} - incomplete

    def _read_place(self, place: _KeyPlace, keys: dict[str, int]) -> set[int]:
        """Read one place; the standings for which this read proves no absence."""
        controls = self._controls(place, keys)
        rows = rows_by_key(self.ask, self.queries, place.source, place.field, [*keys, *controls])
        self._searched |= set(keys.values())
        self._keep(rows, keys)
        brought = {
            record.standing for key, record in controls.items() if any(same_key(row["clave"], key) for row in rows)
        }
        known = controls.values()
        self._missing |= {record.standing for record in known if record.is_seen} - brought
        return set() if proves_absence(known, brought) else set(keys.values())

    def _keep(self, rows: Iterable[ErpRow], keys: dict[str, int]) -> None:
        """Keep the rows that carry one of these keys, under its standing."""
        for row in rows:
            standing = next((keys[key] for key in keys if same_key(row["clave"], key)), None)
            if standing is not None:
                self._rows[standing][str(row["movimiento"])] = row

    def _controls(self, place: _KeyPlace, keys: Iterable[str]) -> dict[str, KnownRecord]:
        """Keys of known records of the same place, those that came after the doubt first → the records."""
        found = {}
        for record, sent in sorted(self.known, key=lambda each: not each[0].is_later):
            name, key = sent.carried_key((record.search_key,))
            if key and _KeyPlace(sent.source, name, len(key)) == place and key not in set(keys):
                found[key] = record
        return dict(list(found.items())[:_CONTROLS])

    def _read_by_identifier(self, sought: _Sought) -> None:
        """A document whose identifier was learned is found by it too, wherever its key went."""
        standings = {question.identifier: question.key for question, _ in sought if question.identifier.isdecimal()}
        if not standings:
            return
        rows = self.queries.rows(self.ask, lookup_queries.DOCUMENTS_BY_IDENTIFIER, keys=",".join(standings))
        self._searched |= set(standings.values())
        for row in rows:
            self._rows[standings[str(row["movimiento"])]][str(row["movimiento"])] = row

    def _without_key(self, sought: _Sought) -> dict[int, list[ErpRow]]:
        """Standing → documents without a key of ours that might be its own.

        They are numbered after the last number that was recorded before it was sent or, where none was, carry its own
        number 2. A document whose key was looked for and not found needs them only where numbers are recorded.
        """
        return {
            question.key: _own_rows(question, [row for row in rows if _may_be(row, question, sendings)])
            for source, same_source in _by_source(sought).items()
            for rows in [self._rows_without_key(source, same_source)]
            for question, sendings in same_source
        }

    def _rows_without_key(self, source: str, sought: _Sought) -> list[ErpRow]:
        marks = {question.key: question.number_before for question, _ in sought if question.number_before is not None}
        numbers = self._own_numbers2(sought)
        self._searched |= {*marks, *numbers.values()}
        rows: list[ErpRow] = []
        if marks:
            above = str(int(min(marks.values())))
            rows += self.queries.rows(self.ask, lookup_queries.DOCUMENTS_ABOVE, source=quoted([source]), above=above)
        if numbers:
            rows += rows_by_key(self.ask, self.queries, source, NUMBER2, sorted(numbers))
        return list({str(row["movimiento"]): row for row in rows}.values())

    def _own_numbers2(self, sought: _Sought) -> dict[str, int]:
        """Number 2 → standing, where no number was recorded before and a key was left without a complete read."""
        return {
            sent.own_number2: question.key
            for question, sendings in sought
            if question.number_before is None and question.key not in self._complete
            for sent in sendings
            if sent.own_number2
        }

    def _lines(self, sought: _Sought, rows: dict[int, list[ErpRow]]) -> dict[str, list[ErpRow]]:
        """SAG's identifier → the lines of the document. Transfers keep theirs in a table of their own."""
        lines: dict[str, list[ErpRow]] = defaultdict(list)
        for query, moves_stock in ((lookup_queries.ITEMS, False), (lookup_queries.TRANSFERS, True)):
            questions = [question for question, sendings in sought if sendings[0].moves_stock is moves_stock]
            wanted = [str(int(row["movimiento"])) for question in questions for row in rows[question.key]]
            for start in range(0, len(wanted), lookup_queries.KEYS_AT_ONCE):
                part = ",".join(wanted[start : start + lookup_queries.KEYS_AT_ONCE])
                for line in self.queries.rows(self.ask, query, keys=part):
                    lines[str(line["movimiento"])].append(line)
        return lines

    def _result(
        self,
        question: ReadBackQuestion,
        sendings: Sequence[SentRecord],
        rows: Sequence[ErpRow],
        candidates: Sequence[ErpRow],
        lines: dict[str, list[ErpRow]],
    ) -> ReadBackResult:
        if rows:
            return best_of_sendings([read_back_result(_compared(sent, rows, lines, is_ours=True)) for sent in sendings])
        alike = _alike(sendings, candidates, lines)
        if not alike:
            result = read_back_result([], proven_absent=question.key in self._complete)
            return replace(result, is_read=question.key in self._searched)
        # With a key that travelled, equal content without it is no proof: the ERP may have lost the key.
        carried_none = not any(sent.carried_key(question.search_keys)[1] for sent in sendings)
        equal = [(place, document) for place, document in alike if document.is_equal_without_key]
        if carried_none and len(equal) == len(alike) == 1 and not question.has_twin:
            place, document = equal[0]
            return ReadBackResult(Match.EQUAL, (document,), sending=place)
        return ReadBackResult(Match.SIMILAR, tuple(document for _, document in alike))


def _alike(
    sendings: Sequence[SentRecord], candidates: Sequence[ErpRow], lines: dict[str, list[ErpRow]]
) -> list[tuple[int, FoundRecord]]:
    """The candidates that nothing proves to be another document, each beside the sending that it is most like."""
    found = []
    for row in candidates:
        beside = [document for sent in sendings for document in _compared(sent, [row], lines, is_ours=False)]
        places = [n for n, document in enumerate(beside) if not document.is_voided and not document.differences]
        if places:
            place = min(places, key=lambda n: beside[n].count_of_differences)
            found.append((place, beside[place]))
    return found


def rows_by_key(
    ask: Ask, queries: LookupQueries, source: str, field_name: str, keys: Sequence[str]
) -> Sequence[ErpRow]:
    """The documents of a fuente with one of `keys` in a field, as SAG compares texts: the caller compares exactly."""
    place = KEY_FIELDS[field_name]
    values = {"key": place.column, "join": place.join, "source": quoted([source]), "keys": quoted(keys)}
    return queries.rows(ask, lookup_queries.DOCUMENTS, **values)


def reference_of_row(row: ErpRow) -> Reference:
    """What SAG calls a document: fuente, prefix and number, and its own identifier."""
    parts = (row.get("fuente"), row.get("prefijo"), row.get("numero"))
    number = "-".join(str(part).strip() for part in parts if part not in (None, ""))
    return Reference(number, str(row["movimiento"]), str(row.get("fuente") or "").strip())


def _may_be(row: ErpRow, question: ReadBackQuestion, sendings: Sequence[SentRecord]) -> bool:
    """Whether a document without our key may be this record's, by its number or number 2."""
    if question.is_claimed(reference_of_row(row)):
        return False
    if question.number_before is not None:
        return int(row["numero"] or 0) > question.number_before
    return any(sent.own_number2 and same_key(row.get("numero2") or row["clave"], sent.own_number2) for sent in sendings)


def _by_source(sought: _Sought) -> dict[str, list[tuple[ReadBackQuestion, tuple[SentRecord, ...]]]]:
    by_source = defaultdict(list)
    for question, sendings in sought:
        by_source[sendings[0].source].append((question, sendings))
    return by_source


def _own_rows(question: ReadBackQuestion, rows: Iterable[ErpRow]) -> list[ErpRow]:
    """Without the documents of closed lives."""
    return [row for row in rows if not question.is_closed(reference_of_row(row))]


def _compared(
    sent: SentRecord, rows: Iterable[ErpRow], lines: dict[str, list[ErpRow]], *, is_ours: bool
) -> list[FoundRecord]:
    return [
        compared_document(sent, row, lines.get(str(row["movimiento"]), ()), reference_of_row(row), is_ours=is_ours)
        for row in rows
    ]


def _each_once(results: dict[int, ReadBackResult]) -> dict[int, ReadBackResult]:
    """Two records for which the same document without a key was found: it proves neither."""
    claims = Counter(document.reference.identifier for result in results.values() for document in result.records)
    return {
        standing: ReadBackResult(Match.SIMILAR, result.records)
        if result.match is Match.EQUAL
        and not result.records[0].is_ours
        and any(claims[document.reference.identifier] > 1 for document in result.records)
        else result
        for standing, result in results.items()
    }
