"""Many confirmations at once; prints the numbers that were given.

    python -m tests.integrations.dispatch.numbering_race

Takes the number off every movement of an empty installation, and confirms drafts of them in threads of their own.
"""

import json
import os
from concurrent.futures import ThreadPoolExecutor

import django

THREADS = 8


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.db import connection

    from integrations.choices import Kind, Target
    from integrations.dispatch import batches
    from integrations.models import Company, GivenNumber
    from integrations.standings.requester import Requester
    from ledger.models import Movement

    Movement.objects.update(number=None)
    ids = list(Movement.objects.order_by("pk").values_list("pk", flat=True))
    company = Company.objects.get()
    drafts = [
        batches.draft(
            company=company, target=Target.SIIGO, kind=Kind.MOVEMENT, record_ids=ids[start::THREADS],
            requester=Requester(origin="prueba"),
        ).pk
        for start in range(THREADS)
    ]  # fmt: skip

    def confirm(batch_id: int) -> None:
        try:
            batches.confirm(batch_id)
        finally:
            connection.close()

    # Each draft twice: a second confirmation at the same time must change nothing.
    with ThreadPoolExecutor(2 * THREADS) as pool:
        list(pool.map(confirm, drafts * 2))
    given = sorted(GivenNumber.objects.values_list("number", flat=True))
    held = sorted(number or 0 for number in Movement.objects.values_list("number", flat=True))
    assert given == held, (given, held)
    print(json.dumps(given))


if __name__ == "__main__":
    main()
