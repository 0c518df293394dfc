"""A record that the ERP can't be asked about keeps no other from being verified."""

from typing import Any

import pytest

from integrations.choices import Status, Target
from integrations.verifying import reconcile
from tests import builders
from tests.integrations.verifying.conftest import lost, sent

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_type_that_no_query_takes_fails_its_own_voucher_only(siigo: Any) -> None:
    sent(builders.voucher(1000), Target.SIIGO)
    bad = lost(builders.voucher(9002, voucher_type="FV", external_id="FV-1-9002"), Target.SIIGO, arrived=False)
    good = lost(builders.voucher(1001), Target.SIIGO, arrived=True)
    reconcile.verify_many({bad.pk: None, good.pk: None})
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.status, good.status) == (Status.UNCERTAIN, Status.SYNCED)
    assert "no se le puede preguntar por este documento" in bad.message
