"""What is tried out on SQLite must hold on PostgreSQL: the same values are refused."""

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import DataError

from ledger.models import Movement
from tests import builders

pytestmark = pytest.mark.django_db


def test_a_text_wider_than_its_column_is_refused() -> None:
    movement = builders.voucher()
    with pytest.raises((IntegrityError, DataError)), transaction.atomic():
        Movement.objects.filter(pk=movement.pk).update(prefix="x" * 21)


def test_a_text_as_wide_as_its_column_is_kept_whatever_its_letters_weigh() -> None:
    movement = builders.voucher()
    assert Movement.objects.filter(pk=movement.pk).update(prefix="Ñ" * 20) == 1


def test_a_number_beyond_its_column_is_refused() -> None:
    movement = builders.voucher()
    with pytest.raises((IntegrityError, DataError)), transaction.atomic():
        Movement.objects.filter(pk=movement.pk).update(process_year=40_000)
