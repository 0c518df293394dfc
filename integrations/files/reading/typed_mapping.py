"""A mapping that a person typed: a column by its heading or letter, a field by its key or any of its names."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from integrations.choices import Kind
from integrations.files.errors import FileError
from integrations.files.reading.headings import column_letter, normalize, normalize_loosely
from integrations.files.reading.import_targets import OWN, ImportTarget, import_targets, targets_by_name


class ColumnOverride(NamedTuple):
    """`heading` is a heading or a letter; `name` that of a field, empty for a column that is not read."""

    heading: str
    name: str


def apply_overrides(
    overrides: Iterable[ColumnOverride], headings: Sequence[str], kind: Kind | str, columns: dict[int, ImportTarget]
) -> dict[int, ImportTarget]:
    """Change the columns that were found by their headings to what was typed.

    Raises: FileError for a column that the table doesn't have, or a field that the kind doesn't.
    """
    for override in overrides:
        for column in columns_named(override.heading, headings):
            columns.pop(column, None)
            if override.name:
                target = target_named(override.name, kind)
                for other in [place for place, present in columns.items() if present.path == target.path]:
                    del columns[other]
                columns[column] = target
    return columns


def columns_named(heading: str, headings: Sequence[str]) -> list[int]:
    """The columns with a heading, or a letter. Raises: FileError where there is none."""
    by_name = [column for column, name in enumerate(headings) if normalize(name) == normalize(heading)]
    by_letter = [column for column in range(len(headings)) if column_letter(column) == heading.strip().upper()]
    if not by_name and not by_letter:
        raise FileError(f"El archivo no tiene una columna «{heading}».")
    return by_name or by_letter


def target_named(name: str, kind: Kind | str) -> ImportTarget:
    """The import target of a kind with this key or name, or the label that questions show. Raises: FileError."""
    targets = import_targets(kind)
    own = [target for target in targets.values() if target.vocabulary == OWN]
    labelled = (target for target in own if normalize(target.label) == normalize(name))
    found = targets.get(name) or _by_name(name, kind) or next(labelled, None)
    if found is None:
        raise FileError(f"No existe el campo «{name}».")
    return found


def _by_name(name: str, kind: Kind | str) -> ImportTarget | None:
    for normalized in (normalize(name), normalize_loosely(name)):
        for by_name in targets_by_name(kind).values():
            if normalized in by_name:
                return by_name[normalized][0]
    return None
