"""The accounting entry: account, side, value, third party, description.

Names, labels and JSON types: official text, table of fields. Widths and habits: `siigo-movement-fields.csv`;
what only the notes say breaks a rule that warns.
"""

from integrations.fields.rows import in_section, number, string
from integrations.fields.spec import Field, always

FIELDS: tuple[Field, ...] = (
    *in_section(
        "Asiento",
        number(
            "accounting_account",
            "CUENTA CONTABLE",
            digits=10,
            required=always,
            source="account",
            sample="4135050001",
            help="Cuenta de 10 dígitos; las cortas se completan con ceros a la derecha.",
        ),
        string(
            "debit_or_credit",
            "DÉBITO O CRÉDITO",
            length=1,
            required=always,
            source="side",
            allowed=("D", "C"),
            sample="D",
        ),
        number(
            "sequence_value",
            "VALOR DE LA SECUENCIA",
            digits=13,
            decimals=2,
            required=always,
            source="amount",
            minimum="0",
            value_rule="habit",
            sample="10000",
        ),
        string(
            "sequence_description",
            "DESCRIPCIÓN DE LA SECUENCIA",
            length=50,
            source="description",
            sample="Venta de productos electrónicos",
        ),
        string(
            "comments_description",
            "DESCRIPCIÓN DE COMENTARIOS",
            length=228,
            sample="Pago realizado vía transferencia bancaria",
        ),
        string(
            "long_description",
            "DESCRIPCIÓN LARGA",
            length=3000,
            sample="Factura por venta de equipos electrónicos",
        ),
    ),
    *in_section(
        "Tercero",
        number(
            "nit",
            "NIT",
            digits=13,
            source="tax_id",
            sample="900123456",
            help="Sin dígito de verificación; 0 en cuentas que no manejan tercero.",
        ),
        number("branch", "SUCURSAL", digits=3, source="branch", sample="2"),
        string(
            "third_party_revenues",
            "INGRESOS PARA TERCEROS",
            length=1,
            allowed=("S", "N"),
            value_rule="habit",
            sample="N",
        ),
    ),
    *in_section(
        "Cargos y descuentos",
        number("sequence_charge_1_value", "VALOR DEL CARGO 1 DE LA SECUENCIA", digits=11, decimals=2, sample="0"),
        number("sequence_charge_2_value", "VALOR DEL CARGO 2 DE LA SECUENCIA", digits=11, decimals=2, sample="0"),
        number(
            "sequence_discount_1_value",
            "VALOR DEL DESCUENTO 1 DE LA SECUENCIA",
            digits=11,
            decimals=2,
            sample="500",
        ),
        number(
            "sequence_discount_2_value",
            "VALOR DEL DESCUENTO 2 DE LA SECUENCIA",
            digits=11,
            decimals=2,
            sample="100",
        ),
        number(
            "sequence_discount_3_value",
            "VALOR DEL DESCUENTO 3 DE LA SECUENCIA",
            digits=11,
            decimals=2,
            sample="50",
        ),
    ),
)
