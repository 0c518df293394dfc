"""The stand-ins of another make share no code with the product, nor with its own stand-ins."""

import ast
from pathlib import Path

import pytest

SERVERS = ("http_door", "sag_records", "sag_server", "sag_tables", "siigo_server")
OURS = ("config", "integrations", "ledger", "catalog")


@pytest.mark.parametrize("name", SERVERS)
def test_a_server_imports_nothing_of_the_product(name: str) -> None:
    tree = ast.parse((Path(__file__).parent / f"{name}.py").read_text(encoding="utf-8"))
    modules = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    modules += [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    assert not [module for module in modules if module.split(".")[0] in OURS]
