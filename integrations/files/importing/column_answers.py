"""What a person may choose on the page of columns, and what they chose."""

from collections.abc import Mapping
from typing import Any

from integrations.files.errors import FileError
from integrations.files.reading.cells import ENCODINGS, SEPARATORS
from integrations.files.reading.dates import DateOrder
from integrations.files.reading.headings import letter_of
from integrations.files.reading.import_targets import GROUP_LABELS, Room, rooms_of
from integrations.files.reading.numbers import NumberFormat
from integrations.files.reading.reading_plan import from_data
from integrations.files.reading.typed_mapping import room_named
from integrations.models import ImportFile

NOT_READ = ""


def room_title(room: Room) -> str:
    """A room as it is offered: its label and whose word that is."""
    return f"{room.label} · {GROUP_LABELS[room.vocabulary]}"


def offered(kind: str) -> list[str]:
    """The titles of every room of a kind."""
    return [room_title(room) for room in rooms_of(kind).values()] if kind else []


def columns_shown(file: ImportFile) -> list[dict[str, Any]]:
    """Each column of the file: its letter, heading, first values, and the room that it goes to."""
    plan, rooms = from_data(file.plan), rooms_of(file.kind)
    samples = file.shown.get("samples", [])
    return [
        {
            "place": place,
            "letter": letter_of(place),
            "heading": heading,
            "samples": samples[place] if place < len(samples) else [],
            "room": room_title(rooms[plan.columns[place]]) if place in plan.columns else NOT_READ,
        }
        for place, heading in enumerate(file.shown.get("headings", []))
        if heading
    ]


def readings_offered(file: ImportFile) -> dict[str, list[tuple[str, str]]]:
    """What else may be chosen of how the file is read, by name of `Plan`."""
    if file.format == "xlsx":
        sheets = file.shown.get("sheets", [])
        return {"sheet": [(name, name) for name in sheets]} if len(sheets) > 1 else {}
    return {"encoding": list(ENCODINGS.items()), "separator": list(SEPARATORS.items())}


def answers_of(file: ImportFile, given: Mapping[str, str]) -> dict[str, Any]:
    """What was chosen, as names of `Plan`, only where it differs from what is there.

    Raises: FileError for a field that does not exist, or one that two columns were given.
    """
    plan = from_data(file.plan)
    found: dict[str, Any] = {}
    for name in ("kind", "sheet", "encoding", "separator"):
        if given.get(name, "") not in ("", getattr(plan, name)):
            found |= {name: given[name], "columns": {}, "heading": 0, "numbers": None, "dates": None}
    if found:
        return found
    columns = _columns(file, given)
    if columns != dict(plan.columns):
        found["columns"] = columns
    if given.get("numbers"):
        found["numbers"] = NumberFormat(given["numbers"])
    if given.get("dates"):
        found["dates"] = DateOrder(given["dates"])
    return {name: value for name, value in found.items() if value != getattr(plan, name) or name == "columns"}


def _columns(file: ImportFile, given: Mapping[str, str]) -> dict[int, str]:
    titles = {room_title(room): room for room in rooms_of(file.kind).values()}
    found: dict[int, str] = {}
    for place in range(len(file.shown.get("headings", []))):
        title = given.get(f"c{place}", NOT_READ).strip()
        if title:
            room = titles.get(title) or room_named(title, file.kind)
            if room.key in found.values():
                raise FileError(f"Dos columnas van al campo «{room.label}». Deje una.")
            found[place] = room.key
    return found
