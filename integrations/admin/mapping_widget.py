"""A mapping as a small table of inputs: rows are added in the blank ones at its end and removed by emptying them.

It works without JavaScript, and keeps what was written when something else in the page is wrong.
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_BLANK_ROWS = 3
Choices = tuple[tuple[str, str], ...]
Rows = list[tuple[str, str]]


class PairsTable(forms.Widget):
    """Two columns, `name-left` and `name-right`, a row for each pair and some blank ones."""

    def __init__(self, titles: tuple[str, str], keys: Choices, choices: Choices) -> None:
        super().__init__()
        self.titles, self.keys, self.choices = titles, keys, choices

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Rows:
        if not hasattr(data, "getlist"):
            return list(zip(data.get(f"{name}-left", []), data.get(f"{name}-right", []), strict=False))
        return list(zip(data.getlist(f"{name}-left"), data.getlist(f"{name}-right"), strict=False))

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}-left" not in data

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        pairs = list(value.items()) if isinstance(value, Mapping) else list(value or [])
        told = [(str(left), str(right)) for left, right in pairs if left or right]
        rows = [*told, *[("", "")] * _BLANK_ROWS]
        body = format_html_join("", "<tr><td>{}</td><td>{}</td></tr>", (self._cells(name, *row) for row in rows))
        return format_html(
            '<table class="pares" id="{}"><thead><tr><th scope="col">{}</th><th scope="col">{}</th></tr></thead>'
            "<tbody>{}</tbody></table>",
            (attrs or {}).get("id", f"id_{name}"), *self.titles, body,
        )  # fmt: skip

    def id_for_label(self, id_: str | None, index: str | None = None) -> str:
        return ""

    def _cells(self, name: str, left: str, right: str) -> tuple[str, str]:
        return (
            self._box(self.keys, f"{name}-left", left, self.titles[0]),
            self._box(self.choices, f"{name}-right", right, self.titles[1]),
        )

    def _box(self, choices: Choices, name: str, value: str, title: str) -> str:
        told = {"aria-label": title}
        if choices:
            return forms.Select(attrs=told, choices=[("", "---------"), *choices]).render(name, value)
        return forms.TextInput(attrs={**told, "size": 12, "autocomplete": "off"}).render(name, value)


class PairsField(forms.Field):
    """The mapping that a `PairsTable` holds."""

    def __init__(self, titles: tuple[str, str], keys: Choices = (), choices: Choices = (), **options: Any) -> None:
        self.keys, self.choices = keys, choices
        super().__init__(widget=PairsTable(titles, keys, choices), **options)

    def clean(self, value: Any) -> dict[str, str]:
        found: dict[str, str] = {}
        for left, right in ((left.strip(), right.strip()) for left, right in value or []):
            if left:
                self._require_whole(left, right, found)
                found[left] = right
        return found

    def _require_whole(self, left: str, right: str, found: Mapping[str, str]) -> None:
        if not right:
            raise ValidationError(f"Falta lo que va con «{left}». Elíjalo o borre la fila.")
        if left.casefold() in (other.casefold() for other in found):
            raise ValidationError(f"«{left}» está dos veces. Deje una sola fila.")
        for text, choices in ((left, self.keys), (right, self.choices)):
            if choices and text not in {choice for choice, _label in choices}:
                raise ValidationError(f"«{text}» no es una de las opciones. Elija otra.")

    def has_changed(self, initial: Any, data: Any) -> bool:
        told = {left.strip(): right.strip() for left, right in data or [] if left.strip()}
        return dict(initial or {}) != told or len(told) != sum(bool(left.strip()) for left, _right in data or [])
