"""Every address of the site with ids and questions that nobody means: a page that says what is wrong, never a crash."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from integrations.models import Connection
from tests import builders

pytestmark = pytest.mark.django_db

_ARGUMENT = re.compile(r"<(?:(\w+):)?(\w+)>")
IDS = (
    "0",
    "abc",
    "99999999999999999999999",
    "-1",
    "%00",
    "1%00",
    "ñ",
    "1.5",
    "00000000-0000-0000-0000-000000000000",
    "_2F",
)
QUESTIONS = (
    "company=abc",
    "company__id__exact=abc",
    "p=abc",
    "p=999999999999999999999",
    "q=%00",
    "o=abc",
    "o=99.1",
    "e=1",
    "desde=9999-12-31&hasta=9999-12-31",
    "date__year=9999",
    "date__gte=abc",
    "ids=abc,%00",
    "ids=99999999999999999999999",
    "kind=nada&target=nada",
    "connection=abc&batch=abc&cause=%00",
    "next=//otro.example",
)


def _addresses(patterns: list[Any], prefix: str) -> Iterator[str]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _addresses(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route


def _admin_addresses() -> list[str]:
    return sorted({one for one in _addresses(get_resolver().url_patterns, "/") if one.startswith("/admin/")} - _UNUSED)


_UNUSED = {"/admin/logout/", "/admin/(?P<url>.*)$"}
"""Logging out would end the walk; the last catches what no other address does."""


def _filled(route: str, value: str) -> str:
    """A value in the place of each argument; where only a number is taken, the nearest one."""

    def fill(argument: "re.Match[str]") -> str:
        is_number = value.isascii() and value.isdigit()
        return value if is_number or argument[1] != "int" else "0"

    return _ARGUMENT.sub(fill, route)


def _crashes(client: Client, addresses: list[str]) -> list[str]:
    client.raise_request_exception = False
    return [address for address in addresses if client.get(address).status_code >= 500]


@pytest.fixture
def visitor(siigo: Connection) -> Client:
    """An administrator: no page is closed to him."""
    builders.voucher()
    builders.client()
    client = Client()
    client.force_login(User.objects.create_superuser("eva"))
    return client


@pytest.mark.parametrize("value", IDS)
def test_no_id_crashes_a_page(visitor: Client, value: str) -> None:
    routes = [route for route in _admin_addresses() if "<" in route]
    assert routes
    assert _crashes(visitor, [_filled(route, value) for route in routes]) == []


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_question_crashes_a_page(visitor: Client, question: str) -> None:
    routes = [route for route in _admin_addresses() if "<" not in route]
    assert routes
    assert _crashes(visitor, [f"{route}?{question}" for route in routes]) == []


def test_no_awkward_value_crashes_a_filter_of_a_list(visitor: Client) -> None:
    """Each parameter that a list offers, with values that none of its links has."""
    lists = [route for route in _admin_addresses() if route.count("/") == 4 and "<" not in route]
    offered = re.compile(r'href="\?([\w]+)=')
    asked = []
    for route in lists:
        names = set(offered.findall(visitor.get(route).content.decode()))
        asked += [f"{route}?{name}={value}" for name in names for value in ("abc", "%00", "9" * 25, quote("ñ,ñ"))]
    assert _crashes(visitor, asked) == []
