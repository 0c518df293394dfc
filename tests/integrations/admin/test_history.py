"""«Historial de cambios»: who saved or deleted what by hand, over all the lists."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.test import Client

from integrations.management import groups
from tests import builders
from tests.integrations.admin.conftest import person
from tests.integrations.admin.test_forms import save

pytestmark = pytest.mark.django_db
PAGE = "/admin/integrations/handchange/"


def text(response: Any) -> str:
    return str(response.content.decode())


def test_what_somebody_saved_is_listed_with_who_and_what(staff: Client) -> None:
    movement = builders.voucher()
    save(staff, movement, observations="Otra")
    page = text(staff.get(PAGE))
    assert ("F-1 1001" in page, ">ana<" in page, ">Cambió<" in page, "Movimiento contable" in page) == (True,) * 4


def test_what_was_deleted_stays_listed_without_a_link(staff: Client) -> None:
    client = builders.client()
    staff.post(f"/admin/catalog/client/{client.pk}/delete/", {"post": "yes"})
    page = text(staff.get(f"{PAGE}?hizo=3"))
    assert (">Eliminó<" in page, f"/admin/catalog/client/{client.pk}/change/" in page) == (True, False)


def test_it_can_be_told_apart_by_what_was_done(staff: Client) -> None:
    save(staff, builders.voucher(), observations="Otra")
    assert "F-1 1001" not in text(staff.get(f"{PAGE}?hizo=1")).split('id="content"')[1]


def test_nobody_edits_it(staff: Client) -> None:
    save(staff, builders.voucher(), observations="Otra")
    entry = LogEntry.objects.get()
    staff.post(f"{PAGE}{entry.pk}/delete/", {"post": "yes"})
    assert (LogEntry.objects.count(), staff.get(f"{PAGE}{entry.pk}/change/").status_code) == (1, 302)


def test_a_tampered_filter_filters_nothing(staff: Client) -> None:
    save(staff, builders.voucher(), observations="Otra")
    assert staff.get(f"{PAGE}?hizo=x").status_code == 200


def test_without_permission_it_is_neither_shown_nor_in_the_menu() -> None:
    luis = person("ledger.view_movement")
    assert luis.get(PAGE).status_code == 403
    assert PAGE not in text(luis.get("/admin/"))


def test_the_auditor_reads_it() -> None:
    groups.make_groups()
    auditor = User.objects.create_user("eva", password="x", is_staff=True)
    auditor.groups.add(Group.objects.get(name="Revisor fiscal"))
    client = Client()
    client.force_login(auditor)
    assert client.get(PAGE).status_code == 200
