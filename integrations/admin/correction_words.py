"""A correction in bulk, and what came of it, in sentences."""

import re
from collections import Counter

from integrations.admin.wording import counted_records
from integrations.models import Correction
from integrations.models.correction import FieldChange
from integrations.payloads.changing import KIND_OF_DOCUMENT, KIND_OF_DOCUMENT_LABEL
from integrations.payloads.record_fields import field_of

_Mode, _State = Correction.Mode, Correction.State
_OWN_DETAILS = re.compile(r" con el número .*?(?=\.$)|, \d\d/\d\d/\d{4},")
"""What differs from document to document in a reason."""


def label_of(kind: str, key: str) -> str:
    """The name of a field, as staff read it; the key of one that is no field any more."""
    if key == KIND_OF_DOCUMENT:
        return KIND_OF_DOCUMENT_LABEL
    field = field_of(kind, key)
    return field.label if field is not None else key


def sentence_of(correction: Correction) -> str:
    """«Llenar «Fuente» con «FV» donde está vacío, cuando «Tipo de comprobante» es «F»»."""
    if not correction.field:
        return "Todavía no se ha dicho qué corregir"
    condition = condition_words(correction)
    return f"{_what(correction)}, {condition}" if condition else _what(correction)


def _what(correction: Correction) -> str:
    field, value, find = f"«{label_of(correction.kind, correction.field)}»", correction.value, correction.find
    source = f"«{label_of(correction.kind, correction.copied_from)}»"
    return {
        _Mode.FILL: f"Llenar {field} con «{value}» donde está vacío",
        _Mode.SET: f"Poner «{value}» en {field}",
        _Mode.REPLACE: f"Reemplazar «{find}» por «{value}» en {field}",
        _Mode.REPLACE_PART: f"Reemplazar la parte «{find}» por «{value}» en {field}",
        _Mode.FILL_COPY: f"Copiar {source} en {field} donde está vacío",
        _Mode.COPY: f"Copiar {source} en {field}",
    }[_Mode(correction.mode)]


def condition_words(written: FieldChange) -> str:
    """«cuando «Comprobante» es «F-1»»; empty without a condition."""
    if not written.condition_field:
        return ""
    label, value = label_of(written.kind, written.condition_field), written.condition_value
    if value == "*":
        return f"cuando «{label}» tiene algún valor"
    verb, value = ("empieza por", value[:-1]) if value.endswith("*") else ("es", value)
    return f"cuando «{label}» {verb} «{value}»"


def rule_sentence(rule: FieldChange) -> str:
    """«llenar «Fuente» con «FV» cuando «Comprobante» es «F-1»»."""
    source = label_of(rule.kind, rule.copied_from)
    what = f"con lo mismo de «{source}»" if rule.copied_from else f"con «{rule.value}»"
    when = condition_words(rule) or "siempre que esté vacío"
    return f"llenar «{label_of(rule.kind, rule.field)}» {what} {when}"


def reasons(texts: list[str]) -> list[tuple[str, int]]:
    """(reason, how many) of why records stay, without what differs from one to the next; the most frequent first."""
    return Counter(_OWN_DETAILS.sub("", text) for text in texts).most_common()


def progress_sentence(correction: Correction, done: int, total: int) -> str:
    """How far the worker is, or how it ended."""
    of_all = f"{done} de {counted_records(correction.kind, total)}"
    return {
        _State.PREPARING: f"Preparando la vista previa: {of_all}",
        _State.APPLYING: f"Corrigiendo: {of_all}",
        _State.UNDOING: f"Deshaciendo: {of_all}",
        _State.DONE: f"Se corrigieron {of_all}.",
        _State.UNDONE: f"Se deshizo en {of_all}.",
        _State.CANCELLED: "Se descartó: no se cambió nada.",
        _State.FAILED: f"Falló. Iba en {of_all}: lo hecho queda, y lo demás sigue como estaba.",
    }.get(_State(correction.state), str(correction.get_state_display()))
