"""The template of a kind: its usual columns under their official names, and an example that imports as it is."""

import io
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from integrations.choices import Kind
from integrations.fields.spec import Field, Form
from integrations.files.reading.rooms import rooms_of

_COLUMNS: dict[Kind, tuple[str, ...]] = {
    Kind.MOVEMENT: tuple(
        f"siigo-movement/{name}"
        for name in (
            "voucher_type",
            "voucher_code",
            "document_number",
            "document_year",
            "document_month",
            "document_day",
            "sequence",
            "accounting_account",
            "debit_or_credit",
            "sequence_value",
            "nit",
            "branch",
            "cost_center",
            "sequence_description",
            "withholding_base",
            "sequence_vat_percentage",
        )
    ),
    Kind.CLIENT: ("sag-client/",),
    Kind.THIRD_PARTY: ("sag-third-party/",),
    Kind.ARTICLE: ("sag-article/",),
}
"""Keys of rooms; one that ends in a bar is every room of a catalogue that has a column here."""
_LINES_OF_A_VOUCHER: tuple[dict[str, object], ...] = (
    {"sequence": 1, "accounting_account": "1305050000", "debit_or_credit": "D"},
    {"sequence": 2, "accounting_account": "4135050000", "debit_or_credit": "C"},
)


def template(kind: Kind | str) -> bytes:
    """An XLSX with the headings and an example; codes are text cells, so that no zero is lost."""
    fields = _fields(Kind(kind))
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Plantilla")
        bold = book.add_format({"bold": True})
        for place, field in enumerate(fields):
            sheet.write_string(0, place, field.label, bold)
            sheet.set_column(place, place, max(12, len(field.label)))
        examples: Any = _LINES_OF_A_VOUCHER if kind == Kind.MOVEMENT else ({},)
        for number, changes in enumerate(examples, 1):
            for place, field in enumerate(fields):
                _write(sheet, number, place, field, changes.get(field.name, field.sample))
        sheet.freeze_panes(1, 0)
    return out.getvalue()


def _fields(kind: Kind) -> list[Field]:
    rooms = rooms_of(kind)
    found = []
    for key in _COLUMNS[kind]:
        if key.endswith("/"):
            found += [room.field for name, room in rooms.items() if name.startswith(key) and room.field.source]
        else:
            found.append(rooms[key].field)
    return found


def _write(sheet: Any, number: int, place: int, field: Field, value: object) -> None:
    text = str(value)
    if field.form in (Form.INTEGER, Form.DECIMAL) and text:
        sheet.write_number(number, place, float(text))
    elif text:
        sheet.write_string(number, place, text)
