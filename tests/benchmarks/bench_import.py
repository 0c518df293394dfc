"""Bringing a file in against saving the same records one by one with `update_or_create`, standings not counted."""

import json
from functools import partial
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from tests.benchmarks.measuring import prepare, report, seconds

prepare()

from integrations.files.file_formats import open_file  # noqa: E402
from integrations.files.intake import import_drafts  # noqa: E402
from integrations.models import Company  # noqa: E402
from ledger.models import Movement, MovementLine  # noqa: E402
from tests import builders  # noqa: E402
from tests.integrations.house import vouchers_file  # noqa: E402

COUNT, ROUNDS = 1500, 3


def main() -> None:
    folder = Path(mkdtemp(prefix="bench-"))
    path = vouchers_file(folder, COUNT)
    rows = json.loads(path.read_text(encoding="utf-8"))
    ours, baseline, again = [], [], []
    for number in range(ROUNDS):
        mine = builders.company(tax_id=f"90000000{number}")
        other = builders.company(tax_id=f"90100000{number}")
        ours.append(seconds(partial(_take_in, path, mine)))
        again.append(seconds(partial(_take_in, path, mine)))
        baseline.append(seconds(partial(_one_by_one, rows, other.pk)))
    report("import of vouchers, checked, against update_or_create each", ours=ours, baseline=baseline, count=COUNT)
    report("import of the same file again, nothing changed", ours=again, baseline=baseline, count=COUNT)


def _take_in(path: Path, company: Company) -> None:
    import_drafts(open_file(path).drafts, company=company)


def _one_by_one(rows: list[dict[str, Any]], company: int) -> None:
    for row in rows:
        movement, _ = Movement.objects.get_or_create(
            company_id=company,
            origin="suelto",
            external_id=str(row["document_number"]),
            defaults={"voucher_type": row["voucher_type"], "voucher_code": 1, "number": row["document_number"]},
        )
        values = {"account": row["accounting_account"], "side": row["debit_or_credit"], "amount": row["sequence_value"]}
        line = MovementLine.objects.filter(movement=movement, position=row["sequence"]).first()
        line = line or MovementLine(movement=movement, position=row["sequence"])
        for name, value in values.items():
            setattr(line, name, value)
        MovementLine.objects.bulk_create([line])


if __name__ == "__main__":
    main()
