"""The local checks: what is wrong with a record before it leaves, in words for staff.

A *rule* has an id, a Spanish title and a default severity; a connection may set another. The rules that any
field may break are here, those of documents in `siigo.rules` and `sag.rules`.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any, NamedTuple

from integrations.erp.fields.dialect import Dialect
from integrations.erp.fields.parsing import FieldError, is_blank
from integrations.erp.fields.severity import Severity
from integrations.erp.fields.spec import Catalogue, Field, ValueType
from integrations.erp.fields.values import WireValue, stored_value, stored_values, wire_value


@dataclass(frozen=True, slots=True)
class Rule:
    """What the local checks look at, and what breaking it does by default.

    `origin` says who makes the rule, in Spanish: the official text, or what is known beyond it. `why` is one Spanish
    sentence for staff: what goes wrong where the rule is broken.
    """

    id: str
    title: str
    severity: Severity
    origin: str
    why: str


class RuleFinding(NamedTuple):
    """A broken rule, before a connection's severity says how much it matters.

    `field` is a wire name, or empty where the rule is about the whole record. `line` and `value` as in `Problem`.
    """

    rule: str
    field: str
    message: str
    line: int | None = None
    value: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One broken rule as staff see it. `line` is the position in the document; None: its header, or a master."""

    rule: str
    severity: Severity
    field_label: str
    field_name: str
    message: str
    line: int | None = None
    value: str = ""

    @property
    def blocks(self) -> bool:
        """Whether it keeps the record from being sent."""
        return self.severity is Severity.BLOCK


OFFICIAL = "texto oficial"
NOTES = "lo que se sabe más allá del texto oficial"

FIELD_RULES = (
    Rule(
        "required",
        "Falta un dato obligatorio",
        Severity.BLOCK,
        OFFICIAL,
        "Sin ese dato el ERP no puede contabilizar el documento y lo devuelve.",
    ),
    Rule(
        "unsendable",
        "El valor no se puede escribir en el formato",
        Severity.BLOCK,
        OFFICIAL,
        "El ERP espera un número, una fecha o una S o N, y lo escrito no lo es.",
    ),
    Rule(
        "value",
        "El valor no es de los que el ERP permite",
        Severity.BLOCK,
        OFFICIAL,
        "El ERP solo acepta las opciones de su propia lista.",
    ),
    Rule(
        "recommended",
        "Falta un dato que el ERP suele exigir",
        Severity.WARN,
        NOTES,
        "El texto oficial no lo exige, pero los documentos sin ese dato suelen volver rechazados.",
    ),
    Rule(
        "width",
        "El valor es más ancho de lo que cabe, o de otra forma",
        Severity.WARN,
        NOTES,
        "El ERP recorta o rechaza lo que no cabe en el campo.",
    ),
    Rule(
        "habit",
        "El valor se sale de lo que el ERP suele aceptar",
        Severity.WARN,
        NOTES,
        "Es un valor posible, pero poco común: conviene mirarlo antes de enviar.",
    ),
)

MAPPING_RULES = (
    Rule(
        "unmapped",
        "Un código no está homologado y la conexión lo exige",
        Severity.BLOCK,
        "decisión de la conexión",
        "El código nuestro no es el del ERP: si sale sin traducir, se contabiliza en otra parte o se rechaza.",
    ),
)

NUMBER_RULES = (
    Rule(
        "number_taken",
        "Otro movimiento ya tiene ese número",
        Severity.BLOCK,
        NOTES,
        "Con el mismo número el ERP lo rechaza por repetido o escribe uno sobre el otro.",
    ),
    Rule(
        "number_shared",
        "Un movimiento de otro tercero tiene ese número",
        Severity.WARN,
        NOTES,
        "Puede ser una coincidencia, o el mismo documento registrado dos veces.",
    ),
)
"""Rules over several records (`settled.md`: two published examples share a number)."""

Severities = Mapping[str, Severity]
"""Rule id → severity in force, for every rule of an ERP (`severities_in_force`)."""


def severities_in_force(rules: Iterable[Rule], overrides: Mapping[str, str]) -> dict[str, Severity]:
    """The default severities with a connection's own over them; an override that is no severity is ignored."""
    valid = {severity.value for severity in Severity}
    return {
        rule.id: Severity(overrides[rule.id]) if overrides.get(rule.id) in valid else rule.severity for rule in rules
    }


def problems_of(
    findings: Iterable[RuleFinding],
    severities: Severities,
    catalogue: Catalogue,
    line_catalogue: Catalogue | None = None,
) -> list[Problem]:
    """The findings whose rule is not off, with severity and label.

    `catalogue` has the fields of the record, `line_catalogue` those of its lines where they are others. A rule
    without a severity blocks: better a question than a wrong document.
    """
    problems = []
    for finding in findings:
        severity = severities.get(finding.rule, Severity.BLOCK)
        if severity is not Severity.OFF:
            fields = catalogue if finding.line is None or line_catalogue is None else line_catalogue
            label = fields.by_spelling[finding.field].label if finding.field else ""
            problems.append(
                Problem(finding.rule, severity, label, finding.field, finding.message, finding.line, finding.value)
            )
    return problems


def check_fields(
    catalogue: Catalogue,
    record: Any,
    dialect: Dialect,
    severities: Severities,
    line: int | None = None,
    *,
    updating: bool = False,
) -> list[Problem]:
    """Every field of a record against its row: obligations, kind, width, range, choices and required mappings.

    `line` is the record's position where it is a line; `updating` lifts the obligations that only a creation has.
    """
    findings = (
        *_missing(catalogue, record, dialect, updating=updating),
        *_wrong_values(catalogue, record, dialect),
        *_unmapped_codes(catalogue, record, dialect),
    )
    return problems_of((finding._replace(line=line) for finding in findings), severities, catalogue)


def _missing(catalogue: Catalogue, record: Any, dialect: Dialect, *, updating: bool) -> Iterator[RuleFinding]:
    for row in catalogue.obligatory:
        if row.required is None or (updating and row.optional_on_update) or not row.required(record):
            continue
        try:
            value = wire_value(row, record, dialect)
        except FieldError:
            continue  # there is a value, and `_wrong_values` says what is wrong with it
        if is_blank(value):
            yield RuleFinding(row.required_rule, row.name, f"Falta «{row.label}».{_example(row)}")


def _unmapped_codes(catalogue: Catalogue, record: Any, dialect: Dialect) -> Iterator[RuleFinding]:
    for row, code in unmapped_codes(catalogue, record, dialect):
        message = f"«{row.label}» {code} no está homologado. Escriba su código del ERP en Sin homologar."
        yield RuleFinding("unmapped", row.name, message, value=code)


def unmapped_codes(catalogue: Catalogue, record: Any, dialect: Dialect) -> Iterator[tuple[Field, str]]:
    """(row, our code) for each code that the connection requires to be mapped and nobody mapped."""
    for row in catalogue.coded:
        if dialect.requires(row.coded):
            code = str(stored_value(row, record) or "").strip()
            if code and code not in dialect.codes.get(row.coded, {}):
                yield row, code


def _wrong_values(catalogue: Catalogue, record: Any, dialect: Dialect) -> Iterator[RuleFinding]:
    for row, stored in stored_values(catalogue, record):
        if is_blank(stored):
            continue
        try:
            value = wire_value(row, record, dialect)
        except FieldError as error:
            yield RuleFinding("unsendable", row.name, str(error), value=str(stored))
            continue
        message = "" if value is None else first_fault(row, value)
        if message:
            yield RuleFinding(row.width_rule, row.name, message, value=str(value))


def first_fault(row: Field, value: WireValue) -> str:
    """What a wire value breaks of its row's width, range, choices or pattern; empty where nothing."""
    shown = f"{value:f}" if isinstance(value, Decimal) else str(value)
    if row.value_type is ValueType.TEXT and row.length is not None and len(shown) > row.length:
        return f"El texto tiene {len(shown)} caracteres y caben {row.length}.{_example(row)}"
    is_number = row.value_type in (ValueType.INTEGER, ValueType.DECIMAL) or row.digits_only
    if is_number and (fault := _number_fault(row, shown)):
        return fault
    if row.allowed and shown not in row.allowed:
        return f"«{shown}» no es uno de estos: {', '.join(row.allowed)}."
    has_form = row.pattern is None or re.fullmatch(row.pattern, shown, re.DOTALL)
    return "" if has_form else f"«{shown}» no tiene la forma esperada.{_example(row)}"


def _number_fault(row: Field, shown: str) -> str:
    whole, _point, decimals = shown.lstrip("-").partition(".")
    number = Decimal(shown)
    if row.digits is not None and len(whole.lstrip("0")) > row.digits:
        return f"«{shown}» tiene más de {row.digits} cifras enteras."
    if row.decimals is not None and len(decimals.rstrip("0")) > row.decimals:
        return f"«{shown}» tiene más de {row.decimals} decimales."
    if row.minimum is not None and number < Decimal(row.minimum):
        return f"«{shown}» es menor que {row.minimum}, lo mínimo."
    if row.maximum is not None and number > Decimal(row.maximum):
        return f"«{shown}» es mayor que {row.maximum}, lo máximo."
    return ""


def _example(row: Field) -> str:
    return f" Escriba, por ejemplo, {row.sample}." if row.sample else ""


def version_of(rules: Iterable[Rule], catalogues: Iterable[Catalogue]) -> str:
    """A short hash of all that the local checks depend on: a stored verdict of another one is stale."""
    lines = [repr(rule) for rule in rules]
    lines += [_field_repr(row) for catalogue in catalogues for row in catalogue]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def _field_repr(row: Field) -> str:
    attributes = ((each.name, getattr(row, each.name)) for each in fields(row))
    # A function's repr is its address: its name is what stays from run to run.
    return repr([(name, getattr(value, "__qualname__", value)) for name, value in attributes])
