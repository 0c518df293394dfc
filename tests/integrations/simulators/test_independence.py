"""The stand-ins share no code with the product, so that a mistake in it can't hide in them."""

import ast
import sys
from pathlib import Path

import pytest

import integrations.simulators

MODULES = sorted(Path(integrations.simulators.__file__).parent.glob("*.py"))
ALLOWED = ("integrations.simulators", "defusedxml")


def imported(path: Path) -> set[str]:
    """The modules that a file names, but the standard library's."""
    tree = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    names = set()
    for node in tree:
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add("." * node.level + (node.module or ""))
    return {name for name in names if name.partition(".")[0] not in sys.stdlib_module_names}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_a_stand_in_imports_its_own_package_and_nothing_of_the_product(path: Path) -> None:
    assert [name for name in imported(path) if not name.startswith(ALLOWED)] == []
