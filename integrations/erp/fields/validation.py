"""The local checks: what is wrong with a record before it leaves, in words for staff.

A *rule* has an id, a Spanish title and a default severity; a connection may set another. The rules that any
field may break are here, those of documents in `siigo.rules` and `sag.rules`.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from integrations.erp.fields.dialect import Dialect
from integrations.erp.fields.parsing import FieldError, is_blank
from integrations.erp.fields.severity import Severity
from integrations.erp.fields.spec import Catalogue, Field, Form
from integrations.erp.fields.values import WireValue, current, held_rows, wire_value


@dataclass(frozen=True, slots=True)
class Rule:
    """`origin` says who makes the rule, in Spanish: the official text, or what is known beyond it.

    `why` is one Spanish sentence for staff: what goes wrong where the rule is broken.
    """

    id: str
    title: str
    severity: Severity
    origin: str
    why: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One broken rule. `line` is the position in the document; None: its header, or a master."""

    rule: str
    severity: Severity
    field_label: str
    field_name: str
    message: str
    line: int | None = None
    value: str = ""

    @property
    def blocks(self) -> bool:
        return self.severity is Severity.BLOCK


OFFICIAL = "texto oficial"
KNOWN = "lo que se sabe más allá del texto oficial"

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
        KNOWN,
        "El texto oficial no lo exige, pero los documentos sin ese dato suelen volver rechazados.",
    ),
    Rule(
        "width",
        "El valor es más ancho de lo que cabe, o de otra forma",
        Severity.WARN,
        KNOWN,
        "El ERP recorta o rechaza lo que no cabe en el campo.",
    ),
    Rule(
        "habit",
        "El valor se sale de lo que el ERP suele aceptar",
        Severity.WARN,
        KNOWN,
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
        KNOWN,
        "Con el mismo número el ERP lo rechaza por repetido o escribe uno sobre el otro.",
    ),
    Rule(
        "number_shared",
        "Un movimiento de otro tercero tiene ese número",
        Severity.WARN,
        KNOWN,
        "Puede ser una coincidencia, o el mismo documento registrado dos veces.",
    ),
)
"""Rules over several records (`settled.md`: two published examples share a number)."""

Severities = Mapping[str, Severity]
"""Rule id → severity in force, every rule of an ERP (`in_force`)."""


def in_force(rules: Iterable[Rule], overrides: Mapping[str, str]) -> dict[str, Severity]:
    """The default severities with those of a connection over them; what makes no sense is passed over."""
    known = {severity.value for severity in Severity}
    return {
        rule.id: Severity(overrides[rule.id]) if overrides.get(rule.id) in known else rule.severity for rule in rules
    }


def problems_in_force(found: Iterable[Problem]) -> list[Problem]:
    """Without those whose rule is off."""
    return [problem for problem in found if problem.severity is not Severity.OFF]


def severity_in(severities: Severities, rule: str) -> Severity:
    """A rule that nobody listed blocks: better a question than a wrong document."""
    return severities.get(rule, Severity.BLOCK)


def check_fields(
    catalogue: Catalogue,
    record: Any,
    dialect: Dialect,
    severities: Severities,
    line: int | None = None,
    *,
    updating: bool = False,
) -> list[Problem]:
    """Every field of a record against its row: obligations, kind, width, range and choices.

    `updating` lifts the obligations that only a creation has.
    """
    missing = _missing(catalogue, record, dialect, updating=updating)
    broken = _broken(catalogue, record, dialect)
    return problems_in_force(
        Problem(rule, severity_in(severities, rule), row.label, row.name, message, line, value)
        for rule, row, message, value in (*missing, *broken, *_unmapped(catalogue, record, dialect))
    )


_Finding = tuple[str, Field, str, str]


def _missing(catalogue: Catalogue, record: Any, dialect: Dialect, *, updating: bool) -> Iterator[_Finding]:
    for row in catalogue.obligatory:
        if row.required is None or (updating and row.optional_on_update) or not row.required(record):
            continue
        try:
            value = wire_value(row, record, dialect)
        except FieldError:
            continue  # there is a value, and `_broken` says what is wrong with it
        if is_blank(value):
            yield row.required_rule, row, f"Falta «{row.label}».{_example(row)}", ""


def _unmapped(catalogue: Catalogue, record: Any, dialect: Dialect) -> Iterator[_Finding]:
    for row, code in waiting_codes(catalogue, record, dialect):
        message = f"«{row.label}» {code} no está homologado. Escriba su código del ERP en Sin homologar."
        yield "unmapped", row, message, code


def waiting_codes(catalogue: Catalogue, record: Any, dialect: Dialect) -> Iterator[tuple[Field, str]]:
    """(row, our code) for each code that the connection requires to be mapped and nobody mapped."""
    for row in catalogue.coded:
        if dialect.requires(row.coded):
            code = str(current(row, record) or "").strip()
            if code and code not in dialect.codes.get(row.coded, {}):
                yield row, code


def _broken(catalogue: Catalogue, record: Any, dialect: Dialect) -> Iterator[_Finding]:
    for row, held in held_rows(catalogue, record):
        if is_blank(held):
            continue
        try:
            value = wire_value(row, record, dialect)
        except FieldError as error:
            yield "unsendable", row, str(error), str(held)
            continue
        if value is None:
            continue
        message = first_fault(row, value)
        if message:
            yield row.width_rule, row, message, str(value)


def first_fault(row: Field, value: WireValue) -> str:
    """What a wire value breaks of its row's width, range, choices or pattern; empty where nothing."""
    shown = f"{value:f}" if isinstance(value, Decimal) else str(value)
    if row.form is Form.TEXT and row.length is not None and len(shown) > row.length:
        return f"El texto tiene {len(shown)} caracteres y caben {row.length}.{_example(row)}"
    if row.form in (Form.INTEGER, Form.DECIMAL) or row.digits_only:
        fault = _number_fault(row, shown)
        if fault:
            return fault
    if row.allowed and shown not in row.allowed:
        return f"«{shown}» no es uno de estos: {', '.join(row.allowed)}."
    if row.pattern is not None and not re.fullmatch(row.pattern, shown, re.DOTALL):
        return f"«{shown}» no tiene la forma esperada.{_example(row)}"
    return ""


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
    told = [repr(rule) for rule in rules]
    told += [_facts(row) for catalogue in catalogues for row in catalogue]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


def _facts(row: Field) -> str:
    facts = ((each.name, getattr(row, each.name)) for each in fields(row))
    # A function's repr is its address: its name is what stays from run to run.
    return repr([(name, getattr(fact, "__qualname__", fact)) for name, fact in facts])
