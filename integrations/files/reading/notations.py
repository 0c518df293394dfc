"""How the numbers and the dates of a table are written: as the plan says, as they show, or asked.

A column whose numbers contradict each other, or those of another column, is asked about: nothing is chosen for it. What
a person said of an earlier file with the same headings counts where nothing in this one speaks against it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from integrations.files.reading.dates import CENTURY_RULE, ORDER_LABELS, DateEvidence, DateOrder, is_serial, read_date
from integrations.files.reading.numbers import FORMAT_LABELS, NumberEvidence, NumberFormat
from integrations.files.reading.questions import SurveyQuestion
from integrations.files.reading.reading_plan import ReadingPlan

Choices = tuple[tuple[str, str], ...]


@dataclass
class Settled:
    """A plan with what was found out, the questions that are left, and notices for people."""

    plan: ReadingPlan
    questions: list[SurveyQuestion] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


def settle_numbers(
    plan: ReadingPlan, headings: Sequence[str], evidence: Mapping[int, NumberEvidence], remembered: ReadingPlan
) -> Settled:
    """The format of all numbers or, where the columns contradict each other, of each column."""
    before = {place: form for place, form in remembered.number_columns.items() if _allows(evidence, place, form)}
    plan = plan.changed(number_columns={**before, **plan.number_columns})
    unsaid = {place: found for place, found in evidence.items() if place not in plan.number_columns}
    form = plan.numbers or common_format(unsaid.values())
    if form is None and remembered.numbers and all(found.allows(remembered.numbers) for found in unsaid.values()):
        form = remembered.numbers
    if form is None:
        return Settled(plan, list(_number_questions(headings, unsaid)))
    settled = Settled(plan.found(numbers=form) if plan.numbers is None else plan)
    if form in FORMAT_LABELS:
        settled.notices.append(f"Números: {FORMAT_LABELS[form].lower()}.")
    return settled


def _allows(evidence: Mapping[int, NumberEvidence], place: int, form: NumberFormat) -> bool:
    return place in evidence and evidence[place].allows(form)


def common_format(evidence: Iterable[NumberEvidence]) -> NumberFormat | None:
    """The format that all columns have; None where they contradict each other, or nobody can tell."""
    found = list(evidence)
    sure = {each.sure for each in found if each.sure}
    if len(sure) > 1 or any(each.is_contradictory for each in found):
        return None
    if sure:
        form = sure.pop()
        return form if all(each.allows(form) for each in found) else None
    return None if any(each.either for each in found) else NumberFormat.PLAIN


def _either_of(columns: Collection[NumberEvidence]) -> NumberEvidence:
    """One number with a comma and one with a point that may be two, the first of all columns."""
    return NumberEvidence(
        either_comma=next((each.either_comma for each in columns if each.either_comma), ""),
        either_point=next((each.either_point for each in columns if each.either_point), ""),
    )


def _number_questions(headings: Sequence[str], unsaid: Mapping[int, NumberEvidence]) -> Iterable[SurveyQuestion]:
    """One question for the whole table where its columns agree, else one a column."""
    marked = {place: found for place, found in unsaid.items() if found.either or found.sure or found.is_contradictory}
    is_of_all = len(marked) == 1 or not any(found.sure or found.is_contradictory for found in marked.values())
    if is_of_all:
        place, found = next(iter(marked.items()))
        examples = found if found.is_contradictory else _either_of(marked.values())
        yield SurveyQuestion("numbers", _number_question(examples, headings[place]), number_choices(examples))
        return
    for place, found in marked.items():
        text = _number_question(found, headings[place])
        yield SurveyQuestion("numbers", text, number_choices(found), place, headings[place])


def number_choices(evidence: NumberEvidence) -> Choices:
    """The (value, label) ways to read a column: each number by its own marks only where it has both."""
    both = evidence.is_contradictory or (evidence.either_comma and evidence.either_point)
    return tuple((form.value, label) for form, label in FORMAT_LABELS.items() if both or form is not NumberFormat.MIXED)


def _number_question(evidence: NumberEvidence, heading: str) -> str:
    examples = evidence.examples if evidence.is_contradictory else (evidence.either_point, evidence.either_comma)
    if all(examples):
        first, second = examples
        return f"En «{heading}» los números están escritos de dos maneras («{first}» y «{second}»): diga cómo se leen."
    if evidence.sure:
        example = evidence.comma or evidence.point
        return (
            f"Las columnas no coinciden en la marca de los decimales: diga cuál es la de «{heading}», como «{example}»."
        )
    return f"«{evidence.either}» puede leerse de dos maneras: diga cuál es la marca de los decimales de «{heading}»."


def settle_dates(plan: ReadingPlan, evidence: DateEvidence, remembered: ReadingPlan) -> Settled:
    """The order of all dates."""
    order = plan.dates or evidence.verdict
    if order is None and remembered.dates and evidence.allows(remembered.dates) and not evidence.is_contradictory:
        order = remembered.dates
    if order is None:
        return Settled(plan, [SurveyQuestion("dates", _date_question(evidence), date_choices(evidence))])
    settled = Settled(plan.found(dates=order) if plan.dates is None else plan)
    if order in ORDER_LABELS:
        settled.notices.append(f"Fechas: {ORDER_LABELS[order].lower()}.")
    settled.notices += _short_year_notices(evidence, order)
    return settled


def date_choices(evidence: DateEvidence) -> Choices:
    """The (value, label) orders to choose from: the year first only where it has two digits."""
    return tuple(
        (order.value, label)
        for order, label in ORDER_LABELS.items()
        if evidence.short or order is not DateOrder.YEAR_FIRST
    )


def _date_question(evidence: DateEvidence) -> str:
    request = "diga si va primero el día o el mes"
    if evidence.is_contradictory:
        first, second = evidence.examples
        return f"Las fechas están escritas de dos maneras («{first}» y «{second}»): {request}."
    if evidence.short:
        return f"«{evidence.short}» trae el año con dos cifras y puede leerse de varias maneras: diga qué va primero."
    return f"«{evidence.either}» puede leerse de dos maneras: {request}."


def _short_year_notices(evidence: DateEvidence, order: DateOrder) -> Iterable[str]:
    example = evidence.short or evidence.named_short
    day = read_date(example, order, short_years=True) if example else None
    if day is not None:
        yield f"Los años de dos cifras {CENTURY_RULE}: «{example}» es {day:%d/%m/%Y}."


def serial_notices(texts: Iterable[str]) -> Iterable[str]:
    """A sentence where dates are written as a spreadsheet's day numbers."""
    serial = next((text for text in texts if is_serial(text)), "")
    if serial:
        yield f"Los números de cinco cifras, como «{serial}», se leen como fechas de Excel."
