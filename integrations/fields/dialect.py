"""How one connection speaks: its settings, checked, in the shape that `values` needs.

A *setting* is a row of data; `siigo.dialect` and `sag.dialect` list theirs, and the admin makes its form of
them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from integrations.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting of a connection. `label` and `help` are Spanish; `choices` are (value, Spanish label)."""

    key: str
    label: str
    default: bool | int | float | str | Mapping[str, str]
    help: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    keys: tuple[tuple[str, str], ...] = ()
    """Of a mapping: what may stand on its left, as (value, Spanish label); empty: any text."""
    left_label: str = ""
    """Of a mapping: what its left column is, in Spanish; `right_label` likewise."""
    right_label: str = ""
    assumed: bool = False
    """True where no text says how the ERP behaves."""


@dataclass(frozen=True, eq=False)
class Dialect:
    """What `values` asks while it writes a record. `settings` holds every setting, given or default."""

    settings: Mapping[str, Any]
    switched_off: frozenset[str] = frozenset()
    """Extra spellings (`NitTercero`) and defaults (`=RealizarCommit`) that this connection doesn't send."""
    defaults: Mapping[str, str] = field(default_factory=dict)
    """Wire name → what the connection itself fills in, as its login."""
    renames: Mapping[str, str] = field(default_factory=dict)
    """`catalogue.key/name` → the other spelling that this connection sends instead."""
    as_text: frozenset[str] = frozenset()
    """Numeric fields that this connection writes as text."""
    slash_dates: bool = True
    """Whether the dates that the official text writes YYYY/MM/DD go so."""
    uppercase: bool = False
    plans: dict[str, Any] = field(default_factory=dict, repr=False)
    """Cache of `values`: what to read of a record, compiled once per catalogue."""

    def sends(self, spelling: str) -> bool:
        """Whether a further spelling of a field goes out beside its name."""
        return spelling not in self.switched_off

    def spells(self, catalogue_key: str, name: str) -> str:
        """The spelling under which a field goes out."""
        return self.renames.get(f"{catalogue_key}/{name}", name)

    def fills(self, name: str) -> bool:
        """Whether a field's default is filled in."""
        return f"={name}" not in self.switched_off


def read_settings(rows: Iterable[Setting], given: Mapping[str, Any]) -> dict[str, Any]:
    """Every setting of the table, given or default.

    Raises: ConfigurationError for an unknown setting or a value of the wrong kind.
    """
    known = {row.key: row for row in rows}
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise ConfigurationError(f"La conexión tiene ajustes que no existen: {', '.join(unknown)}.")
    for key, value in given.items():
        _require_valid(known[key], value)
    return {key: given.get(key, row.default) for key, row in known.items()}


def _require_valid(row: Setting, value: object) -> None:
    given = set(value.values()) if isinstance(value, Mapping) else {value}
    if row.choices and not given <= {choice for choice, _label in row.choices}:
        options = ", ".join(choice for choice, _label in row.choices)
        raise ConfigurationError(f"El ajuste «{row.label}» debe ser uno de estos: {options}.")
    if isinstance(value, Mapping) and row.keys and not set(value) <= {key for key, _label in row.keys}:
        raise ConfigurationError(f"El ajuste «{row.label}» nombra algo que no existe.")
    if not _same_kind(row.default, value):
        raise ConfigurationError(f"El ajuste «{row.label}» tiene un valor que no sirve: {value!r}.")


def _same_kind(default: object, value: object) -> bool:
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(default, bool) and isinstance(value, bool)
    if isinstance(default, int | float):
        return isinstance(value, int | float)
    if isinstance(default, Mapping):
        return isinstance(value, Mapping) and all(isinstance(item, str) for item in value.values())
    return isinstance(value, str)
