"""The units of systemd: they are well written, they start what is there, and the container's commands are theirs."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands, load_command_class

from tests.deployment.unit_files import DEPLOYMENT, INSTALLED_AT, ROOT, UNITS, copied_to, service, wanted

SERVICES = sorted(file.stem + ("8001" if file.stem.endswith("@") else "") for file in UNITS.glob("*.service"))
_CONTAINER = DEPLOYMENT / "container"
_VERIFY = shutil.which("systemd-analyze")


@pytest.mark.skipif(_VERIFY is None, reason="falta systemd-analyze")
def test_systemd_finds_nothing_wrong(tmp_path: Path) -> None:
    # Every program that a unit names must be there: ours are linked to where this machine has them.
    installed = tmp_path / "integrador"
    installed.mkdir()
    (installed / ".venv").symlink_to(ROOT / ".venv")
    units = [unit for unit in copied_to(tmp_path / "units", installed) if "@" not in unit.name]
    instance = tmp_path / "units" / "integrador-web@8001.service"
    instance.symlink_to(tmp_path / "units" / "integrador-web@.service")
    command = [str(_VERIFY), "verify", "--man=no", *map(str, [*units, instance])]
    verified = subprocess.run(command, capture_output=True, text=True, check=False)
    ours = [line for line in verified.stderr.splitlines() if "integrador" in line]
    assert (verified.returncode, ours) == (0, [])


@pytest.mark.parametrize("name", SERVICES)
def test_a_unit_runs_a_command_that_is_there_with_options_that_it_has(name: str) -> None:
    unit = service(name)
    python, script, command, *options = unit.command
    assert (python, script, unit.folder, unit.user) == (
        f"{INSTALLED_AT}/.venv/bin/python",
        "manage.py",
        INSTALLED_AT,
        "integrador",
    )
    load_command_class(get_commands()[command], command).create_parser("manage.py", command).parse_args(options)


def test_the_target_starts_every_service_or_its_timer() -> None:
    timed = {file.stem for file in UNITS.glob("*.timer")}
    names = {f"{name}.timer" if name in timed else f"{name}.service" for name in SERVICES}
    assert {re.sub(r"@\d+", "@8001", name) for name in wanted()} == names


def _compose() -> dict[str, Any]:
    composed = yaml.safe_load((_CONTAINER / "compose.yaml").read_text(encoding="utf-8"))
    services: dict[str, Any] = composed["services"]
    return services


def test_the_services_of_the_compose_file_run_what_the_units_run() -> None:
    commands = " ".join(str(each.get("command", "")) for each in _compose().values())
    missing = []
    for unit in map(service, SERVICES):
        words = " ".join(unit.command[1:])
        if words not in commands:
            missing.append(words)
    assert missing == []


def test_every_file_that_the_container_copies_is_there() -> None:
    text = (_CONTAINER / "Containerfile").read_text(encoding="utf-8")
    sources = [word for line in re.findall(r"^COPY (.+) \S+$", text, re.MULTILINE) for word in line.split()]
    assert sources
    assert [name for name in sources if not (ROOT / name).exists()] == []


def test_what_the_compose_file_mounts_from_here_is_there() -> None:
    mounted = [volume.split(":")[0] for volume in _compose()["proxy"]["volumes"] if volume.startswith(".")]
    assert mounted
    assert [name for name in mounted if not (_CONTAINER / name).exists()] == []


def test_in_containers_too_only_the_proxy_is_believed() -> None:
    services = _compose()
    address = services["proxy"]["networks"]["inside"]["ipv4_address"]
    believed = {services[name]["command"].split("--proxy ")[1] for name in ("web1", "web2")}
    assert believed == {address}
