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
    """`switches` with `options`, which may be of itself or of its field `inner`. Raises TypeError for
    others, ValueError for a choice that does not exist.
    """
    held = getattr(switches, inner)
    within = {field.name for field in fields(held)}
    own = {name: value for name, value in options.items() if name not in within}
    rules = replace(held, **{name: value for name, value in options.items() if name in within})
    changed: Switches = replace(switches, **{**own, inner: rules})  # type: ignore[type-var]
    return changed
