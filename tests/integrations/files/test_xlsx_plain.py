"""The quick way through a sheet and the parser say the same of every piece, or the quick way says nothing."""

from hypothesis import given
from hypothesis import strategies as st

from integrations.files.errors import FileError
from integrations.files.reading.cells import InputCell, TableRow
from integrations.files.reading.xlsx_parts import items_in
from integrations.files.reading.xlsx_plain import plain_rows
from integrations.files.reading.xlsx_table import _parsed_rows

PLAIN = st.sampled_from([
    '<c r="{at}"><v>5</v></c>', '<c r="{at}" s="3" t="n"><v>-1.5E+3</v></c>', '<c r="{at}" t="s"><v>1</v></c>',
    '<c r="{at}" s="2"/>', '<c r="{at}"><f>A1*2</f><v>10</v></c>', '<c r="{at}" t="str"><f>A1</f><v>a</v></c>',
    '<c r="{at}"><f t="shared" si="0"/><v>10</v></c>', '<c r="{at}" t="b"><v>1</v></c>',
    '<c r="{at}" t="inlineStr"><is><t>Peña &amp; Ñáñez &lt;x&gt; &quot;&apos;</t></is></c>',
    '<c r="{at}" t="inlineStr"><is><t xml:space="preserve"> a\n\tb </t></is></c>',
])  # fmt: skip
RARE = st.sampled_from([
    '<c r="{at}"></c>', '<c r="{at}"><v></v></c>', '<c r="{at}" t="s"><v>9</v></c>', '<c t="s" r="{at}"><v>0</v></c>',
    '<c r="{at}"><f>A1&amp;"x"</f></c>', '<c r="{at}" t="inlineStr"><is><t>&amp;amp;#10;</t></is></c>',
    '<c r="{at}" t="inlineStr"><is><t>a&#10;</t></is></c>', '<c r="{at}" t="inlineStr"><is><t>a_x000D_</t></is></c>',
    '<c r="{at}" t="inlineStr"><is><t/></is></c>', '<c><v>7</v></c>', '<c r="{at}"><v>a\r\nb</v></c>',
    '<c r="{at}" t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c>', '<c r="{at}"><v>&unknown;</v></c>',
    "<!-- nota -->", " ", "<c",
])  # fmt: skip
ROWS = st.sampled_from(['<row r="{at}">', '<row r="{at}" spans="1:3" ht="15">'])
RARE_ROWS = st.sampled_from(["<row>", '<row r="{at}"/><row r="5">', "", '<row r="{at}"><row r="{at}">'])
LETTERS = ("A", "B", "C", "E", "Z", "AA", "ALM")


def mostly(usual: st.SearchStrategy[str], rare: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.integers(0, 15).flatmap(lambda number: rare if number == 15 else usual)


@st.composite
def pieces(draw: st.DrawFn) -> bytes:
    made = ""
    for number in range(1, draw(st.integers(1, 3)) + 1):
        made += draw(mostly(ROWS, RARE_ROWS)).format(at=number)
        letters = draw(st.lists(st.sampled_from(LETTERS), max_size=4, unique=True))
        for each in sorted(letters, key=LETTERS.index) if draw(st.integers(0, 9)) else letters:
            made += draw(mostly(PLAIN, RARE)).format(at=f"{each}{number}")
        made += draw(mostly(st.just("</row>"), st.just("")))
    return f'<sheetData xmlns="urn:x">{made}</sheetData>'.encode()


def valued(kind: str, style: str, value: str) -> InputCell:
    return ["cero", "uno"][int(value)] if kind == "s" else f"{kind.replace('n', '')}/{style}/{value}"


def parsed(piece: bytes) -> list[TableRow] | None:
    """None where the parser refuses it."""
    try:
        return list(_parsed_rows(items_in(piece, "hoja"), valued, 0))
    except FileError:
        return None


@given(piece=pieces())
def test_both_ways_say_the_same(piece: bytes) -> None:
    rows = plain_rows(piece, valued)
    assert rows is None or rows == parsed(piece)


def test_the_quick_way_takes_what_spreadsheets_write_most() -> None:
    cells = (
        '<c r="A1" s="1" t="s"><v>1</v></c><c r="C1"><v>5</v></c><c r="D1" s="2"/><c r="E1"><f>C1</f><v>5</v></c>'
        '<c r="F1" t="inlineStr"><is><t>Peña &amp; Cía.</t></is></c>'
    )
    piece = f'<sheetData xmlns="urn:x"><row r="1" spans="1:6">{cells}</row></sheetData>'.encode()
    assert plain_rows(piece, valued) == [TableRow(1, ["uno", None, "//5", None, "//5", "Peña & Cía."])]
