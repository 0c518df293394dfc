"""The texts that a connection has learned, on its page."""

from django.test import Client
from django.urls import reverse

from integrations.models import Connection, LearnedAnswer
from tests.integrations.admin.conftest import person


def learned(connection: Connection, **changes: object) -> LearnedAnswer:
    given = {"operation": "movement 28", "meaning": "stored", "text": "listo «#»", "proofs": [1, 2]} | changes
    return LearnedAnswer.objects.create(connection=connection, **given)


def page_of(staff: Client, connection: Connection) -> str:
    return str(staff.get(reverse("admin:integrations_connection_change", args=[connection.pk])).content.decode())


def forget(staff: Client, answer: LearnedAnswer) -> int:
    url = reverse("admin:connection_forget_text", args=[answer.connection_id, answer.pk])
    return int(staff.post(url).status_code)


def test_the_page_of_a_connection_lists_what_it_has_learned(staff: Client, sag: Connection) -> None:
    learned(sag)
    page = page_of(staff, sag)
    assert all(words in page for words in ("listo «#»", "Movimiento (28)", "Comprobado 2 de 3 veces", "Olvidar"))


def test_a_learned_text_can_be_removed_there(staff: Client, sag: Connection) -> None:
    answer = learned(sag, is_known=True)
    assert "Ya se conoce" in page_of(staff, sag)
    assert forget(staff, answer) == 302
    assert "listo «#»" not in page_of(staff, sag)


def test_who_may_not_change_a_connection_removes_nothing(sag: Connection) -> None:
    answer = learned(sag)
    assert forget(person("integrations.view_connection"), answer) == 403
    assert LearnedAnswer.objects.filter(pk=answer.pk).exists()
