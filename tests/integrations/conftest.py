"""A stand-in of each ERP on real sockets, with a connection to it; a folder that sends nothing has its own.

And a database of its own on PostgreSQL, empty or with the product set up on it.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from integrations.simulators.sag import start_sag
from integrations.simulators.siigo import start_siigo
from tests import builders
from tests.integrations.house import House
from tests.integrations.migrated_databases import postgres_database


@pytest.fixture
def siigo() -> Iterator[Any]:
    with start_siigo() as simulator:
        builders.siigo_connection(simulator.url)
        yield simulator


@pytest.fixture
def sag() -> Iterator[Any]:
    with start_sag() as simulator:
        builders.sag_connection(simulator.url)
        yield simulator


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """A migrated database of its own on the local server."""
    with postgres_database() as url:
        yield url


@pytest.fixture
def postgres_house(postgres_url: str) -> Iterator[House]:
    """The product on PostgreSQL, set up, with nothing to talk to."""
    made = House(postgres_url, "http://127.0.0.1:9/")
    made.manage("bootstrap")
    yield made
    made.stop()
