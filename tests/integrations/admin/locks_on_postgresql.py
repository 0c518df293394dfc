"""The pages of the administration that read a record to write it, on PostgreSQL, which locks inside transactions only.

`python -m tests.integrations.admin.locks_on_postgresql` prints JSON: page → HTTP status, and what is left afterwards.
"""

import json
import os

import django


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.contrib.auth.models import User
    from django.test import Client
    from django.urls import reverse

    from catalog.models import Article, ThirdParty
    from catalog.models import Client as Customer
    from integrations.models import SyncStanding
    from ledger.models import Movement
    from tests import builders

    browser = Client(SERVER_NAME="127.0.0.1")
    browser.force_login(User.objects.create_superuser("ana", password="x"))
    order = builders.order()
    line = order.lines.get(position=1)
    records = [order, builders.client(), builders.third_party(), builders.article()]
    statuses = {}
    for record in [line, *records]:
        name = f"admin:{record._meta.app_label}_{record._meta.model_name}"
        for page in ("history", "change", "delete"):
            answer = browser.post(reverse(f"{name}_{page}", args=[record.pk]), {"post": "yes"})
            statuses[f"{record._meta.model_name} {page}"] = answer.status_code
    together = [str(builders.order(key).pk) for key in ("A", "B")]
    chosen = {"action": "delete_selected", "index": "0", "_selected_action": together, "confirmado": "2"}
    answer = browser.post(reverse("admin:ledger_movement_changelist"), chosen)
    statuses["movement delete_selected"] = answer.status_code
    left = [model._default_manager.count() for model in (Movement, Customer, ThirdParty, Article, SyncStanding)]
    print(json.dumps({"statuses": statuses, "left": left}))


if __name__ == "__main__":
    main()
