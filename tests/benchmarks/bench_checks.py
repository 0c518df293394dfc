"""The local checks of a year's vouchers against building their payloads: they may take at most 3 times as long.

    python -m tests.benchmarks.bench_checks [--lines 200000] [--seed 2026]

Vouchers of 2 to 250 lines, with a chart of accounts as it is pulled from Siigo and a homologación of accounts and
cost centres: what a working connection has.
"""

import argparse
import random
import sys
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from tests.benchmarks.measuring import prepare, report, seconds

MOST = 3.0
"""Times that checking may take what building takes (issue 4)."""
CHUNK = 400
OURS = [f"{group}{tail:04}" for group in ("110505", "130505", "220501", "413505", "510506") for tail in range(1, 41)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=2026)
    given = parser.parse_args()
    prepare()
    checking, building, lines = _measured(given.lines, random.Random(given.seed))
    report("local checks of lines against building their payloads", ours=[checking], baseline=[building], count=lines)
    print(f"seed {given.seed}: {lines} lines, checks take {checking / building:.2f} times what building takes")
    return int(checking > MOST * building)


def _measured(count: int, dice: random.Random) -> tuple[float, float, int]:
    """Seconds of checking and of building, chunk by chunk in turns, and the lines that both went over."""
    from integrations.choices import Kind, SendKind, Target
    from integrations.models import SyncStanding
    from integrations.payloads import builder
    from integrations.payloads.context import context_for

    connection = _connection()
    ids = _stored(count, dice)
    standing = SyncStanding.objects.filter(target=Target.SIIGO)[0]
    checking = building = 0.0
    lines = 0
    for start in range(0, len(ids), CHUNK):
        records = list(builder.load(Kind.MOVEMENT, ids[start : start + CHUNK], Target.SIIGO).values())
        context = context_for(connection, records)
        lines += sum(len(record.lines.all()) for record in records)  # type: ignore[attr-defined, misc]
        checking += seconds(lambda: [builder.check(one, connection, context) for one in records])  # noqa: B023
        building += seconds(
            lambda: [builder.build(one, connection, standing, SendKind.CREATE, context) for one in records]  # noqa: B023
        )
    return checking, building, lines


def _connection() -> Any:
    from django.utils import timezone

    from integrations.choices import Register
    from integrations.models import CodeMapping, RegisterRow
    from tests import builders

    connection = builders.siigo_connection("http://127.0.0.1:9/", settings={"map_account": True})
    mapped = [
        CodeMapping(connection=connection, kind="account", code=one, erp_code=f"{one[:6]}9{one[7:]}") for one in OURS
    ]
    centers = [
        CodeMapping(connection=connection, kind="cost_center", code=str(n), erp_code=str(100 + n)) for n in range(1, 21)
    ]
    CodeMapping.objects.bulk_create([*mapped, *centers])
    flags = {"third_party": "S", "cost_centers": "N", "withholding_percentage": "0"}
    chart = [
        RegisterRow(
            connection=connection,
            register=Register.ACCOUNTS,
            key=one.erp_code,
            code=one.erp_code,
            facts=flags,
            read_at=timezone.now(),
        )
        for one in mapped
    ]
    RegisterRow.objects.bulk_create(chart)
    return connection


def _stored(count: int, dice: random.Random) -> list[int]:
    """The ids of vouchers with that many lines together."""
    from ledger.models import Movement, MovementLine
    from tests import builders

    builders.voucher(9_999_999)
    company = builders.company()
    movements, lines = [], []
    for number, entries in enumerate(_vouchers(count, dice), 1):
        movement = Movement(
            company=company,
            origin="prueba",
            external_id=f"F-{number}",
            voucher_type="F",
            voucher_code=1,
            number=number,
            date=f"2026-{number % 12 + 1:02}-15",
        )
        movements.append(movement)
        lines.append([MovementLine(position=n, **entry) for n, entry in enumerate(entries, 1)])
    Movement.objects.bulk_create(movements, batch_size=CHUNK)
    for movement, some in zip(movements, lines, strict=True):
        for line in some:
            line.movement_id = movement.pk
    MovementLine.objects.bulk_create([line for some in lines for line in some], batch_size=CHUNK)
    return [movement.pk for movement in movements]


def _vouchers(count: int, dice: random.Random) -> Iterator[list[dict[str, Any]]]:
    left = count
    while left >= 2:
        size = min(left, dice.choice((2, 2, 3, 3, 4, 5, 8, 12, 20, 40, 250)))
        amounts = [Decimal(dice.randint(100, 900_000_000)) / 100 for _ in range(size - 1)]
        sides = [("D", amount) for amount in amounts] + [("C", sum(amounts, Decimal(0)))]
        yield [
            {
                "account": dice.choice(OURS),
                "side": side,
                "amount": amount,
                "tax_id": "800111222",
                "cost_center": str(dice.randint(1, 20)),
                "cross_document_number": 7,
                "description": "Movimiento del año de prueba",
            }
            for side, amount in sides
        ]
        left -= size


if __name__ == "__main__":
    sys.exit(main())
