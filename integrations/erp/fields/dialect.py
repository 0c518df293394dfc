"""How one connection speaks: its settings, checked, in the form that `values` needs.

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


MAPPED_KINDS: Mapping[str, str] = {
    "city": "Ciudad",
    "account": "Cuenta contable",
    "cost_center": "Centro de costo",
    "article": "Artículo",
    "warehouse": "Bodega",
    "salesperson": "Vendedor",
    "payment_method": "Medio de pago",
    "voucher_type": "Tipo de comprobante",
    "source": "Fuente",
}
"""The kinds of code that a connection translates (homologación) → their name in Spanish."""

MAPPING_SETTINGS = tuple(
    Setting(
        f"map_{kind}",
        f"Exigir homologación: {label.lower()}",
        False,
        "Sí: un código sin homologar impide enviar. No: sale como está.",
    )
    for kind, label in MAPPED_KINDS.items()
)


@dataclass(frozen=True, eq=False)
class Dialect:
    """How records are written for one connection. `settings` has every setting, changed or default."""

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
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Kind of `MAPPED_KINDS` → our code → the ERP's."""
    pad_right: Mapping[str, int] = field(default_factory=dict)
    """Wire name → digits up to which zeros are put at its right."""
    plans: dict[str, Any] = field(default_factory=dict, repr=False)
    """Cache of `values`: what to read of a record, compiled once per catalogue."""

    def translated(self, kind: str, code: str) -> str:
        """The ERP's code for one of ours; ours where none is mapped."""
        return self.codes.get(kind, {}).get(code, code)

    def requires(self, kind: str) -> bool:
        """Whether a code of this kind may only leave translated."""
        return bool(self.settings.get(f"map_{kind}", False))

    def sends(self, spelling: str) -> bool:
        """Whether a spelling of a field goes out."""
        return spelling not in self.switched_off

    def spells(self, catalogue_key: str, name: str) -> str:
        """The spelling under which a field goes out."""
        return self.renames.get(f"{catalogue_key}/{name}", name)

    def fills(self, name: str) -> bool:
        """Whether a field's default is filled in."""
        return f"={name}" not in self.switched_off


def read_settings(rows: Iterable[Setting], changed: Mapping[str, Any]) -> dict[str, Any]:
    """Every setting of the table, key → value: as the connection changed it, or default.

    Raises: ConfigurationError for an unknown setting or a value of the wrong kind.
    """
    by_key = {row.key: row for row in rows}
    unknown = sorted(set(changed) - set(by_key))
    if unknown:
        raise ConfigurationError(f"La conexión tiene ajustes que no existen: {', '.join(unknown)}.")
    for key, value in changed.items():
        _require_valid(by_key[key], value)
    return {key: changed.get(key, row.default) for key, row in by_key.items()}


def _require_valid(row: Setting, value: object) -> None:
    chosen = set(value.values()) if isinstance(value, Mapping) else {value}
    if row.choices and not chosen <= {choice for choice, _label in row.choices}:
        options = ", ".join(choice for choice, _label in row.choices)
        raise ConfigurationError(f"El ajuste «{row.label}» debe ser uno de estos: {options}.")
    if isinstance(value, Mapping) and row.keys and not set(value) <= {key for key, _label in row.keys}:
        raise ConfigurationError(f"El ajuste «{row.label}» nombra algo que no existe.")
    if not _is_same_type(row.default, value):
        raise ConfigurationError(f"El ajuste «{row.label}» tiene un valor que no sirve: {value!r}.")


def _is_same_type(default: object, value: object) -> bool:
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(default, bool) and isinstance(value, bool)
    if isinstance(default, int | float):
        return isinstance(value, int | float)
    if isinstance(default, Mapping):
        return isinstance(value, Mapping) and all(isinstance(item, str) for item in value.values())
    return isinstance(value, str)
