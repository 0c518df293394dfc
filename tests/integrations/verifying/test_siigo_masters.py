"""Third parties and articles to Siigo: off until the connection switches them on, then as exact as a voucher."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from integrations.choices import ItemVerdict, Kind, Register, Status, Target
from integrations.dispatch import batches
from integrations.erp.siigo.document import PRODUCTS, THIRDS
from integrations.errors import ConfigurationError
from integrations.models import Connection, RegisterRow, Syncable, SyncAttempt, SyncStanding
from integrations.payloads import judgement
from integrations.selectors import pages
from integrations.sending import engine
from integrations.simulators import siigo_masters
from integrations.standings import transitions
from integrations.verifying import reconcile
from tests import builders
from tests.builders import standing_of
from tests.integrations.verifying.conftest import WHO, confirmed, edited, lost, sent

SIIGO = Target.SIIGO
PRODUCT = {"line": "10", "group": "20", "product": "305"}

pytestmark = pytest.mark.django_db(transaction=True)


def _switch(**switches: bool) -> None:
    """As an administrator and the worker do."""
    connection = Connection.objects.get(target=SIIGO)
    connection.settings |= switches
    connection.save()
    judgement.register_switched_on()


@pytest.fixture
def on(siigo: Any) -> Any:
    _switch(send_thirds=True, send_products=True)
    return siigo


def _stored(siigo: Any, resource: str) -> list[dict[str, Any]]:
    rows = siigo.store.rows("SELECT row FROM siigo_masters WHERE resource = ? ORDER BY key", (resource,))
    return [json.loads(row["row"]) for row in rows]


def _third(tax_id: str = "800111222", **changes: Any) -> Syncable:
    return builders.third_party(tax_id, city="", **changes)


def _article(code: str = "1001", **changes: Any) -> Syncable:
    return builders.article(code, siigo=changes.pop("siigo", PRODUCT), **changes)


def test_a_third_party_is_pushed(on: Any) -> None:
    row = sent(_third(phone="6044440000"), SIIGO)
    assert (row.status, row.reference, row.reference_key) == (Status.SYNCED, "800111222", "800111222/0")
    (stored,) = _stored(on, THIRDS)
    assert (stored["identification"], stored["branch"], stored["phone_1"]) == (800111222, 0, "6044440000")


def test_an_article_is_pushed(on: Any) -> None:
    row = sent(_article(price=Decimal("15000.5")), SIIGO)
    assert (row.status, row.reference) == (Status.SYNCED, "0100020000305")
    (stored,) = _stored(on, PRODUCTS)
    assert (stored["line"], stored["group"], stored["product"], stored["price_1"]) == (10, 20, 305, 15000.5)


def test_the_request_asks_for_nothing_but_the_year(on: Any) -> None:
    sent(_third(), SIIGO)
    payload = SyncAttempt.objects.get(operation=SyncAttempt.Operation.SEND).payload
    assert payload is not None
    request = json.loads(payload.body)
    assert (request["resource"], sorted(request["data"]["params"])) == (THIRDS, ["year"])


@pytest.mark.parametrize("make", [_third, _article])
def test_one_that_arrived_unanswered_is_found_equal(on: Any, make: Any) -> None:
    record = make()
    row = lost(record, SIIGO, arrived=True)
    reconcile.verify(row.pk)
    assert standing_of(record, SIIGO).status == Status.SYNCED


def test_one_that_siigo_has_with_other_data_is_a_change_to_review(on: Any) -> None:
    record = _third()
    row = lost(record, SIIGO, arrived=True)
    edited(on, "UPDATE siigo_masters SET row = json_set(row, '$.name', 'OTRA')")
    told = reconcile.verify(row.pk)
    assert standing_of(record, SIIGO).status == Status.CHANGED
    assert "«OTRA»" in told


def test_one_that_changed_may_go_again_in_the_place_of_the_old(on: Any) -> None:
    record = _third()
    sent(record, SIIGO)
    with transitions.editing(record):
        record.name = "OTRO NOMBRE S.A.S."  # type: ignore[attr-defined]
        record.save()
    assert sent(record, SIIGO).status == Status.SYNCED
    assert [stored["name"] for stored in _stored(on, THIRDS)] == ["OTRO NOMBRE S.A.S."]


def test_one_that_never_arrived_goes_back_where_another_proves_the_read(on: Any) -> None:
    sent(_third("900123456"), SIIGO)
    record = _third()
    row = lost(record, SIIGO, arrived=False)
    reconcile.verify(row.pk)
    assert standing_of(record, SIIGO).status in (Status.NEW, Status.REJECTED)


def test_one_that_never_arrived_stays_in_doubt_without_proof(on: Any) -> None:
    record = _third()
    row = lost(record, SIIGO, arrived=False)
    reconcile.verify(row.pk)
    assert standing_of(record, SIIGO).status == Status.UNCERTAIN


def test_a_product_that_no_read_can_ask_for_is_never_called_absent(on: Any) -> None:
    sent(_article("A"), SIIGO)
    record = _article("B", siigo={"line": "101", "group": "20", "product": "305"})
    row = lost(record, SIIGO, arrived=False)
    reconcile.verify(row.pk)
    assert standing_of(record, SIIGO).status == Status.UNCERTAIN


def test_a_refusal_says_why_and_is_verified_first(on: Any) -> None:
    siigo_masters.seed(on.store, "OBai6kmwKH", "lines_groups", [{"inventory_line": 10, "inventory_group": 99}])
    row = sent(_article(), SIIGO)
    assert (row.status, row.verify_first) == (Status.REJECTED, True)
    assert "La línea y el grupo de inventario no existen" in row.message


@pytest.mark.parametrize("make", [_third, _article])
def test_off_nothing_is_offered_and_a_send_says_who_can_switch_it_on(siigo: Any, make: Any) -> None:
    record = make()
    assert [place.target for place in pages.standing_actions(record)] == [Target.SAG]
    with pytest.raises(ConfigurationError, match="Un administrador lo activa"):
        confirmed(record, SIIGO)


def test_off_there_is_no_standing_and_switched_on_there_is_one(siigo: Any) -> None:
    record = _third()
    assert not SyncStanding.objects.filter(kind=Kind.THIRD_PARTY, target=SIIGO).exists()
    _switch(send_thirds=True)
    assert standing_of(record, SIIGO).status == Status.NEW


def test_switched_on_twice_registers_once(on: Any) -> None:
    _third()
    judgement.register_switched_on()
    assert judgement.register_switched_on() == 0
    assert SyncStanding.objects.filter(kind=Kind.THIRD_PARTY, target=SIIGO).count() == 1


def test_a_late_standing_has_the_version_of_its_record(siigo: Any) -> None:
    record = _third()
    with transitions.editing(record):
        record.save()
    _switch(send_thirds=True)
    record.refresh_from_db()
    assert standing_of(record, SIIGO).version == record.version == 2


def test_switched_off_after_the_confirmation_it_goes_back_with_the_reason(on: Any) -> None:
    record = _third()
    batch = confirmed(record, SIIGO)
    _switch(send_thirds=False)
    engine.drain(batch.connection_id)
    row = standing_of(record, SIIGO)
    assert (row.status, _stored(on, THIRDS)) == (Status.NEW, [])
    assert "no envía terceros" in row.message


def test_what_was_sent_is_still_shown_when_switched_off(on: Any) -> None:
    record = _third()
    sent(record, SIIGO)
    _switch(send_thirds=False)
    shown = {place.target: place.can_send for place in pages.standing_actions(record)}
    assert shown == {Target.SIIGO: False, Target.SAG: False}


def test_a_client_never_goes_to_siigo(on: Any) -> None:
    with pytest.raises(ConfigurationError, match="no recibe"):
        confirmed(builders.client(), SIIGO)


def test_a_voucher_waits_for_its_third_party(on: Any) -> None:
    third = _third()
    voucher = builders.voucher()
    engine.drain(confirmed(voucher, SIIGO).connection_id)
    assert [row["operation"] for row in on.journal() if row["operation"]] == ["export", "export"]
    assert standing_of(third, SIIGO).status == standing_of(voucher, SIIGO).status == Status.SYNCED


def test_a_voucher_does_not_wait_for_a_third_party_that_was_read_from_siigo(on: Any) -> None:
    _third()
    connection = Connection.objects.get(target=SIIGO)
    RegisterRow.objects.create(
        connection=connection, register=Register.THIRD_PARTIES, code="800111222", read_at=timezone.now()
    )
    batch = confirmed(builders.voucher(), SIIGO)
    assert batch.items.count() == 1


def test_off_a_voucher_goes_as_before(siigo: Any) -> None:
    _third()
    assert sent(builders.voucher(), SIIGO).status == Status.SYNCED


def test_two_articles_with_one_product_are_not_sent_over_each_other(on: Any) -> None:
    records = [_article("A"), _article("B")]
    batch = batches.draft(
        company=records[0].company,
        target=SIIGO,
        kind=Kind.ARTICLE,
        record_ids=[record.pk for record in records],
        requester=WHO,
    )
    assert set(batch.items.values_list("verdict", flat=True)) == {ItemVerdict.BLOCKED}


def test_a_letter_that_siigo_does_not_keep_stops_it(on: Any) -> None:
    batch = batches.draft(
        company=builders.company(),
        target=SIIGO,
        kind=Kind.THIRD_PARTY,
        record_ids=[_third(name="Ōkami S.A.S.").pk],
        requester=WHO,
    )
    assert "«Ō»" in batch.items.get().reason
