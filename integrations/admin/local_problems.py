"""What the local checks find in a record: beside the field that each is about, and in a summary that leads there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.forms.utils import ErrorDict
from django.utils.html import format_html

from integrations.admin.line_errors import is_meant
from integrations.admin.sparse_forms import readable
from integrations.choices import ItemVerdict, Target
from integrations.erp.exports import Export, SagExport
from integrations.erp.fields.spec import Field
from integrations.erp.fields.validation import Problem
from integrations.models import Syncable
from integrations.selectors import pages
from integrations.standings.verdicts import JUDGED

_AMOUNT = ("debit", "credit")
_OWNER = "movement."


@dataclass(frozen=True, slots=True)
class Place:
    """Where a finding belongs: the form fields that it may be about, of the header or of the row `line` of a part."""

    relation: str = ""
    line: int = 0
    names: tuple[str, ...] = ()


@dataclass(slots=True)
class Found:
    """One finding of one ERP. `anchor` is the id of the box, or of the row, that shows it; empty where none does."""

    erp: str
    problem: Problem
    place: Place
    anchor: str = ""

    @property
    def text(self) -> str:
        """Without the line, which its row tells, and without shouting the field's name."""
        label = self.problem.field_label
        said = self.problem.message.removeprefix(f"Línea {self.problem.line}: ")
        return said.replace(f"«{label}»", f"«{readable(label)}»") if label else said


def of_record(record: Syncable, places: Iterable[pages.Place]) -> dict[Target, list[Found]]:
    """ERP → what the checks find, for those of its `places` that wait for this record; each sentence once a place."""
    found: dict[Target, list[Found]] = {}
    for place in places:
        if place.status not in JUDGED or place.connection is None:
            continue
        judged = pages.would_be_sent(record, place.connection)
        if judged is not None and (judged.verdict != ItemVerdict.SKIPPED or place.row.verify_first):
            found[place.target] = _once(record, place.target, judged.problems)
    return found


def _once(record: Syncable, target: Target, problems: Iterable[Problem]) -> list[Found]:
    export = record.exports[target]
    each: dict[tuple[str, Place], Found] = {}
    for problem in problems:
        one = Found(target.label, problem, place_of(problem, export))
        each.setdefault((one.text, one.place), one)
    return list(each.values())


def place_of(problem: Problem, export: Export) -> Place:
    """The form fields of what a problem names by its wire name."""
    row, relation = _row_of(problem, export)
    line = problem.line or 0
    if row is None:
        return Place(relation if line else "", line)
    if row.source is None:
        return Place(relation if line else "", line, (f"{row.sparse_in}__{row.name}",))
    if row.source.startswith(_OWNER):
        return Place(names=(row.source.removeprefix(_OWNER).split(".")[0],))
    head = row.source.split(".")[0]
    names = _AMOUNT if head in ("side", "amount", "signed_amount") else (head,)
    return Place(relation if line else "", line, names)


def _row_of(problem: Problem, export: Export) -> tuple[Field | None, str]:
    if not isinstance(export, SagExport):
        return export.catalogue.by_spelling.get(problem.field_name), export.relation or ""
    if problem.line is None:
        parts = [(export.catalogue, ""), *((part.catalogue, "") for part in export.parts if not part.relation)]
    else:
        parts = [(part.catalogue, part.relation or "") for part in export.parts if part.relation]
    for catalogue, relation in parts:
        if problem.field_name in catalogue.by_spelling:
            return catalogue.by_spelling[problem.field_name], relation
    return None, parts[0][1] if parts else ""


def show(form: Any, formsets: Sequence[Any], found: Iterable[Found]) -> None:
    """Put each finding beside its box in forms that nobody posted, and note where it stands."""
    if form.is_bound:
        return
    rows = {(one.prefix, row.instance.position): row for one in formsets for row in one.forms if row.instance.pk}
    for one in found:
        place = one.place
        row = rows.get((place.relation, place.line)) if place.relation else form
        if row is not None:
            _put(row, one, is_header=row is form)


def show_on_line(form: Any, found: Iterable[Found], relation: str) -> None:
    """The same on the page of one line."""
    for one in found:
        if not form.is_bound and (one.place.relation, one.place.line) == (relation, form.instance.position):
            _put(form, one, is_header=True)


def _put(form: Any, one: Found, *, is_header: bool) -> None:
    name = next((name for name in one.place.names if name in form.fields and is_meant(form, name)), None)
    if name is None:
        one.anchor = "" if is_header else form.prefix
        if is_header:
            return
    else:
        one.anchor = form[name].auto_id
    if form._errors is None:
        form._errors = ErrorDict()
    errors = form._errors.setdefault(name or NON_FIELD_ERRORS, form.error_class())
    errors.append(_said(one))


def _said(one: Found) -> str:
    if one.problem.blocks:
        return format_html('<span class="grave">Para {}: {}</span>', one.erp, one.text)
    return format_html('<span class="leve">Aviso de {}: {}</span>', one.erp, one.text)
