"""Thousands of documents under random faults and random `kill -9`: none twice, none lost, none left hanging.

    python -m tests.protocol.soak --documents 10000 --seed 7 [--postgres URL] [--redis URL]

The stand-ins run here, on real sockets; the product's clusters and its sweeper are processes of their own. The seed
decides every fault and every kill; it is printed, and given back it makes the same plan. Ends with status 1 when
the promise is broken. A stalled run ends by itself.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.protocol.random_kills import ROOT, RandomKills, SoakPlan, manage, random_kills

FAULTS = (
    "commit_then_hang",
    "hang",
    "late_commit",
    "commit_then_reset",
    "reset_before",
    "commit_then_garbage",
    "commit_then_500",
    "bare_200",
    "truncated",
    "status_503_html",
    "throttled_429",
)
ODD_ANSWERS: tuple[dict[str, Any], ...] = (
    {"fault": "success_nothing_stored", "commit": False},
    {"fault": "success_unpublished", "commit": True},
    {"fault": "success_names_another", "commit": True},
    {"fault": "repeated_answer", "commit": True},
    {"fault": "repeated_answer", "commit": False},
    {"fault": "message_with_nul"},
    {"fault": "message_with_surrogate"},
    {"fault": "huge_status_code"},
    {"fault": "huge_message"},
    {"fault": "forbidden_403_html", "commit": False},
    {"fault": "throttled_429", "retry_after": 2099, "commit": False},
    {"fault": "upper_case_columns"},
    {"fault": "missing_column"},
    {"fault": "padded_columns"},
    {"fault": "stale_read", "documents": 3},
)
"""Answers that no text prints, and reads that are not what they seem."""
LOOK_ALIKES_EVERY = 10
"""One document in so many has the number 2 of another, or nearly, and the same content."""
ODD_SHARE = 0.4
FAULT_SECONDS = 2.5
SECONDS = {
    "connect_seconds": 2.0,
    "read_seconds": 1.5,
    "deadline_seconds": 2.0,
    "lease_seconds": 12.0,
    "settle_seconds": 4.0,
    "reads_apart_seconds": 0.0,
    "start_slack_seconds": 2.0,
    "longest_rest_seconds": 2.0,
    "looks": "idle",
    "concurrency": 4,
}
LOOK_SECONDS = 3.0
STALLED_SECONDS = 400.0
"""Longer than the queue's own timeout: what a flushed broker forgot is asked for again after that."""


def main() -> int:
    plan = _plan()
    print(f"seed {plan.seed}: {plan.documents} documents, {plan.clusters} clusters", flush=True)
    os.environ |= plan.environment
    sys.path.insert(0, str(ROOT))
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    with ExitStack() as stack:
        erps = _stand_ins(stack, plan)
        _documents(plan, erps)
        started = time.monotonic()
        with random_kills(plan) as kills:
            _push(plan)
            _wait_until_settled(kills)
        return _report(plan, erps, time.monotonic() - started)


def _plan() -> SoakPlan:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--postgres", default="", metavar="URL", help="an empty database; SQLite file without it")
    parser.add_argument("--redis", default="", metavar="URL", help="the broker; the database without it")
    parser.add_argument("--clusters", type=int, default=2)
    parser.add_argument("--outage", action="store_true", help="stop the PostgreSQL database for 30 s in mid-run")
    parser.add_argument("--fault-every", type=int, default=40, help="one request in so many goes wrong, on average")
    options = parser.parse_args()
    file = Path(tempfile.mkdtemp(prefix="soak-")) / "soak.sqlite3"
    return SoakPlan(
        options.documents,
        options.seed,
        options.postgres or f"sqlite:///{file}",
        options.redis,
        options.clusters,
        options.outage,
        options.fault_every,
    )


def _stand_ins(stack: ExitStack, plan: SoakPlan) -> dict[str, Any]:
    from integrations.simulators.sag import start_sag
    from integrations.simulators.siigo import start_siigo

    dice = random.Random(plan.seed)
    return {
        "siigo": stack.enter_context(start_siigo(faults=_faults(dice, plan))),
        "sag": stack.enter_context(start_sag(faults=_faults(dice, plan))),
    }


def _faults(dice: random.Random, plan: SoakPlan) -> list[dict[str, Any]]:
    """Spread over the whole run: each fault's `skip` counts every request that it fits from the first."""
    requests = plan.documents // 2
    places = sorted(dice.sample(range(requests), requests // plan.fault_every))
    return [_fault(dice, place) for place in places]


def _fault(dice: random.Random, place: int) -> dict[str, Any]:
    if dice.random() < ODD_SHARE:
        fault = dict(dice.choice(ODD_ANSWERS))
    else:
        # Only a write can be committed; and a 429 writes nothing, which the promise rests on.
        fault = {"fault": (name := dice.choice(FAULTS)), "commit": dice.random() < 0.5 and name != "throttled_429"}
    return {"skip": place, "times": 1, "seconds": FAULT_SECONDS, **fault}


def _documents(plan: SoakPlan, erps: dict[str, Any]) -> None:
    from integrations.choices import Target
    from tests import builders

    builders.siigo_connection(erps["siigo"].url, **SECONDS)
    builders.sag_connection(erps["sag"].url, **SECONDS)
    for number in range(plan.documents // 2):
        builders.voucher(1 + number)
        builders.order(external_id=f"SOAK-{number}", number2=_number2(number))
    for target in Target:
        print(f"{target.label}: {plan.documents // 2} documents", flush=True)


def _number2(number: int) -> str:
    """A number 2 of its own; for some, that of the document before: the same, or with zeros, case or an exponent."""
    if number % LOOK_ALIKES_EVERY:
        return f"{1000 + number}"
    before = 1000 + number - 1
    return (f"{before}", f"00{before}", f"{before}.0", f"{before}E0")[number // LOOK_ALIKES_EVERY % 4]


def _push(plan: SoakPlan) -> None:
    for target, column in (("siigo", "voucher_type"), ("sag", "source_code")):
        manage(plan, "push", target, "movement", "--ids", ",".join(map(str, _ids(column))))


def _ids(column: str) -> list[int]:
    from ledger.models import Movement

    return list(Movement.objects.exclude(**{column: ""}).values_list("pk", flat=True))


def _wait_until_settled(kills: RandomKills) -> None:
    """Until nothing is queued, in flight, waiting or in doubt, or nothing has moved for a long time."""
    from django.db import OperationalError, connection

    from integrations.choices import Status

    moving = (Status.NEW, Status.QUEUED, Status.SENDING, Status.RETRYING, Status.UNCERTAIN)
    last, since = Counter[str](), time.monotonic()
    while time.monotonic() - since < STALLED_SECONDS:
        time.sleep(LOOK_SECONDS)
        try:
            counts = _counts()
            if counts != last:
                last, since = counts, time.monotonic()
                print(f"  {dict(counts)}", flush=True)
            if not sum(counts[status] for status in moving):
                return
            _resume_and_send_again()
        except OperationalError:
            connection.close()
            continue
        if counts[Status.SYNCED] * 3 > sum(counts.values()):
            kills.half_way.set()
    print("stalled: nothing moved any more", flush=True)


def _counts() -> Counter[str]:
    from django.db.models import Count

    from integrations.models import SyncStanding

    rows = SyncStanding.objects.filter(connection__isnull=False).order_by().values_list("status")
    return Counter(dict(rows.annotate(count=Count("pk"))))


def _resume_and_send_again() -> None:
    """Do what a person would: resume a paused lane, and send again what was proven absent."""
    from integrations.choices import Kind, Status
    from integrations.connections import pausing
    from integrations.dispatch import batches
    from integrations.models import Connection, SyncStanding
    from integrations.standings.requester import Requester

    for connection in Connection.objects.all():
        if connection.is_paused:
            pausing.resume(connection.pk)
        again = SyncStanding.objects.filter(connection=connection, status__in=[Status.NEW, Status.REJECTED])
        ids = list(again.filter(verify_first=False).values_list("record_id", flat=True)[:200])
        if ids:
            batch = batches.draft(
                company=connection.company,
                target=connection.target,
                kind=Kind.MOVEMENT,
                record_ids=ids,
                requester=Requester(origin="soak"),
            )
            batches.confirm(batch.pk)


def _report(plan: SoakPlan, erps: dict[str, Any], seconds: float) -> int:
    in_erps = Counter(str(voucher["number"]) for voucher in erps["siigo"].documents()["vouchers"])
    in_erps += Counter(_our_key(movement) for movement in erps["sag"].documents()["movimientos"])
    ours = _states()
    lost = [key for key, (status, _) in ours.items() if status == "synced" and not in_erps[key]]
    unexplained = [key for key, (status, why) in ours.items() if status in _FOR_A_PERSON and not why]
    hanging = [key for key, (status, _) in ours.items() if status not in ("synced", *_FOR_A_PERSON)]
    twice = [key for key, count in in_erps.items() if count > 1]
    absent = [key for key in ours if not in_erps[key]]
    print(f"seed {plan.seed}: {seconds:.0f} s, {dict(_counts())}, {len(in_erps)} documents in the ERPs")
    print(f"twice {len(twice)}, «sent» and not there {len(lost)}, not there and waiting for a person {len(absent)},")
    seen = _seen()
    accepted = sum(status == "synced" for status, _ in ours.values()) - seen
    print(f"seen in the ERP by a look {seen}, accepted only {accepted},")
    print(f"left without an end {len(hanging)}, waiting without a reason {len(unexplained)}")
    return int(bool(twice or lost or hanging or unexplained or len(ours) != plan.documents))


def _seen() -> int:
    from integrations.models import SyncStanding

    return SyncStanding.objects.filter(status="synced", seen_at__isnull=False).count()


_FOR_A_PERSON = ("uncertain", "conflict", "rejected")


def _our_key(movement: dict[str, Any]) -> str:
    """The key of ours that a document of SAG carries, in whichever field; its number where it has none."""
    from integrations.standings.search_keys import FORM

    values = [movement["numero2"], *(value for more in movement["movimientos_otros_datos"] for value in more.values())]
    return next((value for value in values if value and FORM.fullmatch(value)), f"SAG {movement['numero']}")


def _states() -> dict[str, tuple[str, str]]:
    """What names each document in its ERP → its status here, and its message for staff."""
    from integrations.models import SyncStanding
    from integrations.standings.search_keys import key_of
    from ledger.models import Movement

    numbers = dict(Movement.objects.values_list("pk", "number"))
    rows = SyncStanding.objects.filter(connection__isnull=False)
    return {
        key_of(row) if row.search_key and row.target == "sag" else str(numbers[row.record_id]): (
            row.status,
            row.message,
        )
        for row in rows
    }


if __name__ == "__main__":
    sys.exit(main())
