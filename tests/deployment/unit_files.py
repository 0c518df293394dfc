"""The systemd units as they are shipped: what each runs, and copies of them that point to another folder."""

import shlex
from configparser import ConfigParser
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DEPLOYMENT = ROOT / "docs" / "deployment"
UNITS = DEPLOYMENT / "systemd"
INSTALLED_AT = "/srv/integrador"


@dataclass(frozen=True)
class Unit:
    """A service: the words of its ExecStart, and its folder."""

    name: str
    command: list[str]
    folder: str
    user: str


def service(name: str, folder: Path | str = INSTALLED_AT) -> Unit:
    """The service of that name (`integrador-web@8001` is an instance), as installed in `folder`."""
    template, at, instance = name.partition("@")
    text = (UNITS / f"{template}{at}.service").read_text(encoding="utf-8")
    text = text.replace("%i", instance).replace(INSTALLED_AT, str(folder))
    unit = ConfigParser(interpolation=None, strict=False)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(text)
    facts = unit["Service"]
    return Unit(name, shlex.split(facts["ExecStart"]), facts["WorkingDirectory"], facts["User"])


def wanted() -> list[str]:
    """The units that `integrador.target` starts, with their endings."""
    target = ConfigParser(interpolation=None)
    target.read(UNITS / "integrador.target")
    return target["Unit"]["wants"].split()


def copied_to(folder: Path, installed_at: Path) -> list[Path]:
    """Copies of every unit in `folder`, for a product that is installed elsewhere."""
    folder.mkdir(parents=True)
    for file in UNITS.iterdir():
        text = file.read_text(encoding="utf-8").replace(INSTALLED_AT, str(installed_at))
        (folder / file.name).write_text(text, encoding="utf-8")
    return sorted(folder.iterdir())
