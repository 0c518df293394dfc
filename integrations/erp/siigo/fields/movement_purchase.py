"""The supplier's document, the order it answers, the currency.

Names, labels and order are the official table's; widths and choices are notes, and only warn.
"""

from integrations.erp.fields.rows import Rows, integer, section, text

PURCHASE: Rows = (
    *section(
        "Documento del proveedor",
        integer(
            "supplier_document_number",
            "NÚMERO DEL DOCUMENTO DEL PROVEEDOR",
            11,
            sample="12345678",
            help="En compras (P): el número de la factura del proveedor.",
        ),
        text("supplier_document_prefix", "PREFIJO DEL DOCUMENTO DEL PROVEEDOR", 10, sample="INV"),
        integer("supplier_document_year", "AÑO DOCUMENTO DEL PROVEEDOR", 4, sample="2025"),
        integer("supplier_document_month", "MES DOCUMENTO DEL PROVEEDOR", 2, minimum="0", maximum="12", sample="3"),
        integer("supplier_document_day", "DÍA DOCUMENTO DEL PROVEEDOR", 2, minimum="0", maximum="31", sample="5"),
    ),
    *section(
        "Pedido",
        text(
            "order_document_type",
            "TIPO DOCUMENTO DE PEDIDO",
            1,
            pattern="[A-Z]",
            sample="Z",
            help="Letra del pedido: Z pedido, Y orden de compra, V cotización.",
        ),
        integer("order_voucher_code", "CÓDIGO COMPROBANTE DE PEDIDO", 3, sample="305"),
        integer("order_voucher_number", "NÚMERO DE COMPROBANTE PEDIDO", 11, sample="67890"),
        integer("order_sequence", "SECUENCIA DE PEDIDO", 3, minimum="0", maximum="250", sample="1"),
    ),
    *section(
        "Moneda",
        integer("currency_type", "TIPO DE MONEDA ELABORACIÓN", 2, sample="1", help="0 = moneda local."),
    ),
)
