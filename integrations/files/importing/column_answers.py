"""What a person may choose on the page of columns, and what they chose."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from integrations.files.errors import FileError
from integrations.files.importing.offered_fields import OfferedField, full_title, offered_fields, same_field
from integrations.files.reading.attached_digits import AttachedDigits
from integrations.files.reading.cells import ENCODINGS, SEPARATORS
from integrations.files.reading.dates import DateOrder
from integrations.files.reading.fixed_values import fixed_cell
from integrations.files.reading.headings import column_letter
from integrations.files.reading.hidden_rows import HiddenRows
from integrations.files.reading.import_targets import ImportTarget, import_targets
from integrations.files.reading.negatives import Negatives
from integrations.files.reading.numbers import NumberFormat
from integrations.files.reading.reading_plan import ReadingPlan, from_data
from integrations.files.reading.typed_mapping import target_named
from integrations.files.reading.unnumbered import UnnumberedRows
from integrations.models import ImportFile

NOT_READ = ""
"""What is chosen for a column that is not read."""
UNSAID = "?"
"""What is chosen for a column of which a person must still say what it is."""
OTHER = "otro"
"""What is chosen for a field that is written by its name, in `o3` for column 3."""
_WHOLE = ("kind", "sheet", "encoding", "separator")
"""Answers that change what the columns are."""
_FORMATS: dict[str, Any] = {
    "numbers": NumberFormat,
    "dates": DateOrder,
    "negatives": Negatives,
    "hidden_rows": HiddenRows,
    "attached_digits": AttachedDigits,
    "unnumbered": UnnumberedRows,
}
_FIXED, _OF_COLUMN = "fijo-", "numbers-"


def column_rows(file: ImportFile) -> list[dict[str, Any]]:
    """For each column of the file that has a heading: its letter, heading, first values and what is chosen for it.

    `target` is the key of an offered field, `NOT_READ`, `UNSAID` or, with the name in `typed`, `OTHER`; as it was
    typed where the form was refused. `near` is the field that the heading is spelled like, `may_be` those that it may
    name.
    """
    headings, samples = file.shown.get("headings", []), file.shown.get("samples", [])
    return [
        {
            "place": place,
            "letter": column_letter(place),
            "heading": heading,
            "samples": samples[place] if place < len(samples) else [],
            "may_be": _fields(file, file.shown.get("open", {}).get(str(place), [])),
            "near": next(iter(_fields(file, [file.shown.get("near", {}).get(str(place), "")])), None),
            **_chosen(file, place),
        }
        for place, heading in enumerate(headings)
        if heading
    ]


def _fields(file: ImportFile, keys: Iterable[str]) -> list[OfferedField]:
    shape = file.shown.get("shape", "")
    return [field for key in keys if (field := same_field(file.kind, shape, key))]


def _chosen(file: ImportFile, place: int) -> dict[str, Any]:
    """What is chosen for a column: `target`, its offered `field` or None, and the name `typed`."""
    form: dict[str, str] = file.shown.get("form", {})
    plan = from_data(file.plan)
    chosen = form.get(f"c{place}", plan.columns.get(place, UNSAID if place in plan.open else NOT_READ))
    field = next(iter(_fields(file, [chosen])), None)
    if field or chosen in (NOT_READ, UNSAID, OTHER):
        return {"target": field.key if field else chosen, "field": field, "typed": form.get(f"o{place}", "")}
    return {"target": OTHER, "field": None, "typed": chosen}


def reading_choices(file: ImportFile) -> dict[str, list[tuple[str, str]]]:
    """Attribute of `ReadingPlan` → its (value, label) choices: a workbook's sheets, a CSV's encoding and separator."""
    if file.format == "xlsx":
        sheets = file.shown.get("sheets", [])
        return {"sheet": [(name, name) for name in sheets]} if len(sheets) > 1 else {}
    if file.format != "csv":
        return {}
    return {"encoding": list(ENCODINGS.items()), "separator": list(SEPARATORS.items())}


def is_open(file: ImportFile, about: str) -> bool:
    """Whether there is a question about an attribute of `ReadingPlan`."""
    return any(question["about"] == about for question in file.shown.get("questions", []))


def parse_answers(file: ImportFile, form: Mapping[str, str]) -> dict[str, Any]:
    """The attributes of `ReadingPlan` that a submitted form changes; another kind, sheet, encoding or separator resets
    the columns.

    Raises: FileError for a field that does not exist, one that two columns were given, or a value that it can't take.
    """
    plan = from_data(file.plan)
    formats = _parse_formats(form)
    changed = {name: form[name] for name in _WHOLE if form.get(name) and form[name] != getattr(plan, name)}
    if changed:
        blank = ReadingPlan()
        reset = {name: getattr(blank, name) for name in ("columns", "open", "heading", "number_columns")}
        return {**formats, **reset, **changed}
    answers = {**formats, **_parse_columns_and_values(plan, file, form)}
    changes = {name: value for name, value in answers.items() if value != getattr(plan, name)}
    is_said = is_open(file, "kind") and form.get("kind")
    return {**changes, "kind": form["kind"]} if is_said else changes


def _parse_formats(form: Mapping[str, str]) -> dict[str, Any]:
    return {name: form_of(form[name]) for name, form_of in _FORMATS.items() if form.get(name)}


def _parse_columns_and_values(plan: ReadingPlan, file: ImportFile, form: Mapping[str, str]) -> dict[str, Any]:
    places = range(len(file.shown.get("headings", [])))
    said = {place: form.get(f"{_OF_COLUMN}{place}") for place in places}
    by_column = {place: NumberFormat(form_of) for place, form_of in said.items() if form_of}
    answers: dict[str, Any] = {"columns": _parse_columns(plan, file, form), "fixed": _parse_fixed(plan, file, form)}
    answers["open"] = tuple(place for place in places if form.get(f"c{place}") == UNSAID)
    return {**answers, "number_columns": by_column} if by_column else answers


def _parse_columns(plan: ReadingPlan, file: ImportFile, form: Mapping[str, str]) -> dict[int, str]:
    """Column → key of its import target. Raises: FileError."""
    columns: dict[int, str] = {}
    paths: dict[str, str] = {}
    for place, target in _chosen_targets(file, form):
        if target.path in paths:
            raise FileError(f"Dos columnas van al campo «{target.label}»: «{paths[target.path]}» y otra. Deje una.")
        paths[target.path] = file.shown["headings"][place]
        columns[place] = _as_it_was(plan, file.kind, place, target)
    return columns


def _chosen_targets(file: ImportFile, form: Mapping[str, str]) -> Iterator[tuple[int, ImportTarget]]:
    """(column, import target) of the columns that are read. `usar` names a column whose suggestion is taken."""
    titles = {full_title(each): each.key for each in offered_fields(file.kind, file.shown.get("shape", ""))}
    near = file.shown.get("near", {})
    for place in range(len(file.shown.get("headings", []))):
        chosen = form.get(f"c{place}", NOT_READ).strip()
        if form.get("usar") == str(place) and str(place) in near:
            chosen = near[str(place)]
        elif chosen == OTHER:
            chosen = form.get(f"o{place}", "").strip()
        if chosen not in (NOT_READ, UNSAID):
            yield place, target_named(titles.get(chosen, chosen), file.kind)


def _as_it_was(plan: ReadingPlan, kind: str, place: int, target: ImportTarget) -> str:
    """The key that the column had, where it fills the same: its name is that of the file's own program."""
    before = import_targets(kind).get(plan.columns.get(place, ""))
    return before.key if before is not None and before.path == target.path else target.key


def _parse_fixed(plan: ReadingPlan, file: ImportFile, form: Mapping[str, str]) -> dict[str, str]:
    """Key of an import target → its one value, of those that the page showed. Raises: FileError."""
    targets, fixed = import_targets(file.kind), dict(plan.fixed)
    for name, value in form.items():
        key = name.removeprefix(_FIXED)
        if name.startswith(_FIXED) and key in targets:
            fixed.pop(key, None)
            if value.strip():
                fixed_cell(targets[key], value)
                fixed[key] = value.strip()
    return fixed
