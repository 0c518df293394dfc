"""The setting `import_rows_under`: nobody has published under which key Siigo's answer to a read keeps its rows."""

import json

import pytest

from integrations.errors import NoAnswerError
from integrations.models import Connection
from integrations.sending import gateways
from tests import builders
from tests.integrations.wire import WireServer, answers, http

pytestmark = pytest.mark.django_db
KEY = "movimientos_leidos"
ROW = {"voucher_type": "F", "voucher_code": 1, "document_number": 44}
ANSWER = http(json.dumps({"statusCode": 200, "message": "Leído", "errors": None, KEY: [ROW]}).encode())


def last_number(connection: Connection) -> int:
    return gateways.gateway(connection).last_number("2026/F/1", 1)


def test_vouchers_are_read_under_the_key_that_the_connection_names() -> None:
    with WireServer(answers(ANSWER)) as server:
        assert last_number(builders.siigo_connection(server.url, settings={"import_rows_under": KEY})) == 44


def test_rows_under_a_key_that_nobody_named_are_no_answer() -> None:
    with WireServer(answers(ANSWER)) as server, pytest.raises(NoAnswerError):
        last_number(builders.siigo_connection(server.url))
