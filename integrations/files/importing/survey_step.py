"""Survey a file: find out how it is written, and take a person's answers to what it does not say."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from django.db import transaction

from integrations.connections.live_connection import only_erp
from integrations.erp.fields.money import colombian
from integrations.files import exported_table
from integrations.files.errors import FileError
from integrations.files.file_formats import TABLES, QuestionsError, guess_format, open_file, open_table
from integrations.files.importing.remembered_mappings import earlier_answers, remember
from integrations.files.importing.uploads import delete_bytes, file_on_disk
from integrations.files.importing.work_lease import lease
from integrations.files.reading.cells import FileDescription, InputTable
from integrations.files.reading.dates import ORDER_LABELS, DateOrder, read_date
from integrations.files.reading.file_shapes import told
from integrations.files.reading.numbers import FORMAT_LABELS, NumberFormat, read_number
from integrations.files.reading.questions import SurveyQuestion
from integrations.files.reading.reading_plan import ReadingPlan, from_data
from integrations.files.reading.survey import TableSurvey, survey_table
from integrations.models import ImportFile
from integrations.queue.job_runs import run
from integrations.queue.outbox import enqueue_look, enqueue_staging
from integrations.queue.work_kinds import LOOK_OVER

MAX_BYTES_IN_REQUEST = 2 * 1024**2
"""A file up to this size is surveyed while the person waits; a larger one by the worker."""
_MAX_TYPED = 200
"""Characters of an answer."""
_State = ImportFile.State


def begin(file: ImportFile) -> None:
    """Survey a file: now if it is small, else by the worker."""
    if file.size <= MAX_BYTES_IN_REQUEST:
        run(LOOK_OVER, look, file.pk)
    else:
        enqueue_look(file.pk)


def look(file_id: int) -> str:
    """Find out what a file is and what to ask about it, refusing one that can't be read; its new state in Spanish."""
    with lease(file_id, _State.LOOKING) as file:
        if file is None:
            return "ya se había hecho"
        try:
            with file_on_disk(file) as path:
                _look(file, path)
        except FileError as unreadable:
            refuse(file, str(unreadable))
        return str(file.get_state_display())


def _look(file: ImportFile, path: Path) -> None:
    plan = from_data(file.plan) if file.plan else ReadingPlan(kind=file.kind, goes_to=only_erp(file.company_id))
    file.format = guess_format(path)
    if file.format not in TABLES:
        file.shown = {"facts": _pairs(FileDescription(file.format).labelled())}
        _stage_or_ask(file, path, plan)
        return
    table = _open_first_table(path, file.format, plan)
    if _is_own_table(file, table):
        _stage_or_ask(file, path, plan)
    else:
        _ask(file, table, plan)


def _stage_or_ask(file: ImportFile, path: Path, plan: ReadingPlan) -> None:
    """Stage a file whose columns are known, unless something else about it is open."""
    try:
        open_file(path, file.format, file.kind or None, plan)
    except QuestionsError as error:
        file.kind, file.state = error.kind or file.kind, _State.ASKING
        file.plan = plan.changed(kind=file.kind).as_data()
        file.shown = {**file.shown, "questions": _questions_data(error.questions)}
        file.save()
    else:
        _queue_staging(file)


def _open_first_table(path: Path, format_name: str, plan: ReadingPlan) -> InputTable:
    """The table of the file; of several sheets the first, which the person may change."""
    try:
        return open_table(path, format_name, plan)
    except QuestionsError as error:
        return open_table(path, format_name, plan.changed(sheet=error.questions[0].choices[0][0]))


def _is_own_table(file: ImportFile, table: InputTable) -> bool:
    """Whether a table was exported here: nothing is asked about it."""
    headings = exported_table.table_headings(table)
    reader = exported_table.reader_of(headings)
    if reader is None or file.kind not in ("", reader.kind):
        return False
    file.kind = reader.kind.value
    file.shown = {"headings": headings, "facts": _pairs(table.description.labelled())}
    return True


def _ask(file: ImportFile, table: InputTable, plan: ReadingPlan) -> None:
    """Survey any other table and save what the page of columns needs."""
    survey, is_remembered = _survey(file, table, plan)
    description = table.description
    plan = survey.plan.changed(encoding=description.encoding, separator=description.separator, sheet=description.sheet)
    file.kind, file.row_count, file.plan = plan.kind, survey.row_count, plan.as_data()
    is_answered = file.shown.get("answered", False)
    file.shown = {**survey_data(survey, description), "remembered": is_remembered, "answered": is_answered}
    file.state = _State.ASKING
    file.save()


def _survey(file: ImportFile, table: InputTable, plan: ReadingPlan) -> tuple[TableSurvey, bool]:
    """(a table's survey, whether its columns are those of an earlier file)."""
    survey = survey_table(table, plan)
    earlier = earlier_answers(file.company_id, plan.kind, survey.headings)
    if earlier is None:
        return survey, False
    if plan.columns:
        return survey_table(table, plan, earlier), False
    said = plan.changed(kind=earlier.kind, columns=earlier.columns, fixed={**earlier.fixed, **plan.fixed})
    return survey_table(table, said, earlier), True


def survey_data(survey: TableSurvey, description: FileDescription) -> dict[str, Any]:
    """What the pages show of a survey, as data for JSON."""
    return {
        "facts": _pairs(description.labelled()),
        "sheets": description.sheets,
        "headings": survey.headings,
        "samples": survey.samples,
        "questions": _questions_data(survey.questions),
        "notices": survey.notices,
        "blanks": {blank.key: blank.told() for blank in survey.blanks},
        "numbers": _number_samples(survey),
        "dates": _date_samples(survey),
        "near": {str(place): target.key for place, target in survey.near.items()},
        "open": {
            str(place): [target.key if target else "" for target in found] for place, found in survey.open.items()
        },
        "shape": survey.shape.value,
        "told": told(survey.shape, survey.document_count),
        "control_totals": [total.as_data() for total in survey.control_totals],
    }


def _questions_data(questions: Iterable[SurveyQuestion]) -> list[dict[str, Any]]:
    return [
        {
            "about": question.about,
            "text": question.text,
            "choices": _pairs(question.choices),
            "place": question.place,
            "key": question.key,
        }
        for question in questions
    ]


def _pairs(pairs: Iterable[tuple[str, str]]) -> list[list[str]]:
    return [list(pair) for pair in pairs]


def _number_samples(survey: TableSurvey) -> list[dict[str, Any]]:
    """Of each column with numbers that show their format, some, as `_column_samples` has them."""
    marked = {
        place: [text for text in texts if "." in text or "," in text] for place, texts in survey.number_samples.items()
    }
    return _column_samples(survey, marked, {form.value: _number_reader(form) for form in FORMAT_LABELS})


def _date_samples(survey: TableSurvey) -> list[dict[str, Any]]:
    return _column_samples(survey, survey.date_samples, {order.value: _date_reader(order) for order in ORDER_LABELS})


def _column_samples(
    survey: TableSurvey, texts_by_column: Mapping[int, list[str]], readers: Mapping[str, Callable[[str], str]]
) -> list[dict[str, Any]]:
    """{place, heading, samples: [{text, read: {way: as it would be read}}]}; empty where it would be no value."""
    return [
        {
            "place": place,
            "heading": survey.headings[place],
            "samples": [{"text": text, "read": {way: read(text) for way, read in readers.items()}} for text in texts],
        }
        for place, texts in texts_by_column.items()
        if texts
    ]


def _number_reader(form: NumberFormat) -> Callable[[str], str]:
    def read(text: str) -> str:
        number = read_number(text, form)
        return "" if number is None else colombian(number)

    return read


def _date_reader(order: DateOrder) -> Callable[[str], str]:
    def read(text: str) -> str:
        day = read_date(text, order, short_years=True)
        return "" if day is None else f"{day:%d/%m/%Y}"

    return read


def answer(file: ImportFile, answers: Mapping[str, Any]) -> None:
    """Change attributes of a file's `ReadingPlan`, and survey it again."""
    plan = from_data(file.plan).changed(**answers)
    with transaction.atomic():
        file.plan, file.kind, file.state = plan.as_data(), plan.kind, _State.LOOKING
        file.shown = {**file.shown, "answered": True}
        file.save()
    begin(file)
    file.refresh_from_db()


def ask_again(file_id: int) -> bool:
    """Lead a reviewed table back to its columns, with all that was said of it. Returns whether it could be."""
    with transaction.atomic():
        file = ImportFile.objects.select_for_update().get(pk=file_id)
        if file.state != _State.REVIEW or not file.shown.get("samples"):
            return False
        file.documents.all().delete()
        for count in ("rows_done", "new", "changed", "same", "differing", "asked", "wrong"):
            setattr(file, count, 0)
        file.state = _State.LOOKING
        file.save()
    begin(file)
    return True


def keep_form(file: ImportFile, form: Mapping[str, str]) -> None:
    """Keep a refused form as it was typed, until the file is surveyed again."""
    file.shown = {**file.shown, "form": {name: value[:_MAX_TYPED] for name, value in form.items()}}
    file.save(update_fields=["shown"])


def accept(file: ImportFile, *, user: Any = None) -> bool:
    """Queue the staging of a surveyed file, and remember what was said of it.

    Returns False where a question is open, or it was accepted before.
    """
    if file.state != _State.ASKING or file.shown.get("questions"):
        return False
    if file.shown.get("answered"):
        remember(file, user)
    _queue_staging(file)
    return True


def _queue_staging(file: ImportFile) -> None:
    with transaction.atomic():
        file.state = _State.STAGING
        file.save()
        enqueue_staging(file.pk)


def refuse(file: ImportFile, reason: str) -> None:
    """Refuse a file that can't be read: its bytes and documents are deleted, the reason is kept."""
    with transaction.atomic():
        file.documents.all().delete()
        delete_bytes(file)
        file.state, file.message = _State.REFUSED, reason
        file.save()
