"""Awkward files, each with how it ends: what comes in, or the words that say why not. All invented here."""

import gzip
import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from tests.integrations.files.tables import HEADINGS, csv_bytes, line, voucher

SAG = ("CodigoFuente", "NumeroDocumento", "FechaDocumento", "CodigoArticulo", "Cantidad")
ARTICLE = ("codigo", "descripcion")


@dataclass(frozen=True)
class Awkward:
    """A file and how it ends. `created` documents come in; `told` is among the errors or notices."""

    what: str
    name: str
    body: Callable[[], bytes]
    created: int = 0
    told: str = ""
    flags: tuple[str, ...] = ()


def text(what: str, body: bytes | Callable[[], bytes], *, name: str = "a.csv", **ends: Any) -> Awkward:
    made: Callable[[], bytes] = body if callable(body) else lambda: body
    return Awkward(what, name, made, **ends)


def table(what: str, rows: Sequence[Sequence[object]], *, how: dict[str, Any] | None = None, **ends: Any) -> Awkward:
    return text(what, lambda: csv_bytes(rows, **(how or {})), **ends)


def sheet(
    what: str, write: Callable[[Any, Any], None], *, options: dict[str, Any] | None = None, **ends: Any
) -> Awkward:
    """A book that `write(book, sheet)` fills."""

    def body() -> bytes:
        out = io.BytesIO()
        given = {"in_memory": True, "default_date_format": "dd/mm/yyyy", **(options or {})}
        with xlsxwriter.Workbook(out, given) as book:
            write(book, book.add_worksheet("Hoja1"))
        return out.getvalue()

    return Awkward(what, "a.xlsx", body, **ends)


def rows_at(page: Any, rows: Sequence[Sequence[object]], top: int = 0, left: int = 0) -> None:
    for number, row in enumerate(rows, top):
        for place, value in enumerate(row, left):
            if value is not None:
                page.write(number, place, value)


def plain_book(rows: Sequence[Sequence[object]] = ()) -> bytes:
    return sheet("", lambda _book, page: rows_at(page, [HEADINGS, *(rows or voucher(10))])).body()


def with_part(body: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """A book with one of its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.namelist():
            data = old.read(each)
            new.writestr(each, change(data) if each == part else data)
    return out.getvalue()


LAST_DAY = date(2026, 12, 31)
SHEET = "xl/worksheets/sheet1.xml"


def bomb() -> bytes:
    """A sheet that unpacks to 400 MB of blanks."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain_book())) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.namelist():
            if each != SHEET:
                new.writestr(each, old.read(each))
        with new.open(SHEET, "w", force_zip64=True) as part:
            part.write(b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>')
            for _ in range(400):
                part.write(b" " * 1024**2)
            part.write(b"</sheetData></worksheet>")
    return out.getvalue()


def ole(inside: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + inside.encode("utf-16-le") + b"\0" * 600


def merged(book: Any, page: Any) -> None:
    rows_at(page, [HEADINGS, *voucher(10)])
    page.merge_range(1, 2, 2, 2, 10)


def hidden_first(book: Any, page: Any) -> None:
    page.write(0, 0, "notas")
    shown = book.add_worksheet("Datos")
    rows_at(shown, [HEADINGS, *voucher(10)])
    shown.activate()
    shown.set_first_sheet()
    page.hide()


def two_sheets(book: Any, page: Any) -> None:
    rows_at(page, [HEADINGS, *voucher(10)])
    rows_at(book.add_worksheet("Otra"), [HEADINGS, *voucher(11)])


def summary_too(book: Any, page: Any) -> None:
    rows_at(page, [["Resumen"], ["Total", 119000]])
    rows_at(book.add_worksheet("Datos"), [HEADINGS, *voucher(10)])


def formulas(book: Any, page: Any) -> None:
    rows_at(page, [HEADINGS, *voucher(10)])
    page.write_formula(1, 5, "=119000*1", None, 119000)


def formula_without_result(book: Any, page: Any) -> None:
    rows_at(page, [HEADINGS, *voucher(10)])
    page.write_formula(1, 5, "=A1", None, "")


def error_cell(book: Any, page: Any) -> None:
    rows_at(page, [HEADINGS, *voucher(10)])
    page.write_formula(1, 5, "=1/0", None, "#DIV/0!")


def days(*values: object) -> Callable[[Any, Any], None]:
    def write(book: Any, page: Any) -> None:
        rows_at(page, [SAG, *(["FV", number, day, "1001", 1] for number, day in enumerate(values, 1))])

    return write


def zero_day(book: Any, page: Any) -> None:
    rows_at(page, [SAG, ["FV", 1, None, "1001", 1]])
    page.write_number(1, 2, 0, book.add_format({"num_format": "dd/mm/yyyy"}))


def percents(book: Any, page: Any) -> None:
    rows_at(page, [(*ARTICLE, "porcentajeIva"), ["A1", "UNO", None]])
    page.write_number(1, 2, 0.19, book.add_format({"num_format": "0%"}))


def rich(book: Any, page: Any) -> None:
    rows_at(page, [HEADINGS, *voucher(10)])
    page.write_rich_string(1, 11, "Venta ", book.add_format({"bold": True}), "de año")


def strings_of_numbers(book: Any, page: Any) -> None:
    for number, row in enumerate([HEADINGS, *voucher(10)]):
        for place, value in enumerate(row):
            page.write_string(number, place, str(value))


def far_away(_book: Any, page: Any) -> None:
    rows_at(page, [HEADINGS, *voucher(10)])
    page.write(1048575, 16383, "x")


BAD_LINE = [line(10, 1, "D", 5), line(10, 2, "C", "diecinueve"), *voucher(11)]
SCATTERED = [voucher(10)[0], voucher(11)[0], voucher(10)[1], voucher(11)[1]]
TOTALS = ["TOTAL", "", "", "", "", 238000, "", "", "", "", "", ""]
ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]>'

TEXTS = [
    table("UTF-8 y comas", voucher(10), how={"separator": ","}, created=1),
    table("UTF-8 con marca y punto y coma", voucher(10), how={"encoding": "utf-8-sig"}, created=1),
    table("Windows-1252 y tabuladores", voucher(10), how={"encoding": "cp1252", "separator": "\t"}, created=1),
    table("UTF-16 de Excel", voucher(10), how={"encoding": "utf-16", "separator": "\t"}, created=1),
    table("página 850 de DOS", voucher(10), how={"encoding": "cp850"}, created=1),
    table("barras", voucher(10), how={"separator": "|"}, created=1),
    text("la línea sep= de Excel", lambda: b"sep=;\r\n" + csv_bytes(voucher(10)), created=1),
    text("fines de línea de Mac", lambda: csv_bytes(voucher(10)).replace(b"\r\n", b"\r"), created=1),
    table("saltos de línea dentro de una celda", [line(10, 1, "D", 5, _11="una\nlínea")], created=1),
    text("separadores de sobra al final", lambda: csv_bytes([[*row, "", ""] for row in voucher(10)]), created=1),
    table("filas en blanco entre medio", [[], *voucher(10), ["", ""], *voucher(11), []], created=2),
    text("filas en blanco antes de los títulos", lambda: b"\r\n;;\r\n" + csv_bytes(voucher(10)), created=1),
    text("títulos de informe encima", lambda: b"Empresa\r\nInforme de noviembre\r\n\r\n" + csv_bytes(voucher(10)),
         created=1),
    table("títulos sin tildes y en minúsculas", voucher(10), created=1,
          how={"headings": [name.lower().replace("ó", "o").replace("é", "e").replace("ñ", "ñ") for name in HEADINGS]}),
    table("una fila de totales al final", [*voucher(10), TOTALS], created=1, told="parece de totales"),
    table("un título dos veces", [[*line(10, 1, "D", 5), "9"]], how={"headings": (*HEADINGS, "NIT")},
          told="está 2 veces"),
    table("sin una columna obligatoria", [row[:5] for row in voucher(10)], how={"headings": HEADINGS[:5]},
          told="Falta la columna"),
    table("títulos y nada más", [], told="no trae filas"),
    table("columnas que nadie conoce", [["1", "2"]], how={"headings": ("uno", "dos")}, told="No se reconoce ninguna"),
    text("vacío", b"", told="está vacío"),
    text("solo espacios", b" \r\n \r\n", told="está vacío"),
    text("una foto", b"\x89PNG\r\n\x1a\n" + b"\x01" * 500, told="una imagen"),
    text("una foto JPEG llamada .xlsx", b"\xff\xd8\xff\xe0" + b"\x01" * 500, name="a.xlsx", told="una imagen"),
    text("un PDF", b"%PDF-1.7\n" + b"x" * 100, told="un PDF"),
    text("comprimido con gzip", lambda: gzip.compress(csv_bytes(voucher(10))), told="un archivo comprimido"),
    text("bytes que no son texto", b"a;b\r\n\0\1\2;3\r\n", told="bytes que no son texto"),
    text("comillas que no se cierran", lambda: csv_bytes(voucher(10)) + b'F;1;"' + b"x" * 200_000, told="comillas"),
    text("una celda de un millón de letras", lambda: csv_bytes([line(10, 1, "D", 5, _11="x" * 10**6)]), told="celda"),
    table("filas más cortas que los títulos", [line(10, 1, "D", 5)[:5]], told="falta «VALOR"),
    table("filas más largas que los títulos", [[*line(10, 1, "D", 5), "de", "más"]], told="más celdas que títulos"),
    table("dos formatos de número", [line(10, 1, "D", "1.250,5"), line(11, 1, "D", "1,250.5")], told="de dos maneras"),
    table("un número ambiguo", [line(10, 1, "D", "1.250")], told="puede leerse de dos maneras"),
    table("negativos entre paréntesis y pesos", [line(10, 1, "D", "(1.250.000)"), line(10, 2, "C", "$ 1.250.000")],
          created=1),
    table("espacios duros en los números", [line(10, 1, "D", "1\u00a0250\u00a0000")], created=1),
    table("un código en notación científica", [line(10, 1, "D", 5, _3="1,30505E+09")], told="perdió cifras"),
    table("códigos como fórmulas de texto", [['="0012"', "UNO"]], how={"headings": ARTICLE}, created=1),
    table("una fórmula por valor", [line(10, 1, "D", "=SUMA(A1:A2)")], told="no es un número"),
    table("ceros perdidos", [["0012", "UNO"], ["13", "DOS"]], how={"headings": ARTICLE}, created=2,
          told="quitó ceros"),
    table("un comprobante con una fila mala", BAD_LINE, created=1, told="no es un número"),
    table("comprobantes revueltos", SCATTERED, created=2),
    table("el mismo comprobante dos veces", [*voucher(10), *voucher(10)], told="dos veces"),
    table("caracteres de control", [line(10, 1, "D", 5, _11="a\x07b")], told="caracteres que no se pueden escribir"),
    table("un día que no existe", [line(10, 1, "D", 5, _7=2, _8=31)], told="no existe"),
    table("año de dos cifras", [["FV", 1, "31/12/26", "1", 1]], how={"headings": SAG},
          told="trae el año con dos cifras"),
    table("año de dos cifras, dicho", [["FV", 1, "31/12/26", "1", 1]], how={"headings": SAG}, created=1,
          flags=("--dates", "dmy"), told="es 31/12/2026"),
    table("meses con su nombre", [["FV", 1, "31-dic-2026", "1", 1], ["FV", 2, "5 de enero de 2026", "1", 1]],
          how={"headings": SAG}, created=2),
    table("fechas con hora y espacios angostos", [["FV", 1, "31/12/2026 12:00:00\u202fa.\u00a0m.", "1", 1]],
          how={"headings": SAG}, created=1),
    table("pesos del formato de contabilidad", [line(10, 1, "D", "$ 1'250.000,00"), line(10, 2, "C", "$ -")],
          created=1),
    table("miles con punto junto a decimales con punto",
          [line(10, 1, "D", "417.690"), line(10, 2, "C", "$ 376,040.00")], told="de dos maneras"),
    table("fechas en dos órdenes", [["FV", 1, "31/12/2026", "1", 1], ["FV", 2, "12/31/2026", "1", 1]],
          how={"headings": SAG}, told="de dos maneras"),
    table("una fecha ambigua", [["FV", 1, "03/04/2026", "1", 1]], how={"headings": SAG}, told="puede leerse"),
    text("una página web", b"<html><body><table></table></body></html>", told="se espera uno de"),
    text("JSON cortado", b'[{"voucher_type": "F"', name="a.json", told="incompleto"),
    text("XML con entidades", ENTITIES + b"<clientes/>", name="a.xml", told="entidades"),
]  # fmt: skip
BOOKS = [
    sheet("el modelo de Siigo, títulos en la fila 5",
          lambda _b, page: rows_at(page, [["EMPRESA"], ["MODELO"], ["De: NOV 1"], [], HEADINGS, *voucher(10)]),
          created=1),
    sheet("una tabla que empieza en C4", lambda _b, page: rows_at(page, [HEADINGS, *voucher(10)], 3, 2), created=1),
    sheet("la primera hoja oculta", hidden_first, created=1),
    sheet("dos hojas con datos", two_sheets, told="varias hojas"),
    sheet("una hoja de resumen antes", summary_too, created=1),
    sheet("celdas combinadas hacia abajo", merged, created=1),
    sheet("fórmulas con su resultado", formulas, created=1),
    sheet("una fórmula con error", error_cell, told="#DIV/0!"),
    sheet("números guardados como texto", strings_of_numbers, created=1),
    sheet("texto con formato dentro de la celda", rich, created=1),
    sheet("fechas de Excel", days(LAST_DAY), created=1),
    sheet("fechas con otra época (1904)", days(LAST_DAY), options={"date_1904": True}, created=1),
    sheet("fechas como número", days(46387), created=1),
    sheet("un cero que se muestra 00/01/1900", zero_day, told="no tiene fecha"),
    sheet("porcentajes", percents, created=1),
    sheet("una cuenta de más de quince cifras", lambda _b, page: rows_at(
        page, [HEADINGS, line(10, 1, "D", 5, _3=1234567890123456789)]), told="más de 15 cifras"),
    sheet("un libro sin filas", lambda _b, page: rows_at(page, [HEADINGS]), told="no trae filas"),
    sheet("un libro vacío", lambda _b, _page: None, told="no tiene una fila con los títulos"),
    sheet("celdas en el otro extremo de la hoja", far_away, told="más allá de la columna"),
    text("protegido con clave", ole("EncryptedPackage"), name="a.xlsx", told="protegido con clave"),
    text("un libro antiguo (.xls)", ole("Workbook"), name="a.xlsx", told="antiguo"),
    text("una bomba comprimida", bomb, name="a.xlsx", told="por seguridad no se lee"),
    text("un libro cortado", lambda: plain_book()[:3000], name="a.xlsx", told="no es un libro de Excel"),
    text("un comprimido que no es un libro", lambda: _other_zip(), name="a.xlsx",
         told="no es un libro de Excel"),
    text("un libro llamado .csv", plain_book, told="un libro de Excel"),
    text("texto llamado .xlsx", lambda: csv_bytes(voucher(10)), name="a.xlsx", told="no es un libro de Excel"),
    text("entidades en la hoja", lambda: with_part(plain_book(), SHEET, lambda old: ENTITIES + old.split(b"?>", 1)[1]),
         name="a.xlsx", told="entidades"),
    text("un texto que no está en el libro", lambda: with_part(
        plain_book(), SHEET, lambda old: old.replace(b't="s"><v>0<', b't="s"><v>99999<')),
         name="a.xlsx", told="dañado"),
    text("una hoja cortada", lambda: with_part(plain_book(), SHEET, lambda old: old[:900]), name="a.xlsx",
         told="dañado"),
    text("fórmulas sin resultado", lambda: with_part(plain_book(), SHEET, lambda old: old.replace(
        b"<v>119000</v>", b"<f>A1*2</f>")), name="a.xlsx", told="fórmula sin resultado"),
]  # fmt: skip


def _other_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("word/document.xml", "<w/>")
    return out.getvalue()


ALL = [*TEXTS, *BOOKS]
