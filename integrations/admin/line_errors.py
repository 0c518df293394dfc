"""Shows Siigo's errors of the last attempt beside the line and the field that they name."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.forms.utils import ErrorDict

from integrations.selectors.siigo_line_errors import LineError


def show_on(form: Any, line_errors: Iterable[LineError]) -> None:
    """Display them as the form's own errors, unless it is bound: they are no validation of what was typed."""
    if form.is_bound:
        return
    for error in line_errors:
        name = field_among(form, error.fields) or NON_FIELD_ERRORS
        add_display_error(form, name, f"Siigo dijo en el último intento: {error.text}")


def add_display_error(form: Any, name: str, message: str) -> None:
    """Add an error to an unbound form, which Django then shows beside the field."""
    if form._errors is None:
        form._errors = ErrorDict()
    form._errors.setdefault(name, form.error_class()).append(message)


def field_among(form: Any, names: Iterable[str]) -> str | None:
    """The first of these fields that the form has; of debit and credit only the one with a value. None without one."""
    present = (name for name in names if name in form.fields)
    return next((name for name in present if name not in _AMOUNTS or form.initial.get(name) is not None), None)


_AMOUNTS = ("debit", "credit")
