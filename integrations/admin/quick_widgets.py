"""Boxes and labels written without a template each: a form of 130 fields would spend most of its time on them."""

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
    """The same as Django's, in one string."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        given = self.build_attrs(self.attrs, attrs)
        if (text := self.format_value(value)) is not None:
            given["value"] = text
        return format_html('<input type="text" name="{}"{}>', name, flatatt(given))


class QuickArea(forms.Textarea):
    """The same as Django's, in one string."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        given = flatatt(self.build_attrs(self.attrs, attrs))
        return format_html('<textarea name="{}"{}>\n{}</textarea>', name, given, self.format_value(value) or "")


class QuickSelect(forms.Select):
    """The same as Django's for plain choices, without groups. Its choices are given anew, never changed in place."""

    def __deepcopy__(self, memo: dict[int, Any]) -> "QuickSelect":
        made = copy.copy(self)
        made.attrs = self.attrs.copy()
        memo[id(self)] = made
        return made

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = set(self.format_value(value))
        rows = [(key, SafeString(" selected" if str(key) in chosen else ""), label) for key, label in self.choices]
        options = format_html_join("\n", '<option value="{}"{}>{}</option>', rows)
        return format_html(
            '<select name="{}"{}>{}</select>', name, flatatt(self.build_attrs(self.attrs, attrs)), options
        )


class QuickBoundField(BoundField):
    """A field in a form, its label in one string."""

    def label_tag(
        self, contents: Any = None, attrs: Mapping[str, Any] | None = None, label_suffix: Any = None, tag: Any = None
    ) -> SafeString:
        text = contents or self.label
        suffix = self.form.label_suffix if label_suffix is None else label_suffix
        end = suffix if suffix and text and str(text)[-1] not in _ENDS else ""
        given = {**(attrs or {}), "for": self.field.widget.id_for_label(self.auto_id)}
        return format_html(
            "<{tag}{given}>{text}{end}</{tag}>", tag=tag or "label", given=flatatt(given), text=text, end=end
        )


class QuickField:
    """Mixed into a field whose label is written quickly."""

    def get_bound_field(self, form: Any, field_name: str) -> QuickBoundField:
        return QuickBoundField(form, self, field_name)  # type: ignore[arg-type]


class QuickChoice(QuickField, forms.ChoiceField):
    """A choice whose forms share one list of choices: Django copies it, choice by choice, for every form."""

    def __deepcopy__(self, memo: dict[int, Any]) -> "QuickChoice":
        made: QuickChoice = forms.Field.__deepcopy__(self, memo)
        return made
