"""The legacy vocabulary of tipo 2 (notes, section 3.4), and what tipo 2 makes of a document."""

from integrations.simulators.sag_records import RecordNode

VOCABULARIES = ("both", "legacy", "printed")
LEGACY = {
    "movimientoId": "MovimientoId", "n_numero_documento": "NumeroDocumento", "num_doc": "NumeroDocumento2",
    "fuente": "CodigoFuente", "nit": "Nit", "fecha": "FechaDocumento", "d_fecha_documento": "FechaDocumento",
    "vendedor": "NitVendedor", "usuario": "LoginUsuario", "observaciones": "Observaciones",
    "dieccionEntrega": "DireccionEntrega", "ciudadEntrega": "CiudadEntrega",
    "movimientoDetalleId": "MovimientoDetalleId", "sc_cual_precio": "CualPrecio",
    "codigoArticulo": "CodigoArticulo", "talla": "Talla", "color": "Color", "cantidad": "Cantidad",
    "valorUnitario": "ValorUnitario", "iva": "Iva", "descuento": "Descuento", "descuento2": "Descuento2",
    "bodega": "Bodega", "fechaEntrega": "FechaEntrega",
}  # fmt: skip


def under_tipo_2(node: RecordNode, vocabulary: str) -> RecordNode:
    """A document as tipo 2 understands it (one of `VOCABULARIES`), under the printed names."""
    if vocabulary == "printed":
        return node
    return modern(node if vocabulary == "both" else _legacy_only(node))


def _legacy_only(node: RecordNode) -> RecordNode:
    """Attributes are named exactly: what is no word of the legacy vocabulary goes unseen."""
    understood = {*LEGACY, "RealizarCommit"}
    fields = {name: value for name, value in node.fields.items() if name in understood}
    return RecordNode(node.name, fields, [_legacy_only(child) for child in node.children])


def modern(node: RecordNode) -> RecordNode:
    """A document in the legacy vocabulary, under the printed names."""
    fields = {LEGACY.get(name, name): value for name, value in node.fields.items()}
    return RecordNode(node.name, fields, [modern(child) for child in node.children])
