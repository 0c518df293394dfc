"""The form field of a NIT: taken as people write it, shown as 800.111.222-7, stored as 800111222."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from integrations.erp import tax_ids
from integrations.erp.tax_id_texts import LONGEST_TEXT
from integrations.models.tax_id_column import TaxIdColumn


def options_of(column: TaxIdColumn) -> dict[str, Any]:
    """Options of `formfield` for a column."""
    letters, own_code = column.letters, column.own_code
    return {"form_class": TaxIdInput, "letters": letters, "own_code": own_code, "max_length": LONGEST_TEXT}


class TaxIdInput(forms.CharField):
    """A number as people write it. `letters` and `own_code` as of `TaxIdColumn`.

    What was stored before and is left alone stays as it is, whatever it is.
    """

    with_digit = True
    """False where the check digit has an input of its own."""

    def __init__(self, *, letters: bool = False, own_code: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self.letters, self.own_code = letters, own_code
        self.stored = ""
        self.written_digit = ""
        """After `clean`: the right check digit that was typed behind the number."""

    def get_bound_field(self, form: Any, field_name: str) -> Any:
        self.stored = str(form.get_initial_for_field(self, field_name) or "")
        return super().get_bound_field(form, field_name)

    def prepare_value(self, value: Any) -> Any:
        return self._shown() if value and value == self.stored else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        text = str(data or "").strip()
        is_same = self._is_stored(text) or (not self.own_code and tax_ids.plain(text) == self.stored)
        return not (self.disabled or is_same)

    def clean(self, value: Any) -> str:
        text = str(super().clean(value) or "")
        self.written_digit = ""
        if self._is_stored(text):
            return self.stored
        return tax_ids.code_or_number(text) if self.own_code else self._number_in(text)

    def _number_in(self, text: str) -> str:
        if not text:
            return ""
        try:
            found = tax_ids.read(text, letters=self.letters)
        except tax_ids.TaxIdError as wrong:
            raise ValidationError(str(wrong), code="tax_id") from wrong
        if found.doubt and found.number != self.stored:
            raise ValidationError(found.doubt, code="tax_id")
        self.written_digit = found.written_digit
        return found.number

    def _is_stored(self, text: str) -> bool:
        return text in (self.stored, self._shown())

    def _shown(self) -> str:
        if self.own_code:
            return self.stored
        shown = tax_ids.shown(self.stored)
        return shown if self.with_digit else shown.partition("-")[0]
