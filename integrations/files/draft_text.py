"""A draft as text and back: what a staged document keeps, so that the file itself may go."""

from collections.abc import Callable, Sequence
from typing import Any
from xml.etree.ElementTree import tostring

import simplejson

from integrations.choices import Kind
from integrations.files import exported_table, sag_xml, siigo_json
from integrations.files.drafts import Draft
from integrations.files.reading.cells import Row
from integrations.files.reading.documents import Documents
from integrations.files.reading.grouping import packed, unpacked
from integrations.files.reading.reading_plan import Plan
from integrations.files.xml_reader import read_xml


def packed_source(format_name: str, draft: Draft) -> str:
    """The rows or the element that a draft was read from."""
    if format_name == "xml":
        return simplejson.dumps([draft.row, tostring(draft.rows[0][1], encoding="unicode")])
    if format_name == "json":
        year = getattr(draft.record, "process_year", None)
        return simplejson.dumps([year, draft.rows], use_decimal=True, ensure_ascii=False)
    return simplejson.dumps([[number, packed(cells)] for number, cells in draft.rows])


def rows_of(source: str) -> list[Row]:
    """The rows of a table's staged document."""
    return [Row(number, unpacked(cells)) for number, cells in simplejson.loads(source)]


def json_rows(source: str) -> tuple[int | None, list[tuple[int, Any]]]:
    """The process year and the numbered rows of a staged document of JSON."""
    year, rows = simplejson.loads(source, use_decimal=True)
    return year, [(number, row) for number, row in rows]


def element_text(source: str) -> str:
    """The element of a staged document of XML."""
    return str(simplejson.loads(source)[1]).strip()


def rebuilding(format_name: str, kind: Kind | str, plan: Plan, headings: Sequence[str]) -> Callable[[str], Draft]:
    """A function from what `packed_source` wrote to the draft that it was written of."""
    if format_name == "xml":
        return lambda source: _from_xml(kind, source)
    if format_name == "json":
        return _from_json
    ours = exported_table.kind_of(headings)
    documents = Documents(plan, headings) if ours is None else exported_table.OwnDocuments(ours, headings)
    return lambda source: documents.draft(rows_of(source))


def _from_json(source: str) -> Draft:
    year, rows = json_rows(source)
    return siigo_json.draft_of(rows, year)


def _from_xml(kind: Kind | str, source: str) -> Draft:
    row, text = simplejson.loads(source)
    known: Any = next(root for root in sag_xml.roots().values() if root.kind == kind)
    return sag_xml.draft_of(known, row, read_xml(text.encode()))
