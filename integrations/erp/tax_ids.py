"""Colombian tax numbers (NIT) and other identity documents, as people write them, with their check digit.

The one reader of them, for files, forms, searches and what an ERP gives back. Taken: `800.111.222-7`, `800111222 7`,
`NIT 800111222 DV 7`, `C.C. 52'123.456`, `PA AB123456`, `000800111222`, a spreadsheet's `800111222.0`; any dash or space
of Unicode. Left out are marks, zeros in front and a right check digit that stands apart; no other digit (decision 12).
"""

import re
from dataclasses import dataclass

from stdnum.co import nit

from integrations.erp.tax_id_texts import KINDS_WITH_LETTERS, LONGEST_TEXT, NIT, digits_in, taken_apart

MOST_DIGITS = 20
"""The columns that hold a number take no more."""
_SHORTEST_WITH_DIGIT = 5
"""assumed: nobody writes a check digit behind fewer digits."""
_COMPANY = re.compile("[89][0-9]{8}")
"""assumed: a company's NIT has nine digits and begins with 8 or 9; a person's is the number of their document."""
_SHORTEST_OF_PERSON = 6
"""assumed: a shorter one may be a code, such as 12.345."""
_SHORTEST_SOUGHT = 3
_EXAMPLE = "Escríbalo, por ejemplo, 800111222-7, o sin el dígito de verificación: 800111222."


class TaxIdError(ValueError):
    """A text that can't be taken for one number. Says in Spanish why, and what to write."""


class WrongDigitError(TaxIdError):
    """The check digit of a text is not its number's."""


@dataclass(frozen=True, slots=True)
class TaxId:
    """A number as it is stored and sent, and what the text said beside it. `kind` is NIT, CC, CE, TI, PA… or empty."""

    number: str
    kind: str = ""
    written_digit: str = ""

    @property
    def check_digit(self) -> str:
        """The check digit, computed where the text had none; empty for a number with letters."""
        return self.written_digit or check_digit_of(self.number)

    @property
    def doubt(self) -> str:
        """What to ask about ten digits that may be a company's NIT and its digit, in Spanish; empty where nothing."""
        is_open = self.kind in ("", NIT) and not self.written_digit and ends_in_check_digit(self.number)
        return doubt_about(self.number) if is_open else ""


def read(text: str, *, letters: bool = False) -> TaxId:
    """The number that a text writes; with `letters`, a passport or another foreign document too.

    Raises: TaxIdError for a wrong check digit, and for what is no number or could be two.
    """
    if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS:
        return TaxId(_without_zeros(text))
    written = taken_apart(text)
    if written is None:
        raise TaxIdError(f"«{_shortened(text)}» no es un NIT ni otro número de documento. {_EXAMPLE}")
    if written.number.isdigit():
        return _checked(text, TaxId(_without_zeros(written.number), written.kind, written.digit))
    if letters and written.kind in ("", *KINDS_WITH_LETTERS):
        return TaxId(written.number, written.kind)
    raise TaxIdError(
        f"«{_shortened(text)}» tiene letras y aquí va un número. "
        "Si dicen el tipo de documento, sepárelas de él: CE 345678, NIT 800111222-7."
    )


def _checked(text: str, found: TaxId) -> TaxId:
    """Raises: TaxIdError for too many digits or a check digit that is not the number's."""
    if len(found.number) > MOST_DIGITS:
        raise TaxIdError(f"«{_shortened(text)}» tiene {len(found.number)} cifras y caben {MOST_DIGITS}.")
    if not found.written_digit:
        return found
    right = check_digit_of(found.number) if len(found.number) >= _SHORTEST_WITH_DIGIT else ""
    if not right:
        raise TaxIdError(f"«{_shortened(text)}» no es un NIT ni otro número de documento. {_EXAMPLE}")
    if found.written_digit != right:
        raise WrongDigitError(wrong_digit_message(found.number, found.written_digit))
    return found


def wrong_digit_message(number: str, written: str) -> str:
    """The Spanish sentence for a check digit that is not the number's, with the right one."""
    right = check_digit_of(number)
    if not right:
        return f"{number} no lleva dígito de verificación, y dice {written}. Bórrelo o revise el número."
    return (
        f"El dígito de verificación de {number} es {right}, no {written}: revise el número. "
        f"Si está bien, escriba {number}-{right}."
    )


def check_digit_of(tax_id: str) -> str:
    """The modulo-11 digit of a number given WITHOUT it; empty where it isn't a plain number of 3-15 digits."""
    # stdnum's validate() takes the number WITH its digit and passes some bare ones by chance: never use it here.
    if not (tax_id.isascii() and tax_id.isdigit() and 3 <= len(tax_id) <= 15):
        return ""
    return str(nit.calc_check_digit(tax_id))


def ends_in_check_digit(tax_id: str) -> bool:
    """Whether ten digits look like a company's NIT and its check digit.

    Only a likelihood: one in eleven documents of that form passes by chance. It is told or asked; nothing is cut.
    """
    company, digit = tax_id[:-1], tax_id[-1:]
    return _COMPANY.fullmatch(company) is not None and digit == check_digit_of(company)


def doubt_about(tax_id: str) -> str:
    """The Spanish question about ten digits of which `ends_in_check_digit`."""
    company, digit = tax_id[:-1], tax_id[-1]
    return (
        f"«{tax_id}» puede ser el NIT {company} con su dígito de verificación {digit}, o un documento de diez cifras. "
        f"Escriba {company}-{digit} o, si es una cédula, CC {tax_id}."
    )


def fault_of(text: str, *, letters: bool = False) -> str:
    """What keeps a person's text from being taken, doubts too, in Spanish; empty where nothing does."""
    try:
        return read(text, letters=letters).doubt
    except TaxIdError as wrong:
        return str(wrong)


def code_or_number(text: str) -> str:
    """A code of our own as it was written, its zeros too; the number where the text is clearly that of a document."""
    if text.isascii() and text.isdigit():
        return text
    try:
        found = read(text)
    except TaxIdError:
        return text
    return found.number if found.kind in ("", NIT, "CC") and len(found.number) >= _SHORTEST_OF_PERSON else text


def plain(value: object) -> str:
    """The number of a text or a number, for matching; what can't be read stays as it is, without blanks at its ends."""
    text = "" if value is None else str(value).strip()
    try:
        return read(text, letters=True).number if text else ""
    except TaxIdError:
        return text


def shown(tax_id: str, check_digit: str = "") -> str:
    """A stored number as people read it: 800.111.222-7, 52.123.456. A company's digit is computed if none is given."""
    digit = check_digit or (check_digit_of(tax_id) if _COMPANY.fullmatch(tax_id) else "")
    is_number = tax_id.isascii() and tax_id.isdigit() and tax_id[:1] != "0"
    number = f"{int(tax_id):,}".replace(",", ".") if is_number else tax_id
    return f"{number}-{digit}" if digit else number


def sought(text: str) -> tuple[str, ...]:
    """What of a stored number a search for this text may match: the number, or the part of it that was typed."""
    try:
        digits = read(text).number
    except TaxIdError:
        digits = digits_in(text)
    if len(digits) < _SHORTEST_SOUGHT:
        return ()
    return (digits, digits[:-1]) if ends_in_check_digit(digits) else (digits,)


def _without_zeros(digits: str) -> str:
    return digits.lstrip("0") or "0"


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT] + "…"
