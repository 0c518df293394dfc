"""The rules of each line: what its account asks for, and what its texts and codes may hold (notes, 2.3 and 4)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from integrations.erp.fields.tax_id_rules import number_findings
from integrations.erp.fields.validation import RuleFinding
from integrations.erp.siigo.dialect import SiigoDialect
from integrations.erp.siigo.fields import MOVEMENT
from integrations.erp.siigo.rules.table import EGRESS, READABLE_DIGITS

BEYOND_BASIC_INVOICE = ("asset_group", "asset_code", "aiu_percentage", "aiu_vat_base", "classification_1")
_PRODUCT = ("product_line", "product_group", "product_code")
Accounts = Mapping[str, Mapping[str, str]] | None
"""As in `RuleContext`."""


def line_findings(
    movement: Any, lines: Sequence[Any], dialect: SiigoDialect, accounts: Accounts
) -> Iterator[RuleFinding]:
    """What the lines of a voucher break, by their account, their codes and their texts."""
    is_basic = dialect.settings["basic_invoice"] == "S"
    account_rules = _AccountRules(dialect, accounts)
    for line in lines:
        yield from account_rules.findings(line)
        yield from _codes(line)
        yield from _unwritable_texts(line)
        yield from _check_number(line, movement.voucher_type)
        yield from _beyond_basic(line) if is_basic else ()


class _AccountRules:
    """What accounts ask of their lines, under a connection's settings and the chart as it was read."""

    def __init__(self, dialect: SiigoDialect, accounts: Accounts) -> None:
        self._dialect = dialect
        self._accounts = accounts
        self._with_cross_document = dialect.prefixes("cross_document_accounts")
        self._with_withholding = dialect.prefixes("withholding_accounts")
        self._with_product = dialect.prefixes("inventory_accounts")

    def findings(self, line: Any) -> Iterator[RuleFinding]:
        """What one line lacks that its account asks for."""
        account = self._dialect.account_of(line.account)
        if not account:
            return
        if self._accounts is not None:
            yield from _by_chart(line, account, self._accounts)
        yield from self._by_prefix(line, account)

    def _by_prefix(self, line: Any, account: str) -> Iterator[RuleFinding]:
        has_cross_document = line.cross_document_number or _is_set(line, "cross_document_number")
        if account.startswith(self._with_cross_document) and not has_cross_document:
            message = f"La cuenta {account} es por cobrar o por pagar: escriba el documento cruce y su vencimiento."
            yield RuleFinding("cross_document", "cross_document_number", message, line.position)
        if self._withholds(account) and line.withholding_base is None and not _is_set(line, "withholding_base"):
            message = f"La cuenta {account} es de retención: escriba la base de retención."
            yield RuleFinding("withholding_base", "withholding_base", message, line.position)
        if account.startswith(self._with_product) and not all(_is_set(line, name) for name in _PRODUCT):
            message = f"La cuenta {account} es de inventario: escriba línea, grupo y código del producto."
            yield RuleFinding("product_missing", "product_code", message, line.position)

    def _withholds(self, account: str) -> bool:
        """By its number, or because the chart gives it a percentage."""
        flags = (self._accounts or {}).get(account, {})
        return account.startswith(self._with_withholding) or _is_number(flags.get("withholding_percentage"))


_NEEDED_BY_FLAG = (
    ("third_party", "tax_id", "third_party_missing", "nit", "La cuenta {} maneja terceros: escriba el NIT."),
    (
        "cost_centers",
        "cost_center",
        "cost_center_missing",
        "cost_center",
        "La cuenta {} maneja centro de costo: escríbalo.",
    ),
)
"""Flag of the chart, attribute of the line that it asks for, rule, field, message with the account."""


def _by_chart(line: Any, account: str, accounts: Mapping[str, Mapping[str, str]]) -> Iterator[RuleFinding]:
    """assumed: the flags of a pulled account are S or N, as in the file behind it (notes, 1.4)."""
    flags = accounts.get(account)
    if flags is None:
        message = f"La cuenta {account} no está en el plan de cuentas leído de Siigo. Revísela o lea de nuevo el plan."
        yield RuleFinding("unknown_account", "accounting_account", message, line.position)
        return
    for flag, text, rule, field, message in _NEEDED_BY_FLAG:
        if flags.get(flag) == "S" and not getattr(line, text).strip("0 "):
            yield RuleFinding(rule, field, message.format(account), line.position)


def _codes(line: Any) -> Iterator[RuleFinding]:
    yield from number_findings("nit", line.tax_id, line.position)
    product = "".join(str(line.siigo.get(name, "")) for name in _PRODUCT)
    for name, code in (("nit", line.tax_id), ("product_code", product)):
        if len(code.lstrip("0")) > READABLE_DIGITS:
            yield RuleFinding("code_unreadable", name, unreadable_message(code), line.position)


def _check_number(line: Any, voucher_type: str) -> Iterator[RuleFinding]:
    if voucher_type != EGRESS and _is_set(line, "check_number"):
        message = "El número de cheque solo va en egresos (G). Déjelo en 0."
        yield RuleFinding("check_number", "check_number", message, line.position)


def _is_set(line: Any, name: str) -> bool:
    value = line.siigo.get(name)
    return value is not None and bool(str(value).strip("0. "))


def _is_number(text: str | None) -> bool:
    return bool((text or "").strip("0., "))


def _unwritable_texts(line: Any) -> Iterator[RuleFinding]:
    texts = [("sequence_description", line.description or "")]
    texts += [(name, str(text)) for name, text in line.siigo.items() if name in MOVEMENT.by_spelling]
    for name, text in texts:
        strange = outside_windows_1252(text)
        if strange:
            yield RuleFinding("charset", name, unwritable_message(strange), line.position)


def unwritable_message(letters: str) -> str:
    """The Spanish sentence for letters that Siigo can't store."""
    return f"Siigo no guarda «{letters}». Escríbalo de otra forma."


def unreadable_message(code: str) -> str:
    """The Spanish sentence for a code that no read of Siigo can ask for."""
    return f"«{code}» tiene más de {READABLE_DIGITS} cifras: no se podría consultar en Siigo."


def outside_windows_1252(text: str) -> str:
    """The letters that Siigo's own character set lacks, each once; empty where there are none."""
    if text.isascii():
        return ""
    return "".join(dict.fromkeys(letter for letter in text if not letter.encode("cp1252", "ignore")))


def _beyond_basic(line: Any) -> Iterator[RuleFinding]:
    for name in BEYOND_BASIC_INVOICE:
        if _is_set(line, name):
            label = MOVEMENT.by_spelling[name].label
            yield RuleFinding("basic_invoice", name, f"La factura básica no admite «{label}».", line.position)
