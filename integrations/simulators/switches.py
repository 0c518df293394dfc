"""Switches: what is unknown of the real services, chosen when a stand-in starts or while it serves."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, TypeVar

Switches = TypeVar("Switches")


def check_choice(name: str, value: str, choices: tuple[str, ...]) -> None:
    """Raises ValueError for a switch that is set to none of its choices."""
    if value not in choices:
        raise ValueError(f"{name}: {value!r}; known: {', '.join(map(repr, choices))}")


def switched(switches: Switches, inner: str, options: Mapping[str, Any]) -> Switches:
    """Copy `switches` with some fields changed; `options` may name fields of it or of its field `inner`.

    Raises TypeError for other names, ValueError for a choice that does not exist.
    """
    nested = getattr(switches, inner)
    nested_names = {field.name for field in fields(nested)}
    outer = {name: value for name, value in options.items() if name not in nested_names}
    rules = replace(nested, **{name: value for name, value in options.items() if name in nested_names})
    changed: Switches = replace(switches, **{**outer, inner: rules})  # type: ignore[type-var]
    return changed
