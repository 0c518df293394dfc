"""What Siigo asks of a whole voucher or master, beyond its fields."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from integrations.erp.fields.validation import Problem, Severities, problems_of, version_of
from integrations.erp.siigo.dialect import SiigoDialect
from integrations.erp.siigo.fields import MOVEMENT, PRODUCT, THIRD
from integrations.erp.siigo.rules.context import ClosedPeriod, RuleContext
from integrations.erp.siigo.rules.lines import line_findings
from integrations.erp.siigo.rules.masters import check_master
from integrations.erp.siigo.rules.table import RULES
from integrations.erp.siigo.rules.voucher import imbalance, process_year, voucher_findings

__all__ = [
    "RULES",
    "ClosedPeriod",
    "RuleContext",
    "check_master",
    "check_movement",
    "imbalance",
    "process_year",
    "rules_version",
]


@cache
def rules_version() -> str:
    """Changes whenever a rule or a row of the catalogues does."""
    return version_of(RULES, (MOVEMENT, THIRD, PRODUCT))


def check_movement(
    movement: Any,
    lines: Sequence[Any],
    dialect: SiigoDialect,
    severities: Severities,
    context: RuleContext = RuleContext(),  # noqa: B008 - frozen
) -> list[Problem]:
    """The rules of a voucher as a whole; `check_fields` of each line does its fields."""
    of_voucher = voucher_findings(movement, lines, dialect, context.closed_periods)
    of_lines = line_findings(movement, lines, dialect, context.accounts)
    return problems_of((*of_voucher, *of_lines), severities, MOVEMENT)
