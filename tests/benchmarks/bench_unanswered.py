"""What calls without an answer cost a lane: documents a second with 5 % of them, against the same lane without.

    python -m tests.benchmarks.bench_unanswered [--count N] [--postgres]

An ERP (SAG) that takes 1 s, a deadline of 5 s, and as many workers as the lane has slots. A document counts when its
call starts, so that the calls still open at the end weigh on neither side. Arithmetic allows 83 % (1 s against 1.2 s).
"""

import argparse
import threading
from collections.abc import Iterable
from datetime import datetime, timedelta

from tests.benchmarks.measuring import fresh_postgres, prepare, prepare_on

parser = argparse.ArgumentParser()
parser.add_argument("--count", type=int, default=160, help="documents on the lane of sixteen; a tenth on a lane of one")
parser.add_argument("--postgres", action="store_true", help="on the PostgreSQL at 127.0.0.1:5432")
options = parser.parse_args()
prepare_on(fresh_postgres("bench_unanswered")) if options.postgres else prepare()

from django.db import connection as database  # noqa: E402

from integrations.choices import Kind, Target  # noqa: E402
from integrations.dispatch import batches  # noqa: E402
from integrations.erp.receipts import NO_ANSWER  # noqa: E402
from integrations.models import Connection, SyncAttempt  # noqa: E402
from integrations.sending import engine  # noqa: E402
from integrations.simulators.sag import start_sag  # noqa: E402
from integrations.standings.requester import Requester  # noqa: E402
from tests import builders  # noqa: E402

ERP_SECONDS, DEADLINE_SECONDS, EVERY = 1.0, 5.0, 20
LANES = (("a lane of 16, with keys", 16, True), ("a lane of 1, with keys", 1, True), ("a lane of 1, keyless", 1, False))


def main() -> None:
    for number, (label, slots, has_keys) in enumerate(LANES):
        count = options.count if slots > 1 else max(EVERY, options.count // 10 // EVERY * EVERY)
        tax_ids = [f"9001234{number}{part}" for part in (1, 2)]
        all_answered, _ = _documents_per_second(tax_ids[0], count, slots, has_keys=has_keys, unanswered=False)
        some, lost = _documents_per_second(tax_ids[1], count, slots, has_keys=has_keys, unanswered=True)
        ratio = f"{some:.2f}/s against {all_answered:.2f}/s: {some / all_answered:.0%}"
        print(f"{label}, {count} documents, {lost} of them unanswered: {ratio}", flush=True)


def _documents_per_second(
    tax_id: str, count: int, slots: int, *, has_keys: bool, unanswered: bool
) -> tuple[float, int]:
    """The rate, and how many calls were not answered."""
    with start_sag() as erp:
        erp.set_faults(*_faults(count, unanswered=unanswered))
        connection = _connection(erp.url, tax_id, slots, has_keys=has_keys)
        orders = [builders.order(company=connection.company, external_id=f"PD-{n}") for n in range(count)]
        batch = batches.draft(
            company=connection.company,
            target=Target.SAG,
            kind=Kind.MOVEMENT,
            record_ids=[order.pk for order in orders],
            requester=Requester(),
        )
        batches.confirm(batch.pk)
        workers = [threading.Thread(target=_work, args=(connection.pk,)) for _ in range(slots)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        sends = SyncAttempt.objects.sends().filter(connection=connection)
        return _rate(sends.values_list("started_at", flat=True), slots), sends.filter(cause=NO_ANSWER).count()


def _faults(count: int, *, unanswered: bool) -> list[dict[str, object]]:
    """Every twentieth call is not answered; each other one takes its second."""
    hangs = count // EVERY if unanswered else 0
    # The fault before has taken its request already: the next one does not see it.
    skips = [EVERY // 2 + number * (EVERY - 1) for number in range(hangs)]
    write = {"operation": "insercionSag"}
    lost = [{"fault": "hang", "seconds": DEADLINE_SECONDS + 3, "skip": skip, "when": write} for skip in skips]
    return [*lost, {"fault": "late_commit", "seconds": ERP_SECONDS, "times": count, "when": write}]


def _connection(url: str, tax_id: str, slots: int, *, has_keys: bool) -> Connection:
    seconds = {"read_seconds": DEADLINE_SECONDS, "deadline_seconds": DEADLINE_SECONDS, "start_slack_seconds": 10.0}
    windows = {"lease_seconds": 420.0, "settle_seconds": 600.0, "canaries": 0}
    company = builders.company(tax_id=tax_id)
    settings = {} if has_keys else {"fill_NumeroDocumento2": False}
    return builders.sag_connection(url, company=company, concurrency=slots, settings=settings, **seconds, **windows)


def _work(connection_id: int) -> None:
    try:
        engine.drain(connection_id, budget_seconds=3600)
    finally:
        database.close()


def _rate(started_at: Iterable[datetime], slots: int) -> float:
    """Calls started a second, from the moment at which every slot had its first."""
    starts = sorted(started_at)
    return (len(starts) - slots) / ((starts[-1] - starts[slots - 1]) / timedelta(seconds=1))


if __name__ == "__main__":
    main()
