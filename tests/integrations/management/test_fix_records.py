"""`fix_records`: the correction in bulk of the shell, which changes nothing unless it is told to."""

import json

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from integrations.models import Correction, HandChange
from ledger.models import Movement
from tests import builders
from tests.integrations.corrections.conftest import stored

pytestmark = pytest.mark.django_db

FUENTE = ("fix_records", "movement", "fill", "--field", "source_code", "--value", "FV")


@pytest.fixture
def movement() -> Movement:
    return builders.voucher()


@pytest.fixture
def ana() -> User:
    return User.objects.create_superuser("ana", password="x")


def test_it_shows_how_records_would_be_and_changes_nothing(
    movement: Movement, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command(*FUENTE)
    assert "F-1 1001 · Fuente: vacío → FV" in capsys.readouterr().out
    assert stored(movement).source_code == ""


def test_with_apply_it_changes_them_by_the_person_that_is_named(movement: Movement, ana: User) -> None:
    call_command(*FUENTE, "--apply", "--user", "ana")
    assert stored(movement).source_code == "FV"
    assert HandChange.objects.get().user == ana


def test_it_applies_nothing_without_saying_who_does_it(movement: Movement) -> None:
    with pytest.raises(CommandError, match="--user USUARIO"):
        call_command(*FUENTE, "--apply")


def test_it_applies_nothing_for_who_may_not_change_the_records(movement: Movement) -> None:
    User.objects.create_user("luis", password="x")
    with pytest.raises(CommandError, match="luis no tiene permiso de cambiar movimientos contables"):
        call_command(*FUENTE, "--apply", "--user", "luis")


def test_it_changes_only_what_is_of_one_kind_of_document(movement: Movement, ana: User) -> None:
    receipt = builders.voucher(2, voucher_type="R")
    call_command(*FUENTE, "--when", "F-1", "--apply", "--user", "ana")
    assert (stored(movement).source_code, stored(receipt).source_code) == ("FV", "")


def test_it_undoes_what_it_did(movement: Movement, ana: User) -> None:
    call_command(*FUENTE, "--apply", "--user", "ana")
    call_command("fix_records", "undo", str(Correction.objects.get().pk), "--apply", "--user", "ana")
    assert stored(movement).source_code == ""


def test_it_answers_in_json(movement: Movement, capsys: pytest.CaptureFixture[str]) -> None:
    call_command(*FUENTE, "--json")
    answer = json.loads(capsys.readouterr().out)
    assert (answer["applied"], answer["changes"], answer["stays"]) == (False, 1, 0)


def test_a_value_that_does_not_serve_is_wrong_usage(movement: Movement) -> None:
    with pytest.raises(CommandError, match="no es un número"):
        call_command("fix_records", "movement", "set", "--field", "voucher_code", "--value", "FV")


def test_it_lists_the_fields_that_may_be_corrected(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("fix_records", "movement", "fill", "--fields")
    assert "lines.account\tCuenta PUC (líneas)" in capsys.readouterr().out
