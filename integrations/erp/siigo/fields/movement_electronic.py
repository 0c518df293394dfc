"""Electronic invoicing and the first delivery order.

Names, labels and order are the official table's; widths and choices are notes, and only warn.
"""

from integrations.erp.fields.rows import Rows, integer, section, text

ELECTRONIC: Rows = (
    *section(
        "Factura electrónica",
        text(
            "electronic_invoice_to_debit_or_credit",
            "FACTURA ELECTRÓNICA A DEBITAR/ACREDITAR",
            5,
            pattern="[A-Z]-[0-9]{3}",
            sample="F-001",
            help="Comprobante de la factura electrónica que se afecta, como F-001.",
        ),
        integer(
            "number_electronic_invoice_to_debit_or_credit",
            "NÚMERO DE FACTURA ELECTRÓNICA A DEBITAR/ACREDITAR",
            11,
            sample="0",
            help="Número de esa factura electrónica.",
        ),
        text(
            "cufe",
            "CUFE",
            96,
            pattern="[0-9A-Fa-f]{96}",
            sample="0123456789abcdef" * 6,
            help="Código de la factura electrónica: 96 caracteres hexadecimales.",
        ),
    ),
    *section(
        "Orden de referencia",
        text("order_reference_prefix", "PREFIJO DE ORDER REFERENCE", 10, sample="ORD"),
        text("consecutive_of_order_reference", "CONSECUTIVO DE ORDER REFERENCE", 40, sample="2025031001"),
    ),
    *section(
        "Órdenes de entrega",
        text("delivery_schedule_prefix", "PREFIJO ORDEN DE ENTREGA", 10, sample="DS"),
        text("release_number", "NÚMERO ORDEN DE ENTREGA", 40, sample="1001"),
        text("year_release_date", "AÑO FECHA DE ORDEN DE ENTREGA", 4, pattern="0|[0-9]{4}", sample="2025"),
        text("month_release_date", "MES FECHA DE ORDEN DE ENTREGA", 2, pattern="0|0?[1-9]|1[0-2]", sample="03"),
        text(
            "day_release_date",
            "DÍA FECHA DE ORDEN DE ENTREGA",
            2,
            pattern="0|0?[1-9]|[12][0-9]|3[01]",
            sample="10",
        ),
    ),
    *section(
        "Tercero",
        text("third_party_revenues", "INGRESOS PARA TERCEROS", 1, allowed=("S", "N"), sample="N", help="S o N."),
    ),
    *section(
        "Comprobante",
        text(
            "document_update_date",
            "FECHA ACTUALIZACIÓN DEL DOCUMENTO",
            8,
            pattern="[0-9]{8}",
            sample="20250310",
            help="Año, mes y día seguidos: 20250310.",
        ),
        text(
            "document_update_time",
            "HORA DE ACTUALIZACIÓN DEL DOCUMENTO",
            6,
            pattern="[0-9]{6}",
            sample="143000",
            help="Hora, minutos y segundos seguidos: 143000.",
        ),
    ),
)
