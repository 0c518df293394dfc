"""A form field for a mapping, as a table of inputs with some blank rows at its end; emptying a row removes it.

It works without JavaScript, and shows what was typed again when another field of the form is invalid.
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_BLANK_ROWS = 3
PairChoices = tuple[tuple[str, str], ...]
Pairs = list[tuple[str, str]]


class PairsTable(forms.Widget):
    """Inputs named `<name>-left` and `<name>-right`; selects where there are choices for that column."""

    def __init__(self, titles: tuple[str, str], keys: PairChoices, choices: PairChoices) -> None:
        super().__init__()
        self.titles, self.keys, self.choices = titles, keys, choices

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Pairs:
        values = data.getlist if hasattr(data, "getlist") else lambda key: data.get(key, [])
        return list(zip(values(f"{name}-left"), values(f"{name}-right"), strict=False))

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}-left" not in data

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        pairs = list(value.items()) if isinstance(value, Mapping) else list(value or [])
        filled = [(str(left), str(right)) for left, right in pairs if left or right]
        rows = [*filled, *[("", "")] * _BLANK_ROWS]
        body = format_html_join("", "<tr><td>{}</td><td>{}</td></tr>", (self._cells(name, *row) for row in rows))
        return format_html(_TABLE, (attrs or {}).get("id", f"id_{name}"), *self.titles, body)

    def id_for_label(self, id_: str | None, index: str | None = None) -> str:
        return ""

    def _cells(self, name: str, left: str, right: str) -> tuple[str, str]:
        return (
            self._input(self.keys, f"{name}-left", left, self.titles[0]),
            self._input(self.choices, f"{name}-right", right, self.titles[1]),
        )

    def _input(self, choices: PairChoices, name: str, value: str, title: str) -> str:
        attrs = {"aria-label": title}
        if choices:
            return forms.Select(attrs=attrs, choices=[("", "---------"), *choices]).render(name, value)
        return forms.TextInput(attrs={**attrs, "size": 12, "autocomplete": "off"}).render(name, value)


_TABLE = (
    '<table class="pares" id="{}"><thead><tr><th scope="col">{}</th><th scope="col">{}</th></tr></thead>'
    "<tbody>{}</tbody></table>"
)


class PairsField(forms.Field):
    """A mapping of texts. `titles` head the two columns; `keys` and `choices` are what each column allows, if given."""

    def __init__(
        self, titles: tuple[str, str], keys: PairChoices = (), choices: PairChoices = (), **options: Any
    ) -> None:
        self.keys, self.choices = keys, choices
        super().__init__(widget=PairsTable(titles, keys, choices), **options)

    def clean(self, value: Any) -> dict[str, str]:
        mapping: dict[str, str] = {}
        for left, right in _filled(value):
            self._check_pair(left, right, mapping)
            mapping[left] = right
        return mapping

    def _check_pair(self, left: str, right: str, earlier: Mapping[str, str]) -> None:
        """Raises: ValidationError."""
        if not right:
            raise ValidationError(f"Falta lo que va con «{left}». Elíjalo o borre la fila.")
        if left.casefold() in (other.casefold() for other in earlier):
            raise ValidationError(f"«{left}» está dos veces. Deje una sola fila.")
        for text, choices in ((left, self.keys), (right, self.choices)):
            if choices and text not in {choice for choice, _label in choices}:
                raise ValidationError(f"«{text}» no es una de las opciones. Elija otra.")

    def has_changed(self, initial: Any, data: Any) -> bool:
        pairs = _filled(data)
        return dict(initial or {}) != dict(pairs) or len(dict(pairs)) != len(pairs)


def _filled(pairs: Pairs | None) -> Pairs:
    """Without blanks around the texts, and without the rows that have no left text."""
    return [(left.strip(), right.strip()) for left, right in pairs or [] if left.strip()]
