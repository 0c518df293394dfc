"""The rows of a query one after another while its answer arrives: however large it is, memory holds a piece of it.

The beginning is kept: an answer that fits in it is read whole, as every other one is (`answers.read_query`), with all
that it may say instead of rows. Only what is larger is read as it comes.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from lxml import etree

from integrations.erp.receipts import Secret
from integrations.erp.sag import rows as whole
from integrations.erp.sag.answers import read_query
from integrations.erp.sag.envelopes import DOCTYPE, Element, UnreadableError
from integrations.erp.sag.rows import OPERATIONS, QueryMethod, QueryRow
from integrations.erp.transport import EnoughError

KEPT_BYTES = 1024 * 1024
"""An answer up to this size is read whole."""
_TEXT_AT_ONCE = 64 * 1024
MOST_CHARACTERS_OF_A_ROW = 16 * 1024 * 1024
_JSON_ROWS = re.compile(r'\s*+\[?(?:[\s,]*+\{(?:[^"{}]++|"(?:[^"\\]++|\\.)*+")*+\})++', re.DOTALL)
"""As many whole flat objects as there are. Possessive: what is not whole yet is given up at once."""
_ROW_ELEMENT: dict[str, str] = {"json2": "ArrayOfKeyValueOfstringanyType"}

TakeRow = Callable[[QueryRow], bool]
"""Takes a row; whether it wants another one."""
_FoundRow = Callable[[QueryRow], None]


class RowStream:
    """The rows of one answer, handed to `take` in their order: at most `most_rows`, then EnoughError.

    `feed` is given the status and each piece as it arrives, `end` is called after the last one. `was_cut` says
    whether it ended before the answer did.
    """

    def __init__(
        self, method: QueryMethod, most_rows: int, take: TakeRow, secret: Secret, kept_bytes: int = KEPT_BYTES
    ) -> None:
        self.was_cut = False
        self._method, self._most_rows, self._take, self._secret = method, most_rows, take, secret
        self._count, self._kept_bytes = 0, kept_bytes
        self._beginning = bytearray()
        self._reader: _AnswerReader | None = None

    def feed(self, status: int, piece: bytes) -> None:
        """Raises: EnoughError where the rest is not wanted, UnreadableError for what is no answer with rows."""
        if self._reader is not None:
            self._reader.feed(piece)
            return
        self._beginning += piece
        if len(self._beginning) > self._kept_bytes and status == 200:
            self._reader = _AnswerReader(self._method, self._row)
            self._reader.feed(bytes(self._beginning))
            self._beginning.clear()

    def end(self, status: int, headers: Mapping[str, str]) -> None:
        """Raises: as `read_query` for a small answer; UnreadableError for a large one that ends too early."""
        if self._reader is not None:
            self._reader.close()
            return
        for row in read_query(status, self._secret.mask(bytes(self._beginning)), self._method, headers):
            self._row(row)

    def _row(self, row: QueryRow) -> None:
        if self._count >= self._most_rows:
            self.was_cut = True
            raise EnoughError
        self._count += 1
        if not self._take({name: self._masked(value) for name, value in row.items()}):
            self.was_cut = True
            raise EnoughError

    def _masked(self, value: Any) -> Any:
        return self._secret.mask_text(value) if isinstance(value, str) else value


class _AnswerReader:
    """Reads a SOAP answer in pieces and finds the rows in its result."""

    def __init__(self, method: QueryMethod, take: _FoundRow) -> None:
        self._is_begun = False
        self._failure: Exception | None = None
        self._target = _Result(method, take)
        self._parser = _parser(self._target)

    def feed(self, piece: bytes) -> None:
        if not self._is_begun and DOCTYPE.match(piece):
            raise UnreadableError
        self._is_begun = True
        try:
            self._parser.feed(piece)
        except etree.XMLSyntaxError:
            raise UnreadableError from None

    def close(self) -> None:
        try:
            self._parser.close()
        except etree.XMLSyntaxError:
            raise UnreadableError from None
        if not self._target.is_whole:
            raise UnreadableError


def _parser(target: Any) -> Any:
    return etree.XMLParser(
        target=target, encoding="utf-8", resolve_entities=False, no_network=True, huge_tree=True, recover=False
    )


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


class _Result:
    """What lxml tells of an answer: the path that we are on, and below the result element its text or its rows."""

    def __init__(self, method: QueryMethod, take: _FoundRow) -> None:
        operation = OPERATIONS[method]
        self._wanted = ["Envelope", "Body", f"{operation}Response", f"{operation}Result"]
        self._path: list[str] = []
        self._waiting: list[str] = []
        self._size = 0
        self._text: _JsonText | _XmlText | None = None
        self._rows = _RowElements(_ROW_ELEMENT.get(method, ""), method, take)
        self._new_text = (lambda: _JsonText(take)) if method == "json" else (lambda: _XmlText(method, take))
        self.is_whole = False

    @property
    def _is_inside(self) -> bool:
        return self._path[:4] == self._wanted

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if self._is_inside:
            self._rows.start(tag, attributes)
        self._path.append(_local(tag))

    def data(self, text: str) -> None:
        if self._rows.is_open:
            self._rows.data(text)
        elif self._path == self._wanted:
            # lxml tells every escaped character apart: they are joined first.
            self._waiting.append(text)
            self._size += len(text)
            if self._size >= _TEXT_AT_ONCE:
                self._feed_text()

    def _feed_text(self) -> None:
        if self._waiting:
            self._text = self._text or self._new_text()
            self._text.feed("".join(self._waiting))
            self._waiting, self._size = [], 0

    def end(self, tag: str) -> None:
        if self._path == self._wanted:
            self._feed_text()
            self.is_whole = self._text is None or self._text.close()
        self._path.pop()
        if self._is_inside:
            self._rows.end(tag)

    def close(self) -> None:
        """Asked for by lxml."""


class _RowElements:
    """Builds the tree of one row at a time. `name` is a row's element; empty: every child of `NewDataSet` is one."""

    def __init__(self, name: str, method: QueryMethod, take: _FoundRow) -> None:
        self._name, self._take = name, take
        self._read: Callable[[Element], QueryRow] = whole.pairs_of if method == "json2" else whole.columns_of
        self._path: list[str] = []
        self._builder: Any = None
        self._depth = 0

    @property
    def is_open(self) -> bool:
        return self._builder is not None

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        name = _local(tag)
        if self._builder is None and self._is_row(name):
            self._builder, self._depth = etree.TreeBuilder(), len(self._path)
        if self._builder is not None:
            self._builder.start(tag, dict(attributes))
        self._path.append(name)

    def _is_row(self, name: str) -> bool:
        return name == self._name if self._name else self._path[-1:] == ["NewDataSet"] and name != "schema"

    def data(self, text: str) -> None:
        if self._builder is not None:
            self._builder.data(text)

    def end(self, tag: str) -> None:
        self._path.pop()
        if self._builder is None:
            return
        self._builder.end(tag)
        if len(self._path) == self._depth:
            row, self._builder = self._builder.close(), None
            self._take(self._read(row))

    def close(self) -> None:
        """Asked for by lxml."""


class _XmlText:
    """Rows in a `NewDataSet` that is written as text inside of the result, or, as json's may be, in a JSON array."""

    def __init__(self, method: QueryMethod, take: _FoundRow) -> None:
        self._method, self._take = method, take
        self._reader: Any = None

    def feed(self, text: str) -> None:
        if self._reader is None and text.strip():
            is_json = text.lstrip().startswith("[")
            self._reader = _JsonText(self._take) if is_json else _DataSetText(self._method, self._take)
        if self._reader is not None:
            self._reader.feed(text)

    def close(self) -> bool:
        return self._reader is None or self._reader.close()


class _DataSetText:
    def __init__(self, method: QueryMethod, take: _FoundRow) -> None:
        self._parser = _parser(_RowElements("", method, take))

    def feed(self, text: str) -> None:
        if "<!DOCTYPE" in text:
            raise UnreadableError
        try:
            self._parser.feed(text.encode(errors="surrogatepass"))
        except etree.XMLSyntaxError:
            raise UnreadableError from None

    def close(self) -> bool:
        try:
            self._parser.close()
        except etree.XMLSyntaxError:
            return False
        return True


class _JsonText:
    """Rows in an array of flat objects, as many at a time as are whole."""

    def __init__(self, take: _FoundRow) -> None:
        self._take = take
        self._rest = ""
        self._is_begun = False
        self._next_try = 0

    def feed(self, text: str) -> None:
        self._rest += text
        if len(self._rest) < self._next_try:
            return
        found = _JSON_ROWS.match(self._rest)
        if found is None:
            self._wait_for_more()
            return
        self._read(found[0])
        self._rest, self._next_try = self._rest[found.end() :], 0

    def _wait_for_more(self) -> None:
        """A row that is not whole is looked at again when it is twice as long: each character is read twice."""
        if len(self._rest) > MOST_CHARACTERS_OF_A_ROW:
            raise UnreadableError
        self._next_try = 2 * len(self._rest)

    def _read(self, text: str) -> None:
        text = text.lstrip()
        # The comma before the first row of the piece belongs to the row of the piece before.
        begins = "[" if not self._is_begun else ","
        if not text.startswith(begins):
            raise UnreadableError
        self._is_begun = True
        for row in whole.json_rows(f"[{text[1:]}]"):
            self._take(row)

    def close(self) -> bool:
        return self._is_begun and self._rest.strip() == "]"
