"""How one connection speaks: settings with a default, a label for the administrator, and a check."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from integrations.errors import ConfigurationError


@dataclass(frozen=True)
class Setting:
    """One switch or value of a connection. `kind` is the type of its default."""

    key: str
    label: str
    default: bool | str | int | float
    help: str = ""
    choices: tuple[str, ...] = ()


def read(settings: tuple[Setting, ...], given: Mapping[str, Any]) -> dict[str, Any]:
    """The defaults with what the connection sets.

    Raises: ConfigurationError for an unknown name or a value of another kind.
    """
    known = {setting.key: setting for setting in settings}
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise ConfigurationError(f"La conexión tiene un ajuste desconocido: {', '.join(unknown)}.")
    values = {setting.key: setting.default for setting in settings}
    for key, value in given.items():
        _refuse_other_kind(known[key], value)
        values[key] = value
    return values


def _refuse_other_kind(setting: Setting, value: Any) -> None:
    wanted = (int, float) if isinstance(setting.default, int | float) else (str,)
    if isinstance(setting.default, bool) != isinstance(value, bool) or not isinstance(value, wanted):
        raise ConfigurationError(f"El ajuste «{setting.label}» de la conexión no sirve: {value!r}.")
    if setting.choices and value not in setting.choices:
        raise ConfigurationError(f"El ajuste «{setting.label}» debe ser uno de {', '.join(setting.choices)}.")
