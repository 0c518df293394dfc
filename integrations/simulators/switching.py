"""Switches: what is unknown of the real services, chosen when a stand-in starts or while it serves."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, TypeVar

Switches = TypeVar("Switches")


def switched(switches: Switches, inner: str, options: Mapping[str, Any]) -> Switches:
    """`switches` with `options`, which may be of itself or of its field `inner`. Raises TypeError for others."""
    held = getattr(switches, inner)
    within = {field.name for field in fields(held)}
    own = {name: value for name, value in options.items() if name not in within}
    rules = replace(held, **{name: value for name, value in options.items() if name in within})
    changed: Switches = replace(switches, **{**own, inner: rules})  # type: ignore[type-var]
    return changed
