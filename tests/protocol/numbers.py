"""Two workers and many confirmations at once: each movement without number gets one, none twice, none left out.

    python -m tests.protocol.numbers --postgres URL [--documents 2000]

`URL` is an empty PostgreSQL database. The stand-in runs here, on a real socket; the cluster of two workers and the
confirmations are processes of their own. Ends with status 1 when a number is missing, given twice, or another here.
"""

import argparse
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.protocol.random_kills import ROOT

BATCHES = 16
CONFIRMERS = 4
MOST_SECONDS = 1200
_CONFIRM = "import sys; from integrations import dispatch; [dispatch.confirm(int(pk)) for pk in {ids!r}]"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postgres", required=True, metavar="URL")
    parser.add_argument("--documents", type=int, default=2000)
    options = parser.parse_args()
    os.environ |= {
        "DATABASE_URL": options.postgres,
        "DEBUG": "true",
        "LOG_LEVEL": "CRITICAL",
        "QUEUE_URL": "",
        "QUEUE_WORKERS": "2",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from integrations.simulators.siigo import start_siigo

    with start_siigo() as siigo:
        drafts = _drafts(siigo.url, options.documents)
        _confirmed_at_once_while_two_workers_send(drafts)
        return _report(siigo, options.documents)


def _drafts(url: str, documents: int) -> list[int]:
    from integrations.choices import Kind, Target
    from integrations.dispatch import batches
    from integrations.standings.requester import Requester
    from tests import builders

    connection = builders.siigo_connection(url, concurrency=2)
    ids = [builders.voucher(None, external_id=f"SIN-{place}").pk for place in range(documents)]
    drafts = [
        batches.draft(
            company=connection.company,
            target=Target.SIIGO,
            kind=Kind.MOVEMENT,
            record_ids=ids[first::BATCHES],
            requester=Requester(origin="prueba"),
        )
        for first in range(BATCHES)
    ]
    return [draft.pk for draft in drafts]


def _confirmed_at_once_while_two_workers_send(drafts: list[int]) -> None:
    """Each draft is confirmed by two processes at once: the second must change nothing."""
    from integrations.models import SyncStanding

    cluster = subprocess.Popen([sys.executable, "manage.py", "qcluster"], cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        with ThreadPoolExecutor(2 * CONFIRMERS) as pool:
            list(pool.map(_confirm, [drafts[n::CONFIRMERS] for n in range(CONFIRMERS)] * 2))
        end = time.monotonic() + MOST_SECONDS
        waiting = SyncStanding.objects.filter(status__in=["queued", "sending", "retrying"])
        while waiting.exists() and time.monotonic() < end:
            time.sleep(0.5)
    finally:
        cluster.terminate()
        cluster.wait(60)


def _confirm(ids: list[int]) -> None:
    code = _CONFIRM.format(ids=ids)
    subprocess.run(
        [sys.executable, "manage.py", "shell", "-v0", "-c", code], cwd=ROOT, check=True, timeout=MOST_SECONDS
    )


def _report(siigo: Any, documents: int) -> int:
    from ledger.models import Movement

    in_siigo = sorted(voucher["number"] for voucher in siigo.documents()["vouchers"])
    here = sorted(number or 0 for number in Movement.objects.values_list("number", flat=True))
    expected = list(range(1, documents + 1))
    print(f"{documents} movements without number, {BATCHES} batches, two workers:")
    print(
        f"numbers here {len(set(here))}, in Siigo {len(set(in_siigo))}, twice {len(in_siigo) - len(set(in_siigo))}, ",
        end="",
    )
    print(f"gaps {len(set(expected) - set(in_siigo))}")
    return int(not here == in_siigo == expected)


if __name__ == "__main__":
    sys.exit(main())
