"""Runs every fault on both ERPs and writes the table of `docs/exactly-once.md`: `python -m tests.protocol.report`."""

from tests.benchmarks.measuring import ROOT, prepare

prepare()

from tests.protocol.fault_runs import PLAIN_TRIES, FaultResult, run, stand_ins  # noqa: E402
from tests.protocol.odd_answer_runs import run_odd  # noqa: E402

DOCUMENT = ROOT / "docs" / "exactly-once.md"
BEGIN, END = "<!-- faults: begin -->", "<!-- faults: end -->"


def main() -> int:
    with stand_ins() as erps:
        results = [*run(erps), *run_odd(erps)]
    table = "\n".join(_table(results))
    print(table)
    text = DOCUMENT.read_text(encoding="utf-8")
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    DOCUMENT.write_text(f"{head}{BEGIN}\n{table}\n{END}{tail}", encoding="utf-8")
    return 0 if all(result.keeps_the_promise for result in results) else 1


def _table(results: list[FaultResult]) -> list[str]:
    rows = [
        f"| fault | ERP | right after | in the ERP then | in the end | in the ERP | plain task, {PLAIN_TRIES} tries |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    return rows + [_row(result) for result in results]


def _row(result: FaultResult) -> str:
    state = f"{result.state}, sent again by a person" if result.resent_by_person else str(result.state)
    plain = f"{result.plain_documents}, {'done' if result.plain_reports_done else 'says it failed'}"
    cells = (
        result.fault.description,
        result.target.label,
        result.state_after,
        result.documents_after,
        state,
        result.documents,
        plain,
    )
    return f"| {' | '.join(map(str, cells))} |"


if __name__ == "__main__":
    raise SystemExit(main())
