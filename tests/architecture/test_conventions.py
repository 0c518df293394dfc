"""The house's rules that no tool of its own holds."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils.module_loading import import_string

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("config", "integrations", "ledger", "catalog")
MOST_LINES = 300
FORBIDDEN_NAMES = {"utils", "helpers", "common", "base", "core", "misc", "manager", "handler", "processor"}
NAMED_BY_DJANGO = {ROOT / "config/sqlite3/base.py"}


def modules() -> Iterator[Path]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


MODULES = list(modules())
NAMES = [str(path.relative_to(ROOT)) for path in MODULES]


@pytest.mark.parametrize("path", MODULES, ids=NAMES)
def test_a_file_is_short_enough_to_be_one_thing(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


@pytest.mark.parametrize("path", MODULES, ids=NAMES)
def test_a_module_is_named_by_its_concept(path: Path) -> None:
    assert path.stem not in FORBIDDEN_NAMES or path in NAMED_BY_DJANGO


def task_names() -> set[str]:
    """Every string constant of the product that names a task."""
    found = set()
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                value = node.value
                if value.startswith("integrations.tasks.") and value.replace(".", "").replace("_", "").isalnum():
                    found.add(value)
    return found


@pytest.mark.parametrize("name", sorted(task_names()))
def test_every_task_that_is_named_exists(name: str) -> None:
    assert callable(import_string(name))


def test_there_are_named_tasks_to_check() -> None:
    assert len(task_names()) >= 4


@pytest.mark.parametrize("path", MODULES, ids=NAMES)
def test_classes_are_not_named_by_a_vague_role(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = [node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    assert [name for name in names if name.endswith(("Manager", "Handler", "Processor", "Helper"))] == []
