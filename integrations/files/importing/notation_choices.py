"""The ways in which the numbers and the dates of a file can be read, for the page of columns: each with real values."""

from collections.abc import Iterable, Mapping
from typing import Any

from integrations.files.reading.attached_digits import ATTACHED_LABELS
from integrations.files.reading.dates import ORDER_LABELS, DateOrder
from integrations.files.reading.hidden_rows import HIDDEN_LABELS
from integrations.files.reading.negatives import NEGATIVE_LABELS
from integrations.files.reading.numbers import FORMAT_LABELS, NumberFormat
from integrations.files.reading.unnumbered import UNNUMBERED_LABELS
from integrations.models import ImportFile

_MAX_SAMPLES = 8
_Group = dict[str, Any]
_Pairs = list[tuple[str, str]]
_USUAL_NUMBERS: _Pairs = [(form.value, FORMAT_LABELS[form]) for form in (NumberFormat.COMMA, NumberFormat.POINT)]
_USUAL_DATES: _Pairs = [(order.value, ORDER_LABELS[order]) for order in (DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST)]


def number_groups(file: ImportFile) -> list[_Group]:
    """What is chosen about numbers: for all of the file, or column by column where they differ."""
    columns, plan = file.shown.get("numbers", []), file.plan
    questions = [one for one in file.shown.get("questions", []) if one["about"] == "numbers"]
    by_place = {one["place"]: one for one in questions if one.get("place") is not None}
    chosen = {int(place): form for place, form in plan.get("number_columns", {}).items()}
    if by_place or chosen:
        apart = [column for column in columns if column["place"] in by_place.keys() | chosen.keys()]
        return [
            _group(
                f"numbers-{column['place']}",
                f"Números de «{column['heading']}»",
                [column],
                by_place.get(column["place"]),
                chosen.get(column["place"], ""),
                _USUAL_NUMBERS,
            )
            for column in apart
        ]
    question = questions[0] if questions else None
    return _filled(_group("numbers", "Números", columns, question, plan.get("numbers") or "", _USUAL_NUMBERS))


def date_groups(file: ImportFile) -> list[_Group]:
    """What is chosen about dates."""
    columns, chosen = file.shown.get("dates", []), file.plan.get("dates") or ""
    question = next((one for one in file.shown.get("questions", []) if one["about"] == "dates"), None)
    return _filled(_group("dates", "Fechas", columns, question, chosen, _USUAL_DATES))


def hidden_groups(file: ImportFile) -> list[_Group]:
    """What is chosen about the hidden rows of a sheet."""
    return _plain_groups(file, "hidden_rows", "Filas ocultas", HIDDEN_LABELS)


def negative_groups(file: ImportFile) -> list[_Group]:
    """What is chosen about negative debits and credits."""
    return _plain_groups(file, "negatives", "Débitos y créditos negativos", NEGATIVE_LABELS)


def attached_digit_groups(file: ImportFile) -> list[_Group]:
    """What is chosen about ten digits that may be a NIT and its check digit."""
    return _plain_groups(file, "attached_digits", "NIT de diez cifras", ATTACHED_LABELS)


def unnumbered_groups(file: ImportFile) -> list[_Group]:
    """What is chosen about the rows without a document's number."""
    return _plain_groups(file, "unnumbered", "Filas sin número", UNNUMBERED_LABELS)


def _plain_groups(file: ImportFile, name: str, legend: str, labels: Mapping[Any, str]) -> list[_Group]:
    """A choice between words alone, where it is asked or was said."""
    chosen = file.plan.get(name) or ""
    question = next((one for one in file.shown.get("questions", []) if one["about"] == name), None)
    group = _group(name, legend, [], question, chosen, [])
    choices = question["choices"] if question else [(value.value, label) for value, label in labels.items()]
    group["ways"] = [_way(value, label, []) for value, label in choices]
    return [group] if question or chosen else []


def _filled(group: _Group) -> list[_Group]:
    return [group] if group["ways"] else []


def _group(
    name: str, legend: str, columns: list[Any], question: Mapping[str, Any] | None, chosen: str, usual: _Pairs
) -> _Group:
    choices = [tuple(pair) for pair in question["choices"]] if question else usual
    samples = list(_samples(columns))[:_MAX_SAMPLES]
    if not question and all(_is_same(read, choices) for _, _, read in samples):
        choices = [("", "")] if samples else []  # every way gives the same: there is nothing to choose
    return {
        "name": name,
        "legend": legend,
        "is_open": question is not None,
        "question": question["text"] if question else "",
        "chosen": chosen,
        "otherwise": "no es una fecha" if name == "dates" else "no es un número",
        "ways": [_way(value, label, samples) for value, label in choices],
    }


def _samples(columns: Iterable[Mapping[str, Any]]) -> Iterable[tuple[str, str, Mapping[str, str]]]:
    """(heading, as written, way → as it would be read), a few of every column in turn."""
    rows = [[(column["heading"], one["text"], one["read"]) for one in column["samples"]] for column in columns]
    for turn in range(max(map(len, rows), default=0)):
        yield from (row[turn] for row in rows if turn < len(row))


def _is_same(read: Mapping[str, str], choices: Iterable[tuple[str, str]]) -> bool:
    return len({read[value] for value, _ in choices}) == 1


def _way(value: str, label: str, samples: Iterable[tuple[str, str, Mapping[str, str]]]) -> _Group:
    return {
        "value": value,
        "label": label,
        "read": [
            (heading, text, read[value] if value else next(iter(read.values()))) for heading, text, read in samples
        ],
    }
