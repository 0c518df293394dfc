"""The voucher, its entry, who and where it belongs to.

Names, labels and order are the official table's; widths and choices are notes, and only warn.
"""

from integrations.erp.fields.rows import Rows, code, integer, number, section, tax_id, text
from integrations.erp.fields.spec import always

VOUCHER: Rows = (
    *section(
        "Comprobante",
        text(
            "voucher_type",
            "TIPO DE COMPROBANTE",
            1,
            required=always,
            source="movement.voucher_type",
            coded="voucher_type",
            pattern="[A-Z]",
            sample="F",
            help="Letra del tipo de documento definido en la empresa: F factura, R recibo, G egreso…",
        ),
        integer(
            "voucher_code",
            "CÓDIGO COMPROBANTE",
            3,
            required=always,
            source="movement.voucher_code",
            minimum="1",
            maximum="999",
            sample="1",
            help="Código del comprobante dentro de la letra, de 1 a 999.",
        ),
        integer(
            "document_number",
            "NÚMERO DE DOCUMENTO",
            11,
            source="movement.number",
            minimum="1",
            maximum="9999999999",
            sample="987654",
            help="Consecutivo del comprobante. Con más de 10 cifras no se puede volver a consultar.",
        ),
    ),
    *section(
        "Asiento",
        code(
            "accounting_account",
            "CUENTA CONTABLE",
            10,
            required=always,
            source="account",
            coded="account",
            width_rule="account_digits",
            pattern="[0-9]{10}",
            sample="1105050000",
            help="Cuenta de 10 cifras; las más cortas se completan con ceros si la conexión lo dice.",
        ),
        text(
            "debit_or_credit",
            "DÉBITO O CRÉDITO",
            1,
            required=always,
            source="side",
            width_rule="value",
            allowed=("D", "C"),
            sample="D",
            help="D = débito, C = crédito.",
        ),
        number(
            "sequence_value",
            "VALOR DE LA SECUENCIA",
            13,
            2,
            required=always,
            source="amount",
            minimum="0",
            sample="10000",
            help="Valor de la línea, sin signo.",
        ),
    ),
    *section(
        "Comprobante",
        integer(
            "document_year",
            "AÑO DEL DOCUMENTO",
            4,
            source="movement.date.year",
            minimum="1900",
            maximum="2199",
            sample="2025",
            help="Es también el año de proceso en Siigo.",
        ),
        integer(
            "document_month",
            "MES DEL DOCUMENTO",
            2,
            source="movement.date.month",
            minimum="1",
            maximum="12",
            sample="3",
        ),
        integer(
            "document_day",
            "DÍA DEL DOCUMENTO",
            2,
            source="movement.date.day",
            minimum="1",
            maximum="31",
            sample="10",
        ),
    ),
    *section(
        "Clasificación",
        code("salesperson_code", "CÓDIGO DEL VENDEDOR", 4, source="salesperson", coded="salesperson", sample="789"),
        integer(
            "city_code",
            "CÓDIGO DE LA CIUDAD",
            4,
            coded="city",
            sample="1001",
            help="Código de ciudad propio de Siigo (4 cifras), no el del DANE.",
        ),
        integer("zone_code", "CÓDIGO DE LA ZONA", 3, sample="5"),
    ),
    *section(
        "Comprobante",
        integer(
            "sequence",
            "SECUENCIA",
            5,
            source="position",
            minimum="1",
            maximum="250",
            sample="1",
            help="Número de la línea dentro del comprobante; hasta 250.",
        ),
    ),
    *section(
        "Clasificación",
        code("cost_center", "CENTRO DE COSTO", 4, source="cost_center", coded="cost_center", sample="101"),
        code("sub_cost_center", "SUBCENTRO DE COSTO", 3, source="sub_cost_center", sample="202"),
    ),
    *section(
        "Tercero",
        tax_id(
            "nit",
            "NIT",
            13,
            source="tax_id",
            sample="900123456",
            help="Sin dígito de verificación; 0 en las cuentas que no manejan terceros.",
        ),
        code("branch", "SUCURSAL", 3, source="branch", sample="2"),
    ),
    *section(
        "Asiento",
        text(
            "sequence_description",
            "DESCRIPCIÓN DE LA SECUENCIA",
            50,
            source="description",
            sample="Venta de productos electrónicos",
            help="Hasta 50 caracteres.",
        ),
    ),
    *section(
        "Pago",
        integer(
            "check_number",
            "NÚMERO DE CHEQUE",
            11,
            sample="0",
            help="Solo en egresos (G); en los demás documentos, 0.",
        ),
    ),
    *section(
        "Comprobante",
        text(
            "canceled_voucher",
            "COMPROBANTE ANULADO",
            1,
            allowed=("S", "N"),
            sample="N",
            help="S si el comprobante está anulado; si no, N.",
        ),
    ),
    *section(
        "Devolución",
        integer("return_reason_code", "CÓDIGO DEL MOTIVO DE DEVOLUCIÓN", sample="0"),
    ),
    *section(
        "Pago",
        integer(
            "payment_method", "FORMA DE PAGO", 3, coded="payment_method", sample="1", help="Código de la forma de pago."
        ),
    ),
)
