"""The first login of an administrator, through the real nginx and TLS, to the web as its unit starts it."""

import re
from collections.abc import Iterator

import pytest
import requests

from tests.deployment.installation import PASSWORD, USER, Installation
from tests.deployment.nginx_in_front import Nginx

pytestmark = [pytest.mark.nginx, pytest.mark.slow]

_CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Visitor:
    """A browser as far as these tests need one: cookies, and the referrer that Django asks for over TLS."""

    def __init__(self, entrance: Nginx) -> None:
        self.entrance = entrance
        self.session = requests.Session()
        self.session.trust_env, self.session.verify = False, str(entrance.certificate)

    def get(self, path: str, **options: object) -> requests.Response:
        return self.session.get(self.entrance.address + path, timeout=60, **options)  # type: ignore[arg-type]

    def post(self, path: str, fields: dict[str, str], **options: object) -> requests.Response:
        """POST a form as its page writes it, with the page's token."""
        token = _CSRF.search(self.get(path).text)
        assert token is not None
        address = self.entrance.address + path
        headers = {"Referer": address}
        fields = {**fields, "csrfmiddlewaretoken": token[1]}
        return self.session.post(address, fields, headers=headers, timeout=120, **options)  # type: ignore[arg-type]

    def log_in(self) -> requests.Response:
        return self.post("/admin/login/?next=/admin/", {"username": USER, "password": PASSWORD, "next": "/admin/"})


@pytest.fixture
def visitor(entrance: Nginx) -> Iterator[Visitor]:
    made = Visitor(entrance)
    yield made
    made.session.close()


@pytest.fixture
def inside(visitor: Visitor) -> Visitor:
    visitor.log_in()
    return visitor


def test_the_first_page_leads_to_the_login_and_no_further(visitor: Visitor) -> None:
    page = visitor.get("/")
    assert (page.status_code, page.url) == (200, f"{visitor.entrance.address}/admin/login/?next=/admin/")


def test_who_comes_without_tls_is_sent_to_it(visitor: Visitor) -> None:
    sent = visitor.session.get(f"http://localhost:{visitor.entrance.http}/admin/", allow_redirects=False, timeout=30)
    assert (sent.status_code, sent.headers["Location"]) == (301, f"{visitor.entrance.address}/admin/")


def test_the_login_leads_in(visitor: Visitor) -> None:
    page = visitor.log_in()
    assert (page.status_code, "/admin/logout/" in page.text) == (200, True)


def test_the_cookies_travel_by_tls_only(inside: Visitor) -> None:
    assert {(cookie.name, cookie.secure) for cookie in inside.session.cookies} == {
        ("sessionid", True),
        ("csrftoken", True),
        ("quien", True),
    }


def test_a_form_without_its_token_is_refused(visitor: Visitor) -> None:
    fields = {"username": USER, "password": PASSWORD}
    refused = visitor.session.post(f"{visitor.entrance.address}/admin/login/", fields, timeout=30)
    assert refused.status_code == 403


def test_a_static_file_is_served_to_be_kept_for_ever(visitor: Visitor) -> None:
    name = re.search(r'href="(/static/integrations/theme[^"]*\.css)"', visitor.get("/admin/login/").text)
    assert name is not None
    sheet = visitor.get(name[1])
    assert (sheet.status_code, "immutable" in sheet.headers["Cache-Control"]) == (200, True)


def test_a_form_is_taken(inside: Visitor) -> None:
    fields = {"name": "Otra Empresa S.A.S.", "tax_id": "800197268", "_save": "Guardar"}
    page = inside.post("/admin/integrations/company/add/", fields)
    assert (page.status_code, "Otra Empresa" in page.text) == (200, True)


def test_a_file_of_20_megabytes_is_taken_whole(inside: Visitor) -> None:
    row = b"CC;52123456;Persona de Prueba;Calle 1 # 2-3\n"
    content = b"Tipo;Documento;Nombre;Direcci\xc3\xb3n\n" + row * (20 * 1024 * 1024 // len(row))
    file = {"file": ("terceros.csv", content, "text/csv")}
    page = inside.post("/admin/integrations/importfile/add/", {"kind": "third_party"}, files=file)
    assert (page.status_code, re.search(r"/importfile/\d+/change/$", page.url) is not None) == (200, True)


def test_while_one_process_of_the_web_is_restarted_the_other_serves(installed: Installation, inside: Visitor) -> None:
    name = installed.web_names()[0]
    installed.stop_one(name)
    try:
        assert {inside.get("/admin/").status_code for _ in range(6)} == {200}
    finally:
        installed.start(name)


def test_an_unknown_name_gets_no_answer(entrance: Nginx) -> None:
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(f"https://127.0.0.1:{entrance.https}/", verify=False, timeout=10)
