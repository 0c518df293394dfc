"""One set of files for all that only reads them."""

from pathlib import Path

import pytest

from ledger.demo.files import Generated
from tests.ledger.demo.reading import generate


@pytest.fixture(scope="package")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Generated:
    folder: Path = tmp_path_factory.mktemp("demo")
    return generate(folder)
