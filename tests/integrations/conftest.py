"""A stand-in of each ERP on real sockets, with a connection to it; a folder that sends nothing has its own."""

from collections.abc import Iterator
from typing import Any

import pytest

from integrations.simulators.sag import start_sag
from integrations.simulators.siigo import start_siigo
from tests import builders


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
