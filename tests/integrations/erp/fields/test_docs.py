"""The generated pages are current."""

from pathlib import Path

from integrations.management.commands.generate_docs import pages, stale_pages

PROJECT = Path(__file__).resolve().parents[4]


def test_the_pages_in_the_repository_say_what_the_catalogue_says() -> None:
    assert stale_pages(PROJECT / "docs" / "fields") == []


def test_a_missing_page_is_stale(tmp_path: Path) -> None:
    assert set(stale_pages(tmp_path)) == set(pages())


def test_no_page_has_a_broken_table_row() -> None:
    for text in pages().values():
        tables = [block for block in text.split("\n\n") if block.startswith("|")]
        for table in tables:
            widths = {line.replace("\\|", "").count("|") for line in table.splitlines()}
            assert len(widths) == 1
