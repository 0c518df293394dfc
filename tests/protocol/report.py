"""Measures the promise and writes the table of `docs/exactly-once.md`: `python -m tests.protocol.report`.

Every fault on both ERPs, ours beside a plain post-then-save task, in one run.
"""

from tests.benchmarks.ground import ROOT, prepare

prepare()

from tests.protocol.harness import PLAIN_TRIES, Ending, run, stand_ins  # noqa: E402

DOCUMENT = ROOT / "docs" / "exactly-once.md"
BEGIN, END = "<!-- faults: begin -->", "<!-- faults: end -->"


def main() -> int:
    with stand_ins() as erps:
        endings = run(erps)
    table = "\n".join(_table(endings))
    print(table)
    text = DOCUMENT.read_text(encoding="utf-8")
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    DOCUMENT.write_text(f"{head}{BEGIN}\n{table}\n{END}{tail}", encoding="utf-8")
    return 0 if all(one.keeps_the_promise for one in endings) else 1


def _table(endings: list[Ending]) -> list[str]:
    rows = [
        f"| fault | ERP | right after | in the ERP then | in the end | in the ERP | plain task, {PLAIN_TRIES} tries |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    return rows + [_row(one) for one in endings]


def _row(one: Ending) -> str:
    state = f"{one.state}, sent again by a person" if one.resent_by_person else str(one.state)
    plain = f"{one.plain_documents}, {'done' if one.plain_says_done else 'says it failed'}"
    cells = (
        one.trouble.words, one.target.label, one.state_after, one.documents_after, state, one.documents, plain,
    )  # fmt: skip
    return f"| {' | '.join(map(str, cells))} |"


if __name__ == "__main__":
    raise SystemExit(main())
