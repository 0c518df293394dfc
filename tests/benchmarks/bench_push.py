"""What exactly-once costs: records pushed by the engine against the same requests posted in a bare loop.

Three interleaved rounds; the stand-in answers in no time, SQLite with synchronous=FULL, one lane of one.
"""

from functools import partial

from tests.benchmarks.measuring import prepare, report, seconds

prepare()

import requests  # noqa: E402

from integrations.choices import Kind, Target  # noqa: E402
from integrations.dispatch import batches  # noqa: E402
from integrations.models import SyncAttempt, SyncStanding  # noqa: E402
from integrations.payloads import builder  # noqa: E402
from integrations.sending import engine  # noqa: E402
from integrations.simulators.siigo import start_siigo  # noqa: E402
from integrations.standings.requester import Requester  # noqa: E402
from tests import builders  # noqa: E402

COUNT, ROUNDS = 200, 3


def main() -> None:
    with start_siigo() as stand_in, start_siigo() as bare:
        connection = builders.siigo_connection(stand_in.url)
        ours, baseline = [], []
        for number in range(ROUNDS):
            first = 1 + number * COUNT
            movements = [builders.voucher(first + n) for n in range(COUNT)]
            batch = batches.draft(
                company=connection.company,
                target=Target.SIIGO,
                kind=Kind.MOVEMENT,
                record_ids=[movement.pk for movement in movements],
                requester=Requester(),
            )
            batches.confirm(batch.pk)
            ours.append(seconds(lambda: engine.drain(connection.pk, budget_seconds=600)))
            bodies = [
                attempt.payload.body
                for attempt in SyncAttempt.objects.select_related("payload")[:COUNT]
                if attempt.payload
            ]
            baseline.append(seconds(partial(_post_all, bare.url, bodies)))
        assert SyncStanding.objects.filter(target=Target.SIIGO, status="synced").count() == COUNT * ROUNDS
        assert builder.load(Kind.MOVEMENT, [movements[0].pk], Target.SIIGO)
    report("push, engine against a bare loop of requests", ours=ours, baseline=baseline, count=COUNT)


def _post_all(url: str, bodies: list[bytes]) -> None:
    for body in bodies:
        _post(url, body)


def _post(url: str, body: bytes) -> requests.Response:
    headers = {"Authorization": "Bearer demo-key", "Content-Type": "application/json"}
    return requests.post(url, data=body, headers=headers, timeout=5)


if __name__ == "__main__":
    main()
