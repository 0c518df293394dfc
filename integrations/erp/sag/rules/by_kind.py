"""What each kind of document demands of itself, beyond its fields and its fuente."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from integrations.erp.fields.severity import Severity
from integrations.erp.fields.validation import KNOWN, OFFICIAL, Rule
from integrations.erp.sag import document_kinds
from integrations.erp.sag.rules.findings import Finding
from integrations.erp.sag.written_document import Document

Look = Callable[[Document], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Demand:
    """A rule with how it is looked for. `kinds` empty: of any document."""

    rule: Rule
    look: Look
    kinds: frozenset[str] = frozenset()


def _bank_account(document: Document) -> Iterator[Finding]:
    if not document.header("CodigoCuentaBanco"):
        said = "Falta la cuenta del banco: los recibos de caja, egresos y anticipos la llevan. Escriba su código."
        yield Finding("bank_account", "CodigoCuentaBanco", said)


def _stray_bank_account(document: Document) -> Iterator[Finding]:
    kind = document_kinds.kind_of(document)
    is_stray = (
        document_kinds.is_told_by_source(document) and kind is not None and kind.id not in document_kinds.BANK_KINDS
    )
    if is_stray and document.header("CodigoCuentaBanco"):
        said = "La cuenta del banco es solo de recibos de caja y egresos. Quítela o revise la fuente."
        yield Finding("stray_bank_account", "CodigoCuentaBanco", said)


def _both_warehouses(document: Document) -> Iterator[Finding]:
    for line in document.articles:
        if not document.line("BodegaOrigen", line) and not document.line("BodegaDestino", line):
            said = "El traslado necesita la bodega de origen y la de destino. Escríbalas en la línea."
            yield Finding("transfer_warehouses", "BodegaOrigen", said, line.position)


def _two_warehouses(document: Document) -> Iterator[Finding]:
    for line in document.articles:
        origin = document.line("BodegaOrigen", line)
        if origin and origin == document.line("BodegaDestino", line):
            said = f"La bodega de origen y la de destino son la misma, {origin}. Cambie una de las dos."
            yield Finding("same_warehouse", "BodegaDestino", said, line.position)


def _only_accounts(document: Document) -> Iterator[Finding]:
    if document_kinds.is_told_by_source(document):
        for line in document.articles:
            said = "La fuente es de movimientos contables y la línea tiene un artículo. Quítelo o revise la fuente."
            yield Finding("article_in_entry", "CodigoArticulo", said, line.position)


def _return_cause(document: Document) -> Iterator[Finding]:
    if not document.header("CausalDevolucion") and not document.any_line("CodigoCausal"):
        said = "Falta la causal de la devolución. Escríbala en el encabezado o en cada línea, por ejemplo 01."
        yield Finding("return_cause", "CausalDevolucion", said)


def _order_link(document: Document) -> Iterator[Finding]:
    yield from _whole_link(document, "order_link", ("FuentePedido", "NumeroPedido", "FechaPedido"), "del pedido")


def _remission_link(document: Document) -> Iterator[Finding]:
    yield from _whole_link(document, "remission_link", ("FuenteRemision", "NumeroRemision"), "de la remisión")


def _whole_link(document: Document, rule: str, names: tuple[str, ...], whose: str) -> Iterator[Finding]:
    for line in document.lines:
        lacking = [name for name in names if not document.line(name, line)]
        if lacking and len(lacking) < len(names):
            yield Finding(rule, lacking[0], f"Falta un dato {whose}: van todos juntos o ninguno.", line.position)


def _early_payment(document: Document) -> Iterator[Finding]:
    for each in (1, 2, 3):
        until = document.header(f"DiasPp{each}") or document.header(f"FechaPp{each}")
        if document.header(f"PorcentajeDescuentoPp{each}") and not until:
            said = f"El descuento por pronto pago {each} no dice hasta cuándo. Escriba los días o la fecha."
            yield Finding("early_payment", f"DiasPp{each}", said)


def _late_early_payment(document: Document) -> Iterator[Finding]:
    due = document.header("FechaVencimiento")
    for each in (1, 2, 3):
        if due and document.header(f"FechaPp{each}") > due:
            said = f"La fecha de pronto pago {each} es posterior al vencimiento. Corrija una de las dos."
            yield Finding("early_payment_late", f"FechaPp{each}", said)


def _cash_terms(document: Document) -> Iterator[Finding]:
    issued = document.header("FechaDocumento").replace("/", "-")
    if document.header("PagoContado") == "S" and document.header("FechaVencimiento") > issued:
        said = "Es de contado y vence después de su fecha. Quite el pago de contado o el vencimiento."
        yield Finding("cash_terms", "PagoContado", said)


def _remission_of_remission(document: Document) -> Iterator[Finding]:
    if document.header("EsRemision") == "S" and document.any_line("FuenteRemision", "NumeroRemision"):
        said = "Es una remisión y sus líneas nombran otra remisión: eso es de la factura. Revise cuál de las dos es."
        yield Finding("remission_of_remission", "EsRemision", said)


def _billed_without_remission(document: Document) -> Iterator[Finding]:
    if document.header("Facturado") == "S" and document.header("EsRemision") != "S":
        said = "Dice que la remisión está facturada, pero no es una remisión. Marque «Es remisión» o quítelo."
        yield Finding("billed_without_remission", "Facturado", said)


def _demand(id: str, title: str, why: str, look: Look, of: frozenset[str] = frozenset(), *,  # noqa: A002
            blocks: bool = False, origin: str = KNOWN) -> Demand:  # fmt: skip
    return Demand(Rule(id, title, Severity.BLOCK if blocks else Severity.WARN, origin, why), look, of)


_TRANSFER = frozenset({"transfer"})
DEMANDS = (
    _demand("bank_account", "Falta la cuenta del banco",
            "SAG la exige en recibos y egresos: sin ella no sabe a dónde entró o de dónde salió el dinero.",
            _bank_account, document_kinds.BANK_KINDS, blocks=True, origin=OFFICIAL),
    _demand("stray_bank_account", "La cuenta del banco sobra",
            "Solo recibos, egresos y anticipos la llevan; en otro documento suele ser un error de digitación.",
            _stray_bank_account, origin=OFFICIAL),
    _demand("transfer_warehouses", "Falta una bodega del traslado",
            "Un traslado dice de qué bodega sale y a cuál llega cada artículo.",
            _both_warehouses, _TRANSFER, blocks=True, origin=OFFICIAL),
    _demand("same_warehouse", "El traslado sale y llega a la misma bodega",
            "No movería nada: casi siempre una de las dos está mal.", _two_warehouses, _TRANSFER),
    _demand("article_in_entry", "Un movimiento contable tiene artículos",
            "Un movimiento contable lleva cuentas; los artículos moverían el inventario por un camino que no es.",
            _only_accounts, frozenset({"entry"})),
    _demand("return_cause", "Falta la causal de la devolución",
            "SAG la pide para saber por qué volvió la mercancía.", _return_cause, frozenset({"sale_return"})),
    _demand("order_link", "El pedido está incompleto",
            "Sin fuente y número, SAG no sabe qué pedido se está cumpliendo y lo deja abierto.", _order_link),
    _demand("remission_link", "La remisión está incompleta",
            "Sin fuente y número, SAG no sabe qué remisión se factura y la deja abierta.", _remission_link),
    _demand("early_payment", "El pronto pago no dice hasta cuándo",
            "Un descuento por pronto pago vale hasta un día: sin él nadie sabe cuándo aplicarlo.", _early_payment),
    _demand("early_payment_late", "El pronto pago es posterior al vencimiento",
            "El descuento se ofrecería cuando la factura ya venció.", _late_early_payment),
    _demand("cash_terms", "Es de contado y tiene vencimiento",
            "Pagado de contado no queda cartera: el vencimiento sobra o el pago está mal marcado.", _cash_terms),
    _demand("remission_of_remission", "Una remisión nombra otra",
            "Quien nombra una remisión es su factura, no otra remisión.", _remission_of_remission),
    _demand("billed_without_remission", "Facturado sin ser remisión",
            "La marca de facturado solo tiene sentido en una remisión.", _billed_without_remission),
)  # fmt: skip
KIND_RULES = tuple(demand.rule for demand in DEMANDS)


def about_kind(document: Document) -> Iterator[Finding]:
    """Every demand of the document's kind that it breaks."""
    kind = document_kinds.kind_of(document)
    for demand in DEMANDS:
        if not demand.kinds or (kind is not None and kind.id in demand.kinds):
            yield from demand.look(document)
