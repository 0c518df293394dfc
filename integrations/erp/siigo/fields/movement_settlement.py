"""Cross documents, due dates, payroll and long texts.

Names, labels and order are the official table's; widths and choices are notes, and only warn.
"""

from integrations.erp.fields.rows import Rows, integer, number, section, text
from integrations.erp.fields.spec import Field, ValueType, WireType

SETTLEMENT: Rows = (
    *section(
        "Documento cruce y vencimiento",
        Field(
            "cross_voucher_type",
            "TIPO Y COMPROBANTE CRUCE",
            ValueType.TEXT,
            WireType.NUMBER,
            length=5,
            pattern="0|[A-Z]-[0-9]{3}",
            sample="0",
            help="Letra y código del documento que se cruza, como F-001; 0 si no hay.",
        ),
        integer(
            "cross_document_number",
            "NÚMERO DE DOCUMENTO CRUCE",
            11,
            source="cross_document_number",
            sample="0",
            help="Número del documento que se cruza; en una factura propia, el suyo.",
        ),
        integer(
            "expiration_number",
            "NÚMERO DE VENCIMIENTO",
            3,
            minimum="0",
            maximum="250",
            sample="101",
            help="Número de la cuota, de 1 a 250; 1 si hay una sola.",
        ),
        integer(
            "cross_document_expiration_year",
            "AÑO VENCIMIENTO DE DOCUMENTO CRUCE",
            4,
            source="due_date.year",
            sample="2025",
        ),
        integer(
            "cross_document_expiration_month",
            "MES VENCIMIENTO DE DOCUMENTO CRUCE",
            2,
            source="due_date.month",
            minimum="0",
            maximum="12",
            sample="6",
        ),
        integer(
            "cross_document_expiration_day",
            "DÍA VENCIMIENTO DE DOCUMENTO CRUCE",
            2,
            source="due_date.day",
            minimum="0",
            maximum="31",
            sample="30",
        ),
    ),
    *section(
        "Comprobante",
        integer("associated_cash_register_number", "NÚMERO DE CAJA ASOCIADA AL COMPROBANTE", 3, sample="10"),
    ),
    *section(
        "Nómina",
        integer(
            "payroll_concept",
            "CONCEPTO DE NÓMINA",
            3,
            minimum="0",
            maximum="99",
            sample="50",
            help="Concepto de nómina, de 1 a 99.",
        ),
        number("quantity_days_hours", "CANTIDAD (DÍAS /HORAS. ETC)", 9, 2, sample="8"),
        integer(
            "payment_type",
            "TIPO DE PAGO",
            1,
            minimum="0",
            maximum="5",
            sample="1",
            help="Número del pago de nómina, de 1 a 5.",
        ),
    ),
    *section(
        "Asiento",
        text(
            "comments_description",
            "DESCRIPCIÓN DE COMENTARIOS",
            228,
            sample="Pago realizado vía transferencia bancaria",
            help="Hasta 228 caracteres.",
        ),
        text(
            "long_description",
            "DESCRIPCIÓN LARGA",
            3000,
            sample="Factura por venta de equipos electrónicos",
            help="Hasta 3000 caracteres.",
        ),
    ),
)
