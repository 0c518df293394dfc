"""The page of columns of an import: what the file is, what must be said, and where each column goes."""

from collections.abc import Iterable
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from integrations.admin.wording import kind_name
from integrations.choices import Kind
from integrations.files.importing import column_answers, notation_choices, offered_fields
from integrations.files.importing.column_answers import NOT_READ, OTHER, UNSAID
from integrations.files.reading.import_targets import import_targets
from integrations.models import ImportFile

_READING_LABELS = {"sheet": "Hoja", "encoding": "Codificación", "separator": "Separador"}


def context(file: ImportFile) -> dict[str, Any]:
    """What the template needs; a refused form as it was typed."""
    shown, questions = file.shown, file.shown.get("questions", [])
    return {
        "step": 2,
        "told": shown.get("told", ""),
        "questions": questions,
        "notices": shown.get("notices", []),
        "columns": _columns(file),
        "written": offered_fields.to_write(file.kind, shown.get("shape", "")) if file.kind else [],
        "readings": [_reading(file, name, choices) for name, choices in column_answers.reading_choices(file).items()],
        "kinds": _kinds(file),
        "notations": [_with_typed(file, group) for group in _groups(file)],
        "fixed": _fixed(file),
        "remembered": shown.get("remembered"),
    }


def _typed(file: ImportFile, name: str, default: str) -> str:
    """An answer as it was typed in a refused form, else what counts."""
    typed: dict[str, str] = file.shown.get("form", {})
    return typed.get(name, default)


def _reading(file: ImportFile, name: str, choices: list[tuple[str, str]]) -> dict[str, Any]:
    chosen = _typed(file, name, file.plan.get(name, ""))
    return {"name": name, "label": _READING_LABELS[name], "choices": choices, "chosen": chosen}


def _kinds(file: ImportFile) -> list[tuple[str, str, bool]]:
    """(value, words, whether it is chosen): nothing is where a person must say it."""
    is_open = column_answers.is_open(file, "kind")
    chosen = _typed(file, "kind", "" if is_open else file.kind)
    kinds = [(kind.value, kind_name(kind), kind.value == chosen) for kind in Kind]
    return [("", "Elija…", not chosen), *kinds] if is_open else kinds


def _groups(file: ImportFile) -> list[dict[str, Any]]:
    about_values = [*notation_choices.number_groups(file), *notation_choices.date_groups(file)]
    about_tax_ids = notation_choices.attached_digit_groups(file)
    about_rows = [*notation_choices.unnumbered_groups(file), *notation_choices.hidden_groups(file)]
    return [*about_values, *notation_choices.negative_groups(file), *about_tax_ids, *about_rows]


def _with_typed(file: ImportFile, group: dict[str, Any]) -> dict[str, Any]:
    return {**group, "chosen": _typed(file, group["name"], group["chosen"])}


def _fixed(file: ImportFile) -> list[dict[str, str]]:
    """The fields for which one value may stand, with what is missing and the value that was given."""
    targets = import_targets(file.kind) if file.kind else {}
    missing = {one["key"]: one["text"] for one in file.shown.get("questions", []) if one.get("key")}
    missing = file.shown.get("blanks", {}) | missing
    values = file.plan.get("fixed", {})
    return [
        {
            "name": f"fijo-{key}",
            "label": offered_fields.title_of(targets[key]),
            "text": missing.get(key, ""),
            "value": _typed(file, f"fijo-{key}", values.get(key, "")),
            "sample": targets[key].field.sample,
        }
        for key in dict.fromkeys([*missing, *values])
        if key in targets
    ]


def _columns(file: ImportFile) -> list[dict[str, Any]]:
    groups = offered_fields.to_choose(file.kind, file.shown.get("shape", "")) if file.kind else []
    offered = {field.key for _, fields in groups for field in fields}
    rest = format_html_join("", "{}", ((_group(name, fields),) for name, fields in groups))
    rows = column_answers.column_rows(file) if file.shown.get("samples") else []
    return [{**row, "options": _options(row, rest, offered)} for row in rows]


def _options(row: dict[str, Any], rest: SafeString, offered: set[str]) -> SafeString:
    """The options of one column's list, what its heading may name first."""
    target = row["target"]
    first = [field for field in (*row["may_be"], row["near"]) if field]
    chosen = [field for field in (row["field"],) if field and field.key not in offered]
    own = _group("Por su título", [*first, *chosen]) if first or chosen else ""
    unsaid = format_html('<option value="{}">Elija…</option>', UNSAID) if target == UNSAID or row["may_be"] else ""
    listed = format_html(_OPTIONS, unsaid, NOT_READ, own, rest, OTHER)
    mark = format_html('<option value="{}"', target)
    return SafeString(listed.replace(mark, f"{mark} selected", 1))


_OPTIONS = '{}<option value="{}">No se importa</option>{}{}<option value="{}">Otro campo…</option>'


def _group(name: str, fields: Iterable[offered_fields.OfferedField]) -> SafeString:
    options = format_html_join("", '<option value="{}">{}</option>', ((field.key, field.title) for field in fields))
    return format_html('<optgroup label="{}">{}</optgroup>', name, options)
