"""What Siigo asks of a whole voucher, beyond its fields."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from integrations.erp.fields.severity import Severity
from integrations.erp.fields.validation import Problem, Severities, in_force, severity_in, version_of
from integrations.erp.siigo.dialect import SiigoDialect
from integrations.erp.siigo.fields import MOVEMENT, PRODUCT, THIRD
from integrations.erp.siigo.rules.context import NOTHING_KNOWN, Ground, Known, Lock
from integrations.erp.siigo.rules.findings import Finding
from integrations.erp.siigo.rules.lines import about_lines
from integrations.erp.siigo.rules.masters import check_master
from integrations.erp.siigo.rules.table import RULES
from integrations.erp.siigo.rules.voucher import about_voucher, imbalance, process_year

__all__ = [
    "RULES",
    "Ground",
    "Known",
    "Lock",
    "check_master",
    "check_movement",
    "imbalance",
    "process_year",
    "rules_version",
    "severities",
    "severity_of",
]

_BY_ID = {rule.id: rule for rule in RULES}


def severities(overrides: Mapping[str, str]) -> dict[str, Severity]:
    """Every rule's severity under a connection's overrides."""
    return in_force(RULES, overrides)


def severity_of(rule_id: str, connection_severities: Mapping[str, str]) -> Severity:
    """Raises: KeyError for a rule that doesn't exist."""
    return in_force((_BY_ID[rule_id],), connection_severities)[rule_id]


@cache
def rules_version() -> str:
    """Changes whenever a rule or a row does."""
    return version_of(RULES, (MOVEMENT, THIRD, PRODUCT))


def check_movement(
    movement: Any,
    lines: Sequence[Any],
    payments: Sequence[Any],  # noqa: ARG001 - one shape for both ERPs
    dialect: SiigoDialect,
    severities: Severities,
    ground: Ground = NOTHING_KNOWN,
) -> list[Problem]:
    """The rules of a voucher as a whole; `check_fields` of each line does its fields. Payments: none here."""
    found = (*about_voucher(movement, lines, dialect, ground), *about_lines(movement, lines, dialect, ground))
    told = (_problem(severities, finding) for finding in found)
    return [problem for problem in told if problem.severity is not Severity.OFF]


def _problem(severities: Severities, finding: Finding) -> Problem:
    label = MOVEMENT.by_spelling[finding.field].label if finding.field else ""
    severity = severity_in(severities, finding.rule)
    return Problem(finding.rule, severity, label, finding.field, finding.message, finding.line)
