"""What SAG asks of a whole document or master, beyond its fields."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from integrations.erp.fields.severity import Severity
from integrations.erp.fields.validation import (
    FIELD_RULES,
    KNOWN,
    MAPPING_RULES,
    NUMBER_RULES,
    OFFICIAL,
    Problem,
    Rule,
    Severities,
    in_force,
    problems_in_force,
    severity_in,
    version_of,
)
from integrations.erp.sag import fields as sag
from integrations.erp.sag import legacy_document
from integrations.erp.sag.dialect import SagDialect
from integrations.erp.sag.rules.by_kind import KIND_RULES, about_kind
from integrations.erp.sag.rules.findings import Finding
from integrations.erp.sag.rules.money import MONEY_RULES, about_money, document_total, imbalance
from integrations.erp.sag.rules.sources import SOURCE_RULES, about_source, rival_rule
from integrations.erp.sag.written_document import Document, Flags
from integrations.erp.tax_ids import check_digit_of

__all__ = [
    "RULES",
    "check_legacy",
    "check_master",
    "check_movement",
    "document_total",
    "imbalance",
    "rival_rule",
    "rules_version",
    "severities",
    "severity_of",
]

RULES = (
    *FIELD_RULES,
    *NUMBER_RULES,
    *MAPPING_RULES,
    *MONEY_RULES,
    *KIND_RULES,
    *SOURCE_RULES,
    Rule(
        "legacy_unsent",
        "Un dato no existe en el vocabulario antiguo",
        Severity.WARN,
        KNOWN,
        "El tipo 2 antiguo no tiene dónde llevarlo: el documento sale sin ese dato.",
    ),
    Rule("empty", "El documento no tiene líneas", Severity.WARN, KNOWN, "Un documento sin líneas entra vacío en SAG."),
    Rule(
        "mixed_lines",
        "El documento mezcla artículos y cuentas",
        Severity.WARN,
        KNOWN,
        "SAG contabiliza por artículos o por cuentas; mezclados, parte puede perderse.",
    ),
    Rule(
        "uncommitted",
        "El documento pide no grabarse en firme",
        Severity.WARN,
        OFFICIAL,
        "Con ese dato SAG responde que recibió el documento, y puede no grabarlo.",
    ),
    Rule(
        "check_digit",
        "El dígito de verificación no es el del NIT",
        Severity.WARN,
        KNOWN,
        "Suele ser un NIT mal escrito, y el tercero quedaría creado con otro número.",
    ),
)
_BY_ID = {rule.id: rule for rule in RULES}
_CATALOGUES = (
    sag.CLIENT,
    sag.THIRD_PARTY,
    sag.ARTICLE,
    sag.MOVEMENT,
    sag.MOVEMENT_LINE,
    sag.OTHER_DATA,
    sag.PAYMENT,
)


def severities(overrides: Mapping[str, str]) -> dict[str, Severity]:
    """Every rule's severity under a connection's overrides."""
    return in_force(RULES, overrides)


def severity_of(rule_id: str, connection_severities: Mapping[str, str]) -> Severity:
    """Raises: KeyError for a rule that doesn't exist."""
    return in_force((_BY_ID[rule_id],), connection_severities)[rule_id]


@cache
def rules_version() -> str:
    """Changes whenever a rule or a row does."""
    return version_of(RULES, _CATALOGUES)


def check_movement(
    movement: Any,
    lines: Sequence[Any],
    payments: Sequence[Any],
    dialect: SagDialect,
    severities: Severities,
    *,
    flags: Flags | None = None,
    sources_read: bool = False,
) -> list[Problem]:
    """The rules of a document as a whole; its fields are `check_fields` of header, lines and payments.

    `flags` are what FUENTES says of its fuente; `sources_read` whether the fuentes were ever pulled.
    """
    document = Document(movement, lines, payments, dialect, flags or {})
    found = (
        *_about_document(document),
        *about_money(document),
        *about_kind(document),
        *about_source(document, sources_read=sources_read),
    )
    return problems_in_force(_problem(finding, severities) for finding in found)


def _problem(finding: Finding, severities: Severities) -> Problem:
    catalogue = sag.MOVEMENT if finding.line is None else sag.MOVEMENT_LINE
    label = catalogue.by_spelling[finding.name].label if finding.name else ""
    severity = severity_in(severities, finding.rule)
    return Problem(finding.rule, severity, label, finding.name, finding.message, finding.line)


def _about_document(document: Document) -> Iterator[Finding]:
    if not document.lines:
        yield Finding("empty", "", "El documento no tiene líneas.")
    if document.articles and not document.movement.tax_id:
        yield Finding("required", "Nit", "Falta el NIT del cliente o proveedor: el documento tiene artículos.")
    if document.articles and document.entries:
        said = "Unas líneas tienen artículo y otras solo cuenta contable. Revise si es así."
        yield Finding("mixed_lines", "", said)
    if document.header("RealizarCommit") == "N":
        message = "Pide no grabarse en firme: quedará por confirmar hasta verlo en SAG."
        yield Finding("uncommitted", "RealizarCommit", message)


def check_legacy(
    header: Mapping[str, str], lines: Sequence[Mapping[str, str]], severities: Severities
) -> list[Problem]:
    """What a document in the older vocabulary would leave behind: attributes under the printed names."""
    said = "Este dato no existe en el vocabulario antiguo del tipo 2: no saldrá. Use otro tipo para enviarlo."
    left = (Finding("legacy_unsent", name, said, line) for name, line in legacy_document.unsendable(header, lines))
    return problems_in_force(_problem(finding, severities) for finding in left)


def check_master(record: Any, severities: Severities) -> list[Problem]:
    """The rules of a client or third party as a whole. Articles have none."""
    given = getattr(record, "check_digit", "")
    if not given or given == check_digit_of(record.tax_id):
        return []
    expected = check_digit_of(record.tax_id) or "ninguno"
    message = f"El dígito de verificación de {record.tax_id} es {expected}, no {given}."
    severity = severity_in(severities, "check_digit")
    label = sag.CLIENT.by_spelling["digitoVerificacion"].label
    return problems_in_force([Problem("check_digit", severity, label, "digitoVerificacion", message, value=given)])
