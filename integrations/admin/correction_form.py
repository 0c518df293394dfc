"""The form of a correction in bulk: which field, what becomes of it, and in which records."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import QueryDict

from integrations.choices import Kind
from integrations.corrections.present_values import PresentValue, present_values
from integrations.erp.fields.spec import ValueType
from integrations.models import Correction, Syncable
from integrations.models.syncable import model_for
from integrations.payloads.changing import KIND_OF_DOCUMENT, KIND_OF_DOCUMENT_LABEL
from integrations.payloads.record_fields import RecordField, field_of, fields_of
from integrations.pulls.offered_codes import source_codes

_Mode = Correction.Mode
_INPUTS = {
    "modo": "mode",
    "valor": "value",
    "buscar": "find",
    "origen": "copied_from",
    "condicion": "condition_field",
    "igual": "condition_value",
    "campo": "field",
}
"""Name of the input → column of the correction."""
Options = list[tuple[str, list[tuple[str, str]]]]
"""(heading, (value, label) pairs) of a select."""


def answers_of(posted: QueryDict) -> dict[str, str]:
    """What was typed, by column of the correction."""
    typed = {column: posted.get(name, "") for name, column in _INPUTS.items()}
    return typed | {"mode": typed["mode"] if typed["mode"] in _Mode else _Mode.FILL}


def field_options(kind: Kind | str, relations: Iterable[str] | None = None) -> Options:
    """Every field of a kind under its heading; only the record's and those of `relations`, where they are given."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for field in fields_of(kind).values():
        if relations is None or field.relation in relations:
            groups.setdefault(field.group, []).append((field.key, field.label))
    return list(groups.items())


def condition_options(kind: Kind | str, relation: str = "") -> Options:
    """The fields on which a condition may stand, what kind of document it is first."""
    options = field_options(kind, {"", relation})
    if model_for(kind).policy_codes is Syncable.policy_codes:
        return options
    return [("Lo usual", [(KIND_OF_DOCUMENT, KIND_OF_DOCUMENT_LABEL)]), *options]


def form_context(correction: Correction, field: RecordField, typed: Mapping[str, str]) -> dict[str, Any]:
    """What the template of the form needs; `typed` are the values of its inputs, by column of the correction."""
    present = present_values(correction, field)
    return {
        "field": field,
        "present": present,
        "modes": _modes(field, present, typed.get("mode", "")),
        "typed": typed,
        "choices": field.choices,
        "offered": _offered(correction, field, present),
        "sources": field_options(correction.kind, {"", field.relation} if field.relation else None),
        "conditions": condition_options(correction.kind, field.relation),
        "placeholder": _PLACEHOLDERS.get(field.field.value_type, ""),
    }


_PLACEHOLDERS = {ValueType.DATE: "dd/mm/aaaa", ValueType.FLAG: "S o N"}


def _modes(field: RecordField, present: list[PresentValue], chosen: str) -> list[dict[str, Any]]:
    """The ways to change it; filling comes first, and is chosen where something is empty."""
    offered = [mode for mode in _Mode if mode is not _Mode.REPLACE_PART or field.is_text]
    usual = _Mode.FILL if not present or present[0].is_empty else _Mode.REPLACE
    return [{"value": mode.value, "label": mode.label, "is_on": mode == (chosen or usual)} for mode in offered]


def _offered(correction: Correction, field: RecordField, present: list[PresentValue]) -> list[tuple[str, str]]:
    """(code, name) of values to choose from while typing."""
    codes = source_codes(correction.company_id) if field.key == "source_code" else []
    here = [(value.typed, "") for value in present if not value.is_empty]
    return list({code: (code, name) for code, name in [*here, *codes]}.values())


def typed_before(correction: Correction) -> dict[str, str]:
    """The values of the inputs as they were saved; nothing chosen where the correction was never previewed."""
    typed = {column: str(getattr(correction, column)) for column in _INPUTS.values()}
    return typed if correction.state != Correction.State.CHOOSING else {**typed, "mode": ""}


def chosen_field(correction: Correction, asked: str | None) -> RecordField | None:
    """The field of the form: the one that was asked for, or that of the correction; None while none is chosen."""
    return field_of(correction.kind, correction.field if asked is None else asked)
