"""A person at the administration, and connections that nothing answers: these tests send nothing."""

import pytest
from django.contrib.auth.models import Permission, User
from django.core.cache import cache
from django.test import Client

from integrations.models import Connection
from tests import builders

NO_REFERENCE = "http://127.0.0.1:9/"
SOUND = {"read_seconds": 150.0, "deadline_seconds": 180.0, "lease_seconds": 420.0, "settle_seconds": 600.0}
"""A ladder of seconds that holds."""


@pytest.fixture(autouse=True)
def _no_counts_of_another_test() -> None:
    cache.clear()


@pytest.fixture
def staff(db: None) -> Client:
    """A superuser, logged in."""
    client = Client()
    client.force_login(User.objects.create_superuser("ana", password="x"))
    return client


@pytest.fixture
def siigo(db: None) -> Connection:
    return builders.siigo_connection(NO_REFERENCE, **SOUND)


@pytest.fixture
def sag(db: None) -> Connection:
    return builders.sag_connection(NO_REFERENCE, **SOUND)


def person(*permissions: str) -> Client:
    """Staff with these permissions only, as `app.codename`."""
    user = User.objects.create_user("luis", password="x", is_staff=True)
    for permission in permissions:
        app, codename = permission.split(".")
        user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    client = Client()
    client.force_login(user)
    return client
