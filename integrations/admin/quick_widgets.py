"""Widgets and labels with Django's HTML, but without a template each: most of the time of a form of 130 fields."""

import copy
from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_ENDS = ":?.!"


class QuickText(forms.TextInput):
    """Django's `TextInput`, rendered as one string."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        html_attrs = self.build_attrs(self.attrs, attrs)
        if (text := self.format_value(value)) is not None:
            html_attrs["value"] = text
        return format_html('<input type="text" name="{}"{}>', name, flatatt(html_attrs))


class QuickArea(forms.Textarea):
    """Django's `Textarea`, rendered as one string."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        html_attrs = flatatt(self.build_attrs(self.attrs, attrs))
        return format_html('<textarea name="{}"{}>\n{}</textarea>', name, html_attrs, self.format_value(value) or "")


class QuickSelect(forms.Select):
    """Django's `Select` for choices without groups, as one string. Copies share the choices: replace, never mutate."""

    def __deepcopy__(self, memo: dict[int, Any]) -> "QuickSelect":
        duplicate = copy.copy(self)
        duplicate.attrs = self.attrs.copy()
        memo[id(self)] = duplicate
        return duplicate

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = set(self.format_value(value))
        rows = [(key, SafeString(" selected" if str(key) in chosen else ""), label) for key, label in self.choices]
        options = format_html_join("\n", '<option value="{}"{}>{}</option>', rows)
        html_attrs = flatatt(self.build_attrs(self.attrs, attrs))
        return format_html('<select name="{}"{}>{}</select>', name, html_attrs, options)


class QuickBoundField(BoundField):
    """Django's `BoundField` with its label rendered as one string."""

    def label_tag(
        self, contents: Any = None, attrs: Mapping[str, Any] | None = None, label_suffix: Any = None, tag: Any = None
    ) -> SafeString:
        text = contents or self.label
        suffix = self.form.label_suffix if label_suffix is None else label_suffix
        end = suffix if suffix and text and str(text)[-1] not in _ENDS else ""
        html_attrs = flatatt({**(attrs or {}), "for": self.field.widget.id_for_label(self.auto_id)})
        return format_html("<{0}{1}>{2}{3}</{0}>", tag or "label", html_attrs, text, end)


class QuickField:
    """Mixin of fields that are bound as `QuickBoundField`."""

    def get_bound_field(self, form: Any, field_name: str) -> QuickBoundField:
        return QuickBoundField(form, self, field_name)  # type: ignore[arg-type]


class QuickChoice(QuickField, forms.ChoiceField):
    """A choice field whose copies share one list of choices, which Django would copy for every form."""

    def __deepcopy__(self, memo: dict[int, Any]) -> "QuickChoice":
        duplicate: QuickChoice = forms.Field.__deepcopy__(self, memo)
        return duplicate
