"""What each kind of document demands of itself, beyond its fields and its fuente."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from integrations.erp.fields.severity import Severity
from integrations.erp.fields.validation import NOTES, OFFICIAL, Rule, RuleFinding
from integrations.erp.sag import document_kinds
from integrations.erp.sag.outgoing_document import OutgoingDocument

KindCheck = Callable[[OutgoingDocument], Iterator[RuleFinding]]


@dataclass(frozen=True, slots=True)
class KindRule:
    """A rule, its check, and the ids of the document kinds that it is about; empty: any."""

    rule: Rule
    check: KindCheck
    kinds: frozenset[str] = frozenset()


def _bank_account(document: OutgoingDocument) -> Iterator[RuleFinding]:
    if not document.header("CodigoCuentaBanco"):
        message = "Falta la cuenta del banco: los recibos de caja, egresos y anticipos la llevan. Escriba su código."
        yield RuleFinding("bank_account", "CodigoCuentaBanco", message)


def _stray_bank_account(document: OutgoingDocument) -> Iterator[RuleFinding]:
    kind = document_kinds.kind_of(document)
    is_stray = (
        document_kinds.is_kind_of_source(document) and kind is not None and kind.id not in document_kinds.BANK_KINDS
    )
    if is_stray and document.header("CodigoCuentaBanco"):
        message = "La cuenta del banco es solo de recibos de caja y egresos. Quítela o revise la fuente."
        yield RuleFinding("stray_bank_account", "CodigoCuentaBanco", message)


def _both_warehouses(document: OutgoingDocument) -> Iterator[RuleFinding]:
    for line in document.articles:
        if not document.line("BodegaOrigen", line) and not document.line("BodegaDestino", line):
            message = "El traslado necesita la bodega de origen y la de destino. Escríbalas en la línea."
            yield RuleFinding("transfer_warehouses", "BodegaOrigen", message, line.position)


def _two_warehouses(document: OutgoingDocument) -> Iterator[RuleFinding]:
    for line in document.articles:
        origin = document.line("BodegaOrigen", line)
        if origin and origin == document.line("BodegaDestino", line):
            message = f"La bodega de origen y la de destino son la misma, {origin}. Cambie una de las dos."
            yield RuleFinding("same_warehouse", "BodegaDestino", message, line.position)


def _only_accounts(document: OutgoingDocument) -> Iterator[RuleFinding]:
    if document_kinds.is_kind_of_source(document):
        for line in document.articles:
            message = "La fuente es de movimientos contables y la línea tiene un artículo. Quítelo o revise la fuente."
            yield RuleFinding("article_in_entry", "CodigoArticulo", message, line.position)


def _return_cause(document: OutgoingDocument) -> Iterator[RuleFinding]:
    if not document.header("CausalDevolucion") and not document.any_line("CodigoCausal"):
        message = "Falta la causal de la devolución. Escríbala en el encabezado o en cada línea, por ejemplo 01."
        yield RuleFinding("return_cause", "CausalDevolucion", message)


def _order_link(document: OutgoingDocument) -> Iterator[RuleFinding]:
    yield from _whole_link(document, "order_link", ("FuentePedido", "NumeroPedido", "FechaPedido"), "del pedido")


def _remission_link(document: OutgoingDocument) -> Iterator[RuleFinding]:
    yield from _whole_link(document, "remission_link", ("FuenteRemision", "NumeroRemision"), "de la remisión")


def _whole_link(document: OutgoingDocument, rule: str, names: tuple[str, ...], whose: str) -> Iterator[RuleFinding]:
    for line in document.lines:
        lacking = [name for name in names if not document.line(name, line)]
        if lacking and len(lacking) < len(names):
            yield RuleFinding(rule, lacking[0], f"Falta un dato {whose}: van todos juntos o ninguno.", line.position)


def _early_payment(document: OutgoingDocument) -> Iterator[RuleFinding]:
    for number in (1, 2, 3):
        until = document.header(f"DiasPp{number}") or document.header(f"FechaPp{number}")
        if document.header(f"PorcentajeDescuentoPp{number}") and not until:
            message = f"El descuento por pronto pago {number} no dice hasta cuándo. Escriba los días o la fecha."
            yield RuleFinding("early_payment", f"DiasPp{number}", message)


def _late_early_payment(document: OutgoingDocument) -> Iterator[RuleFinding]:
    due = document.header("FechaVencimiento")
    for number in (1, 2, 3):
        if due and document.header(f"FechaPp{number}") > due:
            message = f"La fecha de pronto pago {number} es posterior al vencimiento. Corrija una de las dos."
            yield RuleFinding("early_payment_late", f"FechaPp{number}", message)


def _cash_terms(document: OutgoingDocument) -> Iterator[RuleFinding]:
    issued = document.header("FechaDocumento").replace("/", "-")
    if document.header("PagoContado") == "S" and document.header("FechaVencimiento") > issued:
        message = "Es de contado y vence después de su fecha. Quite el pago de contado o el vencimiento."
        yield RuleFinding("cash_terms", "PagoContado", message)


def _remission_of_remission(document: OutgoingDocument) -> Iterator[RuleFinding]:
    if document.header("EsRemision") == "S" and document.any_line("FuenteRemision", "NumeroRemision"):
        message = "Es una remisión y sus líneas nombran otra remisión: eso es de la factura. Revise cuál de las dos es."
        yield RuleFinding("remission_of_remission", "EsRemision", message)


def _billed_without_remission(document: OutgoingDocument) -> Iterator[RuleFinding]:
    if document.header("Facturado") == "S" and document.header("EsRemision") != "S":
        message = "Dice que la remisión está facturada, pero no es una remisión. Marque «Es remisión» o quítelo."
        yield RuleFinding("billed_without_remission", "Facturado", message)


def _rule(
    rule_id: str,
    title: str,
    why: str,
    check: KindCheck,
    kinds: frozenset[str] = frozenset(),
    *,
    severity: Severity = Severity.WARN,
    origin: str = NOTES,
) -> KindRule:
    return KindRule(Rule(rule_id, title, severity, origin, why), check, kinds)


_TRANSFER = frozenset({"transfer"})
_KIND_RULES = (
    _rule(
        "bank_account",
        "Falta la cuenta del banco",
        "SAG la exige en recibos y egresos: sin ella no sabe a dónde entró o de dónde salió el dinero.",
        _bank_account,
        document_kinds.BANK_KINDS,
        severity=Severity.BLOCK,
        origin=OFFICIAL,
    ),
    _rule(
        "stray_bank_account",
        "La cuenta del banco sobra",
        "Solo recibos, egresos y anticipos la llevan; en otro documento suele ser un error de digitación.",
        _stray_bank_account,
        origin=OFFICIAL,
    ),
    _rule(
        "transfer_warehouses",
        "Falta una bodega del traslado",
        "Un traslado dice de qué bodega sale y a cuál llega cada artículo.",
        _both_warehouses,
        _TRANSFER,
        severity=Severity.BLOCK,
        origin=OFFICIAL,
    ),
    _rule(
        "same_warehouse",
        "El traslado sale y llega a la misma bodega",
        "No movería nada: casi siempre una de las dos está mal.",
        _two_warehouses,
        _TRANSFER,
    ),
    _rule(
        "article_in_entry",
        "Un movimiento contable tiene artículos",
        "Un movimiento contable lleva cuentas; los artículos moverían el inventario por un camino que no es.",
        _only_accounts,
        frozenset({"entry"}),
    ),
    _rule(
        "return_cause",
        "Falta la causal de la devolución",
        "SAG la pide para saber por qué volvió la mercancía.",
        _return_cause,
        frozenset({"sale_return"}),
    ),
    _rule(
        "order_link",
        "El pedido está incompleto",
        "Sin fuente y número, SAG no sabe qué pedido se está cumpliendo y lo deja abierto.",
        _order_link,
    ),
    _rule(
        "remission_link",
        "La remisión está incompleta",
        "Sin fuente y número, SAG no sabe qué remisión se factura y la deja abierta.",
        _remission_link,
    ),
    _rule(
        "early_payment",
        "El pronto pago no dice hasta cuándo",
        "Un descuento por pronto pago vale hasta un día: sin él nadie sabe cuándo aplicarlo.",
        _early_payment,
    ),
    _rule(
        "early_payment_late",
        "El pronto pago es posterior al vencimiento",
        "El descuento se ofrecería cuando la factura ya venció.",
        _late_early_payment,
    ),
    _rule(
        "cash_terms",
        "Es de contado y tiene vencimiento",
        "Pagado de contado no queda cartera: el vencimiento sobra o el pago está mal marcado.",
        _cash_terms,
    ),
    _rule(
        "remission_of_remission",
        "Una remisión nombra otra",
        "Quien nombra una remisión es su factura, no otra remisión.",
        _remission_of_remission,
    ),
    _rule(
        "billed_without_remission",
        "Facturado sin ser remisión",
        "La marca de facturado solo tiene sentido en una remisión.",
        _billed_without_remission,
    ),
)
KIND_RULES = tuple(row.rule for row in _KIND_RULES)


def kind_findings(document: OutgoingDocument) -> Iterator[RuleFinding]:
    """What the document breaks of the rules of its kind."""
    kind = document_kinds.kind_of(document)
    for row in _KIND_RULES:
        if not row.kinds or (kind is not None and kind.id in row.kinds):
            yield from row.check(document)
