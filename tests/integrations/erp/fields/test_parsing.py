"""Parsing is strict: what is not plainly a value of the kind is refused with a sentence for staff."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from integrations.erp.fields import rows
from integrations.erp.fields.values import FieldError, parse

INTEGER = rows.integer("n", "Número", sample="19")
DECIMAL = rows.number("d", "Valor", sample="19")
TEXT = rows.text("t", "Texto", sample="Venta")
NIT = rows.code("c", "NIT", sample="900123456")
DAY = rows.date("f", "Fecha")
FLAG = rows.flag("s", "Activo")


@pytest.mark.parametrize(
    ("row", "raw", "expected"),
    [
        (INTEGER, "19", 19),
        (INTEGER, 19, 19),
        (INTEGER, " 19 ", 19),
        (DECIMAL, "1.0", Decimal("1.0")),
        (DECIMAL, Decimal("1.0"), Decimal("1.0")),
        (DECIMAL, 0.5, Decimal("0.5")),
        (DECIMAL, -9999999, Decimal(-9999999)),
        (TEXT, "  con espacios ", "  con espacios "),
        (TEXT, 2025, "2025"),
        (NIT, 900123456, "900123456"),
        (NIT, "900123456", "900123456"),
        (DAY, "2024-02-29", date(2024, 2, 29)),
        (DAY, "2020/04/30", date(2020, 4, 30)),
        (FLAG, "S", True),
        (FLAG, "N", False),
    ],
)
def test_a_value_of_the_kind_is_read(row: Any, raw: object, expected: object) -> None:
    assert parse(row, raw) == expected


@pytest.mark.parametrize("row", [INTEGER, DECIMAL, TEXT, NIT, DAY, FLAG])
@pytest.mark.parametrize("raw", [None, "", "   "])
def test_blank_is_none(row: Any, raw: object) -> None:
    assert parse(row, raw) is None


NOT_NUMBERS = ["diecinueve", "1,5", "1.250,50", "1e5", "1E5", Decimal("1E+5"), "+5", ".5", "5.", "0x10", "١٩"]
NOT_NUMBERS += [True, False, [1], {"a": 1}, float("nan"), float("inf"), Decimal("NaN"), "9" * 50, 10**5000]


@pytest.mark.parametrize("row", [INTEGER, DECIMAL])
@pytest.mark.parametrize("raw", NOT_NUMBERS, ids=lambda raw: str(type(raw).__name__))
def test_what_is_not_a_number_is_refused(row: Any, raw: object) -> None:
    with pytest.raises(FieldError):
        parse(row, raw)


@pytest.mark.parametrize(
    ("row", "raw"),
    [
        (INTEGER, "1.0"),
        (INTEGER, 1.5),
        (TEXT, Decimal("1.10")),
        (TEXT, True),
        (TEXT, ["a"]),
        (TEXT, {"a": "b"}),
        (TEXT, "nul\x00"),
        (TEXT, "\ud800"),
        (NIT, "900.123.456-8"),
        (NIT, "-5"),
        (NIT, -5),
        (NIT, "AG01"),
        (DAY, "2025-02-29"),
        (DAY, "29/02/2024"),
        (DAY, "2024-2-9"),
        (DAY, "2024-02/09"),
        (DAY, "0025-03-10"),
        (DAY, 20250310),
        (DAY, datetime(2025, 3, 10)),  # noqa: DTZ001 - refused just because it has an hour
        (FLAG, "s"),
        (FLAG, "Sí"),
        (FLAG, True),
        (FLAG, 1),
        (FLAG, ["S"]),
    ],
)
def test_what_is_not_plainly_of_the_kind_is_refused(row: Any, raw: object) -> None:
    with pytest.raises(FieldError):
        parse(row, raw)


@pytest.mark.parametrize(
    ("row", "raw", "message"),
    [
        (INTEGER, "diecinueve", "«diecinueve» no es un número. Escriba, por ejemplo, 19."),
        (
            DECIMAL,
            "1.250,50",
            (
                "«1.250,50» no es un número. Los decimales van con punto y los miles sin separador."
                " Escriba, por ejemplo, 19."
            ),
        ),
        (DAY, "2025-02-29", "La fecha 29/02/2025 no existe."),
        (FLAG, "x", "«x» no es S ni N. Escriba S (sí) o N (no)."),
    ],
)
def test_a_refusal_says_what_is_wrong_and_what_to_write(row: Any, raw: object, message: str) -> None:
    with pytest.raises(FieldError) as refusal:
        parse(row, raw)
    assert (str(refusal.value), refusal.value.field, refusal.value.value) == (message, row, raw)
