"""What the documents name is there: a path, a module, a function, a link, a word of the glossary."""

from pathlib import Path

import pytest

from tests.architecture.document_names import (
    ROOT,
    NameIndex,
    broken_links,
    code_spans,
    documents,
    missing_commands,
    missing_names,
    missing_paths,
)

PAGES = [pytest.param(page, id=str(page.relative_to(ROOT))) for page in documents()]


@pytest.fixture(scope="module")
def index() -> NameIndex:
    return NameIndex()


@pytest.mark.parametrize("page", PAGES)
def test_every_path_that_a_document_names_exists(page: Path) -> None:
    assert missing_paths(code_spans(page.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("page", PAGES)
def test_every_module_and_function_that_a_document_names_exists(page: Path, index: NameIndex) -> None:
    assert missing_names(code_spans(page.read_text(encoding="utf-8")), index) == []


@pytest.mark.parametrize("page", PAGES)
def test_every_command_that_a_document_names_exists(page: Path) -> None:
    assert missing_commands(page.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("page", PAGES)
def test_every_link_of_a_document_leads_somewhere(page: Path) -> None:
    assert list(broken_links(page)) == []


def test_every_identifier_of_the_glossary_stands_in_the_code(index: NameIndex) -> None:
    spans = code_spans((ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"))
    assert [span for span in spans if span.isidentifier() and span not in index.words] == []


def test_a_name_that_is_not_there_is_found(index: NameIndex) -> None:
    assert missing_names(["outcomes.settle_all", "Event.NOTHING", "outcomes.settle"], index) == [
        "outcomes.settle_all",
        "Event.NOTHING",
    ]


def test_a_path_that_is_not_there_is_found() -> None:
    assert missing_paths(["sending/none.py", "sending/outcomes.py", "terceros/tercero"]) == ["sending/none.py"]
