"""Our codes and the ERP's: translated when the payload is built, required where a connection says so."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from integrations.choices import Kind, Status, Target
from integrations.dispatch import batches
from integrations.inbox import code_mappings
from integrations.models import CodeMapping, SyncStanding
from integrations.payloads.judgement import judge_many
from integrations.sending import claims
from integrations.standings.requester import Requester
from tests import builders

pytestmark = pytest.mark.django_db


def _judged(connection: Any, record: Any) -> Any:
    return judge_many(connection, Kind.MOVEMENT, [record.pk])[0][1]


def test_a_mapped_account_leaves_with_the_code_of_the_erp() -> None:
    siigo, voucher = builders.siigo_connection("http://127.0.0.1:9/"), builders.voucher()
    before = _judged(siigo, voucher).payload
    CodeMapping.objects.create(connection=siigo, kind="account", code="1305050001", erp_code="1305059999")
    after = _judged(siigo, voucher).payload
    assert json.loads(after.body)["data"]["list"][0]["accounting_account"] == 1305059999
    assert after.sha256 != before.sha256


def test_a_mapping_that_changes_after_the_confirmation_sends_the_record_back_with_the_reason() -> None:
    siigo, voucher = builders.siigo_connection("http://127.0.0.1:9/"), builders.voucher()
    who = Requester(origin="prueba")
    batch = batches.draft(
        company=voucher.company, target=Target.SIIGO, kind=Kind.MOVEMENT, record_ids=[voucher.pk], requester=who
    )
    batches.confirm(batch.pk)
    CodeMapping.objects.create(connection=siigo, kind="account", code="1305050001", erp_code="1305059999")
    assert claims.claim_next(siigo.pk) is None
    row = builders.standing_of(voucher)
    assert (row.status, row.attempt) == (Status.NEW, None)
    assert "Cambió lo que se enviaría" in row.message
    assert "homologación" in row.message


def test_filling_in_a_required_code_unblocks_what_waited_for_it() -> None:
    siigo = builders.siigo_connection("http://127.0.0.1:9/", settings={"map_voucher_type": True})
    voucher = builders.voucher()
    assert "unmapped" in _judged(siigo, voucher).blocking_rules
    assert [(one.kind, one.code, len(one.records)) for one in code_mappings.waiting(siigo)] == [
        ("voucher_type", "F", 1)
    ]
    assert code_mappings.fill_in(siigo, "voucher_type", "F", "F") == 1
    assert code_mappings.waiting(siigo) == []
    assert SyncStanding.objects.get(record_id=voucher.pk, target="siigo").verdict == SyncStanding.Verdict.READY


def test_the_page_of_what_waits_fills_in_right_there(admin_client: Client) -> None:
    siigo = builders.siigo_connection("http://127.0.0.1:9/", settings={"map_voucher_type": True})
    builders.voucher()
    page = reverse("admin:mappings_waiting", args=[siigo.pk])
    told = admin_client.post(page, {"kind": "voucher_type", "code": "F", "erp_code": "F"}, follow=True)
    assert "1 documento desbloqueado" in told.content.decode()
