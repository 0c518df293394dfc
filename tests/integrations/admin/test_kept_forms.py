"""Nothing typed is lost: buttons save first, and what was written when a session ended comes back to its writer."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from integrations.admin import kept_forms
from integrations.choices import Status, Target
from integrations.models import Connection, ImportFile, SyncBatch
from ledger.models import Movement
from tests import builders
from tests.integrations.admin.conftest import person
from tests.integrations.admin.sag_documents import in_sag
from tests.integrations.admin.test_forms import form_of, url_of

pytestmark = pytest.mark.django_db
PASSWORD = "clave-de-prueba"


def text(response: Any) -> str:
    return " ".join(str(response.content.decode()).split())


@pytest.fixture
def ana() -> Client:
    """An administrator who has a page open."""
    User.objects.create_superuser("ana", password=PASSWORD)
    User.objects.create_superuser("eva", password=PASSWORD)
    client = Client()
    enter(client, "ana")
    client.get("/admin/password_change/")
    return client


def enter(client: Client, name: str, following: str = "/admin/") -> Any:
    return client.post(f"/admin/login/?next={following}", {"username": name, "password": PASSWORD, "next": following})


def without_session(client: Client) -> None:
    """The session is over, as after two weeks; the browser stays the same."""
    del client.cookies["sessionid"]


def test_a_button_saves_the_form_first_and_then_does_what_it_says(ana: Client, sag: Connection) -> None:
    movement = builders.order("PD1", company=sag.company)
    sent = form_of(ana, url_of(movement)) | {"third_party_name": "ESCRITO AHORA"}
    following = f"/admin/ledger/movement/{movement.pk}/sag/enviar/"
    answer = ana.post(url_of(movement), sent | {"_y_luego": following})
    assert (answer.status_code, answer["Location"]) == (307, following)
    movement.refresh_from_db()
    assert movement.third_party_name == "ESCRITO AHORA"
    ana.post(following, sent)
    assert SyncBatch.objects.count() == 1


def test_a_button_of_an_unchanged_form_changes_nothing(ana: Client, sag: Connection) -> None:
    movement = builders.order("PD1", company=sag.company)
    ana.post(url_of(movement), form_of(ana, url_of(movement)) | {"_y_luego": url_of(movement)[:-7] + "sag/enviar/"})
    movement.refresh_from_db()
    assert movement.version == 1


def test_a_form_with_a_mistake_is_shown_again_and_nothing_follows(ana: Client, sag: Connection) -> None:
    movement = builders.order("PD1", company=sag.company)
    sent = form_of(ana, url_of(movement)) | {"date": "no es un día"}
    answer = ana.post(url_of(movement), sent | {"_y_luego": f"/admin/ledger/movement/{movement.pk}/sag/enviar/"})
    assert (answer.status_code, SyncBatch.objects.count()) == (200, 0)


def test_a_button_leads_nowhere_but_to_its_own_record(ana: Client, sag: Connection) -> None:
    movement = builders.order("PD1", company=sag.company)
    answer = ana.post(url_of(movement), form_of(ana, url_of(movement)) | {"_y_luego": "https://otro.example/"})
    assert answer.status_code == 302


def test_the_buttons_of_a_record_belong_to_its_form(ana: Client, sag: Connection) -> None:
    movement = builders.order("PD1", company=sag.company)
    page = text(ana.get(url_of(movement)))
    assert 'form="movement_form" name="_y_luego"' in page
    assert "Guardar y enviar a SAG" in page


def written_without_session(client: Client, movement: Movement, **more: Any) -> Any:
    sent = form_of(client, url_of(movement)) | {"third_party_name": "LO ESCRITO"} | more
    without_session(client)
    return client.post(url_of(movement), sent)


def test_a_session_that_ended_asks_who_it_is_and_gives_the_form_back(ana: Client, sag: Connection) -> None:
    movement = builders.order("PD1", company=sag.company)
    line = movement.lines.first()
    assert line is not None
    answer = written_without_session(ana, movement, **{"lines-0-description": "LÍNEA ESCRITA"})
    assert answer["Location"].startswith("/admin/login/")
    enter(ana, "ana", url_of(movement))
    page = text(ana.get(url_of(movement)))
    for words in ("LO ESCRITO", "LÍNEA ESCRITA", "Su sesión terminó antes de guardar."):
        assert words in page
    movement.refresh_from_db()
    assert movement.third_party_name != "LO ESCRITO"


def test_a_decision_half_written_comes_back_and_is_not_taken(ana: Client, sag: Connection) -> None:
    row = in_sag(sag, key="DUDA")
    page = f"/admin/ledger/movement/{row.record_id}/sag/decidir/anulado/"
    without_session(ana)
    ana.post(page, {"motivo": "Se facturó dos veces", "intento": str(row.attempt)})
    enter(ana, "ana")
    assert "Se facturó dos veces" in text(ana.get(page))
    row.refresh_from_db()
    assert row.status == Status.SYNCED


def test_it_is_given_back_once(ana: Client, sag: Connection) -> None:
    movement = builders.order("PD1", company=sag.company)
    written_without_session(ana, movement)
    enter(ana, "ana")
    ana.get(url_of(movement))
    assert "LO ESCRITO" not in text(ana.get(url_of(movement)))


def test_another_person_never_sees_it(ana: Client, sag: Connection) -> None:
    movement = builders.order("PD1", company=sag.company)
    written_without_session(ana, movement)
    enter(ana, "eva")
    assert "LO ESCRITO" not in text(ana.get(url_of(movement)))
    enter(ana, "ana")
    assert "LO ESCRITO" not in text(ana.get(url_of(movement)))


def test_who_worked_here_cannot_be_claimed(ana: Client, sag: Connection) -> None:
    movement = builders.order("PD1", company=sag.company)
    ana.cookies[kept_forms.WHO_COOKIE] = "1"
    sent = form_of(ana, url_of(movement))
    without_session(ana)
    ana.cookies[kept_forms.WHO_COOKIE] = "1"
    ana.post(url_of(movement), sent | {"third_party_name": "LO ESCRITO"})
    enter(ana, "ana")
    assert "LO ESCRITO" not in text(ana.get(url_of(movement)))


def test_what_is_too_long_is_not_kept_and_that_is_said(ana: Client, sag: Connection) -> None:
    movement = builders.order("PD1", company=sag.company)
    written_without_session(ana, movement, notes="x" * kept_forms.MOST_BYTES)
    assert "demasiado largo" in text(ana.get("/admin/login/")) or "demasiado largo" in text(enter_and_see(ana))


def enter_and_see(client: Client) -> Any:
    enter(client, "ana")
    return client.get("/admin/")


def test_a_form_of_the_catalogue_comes_back_too(ana: Client) -> None:
    builders.company()
    without_session(ana)
    ana.post("/admin/catalog/client/add/", {"name": "Ferretería a medio escribir"})
    enter(ana, "ana")
    assert "Ferretería a medio escribir" in text(ana.get("/admin/catalog/client/add/"))


def test_a_password_is_never_kept(ana: Client) -> None:
    without_session(ana)
    ana.post("/admin/auth/user/add/", {"username": "nuevo", "password1": "secreto-1", "password2": "secreto-1"})
    assert "secreto-1" not in str(dict(ana.session))


def test_a_file_is_asked_for_again(ana: Client) -> None:
    without_session(ana)
    ana.post("/admin/integrations/importfile/add/", {"file": SimpleUploadedFile("a.csv", b"a;b\n")})
    assert "elíjalo de nuevo" in text(enter_and_see(ana))
    assert not ImportFile.objects.exists()


def test_a_button_pressed_too_late_is_done_only_when_it_is_pressed_again(ana: Client, sag: Connection) -> None:
    movement = builders.order("PD1", company=sag.company)
    following = f"/admin/ledger/movement/{movement.pk}/sag/no-aplica/"
    without_session(ana)
    ana.post(following, {"nada": ""})
    enter(ana, "ana")
    page = text(ana.get("/admin/retomar/"))
    assert ("no se hizo nada" in page, "Hacerlo ahora" in page) == (True, True)
    assert builders.standing_of(movement, Target.SAG).status == Status.NEW


def test_a_person_without_permission_to_change_sends_without_saving(sag: Connection) -> None:
    movement = builders.order("PD1", company=sag.company)
    who = person("ledger.view_movement", "integrations.send_syncbatch")
    assert 'name="_y_luego"' not in text(who.get(url_of(movement)))


def test_a_form_from_before_the_last_login_is_kept_and_shown(sag: Connection) -> None:
    User.objects.create_superuser("ana", password=PASSWORD)
    movement, client = builders.order("PD1", company=sag.company), Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(username="ana"))
    sent = form_of(client, url_of(movement)) | {"third_party_name": "LO ESCRITO", "csrfmiddlewaretoken": "x" * 64}
    client.post(url_of(movement), sent, headers={"Origin": "http://testserver"})
    assert "LO ESCRITO" in text(client.get(url_of(movement)))


def test_what_another_site_sends_is_neither_kept_nor_shown(sag: Connection) -> None:
    User.objects.create_superuser("ana", password=PASSWORD)
    movement, client = builders.order("PD1", company=sag.company), Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(username="ana"))
    sent = {"third_party_name": "AJENO"}
    assert client.post(url_of(movement), sent, headers={"Origin": "https://otro.example"}).status_code == 403
    assert "AJENO" not in text(client.get(url_of(movement)))
