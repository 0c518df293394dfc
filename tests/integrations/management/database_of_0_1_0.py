"""Make a database as version 0.1.0 left it, with a document that was sent. Run as a module, on an empty database."""

import os
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import connection  # noqa: E402 - after the settings
from django.db.migrations.executor import MigrationExecutor  # noqa: E402

OF_0_1_0 = [("integrations", "0001_initial"), ("catalog", "0001_initial"), ("ledger", "0001_initial")]


def main() -> None:
    executor = MigrationExecutor(connection)
    models: Any = executor.migrate(OF_0_1_0).apps
    company = models.get_model("integrations", "Company").objects.create(name="Comercial S.A.S.", tax_id="900123456")
    lane = models.get_model("integrations", "Connection").objects.create(
        company_id=company.pk, target="siigo", endpoint="http://127.0.0.1:9/", credential="x", account="OBai6kmwKH"
    )
    movement = models.get_model("ledger", "Movement").objects.create(
        company_id=company.pk, origin="prueba", external_id="F-1-7", voucher_type="F", voucher_code=1, number=7
    )
    models.get_model("integrations", "SyncStanding").objects.create(
        company_id=company.pk, kind="movement", record_id=movement.pk, target="siigo",
        connection_id=lane.pk, status="synced", reference="F-1-7", ever_present=True,
    )  # fmt: skip


if __name__ == "__main__":
    main()
    print("{}")
