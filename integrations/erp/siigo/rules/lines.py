"""The rules of each line: what its account asks for, and what its texts and codes may hold (notes, 2.3 and 4)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from integrations.erp.siigo.dialect import SiigoDialect
from integrations.erp.siigo.fields import MOVEMENT
from integrations.erp.siigo.rules.context import Ground
from integrations.erp.siigo.rules.findings import Finding
from integrations.erp.siigo.rules.table import EGRESS, READABLE_DIGITS
from integrations.erp.tax_ids import check_digit_of

BEYOND_BASIC_INVOICE = ("asset_group", "asset_code", "aiu_percentage", "aiu_vat_base", "classification_1")
_BARE_NIT_DIGITS = 9
_NOT_HANDLED: Mapping[str, str] = {}
_PRODUCT = ("product_line", "product_group", "product_code")


def about_lines(movement: Any, lines: Sequence[Any], dialect: SiigoDialect, ground: Ground) -> Iterator[Finding]:
    basic = dialect.settings["basic_invoice"] == "S"
    asks = _Asks(dialect, ground)
    for line in lines:
        yield from _account(line, asks)
        yield from _codes(line)
        for name, text in _texts(line):
            strange = outside_windows_1252(text)
            if strange:
                message = f"Siigo no guarda «{strange}». Escríbalo de otra forma."
                yield Finding("charset", name, message, line.position)
        if movement.voucher_type != EGRESS and _is_set(line, "check_number"):
            message = "El número de cheque solo va en egresos (G). Déjelo en 0."
            yield Finding("check_number", "check_number", message, line.position)
        if basic:
            yield from _beyond_basic(line)


class _Asks:
    """What accounts ask for, under a connection's settings and the chart as it was read."""

    def __init__(self, dialect: SiigoDialect, ground: Ground) -> None:
        self.of = dialect.account_of
        self.chart = ground.accounts
        self.crossed = dialect.prefixes("cross_document_accounts")
        self.withheld = dialect.prefixes("withholding_accounts")
        self.stocked = dialect.prefixes("inventory_accounts")

    def flags(self, account: str) -> Mapping[str, str]:
        return _NOT_HANDLED if self.chart is None else self.chart.get(account, _NOT_HANDLED)


def _account(line: Any, asks: _Asks) -> Iterator[Finding]:
    account = asks.of(line.account)
    if not account:
        return
    if asks.chart is not None:
        yield from _flagged(line, account, asks)
    if account.startswith(asks.crossed) and not (line.cross_document_number or _is_set(line, "cross_document_number")):
        message = f"La cuenta {account} es por cobrar o por pagar: escriba el documento cruce y su vencimiento."
        yield Finding("cross_document", "cross_document_number", message, line.position)
    withholds = account.startswith(asks.withheld) or _is_number(asks.flags(account).get("withholding_percentage"))
    if withholds and line.withholding_base is None and not _is_set(line, "withholding_base"):
        message = f"La cuenta {account} es de retención: escriba la base de retención."
        yield Finding("withholding_base", "withholding_base", message, line.position)
    if account.startswith(asks.stocked) and not all(_is_set(line, name) for name in _PRODUCT):
        message = f"La cuenta {account} es de inventario: escriba línea, grupo y código del producto."
        yield Finding("product_missing", "product_code", message, line.position)


def _flagged(line: Any, account: str, asks: _Asks) -> Iterator[Finding]:
    """assumed: the flags of a pulled account are S or N, as in the file behind it (notes, 1.4)."""
    if account not in (asks.chart or ()):
        message = f"La cuenta {account} no está en el plan de cuentas leído de Siigo. Revísela o lea de nuevo el plan."
        yield Finding("unknown_account", "accounting_account", message, line.position)
        return
    flags = asks.flags(account)
    if flags.get("third_party") == "S" and not line.tax_id.strip("0 "):
        message = f"La cuenta {account} maneja terceros: escriba el NIT."
        yield Finding("third_party_missing", "nit", message, line.position)
    if flags.get("cost_centers") == "S" and not line.cost_center.strip("0 "):
        message = f"La cuenta {account} maneja centro de costo: escríbalo."
        yield Finding("cost_center_missing", "cost_center", message, line.position)


def _codes(line: Any) -> Iterator[Finding]:
    nit = line.tax_id
    if carries_check_digit(nit):
        message = f"«{nit}» parece llevar el dígito de verificación. En Siigo va sin él: {nit[:-1]}."
        yield Finding("nit_with_check_digit", "nit", message, line.position)
    product = "".join(str(line.siigo.get(name, "")) for name in _PRODUCT)
    for name, code in (("nit", nit), ("product_code", product)):
        if len(code.lstrip("0")) > READABLE_DIGITS:
            message = f"«{code}» tiene más de {READABLE_DIGITS} cifras: no se podría consultar en Siigo."
            yield Finding("code_unreadable", name, message, line.position)


def carries_check_digit(tax_id: str) -> bool:
    """Whether ten digits look like a company's NIT of nine, which begins with 8 or 9, and its check digit.

    Only a likelihood: one in ten cédulas of that form passes by chance, so the rule warns.
    """
    return (
        len(tax_id) == _BARE_NIT_DIGITS + 1
        and tax_id[0] in "89"
        and tax_id[-1] == check_digit_of(tax_id[:_BARE_NIT_DIGITS])
    )


def _is_set(line: Any, name: str) -> bool:
    value = line.siigo.get(name)
    return value is not None and bool(str(value).strip("0. "))


def _is_number(text: str | None) -> bool:
    return bool((text or "").strip("0., "))


def _texts(line: Any) -> Iterable[tuple[str, str]]:
    yield "sequence_description", line.description or ""
    yield from ((name, str(text)) for name, text in line.siigo.items() if name in MOVEMENT.by_spelling)


def outside_windows_1252(text: str) -> str:
    """The letters that Siigo's own character set lacks, each once; empty where there are none."""
    if text.isascii():
        return ""
    return "".join(dict.fromkeys(letter for letter in text if not letter.encode("cp1252", "ignore")))


def _beyond_basic(line: Any) -> Iterator[Finding]:
    for name in BEYOND_BASIC_INVOICE:
        if _is_set(line, name):
            label = MOVEMENT.by_spelling[name].label
            yield Finding("basic_invoice", name, f"La factura básica no admite «{label}».", line.position)
