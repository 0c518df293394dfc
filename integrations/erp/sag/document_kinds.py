"""The kinds of document that SAG knows, and how each is recognised. Pure.

A fuente's class and type (FUENTES, notes 4.2) say it; where the fuentes were never pulled, the content does.
The first row that fits is the kind, so the most particular ones stand first.
"""

from collections.abc import Callable
from dataclasses import dataclass

from integrations.erp.sag.outgoing_document import OutgoingDocument


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """A row of `KINDS`. `label` is Spanish; `classes` are of `k_n_clase_fuente`, `types` of `sc_tipo_dcto`; empty: any.

    `matches` recognises the kind by the content of a document.
    """

    id: str
    label: str
    classes: frozenset[str]
    types: frozenset[str]
    matches: Callable[[OutgoingDocument], bool]


def _moves_between_warehouses(document: OutgoingDocument) -> bool:
    return document.any_line("BodegaOrigen", "BodegaDestino")


def _pays_an_advance(document: OutgoingDocument) -> bool:
    return document.any_line("NitVendedorAnticipo")


def _writes_a_cheque(document: OutgoingDocument) -> bool:
    return bool(document.header("CodigoCuentaBanco")) and document.any_line("NumeroCheque")


def _goes_through_a_bank(document: OutgoingDocument) -> bool:
    return bool(document.header("CodigoCuentaBanco")) or document.any_line("CodigoCuentaMas", "CodigoCuentaMenos")


def _gives_a_cause(document: OutgoingDocument) -> bool:
    return bool(document.header("CausalDevolucion")) or document.any_line("CodigoCausal")


def _is_remission(document: OutgoingDocument) -> bool:
    return document.header("EsRemision") == "S"


def _bills_a_remission(document: OutgoingDocument) -> bool:
    return document.any_line("FuenteRemision", "NumeroRemision")


def _serves_an_order(document: OutgoingDocument) -> bool:
    return document.any_line("FuentePedido", "NumeroPedido")


def _is_paid_at_the_counter(document: OutgoingDocument) -> bool:
    return bool(document.payments)


def _is_paid_in_cash(document: OutgoingDocument) -> bool:
    return document.header("PagoContado") == "S"


def _is_paid_later(document: OutgoingDocument) -> bool:
    return bool(document.articles and document.header("FechaVencimiento"))


def _posts_accounts_only(document: OutgoingDocument) -> bool:
    return bool(document.entries) and not document.articles


def _sells(document: OutgoingDocument) -> bool:
    return bool(document.articles)


def _kind(
    kind_id: str, label: str, matches: Callable[[OutgoingDocument], bool], classes: str = "", types: str = ""
) -> DocumentKind:
    return DocumentKind(kind_id, label, frozenset(classes), frozenset(types), matches)


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
DECISIVE_CLASSES = frozenset("2347")
"""Classes that by themselves say what a document is; the others hold several kinds, and the content tells."""
DECISIVE_TYPES = frozenset("AERXY")
"""Likewise, types."""
BANK_KINDS = frozenset({"advance", "disbursement", "receipt"})
RETURN_KINDS = frozenset({"sale_return", "purchase_return"})


def kind_of(document: OutgoingDocument) -> DocumentKind | None:
    """The kind of a document; None where neither its fuente nor its content says."""
    by_content = (kind for kind in KINDS if kind.matches(document))
    return next(iter(_kinds_of_source(document)), None) or next(by_content, None)


def is_kind_of_source(document: OutgoingDocument) -> bool:
    """Whether the fuente itself, once pulled, says the kind: then what the kind demands is certain."""
    return bool(_kinds_of_source(document))


def _kinds_of_source(document: OutgoingDocument) -> list[DocumentKind]:
    a_class, a_type = document.flag("k_n_clase_fuente"), document.flag("sc_tipo_dcto")
    if a_class not in DECISIVE_CLASSES and a_type not in DECISIVE_TYPES:
        return []
    fitting = [kind for kind in KINDS if not kind.classes or not a_class or a_class in kind.classes]
    typed = [kind for kind in fitting if a_type in kind.types]
    return typed or [kind for kind in fitting if not kind.types and a_class in DECISIVE_CLASSES]
