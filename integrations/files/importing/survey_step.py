"""Finding out how a file is written, and taking a person's answers to what it does not say."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from integrations.erp.fields.money import colombian
from integrations.files import exported_table
from integrations.files.errors import FileError
from integrations.files.file_formats import TABLES, QuestionsError, guess_format, table_of
from integrations.files.importing.uploads import drop_bytes, spooled
from integrations.files.importing.work_lease import taken
from integrations.files.reading.cells import Facts, Table
from integrations.files.reading.dates import ORDER_LABELS, DateOrder, read_date
from integrations.files.reading.headings import shape_of
from integrations.files.reading.numbers import FORMAT_LABELS, NumberFormat, read_number
from integrations.files.reading.reading_plan import Plan, from_data
from integrations.files.reading.survey import Survey, look_over
from integrations.models import ColumnMapping, ImportFile
from integrations.queue.outbox import enqueue_look, enqueue_staging

LOOKED_AT_IN_REQUEST_BYTES = 2 * 1024**2
"""A file up to this size is looked over while the person waits; a larger one by the worker."""
_SAMPLES = 6
_State = ImportFile.State


def begin(file: ImportFile) -> None:
    """Look over a file: now if it is small, else by the worker."""
    if file.size <= LOOKED_AT_IN_REQUEST_BYTES:
        look(file.pk)
    else:
        enqueue_look(file.pk)


def look(file_id: int) -> str:
    """Find out what a file is and what must be asked about it; a file that can't be read is refused with the reason."""
    with taken(file_id, _State.LOOKING) as file:
        if file is None:
            return "ya se había hecho"
        try:
            with spooled(file) as path:
                _look(file, path)
        except FileError as unreadable:
            refuse(file, str(unreadable))
        return str(file.get_state_display())


def _look(file: ImportFile, path: Any) -> None:
    plan = from_data(file.plan) if file.plan else Plan(kind=file.kind)
    file.format = guess_format(path)
    if file.format not in TABLES:
        file.shown = {"facts": [list(pair) for pair in Facts(file.format).told()]}
        _go_on(file)
        return
    try:
        table = table_of(path, file.format, plan)
    except QuestionsError as asked:
        table = table_of(path, file.format, plan.changed(sheet=asked.questions[0].choices[0][0]))
    if _is_ours(file, table):
        _go_on(file)
        return
    survey = look_over(table, plan)
    remembered = _remembered(file, survey)
    if remembered and not plan.columns:
        survey = look_over(table, plan.changed(columns=remembered, kind=survey.plan.kind))
    file.kind, file.row_count = survey.plan.kind, survey.row_count
    file.plan = survey.plan.changed(encoding=table.facts.encoding, separator=table.facts.separator,
                                    sheet=table.facts.sheet).as_data()  # fmt: skip
    file.shown = {**shown_of(survey, table.facts), "remembered": bool(remembered)}
    file.state = _State.ASKING
    file.save()


def _is_ours(file: ImportFile, table: Table) -> bool:
    """A table that was exported here comes back without a question."""
    headings = exported_table.headings_of(table)
    kind = exported_table.kind_of(headings)
    if kind is None or file.kind not in ("", kind):
        return False
    file.kind, file.shown = kind.value, {"headings": headings, "facts": [list(pair) for pair in table.facts.told()]}
    return True


def _remembered(file: ImportFile, survey: Survey) -> dict[int, str]:
    held = ColumnMapping.objects.filter(
        company=file.company_id, kind=survey.plan.kind, shape=shape_of(survey.headings)
    ).first()
    return {int(column): key for column, key in held.columns.items()} if held else {}


def shown_of(survey: Survey, facts: Facts) -> dict[str, Any]:
    """What the pages show of a survey, as plain data."""
    return {
        "facts": [list(pair) for pair in facts.told()],
        "sheets": facts.sheets,
        "headings": survey.headings,
        "samples": survey.samples,
        "questions": [
            {"about": one.about, "text": one.text, "choices": [list(pair) for pair in one.choices]}
            for one in survey.questions
        ],
        "notices": survey.notices,
        "numbers": _number_samples(survey),
        "dates": _date_samples(survey),
    }


def _number_samples(survey: Survey) -> list[list[str]]:
    """[heading, as written, read with comma decimals, read with point decimals] of values that show the format;
    empty where one would be no number.
    """
    marked = [pair for pair in survey.number_samples if "." in pair[1] or "," in pair[1]][:_SAMPLES]
    return [[name, text, *(_as_number(text, form) for form in FORMAT_LABELS)] for name, text in marked]


def _as_number(text: str, form: NumberFormat) -> str:
    number = read_number(text.strip(), form)
    return "" if number is None else colombian(number)


def _date_samples(survey: Survey) -> list[list[str]]:
    """[heading, as written, read day first, read month first]."""
    written = [pair for pair in survey.date_samples if pair[1].strip()][:_SAMPLES]
    return [[name, text, *(_as_day(text, order) for order in ORDER_LABELS)] for name, text in written]


def _as_day(text: str, order: DateOrder) -> str:
    day = read_date(text, order)
    return "" if day is None else f"{day:%d/%m/%Y}"


def answer(file: ImportFile, answers: Mapping[str, Any], *, user: Any = None) -> None:
    """Take what a person said of the columns and formats, and look again.

    `answers` are names of `Plan`; columns made by hand are remembered for files of this shape.
    """
    plan = from_data(file.plan).changed(**answers)
    with transaction.atomic():
        file.plan, file.kind, file.state = plan.as_data(), plan.kind, _State.LOOKING
        file.save()
        if answers.get("columns"):
            ColumnMapping.objects.update_or_create(
                company=file.company,
                kind=plan.kind,
                shape=shape_of(file.shown.get("headings", [])),
                defaults={"columns": {str(c): key for c, key in plan.columns.items()}, "chosen_by": user},
            )
    begin(file)
    file.refresh_from_db()


def accept(file: ImportFile) -> bool:
    """The person agrees with how the file is read: stage it, unless something is still open. Idempotent."""
    if file.state != _State.ASKING or file.shown.get("questions"):
        return False
    _go_on(file)
    return True


def _go_on(file: ImportFile) -> None:
    with transaction.atomic():
        file.state = _State.STAGING
        file.save()
        enqueue_staging(file.pk)


def refuse(file: ImportFile, why: str) -> None:
    """The file can't be read: nothing of it stays but who brought it and why not."""
    with transaction.atomic():
        file.documents.all().delete()
        drop_bytes(file)
        file.state, file.message = _State.REFUSED, why
        file.save()
