"""Reads of third parties on PostgreSQL, one after another: `python -m tests.integrations.pulls.copy_rounds`.

Prints JSON: what each read counted, whether the second wrote any row, and what the tables hold at the end.
"""

import json
import os
from typing import Any

import django

COUNT = 3_000


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from catalog.models import ThirdParty
    from integrations.models import RegisterRow, SyncStanding
    from integrations.pulls import pull_run
    from integrations.pulls.plans import plan_for
    from integrations.standings import transitions
    from tests import builders
    from tests.integrations.pulls.conftest import party

    plan = plan_for(builders.sag_connection("http://127.0.0.1:9/"), "third_parties")
    rows = [party(n, 800_000_000 + n, f"ÑANDÚ {n}\t\\N «S.A.S.»") for n in range(1, COUNT + 1)]

    def read() -> dict[str, Any]:
        run = pull_run.pull(plan, pages=[rows], since=pull_run.ALL)
        names = ("state", "read", "created", "updated", "unchanged", "differing", "missing", "rejected")
        return {name: getattr(run, name) for name in names}

    first, before = read(), versions()
    second, after = read(), versions()
    edited = ThirdParty.objects.get(tax_id="800000001")
    with transitions.editing(edited):
        edited.phone = "3000000000"
        edited.save()
    rows[0] = {**rows[0], "telefono": "3111111111"}
    rows[1] = {**rows[1], "telefono": "3222222222"}
    rows.pop()
    third = read()
    builders.third_party("899999999")  # the sequence goes on after the keys that COPY took
    print(
        json.dumps(
            {
                "reads": [first, second, third],
                "second_wrote": before != after,
                "names": ThirdParty.objects.get(tax_id="800000003").name,
                "phones": list(
                    ThirdParty.objects.filter(tax_id__lte="800000002")
                    .order_by("tax_id")
                    .values_list("phone", flat=True)
                ),
                "rows": [RegisterRow.objects.count(), ThirdParty.objects.count(), SyncStanding.objects.count()],
            }
        )
    )


def versions() -> list[Any]:
    """Which transaction wrote each row of the tables that a read fills."""
    from django.db import connection

    tables = ("integrations_registerrow", "catalog_thirdparty", "integrations_syncstanding")
    with connection.cursor() as cursor:
        found = []
        for table in tables:
            cursor.execute(f"SELECT md5(string_agg(xmin::text || ctid::text, ',' ORDER BY id)) FROM {table}")
            found.append(cursor.fetchone())
    return found


if __name__ == "__main__":
    main()
