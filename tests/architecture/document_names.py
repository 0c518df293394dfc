"""The paths and dotted names that the Markdown files write as code, and which of them exist."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("config", "integrations", "ledger", "catalog", "tests")
_CODE = re.compile(r"`([^`\n]+)`")
_FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"\]\(([^)#\s]+)?(#[^)\s]+)?\)")
_PATH = re.compile(r"\.?[\w.-]+(/[\w.*-]+)*/?")
_DOTTED = re.compile(r"([A-Za-z_]\w*(?:\.\w+)+)(?:\(.*\))?")
_FILES = (
    ".py",
    ".md",
    ".toml",
    ".html",
    ".po",
    ".mo",
    ".csv",
    ".json",
    ".xml",
    ".txt",
    ".js",
    ".css",
    ".timer",
    ".target",
    ".example",
)
_BASES = (ROOT, ROOT / "integrations")
OF_OTHERS = {"when.match", "when.operation", "MovimientoMediosPagos.Valor"}
"""Dotted names that are not of our Python: keys of the faults' files, and a heading of a table."""


def documents() -> list[Path]:
    """The Markdown files that people wrote; those of `docs/fields` are generated."""
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    return sorted(page for page in pages if page.parent.name != "fields")


def code_spans(text: str) -> list[str]:
    """What a Markdown text writes as inline code."""
    return _CODE.findall(_FENCED.sub("", text))


def missing_paths(spans: Iterable[str]) -> list[str]:
    """Those that are paths of this repository, from its root or from `integrations/`, and do not exist."""
    return [span for span in spans if _is_ours(span) and not _exists(span)]


def _is_ours(span: str) -> bool:
    if not _PATH.fullmatch(span):
        return False
    return span.endswith(".py") or ("/" in span and any((base / span.split("/")[0]).is_dir() for base in _BASES))


def _exists(path: str) -> bool:
    return any(any(base.glob(path.rstrip("/"))) for base in _BASES)


def missing_names(spans: Iterable[str], index: "NameIndex") -> list[str]:
    """Those that are dotted names, `module.name` or `Class.member`, and that no module of ours has."""
    dotted = [match[1] for span in spans if (match := _DOTTED.fullmatch(span)) and not span.endswith(_FILES)]
    return [name for name in dotted if name not in OF_OTHERS and not index.has(name)]


def missing_commands(text: str) -> list[str]:
    """The targets of make, commands of manage.py and modules of `python -m` in a Markdown text that do not exist."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = [name for name in re.findall(r"`make ([a-z][a-z-]*)", text) if f"\n{name}:" not in makefile]
    commands = [name for name in re.findall(r"manage\.py (\w+)", text) if name not in get_commands()]
    modules = [
        name for name in re.findall(r"python -m (tests[\w.]+)", text) if not _exists(f"{name.replace('.', '/')}.py")
    ]
    return targets + commands + modules


def broken_links(page: Path) -> Iterator[str]:
    """The links of a page to a file, or to a heading of one, that is not there."""
    for target, anchor in _LINK.findall(_FENCED.sub("", page.read_text(encoding="utf-8"))):
        if "://" in target:
            continue
        path = page.parent / target if target else page
        if not path.exists() or (anchor and anchor[1:] not in _anchors(path)):
            yield f"{target}{anchor}"


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


class NameIndex:
    """The modules of the product and its tests, with the names that stand in them."""

    def __init__(self) -> None:
        self._modules: dict[str, set[str]] = defaultdict(set)
        self._members: dict[str, set[str]] = defaultdict(set)
        self.words: set[str] = set()
        for package in PRODUCT:
            for path in (ROOT / package).rglob("*.py"):
                self._read(path)

    def has(self, dotted: str) -> bool:
        """Whether `dotted` is a module, a name in one, or a member of a class; leading packages may be left out."""
        head, _, last = dotted.rpartition(".")
        if last in self._members.get(head.rpartition(".")[2], ()):
            return True
        modules = [f".{module}" for module in self._modules]
        return any(module.endswith(f".{dotted}") for module in modules) or any(
            module.endswith(f".{head}") and last in self._modules[module[1:]] for module in modules
        )

    def _read(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        parts = path.relative_to(ROOT).with_suffix("").parts
        module = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        self.words |= set(re.findall(r"\w+", text))
        tree = ast.parse(text)
        self._modules[module] |= set(_names_of(tree.body))
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                self._members[node.name] |= set(_names_of(node.body))


def _names_of(body: list[ast.stmt]) -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.ImportFrom | ast.Import):
            yield from (alias.asname or alias.name for alias in node.names)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name))
