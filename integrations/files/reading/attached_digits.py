"""Ten digits that may be a company's NIT and its check digit, without a dash: only a person knows whether they are."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from integrations.erp import tax_ids
from integrations.files.reading.cell_values import CellConverter
from integrations.files.reading.cells import InputCell, display_text
from integrations.files.reading.questions import SurveyQuestion


class AttachedDigits(StrEnum):
    """What the last of such ten digits is."""

    DIGIT = "digit"
    """The check digit: 8001112227 is the NIT 800111222. What does not end in its digit stays as it is."""
    PART = "part"
    """A digit like the others: the document has ten."""


ATTACHED_LABELS = {
    AttachedDigits.DIGIT: "El último es el dígito de verificación: 8001112227 es el NIT 800111222",
    AttachedDigits.PART: "Es parte del número: se deja como está",
}


class AttachedDigitsSeen:
    """Numbers of a table that may end in their check digit, collected from its columns of NITs as it is read."""

    def __init__(self, places: Sequence[int]) -> None:
        self._places = places
        self._seen: dict[str, int] = {}
        """The number → its column."""

    def see(self, columns: Sequence[Iterable[InputCell]]) -> None:
        """Collect the cells of some rows, column by column."""
        for place in self._places:
            for cell in columns[place] if place < len(columns) else ():
                text = display_text(cell).strip()
                if text not in self._seen and number_in_doubt(text):
                    self._seen[text] = place

    def question(self, headings: Sequence[str]) -> SurveyQuestion | None:
        """What is asked about them; None where there are none."""
        if not self._seen:
            return None
        example, place = next(iter(self._seen.items()))
        others = f" y {len(self._seen) - 1} más" if len(self._seen) > 1 else ""
        text = (
            f"En «{headings[place]}» hay números de diez cifras que pueden ser un NIT con su dígito de verificación "
            f"(«{example}»{others}): diga qué es la última cifra."
        )
        choices = tuple((key.value, label) for key, label in ATTACHED_LABELS.items())
        return SurveyQuestion("attached_digits", text, choices)


def with_digit_apart(convert: CellConverter) -> CellConverter:
    """The converter of a column of NITs where the last of such ten digits is the check digit."""

    def converted(cell: InputCell) -> object:
        value = convert(cell)
        number = number_in_doubt(value) if isinstance(value, str) else ""
        return f"{number[:-1]}-{number[-1]}" if number else value

    return converted


def number_in_doubt(text: str) -> str:
    """The ten digits of a text that may be a NIT and its check digit; empty for any other text."""
    try:
        found = tax_ids.read(text)
    except tax_ids.TaxIdError:
        return ""
    return found.number if found.doubt else ""
