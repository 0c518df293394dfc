"""A mapping that a person typed: a column by its heading or letter, a room by its key or any of its names."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from integrations.choices import Kind
from integrations.files.errors import FileError
from integrations.files.reading.headings import folded, letter_of, loosened
from integrations.files.reading.import_targets import Room, names_of, rooms_of


class Typed(NamedTuple):
    """`name` empty: the column is not read."""

    heading: str
    name: str


def applied(
    typed: Iterable[Typed], headings: Sequence[str], kind: Kind | str, columns: dict[int, Room]
) -> dict[int, Room]:
    """The columns with what was typed over what the headings say.

    Raises: FileError for a column that the table doesn't have, or a field that the kind doesn't.
    """
    for one in typed:
        for column in _columns_named(one.heading, headings):
            columns.pop(column, None)
            if one.name:
                room = room_named(one.name, kind)
                for other in [place for place, held in columns.items() if held.path == room.path]:
                    del columns[other]
                columns[column] = room
    return columns


def _columns_named(heading: str, headings: Sequence[str]) -> list[int]:
    by_name = [column for column, name in enumerate(headings) if folded(name) == folded(heading)]
    by_letter = [column for column in range(len(headings)) if letter_of(column) == heading.strip().upper()]
    if not by_name and not by_letter:
        raise FileError(f"El archivo no tiene una columna «{heading}».")
    return by_letter if by_letter and not by_name else by_name


def room_named(name: str, kind: Kind | str) -> Room:
    rooms = rooms_of(kind)
    if name in rooms:
        return rooms[name]
    for spelled in (folded(name), loosened(name)):
        for names in names_of(kind).values():
            if spelled in names:
                return names[spelled][0]
    raise FileError(f"No existe el campo «{name}».")
