"""Charges and discounts of an entry.

Names, labels and order are the official table's; widths and choices are notes, and only warn.
"""

from integrations.erp.fields.rows import Rows, number, section

CHARGES: Rows = (
    *section(
        "Cargos y descuentos",
        number("sequence_charge_1_value", "VALOR DEL CARGO 1 DE LA SECUENCIA", 11, 2, sample="0"),
        number("sequence_charge_2_value", "VALOR DEL CARGO 2 DE LA SECUENCIA", 11, 2, sample="0"),
        number("sequence_discount_1_value", "VALOR DEL DESCUENTO 1 DE LA SECUENCIA", 11, 2, sample="500"),
        number("sequence_discount_2_value", "VALOR DEL DESCUENTO 2 DE LA SECUENCIA", 11, 2, sample="100"),
        number("sequence_discount_3_value", "VALOR DEL DESCUENTO 3 DE LA SECUENCIA", 11, 2, sample="50"),
    ),
)
