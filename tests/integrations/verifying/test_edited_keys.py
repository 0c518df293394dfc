"""What was sent under several keys, as its number was edited between two tries, is looked for under each of them."""

from typing import Any

import pytest
from django.db.models import F

from integrations.choices import Status, Target
from integrations.models import Connection, Syncable, SyncStanding
from integrations.standings import transitions
from integrations.verifying import reconcile
from tests import builders
from tests.integrations.verifying.conftest import lost, sent

pytestmark = pytest.mark.django_db(transaction=True)


def tried_twice(record: Syncable, target: Target, *, arrived: bool, **changes: Any) -> SyncStanding:
    """Sent without an answer, taken for absent, edited, and sent again without an answer; `arrived`: the first did."""
    lost(record, target, arrived=arrived)
    SyncStanding.objects.of(record).filter(target=target).update(status=Status.REJECTED, verify_first=False)
    with transitions.editing(record):
        for name, value in changes.items():
            setattr(record, name, value)
        record.save()
    return lost(record, target, arrived=False)


def verified(row: SyncStanding) -> tuple[Status, str]:
    reconcile.verify(row.pk)
    row = SyncStanding.objects.get(pk=row.pk)
    return Status(row.status), row.reference


def test_a_voucher_is_found_under_the_number_of_its_first_try(siigo: Any) -> None:
    sent(builders.voucher(1000), Target.SIIGO)
    row = tried_twice(builders.voucher(1001), Target.SIIGO, arrived=True, number=1005)
    assert verified(row) == (Status.CHANGED, "F-1 1001")


def test_a_voucher_that_never_arrived_is_absent_under_both(siigo: Any) -> None:
    sent(builders.voucher(1000), Target.SIIGO)
    row = tried_twice(builders.voucher(1001), Target.SIIGO, arrived=False, number=1005)
    assert verified(row)[0] == Status.NEW


def test_an_order_is_found_under_the_key_of_its_first_try(sag: Any) -> None:
    sent(builders.order(), Target.SAG)
    row = tried_twice(builders.order(), Target.SAG, arrived=True, number2="OC-77")
    assert verified(row)[0] == Status.CHANGED


def test_an_order_without_a_key_is_found_under_its_first_number_2(sag: Any) -> None:
    Connection.objects.update(settings={"other_key_field": ""})
    row = tried_twice(builders.order("OC-55"), Target.SAG, arrived=True, number2="OC-77")
    assert verified(row)[0] == Status.CHANGED


def test_an_order_without_a_key_that_never_arrived_is_never_called_absent(sag: Any) -> None:
    Connection.objects.update(settings={"other_key_field": ""})
    row = tried_twice(builders.order("OC-55"), Target.SAG, arrived=False, number2="OC-77")
    assert verified(row)[0] == Status.UNCERTAIN


def test_a_first_try_that_arrived_after_all_is_not_taken_for_what_is_sent_now(siigo: Any) -> None:
    sent(builders.voucher(1000), Target.SIIGO)
    record = builders.voucher(1001)
    lost(record, Target.SIIGO, arrived=True)
    SyncStanding.objects.of(record).filter(target=Target.SIIGO).update(status=Status.REJECTED, verify_first=False)
    with transitions.editing(record):
        record.lines.all().update(amount=F("amount") * 2)
        record.save()
    row = sent(record, Target.SIIGO)
    assert (row.status, row.version_sent) == (Status.CHANGED, row.version - 1)
