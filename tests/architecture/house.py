"""Measure how the code is laid out: rooms, arrows between them, circles, sizes.

    python -m tests.architecture.house [CHECKOUT]

A *room* is a package directly under `integrations/` (without `static` and `migrations`); an *arrow* is an ordered
pair of rooms with any import between them, those for types and inside functions included. A *circle* is a group of
modules that import each other, directly or through others. Statements are counted without docstrings.
"""

import ast
import sys
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import grimp

PACKAGES = ("config", "integrations", "ledger", "catalog")
LAYERS = [
    "erp",
    "models",
    "queue",
    "connections",
    "standings",
    "payloads",
    "dispatch",
    "decisions",
    "inbox",
    "sending",
    "verifying",
    "pulls",
    "files",
    "selectors",
    "notices",
    "admin",
    "management",
]
"""The rooms of `integrations/`, the one that knows least first: imports point to the left only."""
_OUTSIDE = {"static", "migrations"}


@dataclass(frozen=True)
class Layout:
    """What the imports of a checkout look like."""

    rooms: set[str]
    arrows: set[tuple[str, str]]
    all_arrows: set[tuple[str, str]]
    """The same with the lone modules of `integrations/` and the other packages counted as rooms."""
    against_the_layers: set[tuple[str, str]]
    circles: list[list[str]]


@dataclass(frozen=True)
class Sizes:
    """Statements of all product code, and the lines of its functions and files, each ascending."""

    statements: int
    functions: list[int]
    files: list[int]

    @property
    def function_p90(self) -> int:
        """Nine in ten functions have at most this many lines."""
        return self.functions[len(self.functions) * 9 // 10]


def layout(root: Path) -> Layout:
    """The rooms and imports of the checkout at `root`, as they are on disk."""
    sys.path.insert(0, str(root))
    try:
        graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    finally:
        sys.path.remove(str(root))
    inside = rooms(root)
    imports = {
        module: graph.find_modules_directly_imported_by(module)
        for module in graph.modules
        if "migrations" not in module
    }
    pairs = {(module, imported) for module, several in imports.items() for imported in several}
    arrows = {(_room_of(importer, inside), _room_of(imported, inside)) for importer, imported in pairs}
    arrows = {(importer, imported) for importer, imported in arrows if importer and imported and importer != imported}
    all_arrows = {(_place_of(importer), _place_of(imported)) for importer, imported in pairs}
    all_arrows = {(importer, imported) for importer, imported in all_arrows if importer != imported}
    return Layout(inside, arrows, all_arrows, {arrow for arrow in arrows if _is_backwards(*arrow)}, circles(imports))


def rooms(root: Path) -> set[str]:
    """The packages directly under `integrations/`."""
    folders = (path.parent.name for path in (root / "integrations").glob("*/__init__.py"))
    return {name for name in folders if name not in _OUTSIDE}


def _room_of(module: str, inside: set[str]) -> str:
    """The room of a module by its dotted name; empty outside `integrations` and for its lone modules."""
    parts = module.split(".")
    return parts[1] if parts[0] == "integrations" and len(parts) > 1 and parts[1] in inside else ""


def _place_of(module: str) -> str:
    """The room or lone module of `integrations`, or the other package, that a module stands in."""
    parts = module.split(".")
    return ".".join(parts[: 2 if parts[0] == "integrations" else 1])


def _is_backwards(importer: str, imported: str) -> bool:
    return importer in LAYERS and imported in LAYERS and LAYERS.index(importer) < LAYERS.index(imported)


def circles(imports: dict[str, set[str]]) -> list[list[str]]:
    """Groups of modules that reach each other (strongly connected, more than one), each sorted."""
    reached = {module: _reached_from(module, imports) for module in imports}
    groups = {
        tuple(sorted(other for other in reached[module] if module in reached.get(other, ()))) for module in imports
    }
    return sorted(list(group) for group in groups if len(group) > 1)


def _reached_from(start: str, imports: dict[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        following = imports.get(waiting.pop(), set()) - seen
        seen |= following
        waiting.extend(following)
    return seen


def sizes(root: Path) -> Sizes:
    """How much code the checkout at `root` holds."""
    texts = [path.read_text(encoding="utf-8") for path in _product_files(root)]
    trees = [ast.parse(text) for text in texts]
    return Sizes(
        statements=sum(isinstance(node, ast.stmt) and not _is_text(node) for tree in trees for node in ast.walk(tree)),
        functions=sorted(_lines_of(node) for tree in trees for node in ast.walk(tree) if isinstance(node, _FUNCTIONS)),
        files=sorted(len(text.splitlines()) for text in texts),
    )


_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def _product_files(root: Path) -> Iterator[Path]:
    for package in PACKAGES:
        yield from (path for path in (root / package).rglob("*.py") if "migrations" not in path.parts)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _lines_of(function: ast.AST) -> int:
    """Lines of a function, its docstring included, without its decorators."""
    assert isinstance(function, _FUNCTIONS)
    return (function.end_lineno or 0) - function.lineno + 1


def undocumented_doors(root: Path) -> list[str]:
    """Public functions and classes without docstring that a module of another room uses, as `module.name`, sorted."""
    trees = {_dotted(path, root): ast.parse(path.read_text(encoding="utf-8")) for path in _product_files(root)}
    inside = rooms(root)
    used = {
        (module, name)
        for importer, tree in trees.items()
        for module, name in _names_used(tree, trees)
        if _door_of(module, inside) != _door_of(importer, inside) and not name.startswith("_")
    }
    return sorted(f"{module}.{name}" for module, name in used if _lacks_docstring(module, name, trees))


def _dotted(path: Path, root: Path) -> str:
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _door_of(module: str, inside: set[str]) -> str:
    """The room of a module, or the package where it has none."""
    return _room_of(module, inside) or module.split(".")[0]


def _names_used(tree: ast.Module, modules: Container[str]) -> Iterator[tuple[str, str]]:
    """(module, name) of every name that a module imports from another one, or uses as an attribute of it."""
    imported = _imported_names(tree)
    yield from ((module, name) for module, name in imported.values() if module in modules)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in imported:
            module = ".".join(imported[node.value.id])
            if module in modules:
                yield module, node.attr


def _imported_names(tree: ast.Module) -> dict[str, tuple[str, str]]:
    """Name here → (module, name there) of every `from … import …`."""
    return {
        alias.asname or alias.name: (node.module, alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }


def _lacks_docstring(module: str, name: str, trees: Mapping[str, ast.Module]) -> bool:
    """Whether a function or class is defined without docstring, in the module or where the module has it from."""
    tree = trees.get(module)
    if tree is None:
        return False
    defined = [node for node in tree.body if isinstance(node, (*_FUNCTIONS, ast.ClassDef)) and node.name == name]
    if not defined and name in (imported := _imported_names(tree)):
        return _lacks_docstring(*imported[name], trees)
    return any(ast.get_docstring(node) is None for node in defined)


def main() -> int:
    """Print the figures; status 1 where an import points against the layers or modules form a circle."""
    root = Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    found, measured = layout(root), sizes(root)
    print(f"rooms {len(found.rooms)}, arrows {len(found.arrows)}, against the layers {len(found.against_the_layers)}")
    print(f"with the lone modules and the other packages: arrows {len(found.all_arrows)}")
    for arrow in sorted(found.against_the_layers):
        print("  against the layers:", *arrow)
    print(f"circles {len(found.circles)}")
    for circle in found.circles:
        print("  circle:", ", ".join(circle))
    print(f"statements {measured.statements}, files {len(measured.files)}, longest file {measured.files[-1]}")
    print(f"functions {len(measured.functions)}, p90 {measured.function_p90} lines, longest {measured.functions[-1]}")
    return 1 if found.against_the_layers or found.circles else 0


if __name__ == "__main__":
    sys.exit(main())
