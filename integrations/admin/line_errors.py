"""Puts beside a line, and beside its field, what Siigo said of it at the last attempt."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.forms.utils import ErrorDict

from integrations.selectors.siigo_line_errors import Said


def show_on(form: Any, said: Iterable[Said]) -> None:
    """An unbound form shows these as it would its own errors; nothing of what is typed is judged by them."""
    if form.is_bound:
        return
    errors = ErrorDict()
    for one in said:
        name = next((name for name in one.fields if name in form.fields and is_meant(form, name)), NON_FIELD_ERRORS)
        errors.setdefault(name, form.error_class()).append(f"Siigo dijo en el último intento: {one.text}")
    if errors:
        form._errors = errors


def is_meant(form: Any, name: str) -> bool:
    """Of the two columns of an amount, the one that is filled."""
    return name not in ("debit", "credit") or form.initial.get(name) is not None
