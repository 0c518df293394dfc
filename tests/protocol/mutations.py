"""Break each rule of the protocol on purpose, and see who notices: a test that can't fail proves nothing.

    python -m tests.protocol.mutations [NAME …]

Each mutation changes one line in a copy of the project; then the explorer runs (to `EXPLORED_DEPTH`), and where it
stays silent, the tests of the protocol. A mutation that nobody catches ends the run with status 1.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.protocol.broken_rules import MUTATIONS, Mutation

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "exactly-once.md"
_BEGIN, _END = "<!-- mutations: begin -->", "<!-- mutations: end -->"
COLUMNS = 3
EXPLORED_DEPTH = "4"
MOST_SECONDS = 300
"""Of one test file; one that takes longer has not caught anything, and the next has its turn."""
TESTS = (
    "tests/integrations/standings",
    "tests/integrations/sending",
    "tests/integrations/payloads/test_prerequisites.py",
    "tests/integrations/payloads/test_change_of_number.py",
    "tests/integrations/verifying",
    "tests/integrations/connections/test_lanes.py",
    "tests/integrations/inbox/test_arrivals.py",
    "tests/integrations/erp/test_transport.py",
    "tests/integrations/decisions",
    "tests/integrations/payloads/test_updates.py",
    "tests/integrations/admin/test_sending.py",
    "tests/protocol/test_faults.py",
)


def main() -> int:
    chosen = [mutation for mutation in MUTATIONS if not sys.argv[1:] or mutation.name in sys.argv[1:]]
    with ThreadPoolExecutor(max_workers=2) as pool:
        catchers = list(pool.map(who_catches, chosen))
    rows = {
        mutation.name: f"| {mutation.rule} | {mutation.name} | {catcher or '**nobody**'} |"
        for mutation, catcher in zip(chosen, catchers, strict=True)
    }
    print("\n".join(rows.values()))
    _write_down(rows)
    return 0 if all(catchers) else 1


def _write_down(rows: dict[str, str]) -> None:
    """Into the page, in the order of `MUTATIONS`; what was not run this time keeps its row."""
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(_BEGIN)
    old, after = rest.split(_END)
    found = {cells[2].strip(): line for line in old.splitlines() if len(cells := line.split("|")) == COLUMNS + 2}
    table = [(found | rows)[mutation.name] for mutation in MUTATIONS if mutation.name in (found | rows)]
    head = ["| rule | mutation | caught by |", "| --- | --- | --- |"]
    PAGE.write_text("\n".join([f"{before}{_BEGIN}", *head, *table, f"{_END}{after}"]), encoding="utf-8")


def who_catches(mutation: Mutation) -> str:
    """The first that fails with the mutation in place; empty where all stay green."""
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        copy = Path(folder) / "project"
        ignored = shutil.ignore_patterns(".git", ".venv", "__pycache__", "*.sqlite3", "screenshots", ".demo")
        shutil.copytree(ROOT, copy, ignore=ignored)
        source = copy / "integrations" / mutation.file
        source.write_text(broken(source.read_text(encoding="utf-8"), mutation), encoding="utf-8")
        complaint = _fails(copy, "tests/protocol/test_explorer.py")
        by = f"explorer: {complaint}" if complaint else next((f"`{test}`" for test in TESTS if _fails(copy, test)), "")
        print(f"{mutation.name}: {by or 'nobody'}", file=sys.stderr, flush=True)
        return by


def broken(text: str, mutation: Mutation) -> str:
    """The text with its rule broken. Raises: ValueError where a line that holds the rule does not stand there once."""
    for before, after in ((mutation.before, mutation.after), *mutation.also):
        if text.count(before) != 1:
            raise ValueError(f"«{mutation.name}»: its line is not once in {mutation.file}: {before}")
        text = text.replace(before, after)
    return text


def _fails(copy: Path, test: str) -> str:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", test]
    environment = {**os.environ, "MODEL_DEPTH": EXPLORED_DEPTH, "DEBUG": "true"}
    try:
        done = subprocess.run(
            command, cwd=copy, env=environment, capture_output=True, text=True, check=False, timeout=MOST_SECONDS
        )
    except subprocess.TimeoutExpired:
        return ""
    if done.returncode == 0:
        return ""
    promises = [line for line in done.stdout.splitlines() if "BrokenPromiseError: " in line]
    return promises[0].split("BrokenPromiseError: ")[1] if promises else "it fails"


if __name__ == "__main__":
    sys.exit(main())
