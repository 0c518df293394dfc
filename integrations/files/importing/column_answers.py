"""What a person may choose on the page of columns, and what they chose."""

from collections.abc import Mapping
from typing import Any

from integrations.files.errors import FileError
from integrations.files.reading.cells import ENCODINGS, SEPARATORS
from integrations.files.reading.dates import DateOrder
from integrations.files.reading.headings import column_letter
from integrations.files.reading.hidden_rows import HiddenRows
from integrations.files.reading.import_targets import GROUP_LABELS, ImportTarget, import_targets
from integrations.files.reading.numbers import NumberFormat
from integrations.files.reading.reading_plan import ReadingPlan, from_data
from integrations.files.reading.typed_mapping import target_named
from integrations.models import ImportFile

NOT_READ = ""
"""The title of a column that is not read."""


def target_title(target: ImportTarget) -> str:
    """An import target as it is offered: «NIT · Siigo»."""
    return f"{target.label} · {GROUP_LABELS[target.vocabulary]}"


def target_titles(kind: str) -> list[str]:
    """The titles of every import target of a kind."""
    return [target_title(target) for target in import_targets(kind).values()] if kind else []


def column_rows(file: ImportFile) -> list[dict[str, Any]]:
    """For each column of the file that has a heading: its letter, heading, first values and import target."""
    plan, targets = from_data(file.plan), import_targets(file.kind)
    samples = file.shown.get("samples", [])
    return [
        {
            "place": place,
            "letter": column_letter(place),
            "heading": heading,
            "samples": samples[place] if place < len(samples) else [],
            "target": target_title(targets[plan.columns[place]]) if place in plan.columns else NOT_READ,
        }
        for place, heading in enumerate(file.shown.get("headings", []))
        if heading
    ]


def reading_choices(file: ImportFile) -> dict[str, list[tuple[str, str]]]:
    """Attribute of `ReadingPlan` → its (value, label) choices: a workbook's sheets, a CSV's encoding and separator."""
    if file.format == "xlsx":
        sheets = file.shown.get("sheets", [])
        return {"sheet": [(name, name) for name in sheets]} if len(sheets) > 1 else {}
    if file.format != "csv":
        return {}
    return {"encoding": list(ENCODINGS.items()), "separator": list(SEPARATORS.items())}


def parse_answers(file: ImportFile, form: Mapping[str, str]) -> dict[str, Any]:
    """The attributes of `ReadingPlan` that a submitted form changes; another kind, sheet, encoding or separator resets
    the rest.

    Raises: FileError for a field that does not exist, or one that two columns were given.
    """
    plan = from_data(file.plan)
    names = [name for name in ("kind", "sheet", "encoding", "separator") if form.get(name)]
    changed = {name: form[name] for name in names if form[name] != getattr(plan, name)}
    if changed:
        return {**changed, "columns": {}, "heading": 0, "numbers": None, "number_columns": {}, "dates": None}
    return _parse_columns_and_formats(plan, file, form)


def _parse_columns_and_formats(plan: ReadingPlan, file: ImportFile, form: Mapping[str, str]) -> dict[str, Any]:
    answers: dict[str, Any] = {"columns": _parse_columns(file, form)}
    if form.get("numbers"):
        answers["numbers"] = NumberFormat(form["numbers"])
    places = range(len(file.shown.get("headings", [])))
    by_column = {place: NumberFormat(form[f"numbers-{place}"]) for place in places if form.get(f"numbers-{place}")}
    if by_column:
        answers["number_columns"] = by_column
    if form.get("hidden_rows"):
        answers["hidden_rows"] = HiddenRows(form["hidden_rows"])
    if form.get("dates"):
        answers["dates"] = DateOrder(form["dates"])
    return {name: value for name, value in answers.items() if value != getattr(plan, name)}


def _parse_columns(file: ImportFile, form: Mapping[str, str]) -> dict[int, str]:
    """Column → key of its import target; the field of column 3 is `c3`, with a title or a name."""
    by_title = {target_title(target): target for target in import_targets(file.kind).values()}
    columns: dict[int, str] = {}
    for place in range(len(file.shown.get("headings", []))):
        title = form.get(f"c{place}", NOT_READ).strip()
        if title:
            target = by_title.get(title) or target_named(title, file.kind)
            if target.key in columns.values():
                raise FileError(f"Dos columnas van al campo «{target.label}». Deje una.")
            columns[place] = target.key
    return columns
