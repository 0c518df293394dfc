"""What SAG asks of a whole document or master, beyond its fields."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from integrations.erp.fields.severity import Severity
from integrations.erp.fields.spec import Catalogue
from integrations.erp.fields.tax_id_rules import TAX_ID_RULES, master_findings, number_findings
from integrations.erp.fields.validation import (
    FIELD_RULES,
    MAPPING_RULES,
    NOTES,
    NUMBER_RULES,
    OFFICIAL,
    Problem,
    Rule,
    RuleFinding,
    Severities,
    problems_of,
    version_of,
)
from integrations.erp.sag import fields as sag
from integrations.erp.sag import legacy_document
from integrations.erp.sag.dialect import SagDialect
from integrations.erp.sag.fields.third_party import NEW_NUMBER
from integrations.erp.sag.outgoing_document import OutgoingDocument, SourceFlags
from integrations.erp.sag.rules.by_kind import KIND_RULES, kind_findings
from integrations.erp.sag.rules.money import MONEY_RULES, document_total, imbalance, money_findings
from integrations.erp.sag.rules.sources import SOURCE_RULES, rival_rule, source_findings

__all__ = [
    "RULES",
    "check_legacy",
    "check_master",
    "check_movement",
    "document_total",
    "imbalance",
    "rival_rule",
    "rules_version",
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
        NOTES,
        "El tipo 2 antiguo no tiene dónde llevarlo: el documento sale sin ese dato.",
    ),
    Rule("empty", "El documento no tiene líneas", Severity.WARN, NOTES, "Un documento sin líneas entra vacío en SAG."),
    Rule(
        "mixed_lines",
        "El documento mezcla artículos y cuentas",
        Severity.WARN,
        NOTES,
        "SAG contabiliza por artículos o por cuentas; mezclados, parte puede perderse.",
    ),
    Rule(
        "uncommitted",
        "El documento pide no grabarse en firme",
        Severity.WARN,
        OFFICIAL,
        "Con ese dato SAG responde que recibió el documento, y puede no grabarlo.",
    ),
    *TAX_ID_RULES,
)
_CATALOGUES = (
    sag.CLIENT,
    sag.THIRD_PARTY,
    sag.ARTICLE,
    sag.MOVEMENT,
    sag.MOVEMENT_LINE,
    sag.OTHER_DATA,
    sag.PAYMENT,
)


@cache
def rules_version() -> str:
    """Changes whenever a rule or a row of the catalogues does."""
    return version_of(RULES, _CATALOGUES)


def check_movement(
    movement: Any,
    lines: Sequence[Any],
    payments: Sequence[Any],
    dialect: SagDialect,
    severities: Severities,
    *,
    flags: SourceFlags | None = None,
    sources_read: bool = False,
) -> list[Problem]:
    """The rules of a document as a whole; its fields are `check_fields` of header, lines and payments.

    `flags` are what FUENTES says of its fuente; `sources_read` whether the fuentes were ever pulled.
    """
    document = OutgoingDocument(movement, lines, payments, dialect, flags or {})
    findings = (
        *_document_findings(document),
        *money_findings(document),
        *kind_findings(document),
        *source_findings(document, sources_read=sources_read),
    )
    return problems_of(findings, severities, sag.MOVEMENT, sag.MOVEMENT_LINE)


def _document_findings(document: OutgoingDocument) -> Iterator[RuleFinding]:
    yield from _kinds_of_lines_findings(document)
    yield from number_findings("Nit", document.movement.tax_id)
    for line in document.lines:
        yield from number_findings("NitTercero", line.tax_id, line.position)
    if document.header("RealizarCommit") == "N":
        message = "Pide no grabarse en firme: quedará por confirmar hasta verlo en SAG."
        yield RuleFinding("uncommitted", "RealizarCommit", message)


def _kinds_of_lines_findings(document: OutgoingDocument) -> Iterator[RuleFinding]:
    if not document.lines:
        yield RuleFinding("empty", "", "El documento no tiene líneas.")
    if document.articles and not document.movement.tax_id:
        yield RuleFinding("required", "Nit", "Falta el NIT del cliente o proveedor: el documento tiene artículos.")
    if document.articles and document.entries:
        message = "Unas líneas tienen artículo y otras solo cuenta contable. Revise si es así."
        yield RuleFinding("mixed_lines", "", message)


def check_legacy(
    header: Mapping[str, str], lines: Sequence[Mapping[str, str]], severities: Severities
) -> list[Problem]:
    """What a document in the older vocabulary would leave behind: attributes under the printed names."""
    message = "Este dato no existe en el vocabulario antiguo del tipo 2: no saldrá. Use otro tipo para enviarlo."
    unsendable = legacy_document.unsendable(header, lines)
    findings = (RuleFinding("legacy_unsent", name, message, line) for name, line in unsendable)
    return problems_of(findings, severities, sag.MOVEMENT, sag.MOVEMENT_LINE)


def check_master(record: Any, severities: Severities, catalogue: Catalogue = sag.CLIENT) -> list[Problem]:
    """The rules of a client or third party as a whole, by its fields in `catalogue`. Articles have none."""
    if not hasattr(record, "check_digit"):
        return []
    key = next(row.name for row in catalogue if row.source == "tax_id")
    findings = [
        *master_findings(key, "digitoVerificacion", record),
        *number_findings(NEW_NUMBER, str(record.sag.get(NEW_NUMBER, ""))),
    ]
    return problems_of(findings, severities, catalogue)
