"""The kinds of document that SAG knows, and how each is recognised. Pure.

A fuente's class and type (FUENTES, notes 4.2) say it; where the fuentes were never pulled, the content does.
The first row that fits is the kind, so the telling ones stand first.
"""

from dataclasses import dataclass

from integrations.erp.sag.written_document import Document, Test


@dataclass(frozen=True, slots=True)
class Kind:
    """`classes` are of `k_n_clase_fuente`, `types` of `sc_tipo_dcto`; empty: any. `shows` reads the content."""

    id: str
    label: str
    classes: frozenset[str]
    types: frozenset[str]
    shows: Test


def _moves_between_warehouses(document: Document) -> bool:
    return document.any_line("BodegaOrigen", "BodegaDestino")


def _pays_an_advance(document: Document) -> bool:
    return document.any_line("NitVendedorAnticipo")


def _writes_a_cheque(document: Document) -> bool:
    return bool(document.header("CodigoCuentaBanco")) and document.any_line("NumeroCheque")


def _goes_through_a_bank(document: Document) -> bool:
    return bool(document.header("CodigoCuentaBanco")) or document.any_line("CodigoCuentaMas", "CodigoCuentaMenos")


def _gives_a_cause(document: Document) -> bool:
    return bool(document.header("CausalDevolucion")) or document.any_line("CodigoCausal")


def _is_remission(document: Document) -> bool:
    return document.header("EsRemision") == "S"


def _bills_a_remission(document: Document) -> bool:
    return document.any_line("FuenteRemision", "NumeroRemision")


def _serves_an_order(document: Document) -> bool:
    return document.any_line("FuentePedido", "NumeroPedido")


def _is_paid_at_the_counter(document: Document) -> bool:
    return bool(document.payments)


def _is_paid_in_cash(document: Document) -> bool:
    return document.header("PagoContado") == "S"


def _is_paid_later(document: Document) -> bool:
    return bool(document.articles and document.header("FechaVencimiento"))


def _posts_accounts_only(document: Document) -> bool:
    return bool(document.entries) and not document.articles


def _sells(document: Document) -> bool:
    return bool(document.articles)


def _kind(id: str, label: str, shows: Test, classes: str = "", types: str = "") -> Kind:  # noqa: A002 - a row's id
    return Kind(id, label, frozenset(classes), frozenset(types), shows)


KINDS = (
    _kind("transfer", "Traslado entre bodegas", _moves_between_warehouses, "7"),
    _kind("advance", "Anticipo", _pays_an_advance, "2", "A"),
    _kind("disbursement", "Egreso", _writes_a_cheque, "2", "E"),
    _kind("receipt", "Recibo de caja", _goes_through_a_bank, "2", "R"),
    _kind("sale_return", "Nota de devolución", _gives_a_cause, "15", "X"),
    _kind("purchase_return", "Devolución en compras", _gives_a_cause, "15", "Y"),
    _kind("order", "Pedido, cotización u orden de compra", lambda _document: False, "4"),
    _kind("entry", "Movimiento contable", _posts_accounts_only, "3"),
    _kind("remission", "Remisión", _is_remission, "15"),
    _kind("remission_invoice", "Factura de una remisión", _bills_a_remission, "1"),
    _kind("order_entry", "Entrada de un pedido", _serves_an_order, "15"),
    _kind("pos_invoice", "Factura de punto de venta", _is_paid_at_the_counter, "1"),
    _kind("cash_invoice", "Factura de contado", _is_paid_in_cash, "1"),
    _kind("credit_invoice", "Factura a plazos", _is_paid_later, "1"),
    _kind("goods", "Documento con artículos", _sells, "15"),
)
BY_ID = {kind.id: kind for kind in KINDS}
TOLD_BY_CLASS = frozenset("2347")
"""Classes that by themselves say what a document is; the others hold several kinds, and the content tells."""
TOLD_BY_TYPE = frozenset("AERXY")
BANK_KINDS = frozenset({"advance", "disbursement", "receipt"})
RETURN_KINDS = frozenset({"sale_return", "purchase_return"})


def kind_of(document: Document) -> Kind | None:
    """The kind of a document; None where neither its fuente nor its content says."""
    told = _told(document)
    if told:
        return told[0]
    return next((kind for kind in KINDS if kind.shows(document)), None)


def is_told_by_source(document: Document) -> bool:
    """Whether the fuente itself, once pulled, says the kind: then what the kind demands is certain."""
    return bool(_told(document))


def _told(document: Document) -> list[Kind]:
    a_class, a_type = document.flag("k_n_clase_fuente"), document.flag("sc_tipo_dcto")
    if a_class not in TOLD_BY_CLASS and a_type not in TOLD_BY_TYPE:
        return []
    fitting = [kind for kind in KINDS if not kind.classes or not a_class or a_class in kind.classes]
    typed = [kind for kind in fitting if a_type in kind.types]
    return typed or [kind for kind in fitting if not kind.types and a_class in TOLD_BY_CLASS]
