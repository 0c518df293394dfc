"""Electronic invoicing: the invoice that a note credits, CUFE, order reference, returns.

Names, labels and JSON types: official text, table of fields. Widths and habits: `siigo-movement-fields.csv`;
what only the notes say breaks a rule that warns.
"""

from integrations.fields.rows import in_section, number, string
from integrations.fields.spec import Field

FIELDS: tuple[Field, ...] = (
    *in_section(
        "Devolución",
        number(
            "return_reason_code",
            "CÓDIGO DEL MOTIVO DE DEVOLUCIÓN",
            decimals=None,
            sample="0",
            help="Notas de devolución (J).",
        ),
    ),
    *in_section(
        "Factura electrónica",
        string(
            "electronic_invoice_to_debit_or_credit",
            "FACTURA ELECTRÓNICA A DEBITAR/ACREDITAR",
            length=5,
            pattern="[A-Z]-[0-9]{3}",
            value_rule="habit",
            sample="F-001",
        ),
        number(
            "number_electronic_invoice_to_debit_or_credit",
            "NÚMERO DE FACTURA ELECTRÓNICA A DEBITAR/ACREDITAR",
            digits=11,
            sample="0",
        ),
        string(
            "cufe",
            "CUFE",
            length=96,
            pattern="[0-9a-fA-F]{96}",
            value_rule="habit",
            sample="0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
            help="96 caracteres hexadecimales.",
        ),
    ),
    *in_section(
        "Orden de referencia",
        string("order_reference_prefix", "PREFIJO DE ORDER REFERENCE", length=10, sample="ORD"),
        string("consecutive_of_order_reference", "CONSECUTIVO DE ORDER REFERENCE", length=40, sample="2025031001"),
    ),
)
