"""A draft as text and back: what a staged document keeps, so that the file itself can be deleted."""

from collections.abc import Callable, Sequence
from typing import Any
from xml.etree.ElementTree import tostring

import simplejson

from integrations.choices import Kind
from integrations.files import exported_table, sag_xml, siigo_json
from integrations.files.drafts import Draft
from integrations.files.reading.cells import TableRow
from integrations.files.reading.documents import DocumentReader
from integrations.files.reading.grouping import pack_cells, unpack_cells
from integrations.files.reading.numbers import NumberFormat
from integrations.files.reading.reading_plan import ReadingPlan
from integrations.files.xml_reader import read_xml


def pack_source(format_name: str, draft: Draft) -> str:
    """The rows or the element that a draft was read from, as JSON."""
    if format_name == "xml":
        return simplejson.dumps([draft.row, tostring(draft.rows[0][1], encoding="unicode")])
    if format_name == "json":
        year = getattr(draft.record, "process_year", None)
        return simplejson.dumps([year, draft.rows], use_decimal=True, ensure_ascii=False)
    return simplejson.dumps([[number, pack_cells(cells)] for number, cells in draft.rows])


def table_rows(source: str) -> list[TableRow]:
    """The rows of a packed document of a table."""
    return [TableRow(number, unpack_cells(cells)) for number, cells in simplejson.loads(source)]


def json_rows(source: str) -> tuple[int | None, list[tuple[int, Any]]]:
    """The process year and the (number, row) pairs of a packed document of JSON."""
    year, rows = simplejson.loads(source, use_decimal=True)
    return year, [(number, row) for number, row in rows]


def element_text(source: str) -> str:
    """The element of a packed document of XML, as XML."""
    return str(simplejson.loads(source)[1]).strip()


def draft_builder(
    format_name: str, kind: Kind | str, plan: ReadingPlan, headings: Sequence[str]
) -> Callable[[str], Draft]:
    """A function from the text of `pack_source` to the draft; `plan` and `headings` are those of a table."""
    if format_name == "xml":
        return lambda source: _from_xml(kind, source, plan.numbers)
    if format_name == "json":
        return lambda source: _from_json(source, plan.numbers)
    reader = exported_table.reader_of(headings) or DocumentReader(plan, headings)
    return lambda source: reader.draft(table_rows(source))


def _from_json(source: str, numbers: NumberFormat | None) -> Draft:
    year, rows = json_rows(source)
    return siigo_json.draft_of(rows, year, numbers)


def _from_xml(kind: Kind | str, source: str, numbers: NumberFormat | None) -> Draft:
    row, text = simplejson.loads(source)
    root = next(root for root in sag_xml.roots().values() if root.kind == kind)
    return sag_xml.draft_of(root, row, read_xml(text.encode()), numbers)
