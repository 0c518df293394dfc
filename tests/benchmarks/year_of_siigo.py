"""A year of a trading company through Siigo: imported, checked, pushed, read back; equal to the cent or it fails.

    python -m tests.benchmarks.year_of_siigo [--lines 200000] [--seed 2026]

Vouchers have 2 to 250 lines. Totals by account and month, debits and credits apart, are compared between the file
and what the ERP (the stand-in, on a socket) gives back when its movements are read month by month.
"""

import argparse
import calendar
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

from tests.benchmarks.measuring import prepare

YEAR = 2026
KINDS = (("F", 1), ("F", 2), ("R", 1), ("G", 1), ("P", 1), ("L", 1), ("N", 1), ("C", 1))
PARTIES = (800111222, 800333444, 900123456, 811000123, 860555777)
ACCOUNTS = {
    "D": (1105050001, 1110050001, 1305050001, 5105060001, 5135250001, 6135050001),
    "C": (2205010001, 2408050001, 4135050001, 4175050001, 2505010001, 1435010001),
}
DUE = (1305050001, 2205010001)
Totals = Counter[tuple[int, int, str]]
"""(account, month, side) → pesos."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=YEAR)
    given = parser.parse_args()
    prepare()
    return compare(given.lines, given.seed)


def compare(lines: int, seed: int) -> int:
    """0 where both sides are equal, with every voucher there once; prints what it took."""
    from integrations.simulators.siigo import start_siigo
    from tests import builders

    rows = list(year_of(lines, random.Random(seed)))
    with start_siigo(balance=True) as siigo:
        connection = builders.siigo_connection(siigo.url, read_seconds=30, deadline_seconds=60, lease_seconds=300)
        _timed("import", len(rows), lambda: _import(rows))
        _timed("check and push", len(rows), lambda: _push(connection))
        found = _timed("read back", len(rows), lambda: _read_back(connection))
    wanted = totals(rows)
    different = sorted(key for key in wanted | found if wanted[key] != found[key])
    for account, month, side in different[:10]:
        print(f"{account} {month:02} {side}: {wanted[account, month, side]} here, {found[account, month, side]} there")
    print(f"seed {seed}: {len(rows)} lines, {len(wanted)} totals by account, month and side, {len(different)} differ")
    return _left_behind() or int(bool(different))


def _timed(what: str, lines: int, work: Any) -> Any:
    started = time.perf_counter()
    result = work()
    spent = time.perf_counter() - started
    print(f"{what}: {spent:.0f} s, {lines / spent:,.0f} lines/s", flush=True)
    return result


def year_of(lines: int, dice: random.Random) -> Iterator[dict[str, Any]]:
    """Rows of balanced vouchers, every series numbered without gaps."""
    numbers: Counter[tuple[str, int]] = Counter()
    left = lines
    while left >= 2:
        size = min(left, dice.choice((2, 2, 3, 3, 4, 5, 8, 12, 20, 40, 250)))
        kind = dice.choice(KINDS)
        numbers[kind] += 1
        yield from _voucher(kind, numbers[kind], size, dice)
        left -= size


def _voucher(kind: tuple[str, int], number: int, size: int, dice: random.Random) -> Iterator[dict[str, Any]]:
    month = dice.randint(1, 12)
    day = dice.randint(1, calendar.monthrange(YEAR, month)[1])
    amounts = [dice.randint(100, 9_000_000_00) for _ in range(size - 1)]
    entries = [("D", cents) for cents in amounts] + [("C", sum(amounts))]
    party = dice.choice(PARTIES)
    for sequence, (side, cents) in enumerate(entries, 1):
        account = dice.choice(ACCOUNTS[side])
        row = {
            "voucher_type": kind[0],
            "voucher_code": kind[1],
            "document_number": number,
            "accounting_account": account,
            "debit_or_credit": side,
            "sequence_value": f"{cents // 100}.{cents % 100:02}",
            "document_year": YEAR,
            "document_month": month,
            "document_day": day,
            "sequence": sequence,
            "nit": party,
            "sequence_description": "Movimiento del año de prueba",
        }
        yield row


def totals(rows: list[dict[str, Any]]) -> Totals:
    found: Totals = Counter()
    for row in rows:
        key = int(row["accounting_account"]), int(row["document_month"]), str(row["debit_or_credit"])
        found[key] += Decimal(str(row["sequence_value"]))  # type: ignore[assignment]
    return found


def _import(rows: list[dict[str, Any]]) -> None:
    """A file a month, as an office has them."""
    folder = Path(tempfile.mkdtemp(prefix="year-"))
    for month in sorted({row["document_month"] for row in rows}):
        path = folder / f"{YEAR}-{month:02}.json"
        text = json.dumps([row for row in rows if row["document_month"] == month])
        # Amounts go as JSON numbers with two decimals, and never through a float.
        path.write_text(_as_numbers(text), encoding="utf-8")
        _import_file(path)


def _import_file(path: Path) -> None:
    from django.core.management import call_command

    told = StringIO()
    try:
        call_command("import_file", str(path), "--json", stdout=told)
    except SystemExit:
        raise SystemExit(f"{path.name} was not taken in: {told.getvalue()[:400]}") from None


def _as_numbers(text: str) -> str:
    import re

    return re.sub(r'"sequence_value": "([0-9.]+)"', r'"sequence_value": \1', text)


def _push(connection: Any) -> None:
    from integrations.choices import Kind, Target
    from integrations.dispatch import batches
    from integrations.sending import engine
    from integrations.standings.requester import Requester
    from ledger.models import Movement

    ids = list(Movement.objects.order_by("pk").values_list("pk", flat=True))
    batch = batches.draft(
        company=connection.company,
        target=Target.SIIGO,
        kind=Kind.MOVEMENT,
        record_ids=ids,
        requester=Requester(origin="año de prueba"),
    )
    batches.prepare(batch)
    batches.confirm(batch.pk)
    engine.drain(connection.pk, budget_seconds=3600)


def _read_back(connection: Any) -> Totals:
    from integrations.connections import credentials
    from integrations.erp.siigo.client import SiigoClient
    from integrations.erp.siigo.document import MOVEMENTS, import_request, movement_filters

    client = SiigoClient(connection.endpoint, credentials.unseal(connection.credential), _seconds(connection))
    found: Totals = Counter()
    for month in range(1, 13):
        last_day = calendar.monthrange(YEAR, month)[1]
        filters = movement_filters(year=YEAR, since=date(YEAR, month, 1), until=date(YEAR, month, last_day))
        request = import_request(MOVEMENTS, filters, id_connection=connection.account)
        found += totals([dict(row) for row in client.read_rows(request)])
    return found


def _seconds(connection: Any) -> Any:
    from integrations.erp.receipts import Timeouts

    return Timeouts(connection.connect_seconds, connection.read_seconds, connection.deadline_seconds)


def _left_behind() -> int:
    from integrations.choices import Status
    from ledger.models import Movement

    left = Movement.objects.exclude(siigo_status=Status.SYNCED)
    for movement in left[:5]:
        print(f"{movement}: {movement.siigo_status}")
    print(f"{Movement.objects.count()} vouchers, {left.count()} not sent")
    return int(left.exists())


if __name__ == "__main__":
    sys.exit(main())
