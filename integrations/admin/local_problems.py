"""The problems that the local checks find in a record: each beside its field, and all in a summary with links."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.html import format_html

from integrations.admin.line_errors import add_display_error, field_among
from integrations.choices import ItemVerdict, Target
from integrations.erp.exports import Export, SagExport
from integrations.erp.fields.labels import sentence_case
from integrations.erp.fields.spec import Field
from integrations.erp.fields.validation import Problem
from integrations.models import Syncable
from integrations.selectors import pages
from integrations.standings.verdicts import JUDGED

_AMOUNT = ("debit", "credit")
_MOVEMENT_PREFIX = "movement."


@dataclass(frozen=True, slots=True)
class FormPosition:
    """The form fields that a problem may be about: of the header, or of row `line` of the formset `relation`."""

    relation: str = ""
    line: int = 0
    names: tuple[str, ...] = ()


@dataclass(slots=True)
class LocatedProblem:
    """A problem for one ERP. `anchor` is the HTML id of the field or row that shows it; empty where none does."""

    erp: str
    problem: Problem
    position: FormPosition
    anchor: str = ""

    @property
    def text(self) -> str:
        """The message without its line number, which its row shows, and with the field's label in sentence case."""
        label = self.problem.field_label
        message = self.problem.message.removeprefix(f"Línea {self.problem.line}: ")
        return message.replace(f"«{label}»", f"«{sentence_case(label)}»") if label else message


def of_record(record: Syncable, places: Iterable[pages.StandingActions]) -> dict[Target, list[LocatedProblem]]:
    """Problems by ERP, for those of `places` where the record may still be sent; each text once for each position."""
    problems: dict[Target, list[LocatedProblem]] = {}
    for place in places:
        if place.status not in JUDGED or place.connection is None:
            continue
        judged = pages.would_be_sent(record, place.connection)
        if judged is not None and (judged.verdict != ItemVerdict.SKIPPED or place.row.verify_first):
            problems[place.target] = _distinct(record, place.target, judged.problems)
    return problems


def _distinct(record: Syncable, target: Target, problems: Iterable[Problem]) -> list[LocatedProblem]:
    export = record.exports[target]
    located = (LocatedProblem(target.label, problem, position_of(problem, export)) for problem in problems)
    distinct: dict[tuple[str, FormPosition], LocatedProblem] = {}
    for problem in located:
        distinct.setdefault((problem.text, problem.position), problem)
    return list(distinct.values())


def position_of(problem: Problem, export: Export) -> FormPosition:
    """The form fields of the payload field that a problem names."""
    row, relation = _field_of(problem, export)
    line = problem.line or 0
    source = row.source if row else None
    if source and source.startswith(_MOVEMENT_PREFIX):
        return FormPosition(names=(source.removeprefix(_MOVEMENT_PREFIX).split(".")[0],))
    return FormPosition(relation if line else "", line, _form_names(row))


def _form_names(row: Field | None) -> tuple[str, ...]:
    if row is None:
        return ()
    if row.source is None:
        return (f"{row.sparse_in}__{row.name}",)
    column = row.source.split(".")[0]
    return _AMOUNT if column in ("side", "amount", "signed_amount") else (column,)


def _field_of(problem: Problem, export: Export) -> tuple[Field | None, str]:
    """The catalogue's field that a problem names, and the relation whose rows have it."""
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


def show(form: Any, formsets: Sequence[Any], problems: Iterable[LocatedProblem]) -> None:
    """Display each problem beside its field in unbound forms, and set its `anchor`."""
    if form.is_bound:
        return
    rows = {
        (formset.prefix, row.instance.position): row for formset in formsets for row in formset.forms if row.instance.pk
    }
    for problem in problems:
        position = problem.position
        row = rows.get((position.relation, position.line)) if position.relation else form
        if row is not None:
            _show_in(row, problem, is_header=row is form)


def show_on_line(form: Any, problems: Iterable[LocatedProblem], relation: str) -> None:
    """The same on the page of one line."""
    for problem in problems:
        position = (problem.position.relation, problem.position.line)
        if not form.is_bound and position == (relation, form.instance.position):
            _show_in(form, problem, is_header=True)


def _show_in(form: Any, problem: LocatedProblem, *, is_header: bool) -> None:
    """The header shows only problems of its fields: the summary above it has the rest."""
    name = field_among(form, problem.position.names)
    problem.anchor = form[name].auto_id if name else "" if is_header else form.prefix
    if name or not is_header:
        add_display_error(form, name or NON_FIELD_ERRORS, _message(problem))


def _message(problem: LocatedProblem) -> str:
    if problem.problem.blocks:
        return format_html('<span class="grave">Para {}: {}</span>', problem.erp, problem.text)
    return format_html('<span class="leve">Aviso de {}: {}</span>', problem.erp, problem.text)
