"""Who may enter and what they may do, on pages that an administrator understands; and the first-day page."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client

from integrations.admin.permissions_table import shown_permissions
from integrations.admin.requesters import requester_name
from integrations.choices import Kind, Target
from integrations.models import Connection, SyncBatch
from tests.integrations.admin.conftest import person

pytestmark = pytest.mark.django_db


def permission(codename: str) -> Permission:
    return Permission.objects.get(codename=codename)


def codenames(group: Group) -> set[str]:
    return set(group.permissions.values_list("codename", flat=True))


def test_a_group_is_given_what_was_marked_in_the_table(staff: Client) -> None:
    staff.post("/admin/auth/group/add/", {"name": "Ventas", "permissions": [permission("view_movement").pk]})
    assert codenames(Group.objects.get()) == {"view_movement"}


def test_a_permission_that_the_table_does_not_offer_stays_with_who_had_it(staff: Client) -> None:
    group = Group.objects.create(name="Ventas")
    group.permissions.add(permission("view_storedpayload"), permission("view_client"))
    staff.post(f"/admin/auth/group/{group.pk}/change/", {"name": "Ventas", "permissions": []})
    assert codenames(group) == {"view_storedpayload"}


def test_the_inner_workings_of_the_queue_are_not_offered() -> None:
    inner = ("django_q", "sessions", "contenttypes", "admin")
    assert not shown_permissions().filter(content_type__app_label__in=inner).exists()


def test_a_person_s_page_keeps_their_own_permissions(staff: Client) -> None:
    luis = User.objects.create_user("luis", password="x", is_staff=True)
    luis.user_permissions.add(permission("view_storedpayload"))
    kept = {"username": "luis", "is_active": "on", "user_permissions": [permission("view_movement").pk]}
    staff.post(f"/admin/auth/user/{luis.pk}/change/", kept)
    assert set(luis.user_permissions.values_list("codename", flat=True)) == {"view_storedpayload", "view_movement"}


def test_how_a_password_is_kept_is_not_shown(staff: Client) -> None:
    luis = User.objects.create_user("luis", password="x")
    assert "pbkdf2" not in staff.get(f"/admin/auth/user/{luis.pk}/change/").content.decode()


def test_an_administrator_changes_another_s_password(staff: Client) -> None:
    luis = User.objects.create_user("luis", password="x")
    both = {"password1": "Una-clave-larga-7", "password2": "Una-clave-larga-7"}
    staff.post(f"/admin/auth/user/{luis.pk}/password/", both)
    luis.refresh_from_db()
    assert luis.check_password("Una-clave-larga-7")


@pytest.mark.parametrize(
    ("asked_from", "told"),
    [
        ("ana: manage.py push siigo movement", "ana, desde el servidor"),
        ("administración", "administración"),
        ("", "–"),
    ],
)
def test_requester_name_from_the_shell_is_named_without_the_command(asked_from: str, told: str) -> None:
    assert requester_name(None, asked_from) == told


def test_the_first_page_shows_the_way_to_who_begins(staff: Client) -> None:
    assert "¿Es su primer día?" in staff.get("/admin/").content.decode()


def test_the_first_page_does_not_greet_once_something_was_sent(staff: Client, siigo: Connection) -> None:
    SyncBatch.objects.create(company=siigo.company, connection=siigo, target=Target.SIIGO, kind=Kind.MOVEMENT)
    assert "¿Es su primer día?" not in staff.get("/admin/").content.decode()


def test_whoever_may_enter_may_read_the_five_steps() -> None:
    page = person("ledger.view_movement").get("/admin/primer-dia/").content.decode()
    assert page.count("<h2>") == 6
