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
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXPLORED_DEPTH = "5"
MOST_SECONDS = 420
TESTS = (
    "tests/integrations/test_lifecycle.py",
    "tests/integrations/test_engine.py",
    "tests/integrations/test_masters_first.py",
    "tests/integrations/verifying",
    "tests/protocol/test_faults.py",
)


@dataclass(frozen=True)
class Mutation:
    """One rule of the protocol's section 4, 5 or 8, and the line that holds it."""

    name: str
    rule: str
    file: str
    before: str
    after: str


MUTATIONS = (
    Mutation(
        "reopen at lease end",
        "4.6 a lease that ends goes to uncertain",
        "lifecycle.py",
        "Event.LEASE_ENDED: {Status.SENDING: Status.UNCERTAIN}",
        "Event.LEASE_ENDED: {Status.SENDING: Status.QUEUED}",
    ),
    Mutation(
        "doubt goes back to the queue",
        "3 what is not recognised is uncertain",
        "lifecycle.py",
        "Event.DOUBTFUL: {Status.SENDING: Status.UNCERTAIN}",
        "Event.DOUBTFUL: {Status.SENDING: Status.QUEUED}",
    ),
    Mutation(
        "drop the fence",
        "4.5 the finish names its attempt",
        "outcomes.py",
        "if row.attempt == attempt.pk and row.status == Status.SENDING:",
        "if row.status == Status.SENDING:",
    ),
    Mutation(
        "forget late successes",
        "4.5 a success is always recorded",
        "outcomes.py",
        "            _settle_late(row, attempt, receipt)",
        "            pass",
    ),
    Mutation(
        "send what was not confirmed",
        "4.1, 8.6 version and hash confirmed",
        "engine.py",
        "    if payload.sha256 != row.hash_confirmed:",
        "    row.version_confirmed = row.version\n    if False:",
    ),
    Mutation(
        "drop the version check",
        "4.1 the confirmed version",
        "engine.py",
        "    if row.version != row.version_confirmed or record.version != row.version:",
        "    if False:",
    ),
    Mutation(
        "drop the lease check",
        "4.3 the lease is checked before the first byte",
        "engine.py",
        "        if elapsed_seconds() >= self.lease_ends:",
        "        if False:",
    ),
    Mutation(
        "drop the settle window",
        "5, 8.2 both reads start after the window",
        "reconcile.py",
        "    if row.settles_at is not None and row.settles_at > database_now():",
        "    if False:",
    ),
    Mutation(
        "trust one read",
        "5 two complete reads agree",
        "reconcile.py",
        "            second = gateway.find_many(questions, known)",
        "            second = first",
    ),
    Mutation(
        "absent without a control",
        "5 absence needs a positive control",
        "findings.py",
        "return Finding(Match.ABSENT if proven_absent else Match.UNPROVEN)",
        "return Finding(Match.ABSENT)",
    ),
    Mutation(
        "a person need not wait",
        "8.3 a person's evidence is later than the window",
        "decisions/resolving.py",
        "    _require_window_over(row)\n    look = last_look(row)",
        "    look = last_look(row)",
    ),
    Mutation(
        "a refusal opens the gate",
        "8.1 verify first is a gate",
        "outcomes.py",
        "Consequence(Event.REFUSED, verify_first=True)",
        "Consequence(Event.REFUSED)",
    ),
    Mutation(
        "an edit is forgotten",
        "8.5 synced if the version is the one sent",
        "lifecycle.py",
        "return Status.SYNCED if content_is_current else Status.CHANGED",
        "return Status.SYNCED",
    ),
    Mutation(
        "set aside what may exist",
        "8.4 exclusion from new, or refused for certain",
        "decisions/setting_aside.py",
        "certain = [row for row in rows if not row.verify_first and not row.ever_present]",
        "certain = rows",
    ),
    Mutation(
        "a cancelled batch goes on",
        "8.7 a claim that finds its batch cancelled goes back",
        "outcomes.py",
        "    if _cancelled(row) and event in",
        "    if False and event in",
    ),
    Mutation(
        "more calls than slots",
        "4.1 live leases < concurrency",
        "lanes.py",
        "    slots = max(0, connection.concurrency - _calls_in_flight(connection, now))",
        "    return 1",
    ),
    Mutation(
        "one reference for two records",
        "8.12 a reference belongs to one standing",
        "bookkeeping.py",
        "    if others.exists():",
        "    if False:",
    ),
    Mutation(
        "do not wait for masters",
        "8.16 a claim requires the master",
        "engine.py",
        "    if lacking:",
        "    if False:",
    ),
)


def main() -> int:
    chosen = [one for one in MUTATIONS if not sys.argv[1:] or one.name in sys.argv[1:]]
    with ThreadPoolExecutor(max_workers=2) as pool:
        caught = list(pool.map(who_catches, chosen))
    print("| rule | mutation | caught by |\n| --- | --- | --- |")
    for mutation, by in zip(chosen, caught, strict=True):
        print(f"| {mutation.rule} | {mutation.name} | {by or '**nobody**'} |")
    return 0 if all(caught) else 1


def who_catches(mutation: Mutation) -> str:
    """The first that fails with the mutation in place; empty where all stay green."""
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        copy = Path(folder) / "project"
        ignored = shutil.ignore_patterns(".git", ".venv", "__pycache__", "*.sqlite3", "screenshots")
        shutil.copytree(ROOT, copy, ignore=ignored)
        source = copy / "integrations" / mutation.file
        text = source.read_text(encoding="utf-8")
        if text.count(mutation.before) != 1:
            raise SystemExit(f"«{mutation.name}»: its line is not once in {mutation.file}")
        source.write_text(text.replace(mutation.before, mutation.after), encoding="utf-8")
        if complaint := _fails(copy, "tests/protocol/test_explorer.py"):
            return f"explorer: {complaint}"
        return next((f"`{test}`" for test in TESTS if _fails(copy, test)), "")


def _fails(copy: Path, test: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", test],
        cwd=copy,
        env={**os.environ, "MODEL_DEPTH": EXPLORED_DEPTH, "DEBUG": "true"},
        capture_output=True,
        text=True,
        check=False,
        timeout=MOST_SECONDS,
    )
    if done.returncode == 0:
        return ""
    told = [line for line in done.stdout.splitlines() if "BrokenPromiseError: " in line]
    return told[0].split("BrokenPromiseError: ")[1] if told else "it fails"


if __name__ == "__main__":
    sys.exit(main())
