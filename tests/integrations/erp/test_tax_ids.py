"""A NIT as everybody writes it is one number, and no text becomes another's."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from integrations.erp import tax_ids
from integrations.erp.tax_ids import TaxId, TaxIdError, WrongDigitError, check_digit_of, read

BY_HAND = """
800.111.222-7
800111222-7
800111222 7
800 111 222 7
800.111.222 7
800.111.222.7
800,111,222-7
800'111.222-7
800.111.222 - 7
800111222-
000800111222
0800111222-7
'800111222
NIT 800.111.222-7
NIT. 800111222-7
Nit: 800.111.222 - 7
N.I.T. 800.111.222-7
N. I. T. 800.111.222-7
NIT No. 800.111.222-7
NIT N° 800.111.222-7
NIT # 800111222
NIT-800111222-7
NIT800111222-7
NI 800111222
NIT.: 800.111.222-7
NIT_800111222-7
RUT 800111222-7
R.U.T. 800111222-7
CC 800111222-7
800111222 DV 7
800.111.222 D.V. 7
800111222 dv: 7
800111222-DV7
""".strip().splitlines()
BY_PROGRAMS = [
    "800111222.0",
    "800111222,00",
    "800,111,222.00",
    "800.111.222,00",
    "800111222\u20117",
    "800.111.222\u20137",
    "800.111.222\u22127",
    "800111222\u00ad7",
    "800\u00a0111\u00a0222\u20147",
    "800\u202f111\u202f222\u20097",
    "\u200e800.111.222-7\u200f",
    "\ufeff800111222-7",
    "800111222\t7",
    "  800111222-7 \r\n",
]
OTHER_KINDS = {
    "CC 52.123.456": ("52123456", "CC"),
    "C.C. 52123456": ("52123456", "CC"),
    "C. C. No. 52'123.456": ("52123456", "CC"),
    "CC52123456": ("52123456", "CC"),
    "cc-52123456": ("52123456", "CC"),
    "Cédula 52123456": ("52123456", "CC"),
    "Ce\u0301dula de ciudadani\u0301a No. 52.123.456": ("52123456", "CC"),
    "CE 345678": ("345678", "CE"),
    "Cédula de extranjería 345678": ("345678", "CE"),
    "T.I. 1.098.765.432": ("1098765432", "TI"),
    "TI 1098765432": ("1098765432", "TI"),
    "RC 1098765432": ("1098765432", "RC"),
    "1’052’123’456": ("1052123456", ""),
    "1'052.123.456": ("1052123456", ""),
    "NUIP 1052123456": ("1052123456", "NUIP"),
    "C.C.No.52.123.456": ("52123456", "CC"),
    "PE 912345678901234": ("912345678901234", "PEP"),
    "PT 1234567": ("1234567", "PPT"),
    "0": ("0", ""),
    "0000": ("0", ""),
    "416": ("416", ""),
}
PASSPORTS = {
    "PA AB123456": "AB123456",
    "Pasaporte No. AB123456": "AB123456",
    "AB123456": "AB123456",
    "PA123456": "PA123456",
    "PA NO123456": "NO123456",
    "PEP 912345678901234": "912345678901234",
}
NO_NUMBER = """
-
no tiene
80O111222-7
800.111.22-7
800.111.222,7
800111222.7
8.00111222E+8
-5
800111222-7-001
416-0
4161-6
800.111.222.00
800.11.222-7
800,111.222
８００１１１２２２
800111222/7
31-800111222
52.123.456 de Bogotá
NI800111222
800111222⁷
800111222 17
8001112 0
NIT
NIT 7x
1 2 3
""".strip().splitlines()


@pytest.mark.parametrize("text", [*BY_HAND, *BY_PROGRAMS])
def test_every_way_of_writing_a_nit_is_the_same_number(text: str) -> None:
    assert (read(text).number, read(text).check_digit) == ("800111222", "7")


@pytest.mark.parametrize(("text", "expected"), OTHER_KINDS.items())
def test_other_documents_are_their_number_with_the_kind_that_was_said(text: str, expected: tuple[str, str]) -> None:
    assert (read(text).number, read(text).kind) == expected


@pytest.mark.parametrize(("text", "number"), PASSPORTS.items())
def test_a_passport_keeps_its_letters_where_they_are_allowed(text: str, number: str) -> None:
    assert read(text, letters=True).number == number


@pytest.mark.parametrize("text", ["PA AB123456", "AB123456", "PA123456", "80O111222", "CE345678"])
def test_letters_are_told_where_a_number_goes(text: str) -> None:
    with pytest.raises(TaxIdError, match="tiene letras y aquí va un número"):
        read(text)


def test_letters_are_no_passport_where_the_text_says_that_it_is_a_nit() -> None:
    with pytest.raises(TaxIdError, match="letras"):
        read("NIT AB123456", letters=True)


def test_a_wrong_check_digit_is_told_with_the_right_one() -> None:
    with pytest.raises(WrongDigitError, match="El dígito de verificación de 800111222 es 7, no 3: revise el número"):
        read("800.111.222-3")


@pytest.mark.parametrize("text", [*NO_NUMBER, "", "8" * 21, "8" * 5000, "\x00", "🙂", "\ud800", "a" * 100_000])
def test_what_is_no_way_of_writing_one_number_is_told(text: str) -> None:
    with pytest.raises(TaxIdError):
        read(text)


def test_ten_digits_without_a_dash_are_never_cut() -> None:
    assert read("8001112227").number == read("NIT 8001112227").number == "8001112227"


@pytest.mark.parametrize("text", ["8001112227", "NIT 8001112227", "800.111.222.7".replace(".", "")])
def test_ten_digits_that_may_be_a_nit_with_its_digit_are_asked_about(text: str) -> None:
    assert "Escriba 800111222-7 o, si es una cédula, CC 8001112227." in read(text).doubt


@pytest.mark.parametrize("text", ["CC 8001112227", "8001112223", "1052123456", "800111222-7", "800111222"])
def test_nothing_is_asked_where_nothing_is_open(text: str) -> None:
    assert read(text).doubt == ""


def test_a_code_of_our_own_stays_as_it_is_written() -> None:
    codes = ["007", "V01", "12.345", "123-6", "PA 123456", "JUAN"]
    assert [tax_ids.code_or_number(code) for code in codes] == codes


def test_the_number_of_a_salesperson_is_read_where_it_clearly_is_one() -> None:
    assert [tax_ids.code_or_number(text) for text in ("70.100.100", "CC 70100100")] == ["70100100", "70100100"]


@pytest.mark.parametrize(
    ("stored", "digit", "expected"),
    [
        ("800111222", "", "800.111.222-7"),
        ("800111222", "3", "800.111.222-3"),
        ("52123456", "", "52.123.456"),
        ("52123456", "1", "52.123.456-1"),
        ("AB123456", "", "AB123456"),
        ("0800111222", "", "0800111222"),
        ("0", "", "0"),
        ("", "", ""),
    ],
)
def test_a_stored_number_is_shown_as_people_read_it(stored: str, digit: str, expected: str) -> None:
    assert tax_ids.shown(stored, digit) == expected


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("800.111.222-7", ("800111222",)),
        ("NIT 800111222", ("800111222",)),
        ("800.111", ("800111",)),
        ("111.222-7", ("111222",)),
        ("800.111.222-", ("800111222",)),
        ("800111222-3", ("800111222",)),
        ("8001112227", ("8001112227", "800111222")),
        ("FE-1131", ()),
        ("2026-11", ()),
        ("12", ()),
        ("almacén", ()),
    ],
)
def test_a_search_looks_for_the_number_or_the_part_that_was_typed(typed: str, parts: tuple[str, ...]) -> None:
    assert tax_ids.sought(typed) == parts


NUMBERS = st.integers(10_000, 10**15 - 1).map(str)
DASHES = st.sampled_from("-\u2010\u2011\u2012\u2013\u2014\u2212\u00ad")
BLANKS = st.sampled_from(["", " ", "\u00a0", "\u202f"])
KINDS = st.sampled_from(["", "NIT ", "Nit: ", "N.I.T. ", "NIT No. ", "CC ", "C.C. ", "\u200e", "'"])
INVISIBLE = st.sampled_from(["", "\u200f", "\ufeff", " "])


def grouped(number: str, mark: str) -> str:
    return f"{int(number):,}".replace(",", mark)


@st.composite
def writings(draw: st.DrawFn, number: str) -> str:
    """Some way of writing a number that says nothing else."""
    body = grouped(number, draw(st.sampled_from(["", ".", ",", " ", "'", "\u00a0"])))
    zeros = draw(st.sampled_from(["", "0", "000"])) if body == number else ""
    blank, digit = draw(BLANKS), check_digit_of(number)
    tails = ["", f"{blank}{draw(DASHES)}{blank}{digit}", f" DV {digit}", f" D.V. {digit}"]
    tails += [".0", ",00"] if body == number else [f" {digit}"]
    return draw(KINDS) + zeros + body + draw(st.sampled_from(tails)) + draw(INVISIBLE)


@settings(deadline=None, max_examples=200)
@given(st.data(), NUMBERS)
def test_any_writing_of_any_number_comes_in_as_that_number(data: st.DataObject, number: str) -> None:
    text = data.draw(writings(number))
    found = read(text)
    assert (found.number, found.check_digit) == (number, check_digit_of(number))


@settings(deadline=None, max_examples=200)
@given(st.data(), NUMBERS, st.sampled_from("0123456789"))
def test_no_writing_comes_in_with_a_check_digit_that_is_not_its_own(
    data: st.DataObject, number: str, digit: str
) -> None:
    text = f"{data.draw(st.sampled_from([number, grouped(number, '.')]))}-{digit}"
    if digit == check_digit_of(number):
        assert read(text) == TaxId(number, "", digit)
    else:
        with pytest.raises(WrongDigitError):
            read(text)


LIKELY = st.text(st.sampled_from("0123456789.,- '\u2013\u00a0NITCDVPA"), max_size=24)


@settings(deadline=None, max_examples=400)
@given(LIKELY | st.from_regex(r"[0-9]{1,3}([.,' ]?[0-9]{1,3}){0,4}([-. ,]{0,2}[0-9]{0,2})", fullmatch=True))
@example("8001112227")
@example("800.111.222.0")
@example("1.000")
def test_no_digit_is_lost_but_zeros_in_front_and_the_right_check_digit_that_stands_apart(text: str) -> None:
    try:
        found = read(text, letters=True)
    except TaxIdError:
        return
    if not found.number.isdigit():
        assert found.number in text
        return
    apart = check_digit_of(found.number) if found.written_digit else ""
    readings = {re.sub("[^0-9]", "", body) for body in (text, re.sub(r"[.,]0+ ?$", "", text))}
    assert f"{found.number}{apart}" in {digits.lstrip("0") or "0" for digits in readings}


@settings(deadline=None, max_examples=60)
@given(st.data(), NUMBERS)
def test_whichever_side_writes_it_as_people_do_it_compares_equal(data: st.DataObject, number: str) -> None:
    text = data.draw(writings(number))
    assert tax_ids.plain(text) == tax_ids.plain(int(number)) == number
