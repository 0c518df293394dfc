"""`bootstrap` creates what is missing, says what differs, and takes back nothing that an administrator changed."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.core.management.base import CommandError
from django_q.models import Schedule
from pytest_django import Settings

from integrations.choices import Target
from integrations.connections import credentials
from integrations.management import installation
from integrations.management.groups import permissions_of
from integrations.models import Company, Connection, SavedQuery

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def environment(settings: Settings) -> None:
    settings.COMPANY_TAX_ID, settings.COMPANY_NAME = "900123456", "Comercial S.A.S."
    settings.SIIGO_API_KEY, settings.SIIGO_CONNECTION_ID = "clave-del-entorno", "OBai6kmwKH"
    settings.SAG_TOKEN, settings.SAG_LOGIN = "ficha", "INTEGRA"
    settings.SIIGO_READ_SECONDS = settings.SAG_READ_SECONDS = None


@pytest.fixture
def installed() -> None:
    installation.bootstrap()


def again(*restore: str) -> str:
    return "\n".join(installation.bootstrap(restore).lines)


def siigo() -> Connection:
    return Connection.objects.get(target=Target.SIIGO)


@pytest.mark.usefixtures("installed")
def test_where_nothing_was_changed_all_is_said_to_be_as_it_comes() -> None:
    assert again().endswith("Conexiones, grupos, permisos y tareas programadas: al día.")


@pytest.mark.usefixtures("installed")
def test_a_permission_that_was_taken_from_a_group_stays_taken_and_is_told() -> None:
    group, taken = Group.objects.get(name="Contador"), Permission.objects.get(codename="annul_syncbatch")
    group.permissions.remove(taken)
    told = again()
    assert (group.permissions.filter(pk=taken.pk).exists(), f"le falta: {taken.name}" in told) == (False, True)


@pytest.mark.usefixtures("installed")
def test_a_permission_that_was_given_to_a_group_stays_given_and_is_told() -> None:
    group, given = Group.objects.get(name="Asistente contable"), Permission.objects.get(codename="send_syncbatch")
    group.permissions.add(given)
    told = again()
    assert (group.permissions.filter(pk=given.pk).exists(), f"tiene además: {given.name}" in told) == (True, True)


@pytest.mark.usefixtures("installed")
def test_only_the_group_that_is_named_is_restored() -> None:
    for name in ("Contador", "Revisor fiscal"):
        Group.objects.get(name=name).permissions.clear()
    again("Contador")
    held = {group.name: group.permissions.count() for group in Group.objects.all()}
    assert (held["Contador"], held["Revisor fiscal"]) == (permissions_of("Contador").count(), 0)


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("read_seconds", 61.0, "es «61.0» y no «150.0»"),
        ("endpoint", "https://otro.example/api", "es «https://otro.example/api»"),
        ("credential", "", "su clave es otra que la del entorno"),
        ("account", "otro", "es «otro» y no «OBai6kmwKH»"),
    ],
)
def test_what_was_changed_in_a_connection_stays_and_is_told(column: str, value: Any, told: str) -> None:
    Connection.objects.filter(pk=siigo().pk).update(**{column: value})
    assert (told in again(), getattr(siigo(), column)) == (True, value)


@pytest.mark.usefixtures("installed")
def test_no_key_is_ever_printed() -> None:
    Connection.objects.filter(pk=siigo().pk).update(credential=credentials.seal("clave-de-la-persona"))
    told = again()
    assert ("clave-de-la-persona" in told, "clave-del-entorno" in told) == (False, False)


@pytest.mark.usefixtures("installed")
def test_the_connection_that_is_named_is_made_as_the_environment_says() -> None:
    Connection.objects.update(read_seconds=61.0)
    again("siigo")
    assert (siigo().read_seconds, Connection.objects.get(target=Target.SAG).read_seconds) == (150.0, 61.0)


@pytest.mark.usefixtures("installed")
def test_a_schedule_keeps_the_interval_that_an_administrator_chose() -> None:
    Schedule.objects.filter(name="lecturas").update(minutes=30)
    told = again()
    assert (Schedule.objects.get(name="lecturas").minutes, "minutes es «30» y no «1»" in told) == (30, True)


@pytest.mark.usefixtures("installed")
def test_the_schedule_that_is_named_is_restored() -> None:
    Schedule.objects.update(minutes=30)
    again("lecturas")
    minutes = dict(Schedule.objects.values_list("name", "minutes"))
    assert (minutes["lecturas"], minutes["barrido"]) == (1, 30)


@pytest.mark.usefixtures("installed")
def test_what_is_missing_is_created_again() -> None:
    Schedule.objects.filter(name="barrido").delete()
    Group.objects.filter(name="Contador").delete()
    SavedQuery.objects.all().delete()
    told = again()
    assert ("«barrido»: se creó" in told, "«Contador»: se creó" in told, SavedQuery.objects.exists()) == (True,) * 3


@pytest.mark.usefixtures("installed")
def test_a_name_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(CommandError, match=r"No hay «Contadores» que restaurar.* siigo, sag, Asistente") as said:
        call_command("bootstrap", "--restore", "Contadores")
    assert said.value.returncode == 2


@pytest.mark.usefixtures("installed")
def test_the_name_of_the_company_stays_as_a_person_wrote_it(settings: Settings) -> None:
    Company.objects.update(name="Comercial del Norte S.A.S.")
    again()
    assert Company.objects.get().name == "Comercial del Norte S.A.S."
