"""The voucher itself: type, code, number, date and its classification.

Names, labels and JSON types: official text, table of fields. Widths and habits: `siigo-movement-fields.csv`;
what only the notes say breaks a rule that warns.
"""

from integrations.fields.rows import in_section, number, string
from integrations.fields.spec import Field, always

FIELDS: tuple[Field, ...] = (
    *in_section(
        "Comprobante",
        string(
            "voucher_type",
            "TIPO DE COMPROBANTE",
            length=1,
            required=always,
            source="movement.voucher_type",
            pattern="[A-Z]",
            value_rule="habit",
            sample="F",
            help="Letra del comprobante definida en Siigo: F factura, R recibo de caja, G egreso, P compra…",
        ),
        number(
            "voucher_code",
            "CÓDIGO COMPROBANTE",
            digits=3,
            required=always,
            source="movement.voucher_code",
            minimum="1",
            maximum="999",
            value_rule="habit",
            sample="1",
            help="Código del comprobante, de 1 a 999.",
        ),
        number(
            "document_number",
            "NÚMERO DE DOCUMENTO",
            digits=10,
            source="movement.number",
            minimum="1",
            value_rule="habit",
            sample="987654",
            help="Consecutivo del comprobante. Se pueden consultar de nuevo hasta 10 dígitos.",
        ),
        number("document_year", "AÑO DEL DOCUMENTO", digits=4, source="movement.date.year", sample="2025"),
        number(
            "document_month",
            "MES DEL DOCUMENTO",
            digits=2,
            source="movement.date.month",
            minimum="1",
            maximum="12",
            value_rule="habit",
            sample="3",
        ),
        number(
            "document_day",
            "DÍA DEL DOCUMENTO",
            digits=2,
            source="movement.date.day",
            minimum="1",
            maximum="31",
            value_rule="habit",
            sample="10",
        ),
        number(
            "sequence",
            "SECUENCIA",
            digits=5,
            source="position",
            minimum="1",
            maximum="250",
            value_rule="habit",
            sample="1",
            help="Número de la línea dentro del comprobante, de 1 a 250.",
        ),
        string(
            "canceled_voucher",
            "COMPROBANTE ANULADO",
            length=1,
            allowed=("S", "N"),
            value_rule="habit",
            sample="N",
        ),
        string("document_update_date", "FECHA ACTUALIZACIÓN DEL DOCUMENTO", length=8, sample="20250310"),
        string("document_update_time", "HORA DE ACTUALIZACIÓN DEL DOCUMENTO", length=6, sample="143000"),
        number("associated_cash_register_number", "NÚMERO DE CAJA ASOCIADA AL COMPROBANTE", digits=3, sample="10"),
    ),
    *in_section(
        "Clasificación",
        number("salesperson_code", "CÓDIGO DEL VENDEDOR", digits=4, source="salesperson", sample="789"),
        number(
            "city_code",
            "CÓDIGO DE LA CIUDAD",
            digits=4,
            sample="5001",
            help="Código de ciudad de Siigo (4 dígitos); no es el del DANE.",
        ),
        number("zone_code", "CÓDIGO DE LA ZONA", digits=3, sample="5"),
        number("cost_center", "CENTRO DE COSTO", digits=4, source="cost_center", sample="101"),
        number("sub_cost_center", "SUBCENTRO DE COSTO", digits=3, source="sub_cost_center", sample="202"),
    ),
)
