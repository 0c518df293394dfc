"""What was sent, what would be sent now and what the ERP holds, value beside value."""

import json

import pytest

from integrations.erp.read_back import ComparedValue, FoundRecord
from integrations.erp.receipts import NO_REFERENCE
from integrations.erp.sag.comparison import FIELD_NAMES as SAG_NAMES
from integrations.erp.siigo.comparison import FIELD_NAMES as SIIGO_NAMES
from integrations.erp.three_way_diff import DiffSection, ThreeWayValue, side_by_side

LABELS = {"accounting_account": "Cuenta contable", "sequence_value": "Valor", "CodigoArticulo": "Artículo"}


def voucher(*lines: tuple[str, str]) -> str:
    rows = [{"accounting_account": account, "sequence_value": value} for account, value in lines]
    return json.dumps({"data": {"list": rows}})


def order(*lines: tuple[str, str]) -> str:
    details = "".join(f'<MovimientoDetalle CodigoArticulo="{code}" Cantidad="{count}"/>' for code, count in lines)
    return f'<Movimientos><Movimiento Nit="900" FechaDocumento="2026/11/03">{details}</Movimiento></Movimientos>'


def held(*pairs: ComparedValue) -> FoundRecord:
    return FoundRecord(NO_REFERENCE, pairs)


def told(sections: list[DiffSection]) -> list[tuple[str, str, str | None, str | None, str | None]]:
    return [
        (one.title, row.name, row.sent, row.now, row.in_erp) for one in sections for row in one.values if row.differs
    ]


def row_of(sections: list[DiffSection], title: str, name: str) -> ThreeWayValue:
    return next(row for one in sections if one.title.startswith(title) for row in one.values if row.name == name)


def test_what_nobody_changed_and_the_erp_holds_alike_has_no_difference() -> None:
    body = voucher(("1105", "10"), ("4135", "10"))
    pair = ComparedValue("valor", "10", "10.00", False, 1)
    assert told(side_by_side(body, body, held(pair), LABELS, SIIGO_NAMES)) == []


def test_a_value_that_was_changed_here_is_marked_with_both() -> None:
    sections = side_by_side(voucher(("1105", "10")), voucher(("1105", "12")), None, LABELS, SIIGO_NAMES)
    assert told(sections) == [("Línea 1 · 1105", "sequence_value", "10", "12", None)]


def test_a_value_that_the_erp_has_otherwise_is_marked_in_its_line() -> None:
    body = voucher(("1105", "10"), ("4135", "10"))
    found = held(ComparedValue("cuenta", "4135", "4135", False, 2), ComparedValue("valor", "10", "11", True, 2))
    sections = side_by_side(body, body, found, LABELS, SIIGO_NAMES)
    assert told(sections) == [("Línea 2 · 4135", "sequence_value", "10", "10", "11")]


def test_a_line_of_the_erp_is_found_by_what_was_sent_and_not_by_its_place() -> None:
    body = order(("B2", "2"), ("A1", "5"))
    found = held(ComparedValue("artículo", "A1", "A1", False, 1), ComparedValue("cantidad", "5", "6", True, 1))
    sections = side_by_side(body, body, found, LABELS, SAG_NAMES)
    assert told(sections) == [("Línea 2 · A1", "Cantidad", "5", "5", "6")]


def test_the_header_of_the_erp_stands_in_the_header() -> None:
    body = order(("A1", "5"))
    found = held(ComparedValue("NIT", "900", "901", True))
    assert row_of(side_by_side(body, body, found, LABELS, SAG_NAMES), "Encabezado", "Nit").in_erp == "901"


def test_what_belongs_to_no_field_stands_by_itself() -> None:
    body = order(("A1", "5"))
    found = held(ComparedValue("número de líneas", "1", "2", True))
    first = side_by_side(body, body, found, LABELS, SAG_NAMES)[0]
    assert (first.title, [(row.label, row.in_erp) for row in first.values]) == (
        "Documento en el ERP", [("número de líneas", "2")],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("sent", "now", "kind"),
    [
        (voucher(("1105", "10")), voucher(("1105", "10"), ("4135", "5")), "added"),
        (voucher(("1105", "10"), ("4135", "5")), voucher(("1105", "10")), "removed"),
    ],
)
def test_a_line_that_came_or_went_says_so(sent: str, now: str, kind: str) -> None:
    assert [one.kind for one in side_by_side(sent, now, None, LABELS, SIIGO_NAMES)] == ["", kind]


def test_without_anything_sent_only_what_would_be_is_shown() -> None:
    sections = side_by_side("", voucher(("1105", "10")), None, LABELS, SIIGO_NAMES)
    row = row_of(sections, "Línea 1", "sequence_value")
    assert (row.sent, row.now, row.differs, sections[0].kind) == (None, "10", False, "")


def test_a_field_is_called_by_its_official_label() -> None:
    body = voucher(("1105", "10"))
    assert row_of(side_by_side(body, body, None, LABELS, SIIGO_NAMES), "Línea", "sequence_value").label == "Valor"


def test_what_is_neither_request_is_refused() -> None:
    with pytest.raises(ValueError, match="no request"):
        side_by_side('{"otra": 1}', '{"otra": 1}', None, LABELS, SIIGO_NAMES)
