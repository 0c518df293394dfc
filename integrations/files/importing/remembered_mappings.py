"""What a person said of a file, for the next one of its company with the same headings: columns, formats, values."""

from typing import Any

from integrations.files.reading.headings import headings_digest
from integrations.files.reading.reading_plan import ReadingPlan, from_data
from integrations.models import ColumnMapping, ImportFile

_OPTIONS = ("numbers", "number_columns", "dates", "negatives", "attached_digits", "unnumbered", "fixed")
"""Attributes of `ReadingPlan` that are remembered beside the columns, where a person said them."""
_OF_ONE_FILE = ("FechaDocumento", "date")
"""The last part of the keys of import targets whose one value is of one file alone."""


def earlier_answers(company_id: int, kind: str, headings: list[str]) -> ReadingPlan | None:
    """What was said of the last file with these headings, of a kind or, where it is empty, of any; None: of none."""
    mappings = ColumnMapping.objects.filter(company=company_id, shape=headings_digest(headings))
    mapping = (mappings.filter(kind=kind) if kind else mappings).order_by("chosen_at").last()
    if mapping is None:
        return None
    return from_data({**mapping.options, "columns": mapping.columns, "kind": mapping.kind})


def remember(file: ImportFile, user: Any = None) -> None:
    """Keep what was said of a file."""
    plan = from_data(file.plan).without_seen()
    data = plan.as_data()
    options = {name: data[name] for name in _OPTIONS if data[name]}
    if "fixed" in options:
        options["fixed"] = {key: text for key, text in plan.fixed.items() if key.split("/")[-1] not in _OF_ONE_FILE}
    ColumnMapping.objects.update_or_create(
        company=file.company,
        kind=plan.kind or file.kind,
        shape=headings_digest(file.shown.get("headings", [])),
        defaults={"columns": data["columns"], "options": options, "chosen_by": user},
    )
