"""Each odd answer of `docs/simulators.md` once, beside the plain task: what an ERP says that is not so, or not printed.

One document after another: while a text is unknown, nothing else leaves before that document was looked for.
"""

from typing import Any

from integrations.choices import Status, Target
from integrations.erp.causes import DOUBTED_SUCCESSES
from integrations.verifying import looks, reconcile
from tests.protocol.fault_runs import (
    DocumentRun,
    FaultCase,
    FaultResult,
    connection_to,
    plain_documents,
    record_for,
    result_of,
    send_with_fault,
    settle,
)

_STORED, _FUENTE = (("commit", True),), (("names", "source"),)
ODD_CASES = (
    FaultCase("says success, stores nothing and says so", "success_nothing_stored"),
    FaultCase("stores, and says that it stored nothing", "success_nothing_stored", settings=_STORED),
    FaultCase("says success in unknown words, stores nothing", "success_unpublished"),
    FaultCase("stores, and says so in unknown words", "success_unpublished", settings=_STORED),
    FaultCase("says success of another count, stores nothing", "success_other_count"),
    FaultCase("says success of another number, stores nothing", "success_names_another", (Target.SIIGO,)),
    FaultCase(
        "says success of another fuente, stores nothing", "success_names_another", (Target.SAG,), settings=_FUENTE
    ),
    # SAG gave the number: nothing says that it is another document's, until a look misses ours.
    FaultCase(
        "says success and a number of its own, stores nothing",
        "success_names_another",
        (Target.SAG,),
        ends=Status.CONFLICT,
    ),
    FaultCase("stores, and names another document", "success_names_another", settings=_STORED),
    FaultCase("repeats the answer before, stores nothing", "repeated_answer", ends=Status.CONFLICT),
    FaultCase("stores, and repeats the answer before", "repeated_answer", settings=_STORED),
    FaultCase("stores, and says it with NUL", "message_with_nul", settings=_STORED),
    FaultCase("stores, and says it with half a surrogate", "message_with_surrogate", settings=_STORED),
    FaultCase("stores, and answers a status of 5,000 digits", "huge_status_code", settings=_STORED),
    FaultCase("stores, and answers a megabyte", "huge_message", settings=_STORED),
)
_FIRST_NUMBER = 100


def run_odd(erps: dict[Target, Any]) -> list[FaultResult]:
    """Every odd answer on both ERPs; after `run`, since a read proves nothing absent without what was seen before."""
    cases = [
        DocumentRun(fault, target, record_for(target, number))
        for number, fault in enumerate(ODD_CASES, _FIRST_NUMBER)
        for target in fault.targets
    ]
    for case in cases:
        _run(case, erps[case.target])
    for case in cases:
        case.plain = plain_documents(case, erps[case.target])
    return [result_of(case, erps[case.target]) for case in cases]


def _run(case: DocumentRun, erp: Any) -> None:
    send_with_fault(case, erp)
    if case.row.cause in DOUBTED_SUCCESSES:
        # As the queue does at once with a success that proves nothing.
        reconcile.verify(case.row.pk, case.row.attempt)
    if case.row.status != Status.SYNCED:
        settle([case])
    looks.look(connection_to(case.target).pk)
