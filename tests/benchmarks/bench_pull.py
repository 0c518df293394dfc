"""100,000 third parties read into an empty mirror against `update_or_create` of the same rows, one by one.

Each engine that is reachable: SQLite in a file and, with PostgreSQL at 127.0.0.1:5432, a database of its own.
The baseline writes the same three rows a tercero (mirror, record, standing) for the first `BASELINE` of them; the
ratio compares rates, and so extrapolates it, in its favour: its tables stay small. Memory is what the process grew
between the first fifth of the rows and the last.
"""

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.benchmarks.measuring import seconds

COUNT, BASELINE, PAGE = int(os.environ.get("BENCH_PULL_ROWS", "100000")), 5_000, 5_000
POSTGRES = "postgres://postgres@127.0.0.1:5432/bench_pull"


def main() -> None:
    """One process an engine: settings are read once."""
    engine = os.environ.get("BENCH_PULL_ENGINE")
    if engine:
        measure(engine)
        return
    folder = tempfile.mkdtemp(prefix="bench-")
    urls = {"SQLite": f"sqlite:///{folder}/bench.sqlite3"}
    if _fresh_postgres():
        urls["PostgreSQL"] = POSTGRES
    else:
        print("PostgreSQL: no responde en 127.0.0.1:5432, no se mide")
    for name, url in urls.items():
        given = {
            "BENCH_PULL_ENGINE": name,
            "DATABASE_URL": url,
            "DEBUG": "true",
            "LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        subprocess.run([sys.executable, __file__], env=os.environ | given, check=True)


def _fresh_postgres() -> bool:
    import psycopg

    try:
        with psycopg.connect("postgresql://postgres@127.0.0.1:5432/postgres", autocommit=True, connect_timeout=2) as db:
            db.execute("DROP DATABASE IF EXISTS bench_pull WITH (FORCE)")
            db.execute("CREATE DATABASE bench_pull")
    except psycopg.OperationalError:
        return False
    return True


def measure(engine: str) -> None:
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    settings.DEBUG = False  # with it, Django keeps every statement in memory
    call_command("migrate", verbosity=0)
    from integrations.models import PullRun
    from integrations.pulls import pull_run
    from integrations.pulls.plans import plan_for
    from tests import builders

    plan = plan_for(builders.sag_connection("http://127.0.0.1:9/"), "third_parties")
    grown: list[int] = []
    first = seconds(lambda: pull_run.pull(plan, pages=pages(COUNT, grown)))
    again = seconds(lambda: pull_run.pull(plan, pages=pages(COUNT, []), since=pull_run.ALL))
    run = PullRun.objects.latest("pk")
    assert (run.state, run.unchanged, run.created, run.updated) == ("done", COUNT, 0, 0), run.message
    other = builders.sag_connection("http://127.0.0.1:9/", company=builders.company(tax_id="901999999"))
    slow = seconds(lambda: one_by_one(other, BASELINE))
    ours, baseline = COUNT / first, BASELINE / slow
    fifth = max(1, len(grown) // 5)
    print(
        f"{engine}: pull of {COUNT:,} third parties: {ours:,.0f} rows/s against {baseline:,.0f} rows/s one by one "
        f"({BASELINE:,} of the same rows): ratio {ours / baseline:.1f}"
    )
    print(
        f"{engine}: the same pull again, no row written: {COUNT / again:,.0f} rows/s: "
        f"ratio {COUNT / again / baseline:.1f}"
    )
    print(
        f"{engine}: peak memory grew {(grown[-1] - grown[fifth - 1]) / 1024:.1f} MB from row {fifth * PAGE:,} to "
        f"row {COUNT:,}"
    )


def pages(count: int, grown: list[int]) -> Iterator[list[dict[str, Any]]]:
    for start in range(0, count, PAGE):
        yield [row(number) for number in range(start, min(start + PAGE, count))]
        grown.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def row(number: int) -> dict[str, Any]:
    return {
        "clave": number + 1,
        "nit": 800_000_000 + number,
        "digito": "",
        "nombre": f"PROVEEDOR {number} S.A.S.   ",
        "naturaleza": "J",
        "tipo_documento": "A",
        "tipo_tercero": "C",
        "direccion": f"Calle {number} # 2-3",
        "telefono": "6044440000",
        "telefono_alterno": None,
        "correo": f"p{number}@prueba.example",
        "modificado": "2026-11-03T10:00:00",
        "codigo_alterno": None,
        "actividad": "4711",
    }


def one_by_one(connection: Any, count: int) -> None:
    """What most integrations do: look each row up, and save it."""
    from django.utils import timezone

    from catalog.models import ThirdParty
    from integrations.models import RegisterRow, SyncStanding
    from integrations.pulls.plans import READINGS
    from integrations.pulls.rows import RowReader

    reader = RowReader(READINGS["sag"]["third_parties"])
    for number in range(count):
        read = reader.read(row(number))
        values = {name: value for name, value in read.values.items() if name != "tax_id"}
        record, _ = ThirdParty.objects.update_or_create(
            company_id=connection.company_id,
            tax_id=read.values["tax_id"],
            defaults={**values, "sag_status": "synced"},
        )
        SyncStanding.objects.update_or_create(
            kind="third_party",
            record_id=record.pk,
            target="sag",
            defaults={"company_id": connection.company_id, "connection": connection, "status": "synced"},
        )
        RegisterRow.objects.update_or_create(
            connection=connection,
            register="third_parties",
            key=read.key,
            defaults={
                "code": read.code,
                "name": read.name,
                "facts": read.facts,
                "raw": read.raw,
                "raw_hash": read.raw_hash,
                "read_at": timezone.now(),
                "record_id": record.pk,
            },
        )


if __name__ == "__main__":
    main()
