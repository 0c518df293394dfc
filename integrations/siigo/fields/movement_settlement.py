"""What the entry settles: payment, supplier document, order, currency, cross document.

Names, labels and JSON types: official text, table of fields. Widths and habits: `siigo-movement-fields.csv`;
what only the notes say breaks a rule that warns.
"""

from integrations.fields.rows import in_section, number, string
from integrations.fields.spec import Field

FIELDS: tuple[Field, ...] = (
    *in_section(
        "Pago",
        number(
            "check_number",
            "NÚMERO DE CHEQUE",
            digits=11,
            sample="0",
            help="Solo en egresos (G); 0 en los demás.",
        ),
        number("payment_method", "FORMA DE PAGO", digits=3, sample="1"),
    ),
    *in_section(
        "Documento del proveedor",
        number("supplier_document_number", "NÚMERO DEL DOCUMENTO DEL PROVEEDOR", digits=11, sample="12345678"),
        string("supplier_document_prefix", "PREFIJO DEL DOCUMENTO DEL PROVEEDOR", length=10, sample="INV"),
        number("supplier_document_year", "AÑO DOCUMENTO DEL PROVEEDOR", digits=4, sample="2025"),
        number(
            "supplier_document_month",
            "MES DOCUMENTO DEL PROVEEDOR",
            digits=2,
            minimum="1",
            maximum="12",
            value_rule="habit",
            sample="3",
        ),
        number(
            "supplier_document_day",
            "DÍA DOCUMENTO DEL PROVEEDOR",
            digits=2,
            minimum="1",
            maximum="31",
            value_rule="habit",
            sample="5",
        ),
    ),
    *in_section(
        "Pedido",
        string(
            "order_document_type",
            "TIPO DOCUMENTO DE PEDIDO",
            length=1,
            pattern="[ZYV]",
            value_rule="habit",
            sample="Z",
        ),
        number("order_voucher_code", "CÓDIGO COMPROBANTE DE PEDIDO", digits=3, sample="305"),
        number("order_voucher_number", "NÚMERO DE COMPROBANTE PEDIDO", digits=11, sample="67890"),
        number(
            "order_sequence",
            "SECUENCIA DE PEDIDO",
            digits=3,
            minimum="0",
            maximum="250",
            value_rule="habit",
            sample="1",
        ),
    ),
    *in_section(
        "Moneda",
        number("currency_type", "TIPO DE MONEDA ELABORACIÓN", digits=2, sample="1", help="0 es la moneda local."),
    ),
    *in_section(
        "Documento cruce",
        number(
            "cross_voucher_type",
            "TIPO Y COMPROBANTE CRUCE",
            decimals=None,
            pattern="[A-Z]-[0-9]{3}",
            value_rule="habit",
            sample="0",
            help="Tipo y código del documento cruce, como F-001.",
        ),
        number(
            "cross_document_number",
            "NÚMERO DE DOCUMENTO CRUCE",
            digits=11,
            source="cross_document_number",
            sample="0",
        ),
        number(
            "expiration_number",
            "NÚMERO DE VENCIMIENTO",
            digits=3,
            minimum="0",
            maximum="250",
            value_rule="habit",
            sample="101",
        ),
        number(
            "cross_document_expiration_year",
            "AÑO VENCIMIENTO DE DOCUMENTO CRUCE",
            digits=4,
            source="due_date.year",
            sample="2025",
        ),
        number(
            "cross_document_expiration_month",
            "MES VENCIMIENTO DE DOCUMENTO CRUCE",
            digits=2,
            source="due_date.month",
            minimum="0",
            maximum="12",
            value_rule="habit",
            sample="6",
        ),
        number(
            "cross_document_expiration_day",
            "DÍA VENCIMIENTO DE DOCUMENTO CRUCE",
            digits=2,
            source="due_date.day",
            minimum="0",
            maximum="31",
            value_rule="habit",
            sample="30",
        ),
    ),
)
