"""Workbooks of programs that name their parts otherwise, or write their cells in rarer ways."""

import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter  # type: ignore[import-untyped]

from integrations.files.errors import FileError
from integrations.files.reading.cells import BrokenCell
from integrations.files.reading.xlsx_table import XlsxTable

TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
USUAL = {"main": "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
         "rel": "http://schemas.openxmlformats.org/officeDocument/2006/relationships"}  # fmt: skip
STRICT = {"main": "http://purl.oclc.org/ooxml/spreadsheetml/main",
          "rel": "http://purl.oclc.org/ooxml/officeDocument/relationships"}  # fmt: skip
CELLS = '<row r="1"><c r="A1" t="inlineStr"><is><t>uno</t></is></c><c r="B1"><v>2</v></c></row>'


def relations(*pairs: tuple[str, str], spaces: dict[str, str]) -> str:
    told = "".join(
        f'<Relationship Id="r{number}" Type="{spaces["rel"]}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(pairs, 1)
    )
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{told}</Relationships>'


def book(folder: Path, cells: str = CELLS, **how: Any) -> XlsxTable:
    """A workbook made by hand: `names` of its parts, `targets` of its relations, `prefix` of its elements."""
    names = {"book": "xl/workbook.xml", "rels": "xl/_rels/workbook.xml.rels", "root": "_rels/.rels",
             "sheet": "xl/worksheets/sheet1.xml"} | how.get("names", {})  # fmt: skip
    targets = {"book": "xl/workbook.xml", "sheet": "worksheets/sheet1.xml"} | how.get("targets", {})
    spaces, p = how.get("spaces", USUAL), how.get("prefix", "")
    space = f'xmlns{f":{p[:-1]}" if p else ""}="{spaces["main"]}"'
    others = [(kind, target) for kind, (target, _, _) in how.get("others", {}).items()]
    parts = {
        "[Content_Types].xml": TYPES,
        names["root"]: relations(("officeDocument", targets["book"]), spaces=spaces),
        names["rels"]: relations(("worksheet", targets["sheet"]), *others, spaces=spaces),
        names["book"]: (
            f'<{p}workbook {space} xmlns:r="{spaces["rel"]}">{how.get("settings", "")}<{p}sheets>'
            f'<{p}sheet name="Hoja" sheetId="1" r:id="r1"/></{p}sheets></{p}workbook>'
        ),
        names["sheet"]: f"<{p}worksheet {space}><{p}sheetData>{cells}</{p}sheetData></{p}worksheet>",
        **{name: text for _, name, text in how.get("others", {}).values()},
    }
    path = folder / "libro.xlsx"
    with zipfile.ZipFile(path, "w") as made:
        for name, text in parts.items():
            made.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{text}')
    return XlsxTable(path)


def rows(table: XlsxTable) -> list[list[Any]]:
    return [row.cells for row in table.rows()]


@pytest.mark.parametrize(
    "how",
    [
        {},
        {"names": {"sheet": "xl/worksheets/Sheet1.xml"}, "targets": {"sheet": "worksheets/sheet1.xml"}},
        {"targets": {"sheet": "/xl/worksheets/sheet1.xml", "book": "/xl/workbook.xml"}},
        {"names": {"book": "Libro/Datos.xml", "rels": "Libro/_rels/Datos.xml.rels", "sheet": "Hojas/1.xml"},
         "targets": {"book": "Libro/Datos.xml", "sheet": "../Hojas/1.xml"}},
        {"names": {"sheet": "xl\\worksheets\\sheet1.xml", "book": "xl\\workbook.xml",
                   "rels": "xl\\_rels\\workbook.xml.rels"}, "targets": {"sheet": "worksheets\\sheet1.xml"}},
        {"names": {"root": "_RELS/.RELS", "rels": "XL/_rels/WorkBook.xml.rels", "book": "XL/WorkBook.xml"}},
        {"targets": {"sheet": "worksheets/sheet%31.xml"}},
        {"spaces": STRICT},
    ],
    ids=["usual", "mayúsculas", "desde la raíz", "otras carpetas", "barras al revés", "todo en mayúsculas",
         "con porcentajes", "estricto"],
)  # fmt: skip
def test_parts_are_found_by_their_relations(tmp_path: Path, how: dict[str, Any]) -> None:
    assert rows(book(tmp_path, **how)) == [["uno", 2]]


def test_elements_may_have_a_prefix(tmp_path: Path) -> None:
    cells = '<x:row r="1"><x:c r="A1" t="inlineStr"><x:is><x:t>uno</x:t></x:is></x:c></x:row>'
    assert rows(book(tmp_path, cells, prefix="x:")) == [["uno"]]


def test_rows_and_cells_may_lack_their_places(tmp_path: Path) -> None:
    cells = '<row><c t="inlineStr"><is><t>uno</t></is></c><c/><c><v>3</v></c></row><row/><row><c><v>5</v></c></row>'
    numbered = [(row.number, row.cells) for row in book(tmp_path, cells).rows()]
    assert numbered == [(1, ["uno", None, 3]), (2, []), (3, [5])]


def test_cells_out_of_their_order_stand_in_their_places(tmp_path: Path) -> None:
    cells = '<row r="1"><c r="C1"><v>3</v></c><c r="A1"><v>1</v></c></row>'
    assert rows(book(tmp_path, cells)) == [[1, None, 3]]


@pytest.mark.parametrize(
    "cells",
    [
        '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
        '<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>2</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>-1</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>0</v></c></row>',
    ],
    ids=["dos en un lugar", "filas al revés", "texto -1", "sin textos"],
)
def test_a_book_that_says_two_things_is_told(tmp_path: Path, cells: str) -> None:
    with pytest.raises(FileError, match="dañado"):
        rows(book(tmp_path, cells))


STRINGS = '<sst xmlns="urn:x"><si><t>a_x000D_\nb_x005F_x000D_</t></si><si><t>Pen\u0303a</t></si></sst>'


def test_texts_are_found_by_their_relation_and_unescaped_and_composed(tmp_path: Path) -> None:
    others = {"sharedStrings": ("/textos/T.xml", "textos/t.xml", STRINGS)}
    cells = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
    assert rows(book(tmp_path, cells, others=others)) == [["a\r\nb_x000D_", "Peña"]]


def test_texts_of_formulas_and_inline_ones_are_unescaped_and_composed(tmp_path: Path) -> None:
    cells = (
        '<row r="1"><c r="A1" t="str"><f>B1</f><v>a_x000D_b</v></c></row>'
        '<row r="2"><c r="A2" t="str"><f>B1</f><v>n\u0303</v></c>'
        '<c r="B2" t="inlineStr"><is><t>o\u0301</t></is></c></row>'
    )
    assert rows(book(tmp_path, cells)) == [["a\rb"], ["ñ", "ó"]]


def test_truth_and_errors_are_what_they_are(tmp_path: Path) -> None:
    cells = (
        '<row r="1"><c r="A1" t="b"><v>true</v></c><c r="B1" t="b"><v>0</v></c><c r="C1" t="e"><v>#N/A</v></c></row>'
    )
    ((true, false, error),) = rows(book(tmp_path, cells))
    assert (true, false, isinstance(error, BrokenCell), error.display) == (True, False, True, "#N/A")


def test_dates_are_counted_from_1904_where_the_book_says_so(tmp_path: Path) -> None:
    styles = '<styleSheet xmlns="urn:x"><cellXfs><xf numFmtId="14"/></cellXfs></styleSheet>'
    others = {"styles": ("estilos.xml", "xl/estilos.xml", styles)}
    cells = '<row r="1"><c r="A1" s="0"><v>44925</v></c></row>'
    made = book(tmp_path, cells, others=others, settings='<workbookPr date1904="true"/>')
    assert rows(made) == [[date(2026, 12, 31)]]


def test_an_archive_of_another_program_is_no_book(tmp_path: Path) -> None:
    path = tmp_path / "carta.xlsx"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("_rels/.rels", relations(("officeDocument", "word/document.xml"), spaces=USUAL))
        made.writestr("word/document.xml", "<document/>")
    with pytest.raises(FileError, match="no es un libro de Excel"):
        XlsxTable(path)


def test_sheets_that_are_charts_are_passed_over(tmp_path: Path) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        made.add_chartsheet("Gráfico").set_chart(_chart(made))
        made.add_worksheet("Datos").write(0, 0, "uno")
    path = tmp_path / "grafico.xlsx"
    path.write_bytes(out.getvalue())
    assert rows(XlsxTable(path)) == [["uno"]]


def _chart(made: Any) -> Any:
    chart = made.add_chart({"type": "bar"})
    chart.add_series({"values": "=Datos!$A$1:$A$2"})
    return chart
