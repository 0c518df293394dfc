"""What the columns of a table are: found by their headings, said by a person, or asked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from integrations.files.reading.column_matching import Candidates, ColumnMatches, match_columns
from integrations.files.reading.fixed_values import fixed_cell
from integrations.files.reading.headings import CORRECTION_HEADING, column_letter, normalize
from integrations.files.reading.import_targets import PAYMENTS, ImportTarget, import_targets
from integrations.files.reading.numbers import NumberFormat
from integrations.files.reading.payments import without_incomplete_payments
from integrations.files.reading.questions import SurveyQuestion
from integrations.files.reading.reading_plan import ReadingPlan
from integrations.files.reading.required_columns import MissingColumn, missing_columns
from integrations.files.reading.typed_mapping import ColumnOverride, apply_overrides, columns_named, target_named


@dataclass
class ColumnSurvey:
    """The columns of a table, with the plan that holds them and what is left to ask."""

    plan: ReadingPlan
    headings: list[str]
    columns: dict[int, ImportTarget] = field(default_factory=dict)
    open: dict[int, Candidates] = field(default_factory=dict)
    """Columns that may be several fields; None among them: no field."""
    near: dict[int, ImportTarget] = field(default_factory=dict)
    """Columns that are not read → the field that their heading is spelled like."""
    questions: list[SurveyQuestion] = field(default_factory=list)

    @property
    def unmapped(self) -> list[int]:
        """The columns that have a heading and are not read."""
        return [
            place
            for place, name in enumerate(self.headings)
            if name and place not in self.columns and normalize(name) != normalize(CORRECTION_HEADING)
        ]


def survey_columns(plan: ReadingPlan, headings: list[str]) -> ColumnSurvey:
    """What each column is, by the plan, else by its heading and what was typed. Raises: FileError for a wrong name."""
    matches = match_columns(headings, plan.kind)
    survey = ColumnSurvey(plan, headings)
    take = _take_plan if plan.columns else _take_headings
    take(survey, matches)
    survey.near = {place: target for place, target in matches.near.items() if place not in survey.columns}
    _name_number_columns(survey)
    survey.questions += [_open_question(survey, place, found) for place, found in sorted(survey.open.items())]
    survey.questions += _missing_questions(survey)
    return survey


def _take_plan(survey: ColumnSurvey, matches: ColumnMatches) -> None:
    plan, targets = survey.plan, import_targets(survey.plan.kind)
    survey.columns = {place: targets[key] for place, key in plan.columns.items() if key in targets}
    repeated = _repeated(survey.headings, dict.fromkeys(plan.open))
    survey.open = {place: matches.open.get(place, repeated.get(place, ())) for place in plan.open}


def _take_headings(survey: ColumnSurvey, matches: ColumnMatches) -> None:
    plan, headings = survey.plan, survey.headings
    overrides = [ColumnOverride(*typed) for typed in plan.typed]
    columns = apply_overrides(overrides, headings, plan.kind, matches.columns)
    if not any(override.name and target_named(override.name, plan.kind).relation == PAYMENTS for override in overrides):
        columns = without_incomplete_payments(columns)
    answered = {place for override in overrides for place in columns_named(override.heading, headings)}
    opened = {**matches.open, **_repeated(headings, columns)}
    survey.open = {place: found for place, found in opened.items() if not _is_answered(place, headings, answered)}
    survey.columns = {place: target for place, target in columns.items() if place not in survey.open}
    by_key = {place: target.key for place, target in survey.columns.items()}
    survey.plan = plan.changed(columns=by_key, open=tuple(survey.open))


def _is_answered(place: int, headings: Sequence[str], answered: set[int]) -> bool:
    """Whether something was typed of a column, or of another one with its heading."""
    return any(normalize(headings[each]) == normalize(headings[place]) for each in answered)


def _repeated(headings: Sequence[str], mapped: Mapping[int, ImportTarget | None]) -> dict[int, Candidates]:
    """The columns that share a heading where only some of them are mapped: none of them is chosen beforehand."""
    opened: dict[int, Candidates] = {}
    for places in _columns_by_name(headings).values():
        targets = [mapped[place] for place in places if place in mapped]
        if 0 < len(targets) < len(places):
            opened |= dict.fromkeys(places, (*targets, None))
    return opened


def _columns_by_name(headings: Sequence[str]) -> dict[str, list[int]]:
    """Normalized heading → its columns."""
    by_name: dict[str, list[int]] = {}
    for column, heading in enumerate(headings):
        if heading:
            by_name.setdefault(normalize(heading), []).append(column)
    return by_name


def _name_number_columns(survey: ColumnSurvey) -> None:
    """Take over the formats of columns that were typed."""
    typed = {
        place: NumberFormat(form)
        for heading, form in survey.plan.typed_numbers
        for place in columns_named(heading, survey.headings)
    }
    if typed:
        survey.plan = survey.plan.changed(number_columns={**survey.plan.number_columns, **typed})


def _open_question(survey: ColumnSurvey, place: int, candidates: Candidates) -> SurveyQuestion:
    heading = survey.headings[place]
    same = _columns_by_name(survey.headings)[normalize(heading)]
    if len(same) > 1:
        letters = " y ".join(map(column_letter, same))
        text = f"La columna «{heading}» está {len(same)} veces ({letters}): diga cuál vale."
        return SurveyQuestion("columns", text, place=place, column=heading)
    names = [f"«{_name(target)}»" for target in candidates if target]
    left = " o ninguno" if None in candidates else ""
    text = f"La columna «{heading}» puede ser {' o '.join(names)}{left}: diga cuál."
    return SurveyQuestion("columns", text, place=place, column=heading, offer=f"{heading}=CAMPO")


def _name(target: ImportTarget) -> str:
    return target.label[:1].upper() + target.label[1:]


def _missing_questions(survey: ColumnSurvey) -> Iterable[SurveyQuestion]:
    """What required columns are not there, nor perhaps among those that are open."""
    fixed = _fixed_targets(survey)
    perhaps = [target for found in survey.open.values() for target in found if target]
    for missing in missing_columns(survey.plan.kind, survey.columns, [*fixed, *perhaps], survey.plan.goes_to):
        yield _missing_question(survey, missing)


def _missing_question(survey: ColumnSurvey, missing: MissingColumn) -> SurveyQuestion:
    near = next((place for place, target in survey.near.items() if missing.is_filled_by(target)), None)
    if near is None:
        return SurveyQuestion("columns", missing.text, key=missing.key)
    heading, target = survey.headings[near], survey.near[near]
    text = f"{missing.text} La columna «{heading}» se le parece."
    return SurveyQuestion("columns", text, key=missing.key, offer=f"{heading}={target.field.label}")


def _fixed_targets(survey: ColumnSurvey) -> list[ImportTarget]:
    """The fields for which one value stands. Raises: FileError for a value that a field can't take."""
    targets = import_targets(survey.plan.kind)
    fixed = [(targets[key], text) for key, text in survey.plan.fixed.items() if key in targets]
    for target, text in fixed:
        fixed_cell(target, text)
    return [target for target, _ in fixed]
