"""Products, quantities, warehouses and lots.

Names, labels and JSON types: official text, table of fields. Widths and habits: `siigo-movement-fields.csv`;
what only the notes say breaks a rule that warns.
"""

from integrations.fields.rows import in_section, number, string
from integrations.fields.spec import Field

FIELDS: tuple[Field, ...] = (
    *in_section(
        "Inventario",
        number("product_line", "LÍNEA PRODUCTO", digits=3, sample="10"),
        number("product_group", "GRUPO PRODUCTO", digits=4, sample="20"),
        number("product_code", "CÓDIGO PRODUCTO", digits=6, sample="305"),
        number("quantity", "CANTIDAD", digits=10, decimals=5, source="quantity", sample="3"),
        number("quantity_two", "CANTIDAD DOS", digits=10, decimals=5, sample="0"),
        number("warehouse_code", "CÓDIGO DE LA BODEGA", digits=4, source="warehouse", sample="1"),
        number("location_code", "CÓDIGO DE LA UBICACIÓN", digits=3, sample="101"),
        number(
            "conversion_factor_quantity",
            "CANTIDAD DE FACTOR DE CONVERSIÓN",
            digits=13,
            decimals=5,
            sample="1",
        ),
        number(
            "conversion_factor_operator",
            "OPERADOR DE FACTOR DE CONVERSIÓN",
            digits=1,
            minimum="0",
            maximum="5",
            value_rule="habit",
            sample="1",
        ),
        number("conversion_factor_value", "VALOR DEL FACTOR DE CONVERSIÓN", digits=5, decimals=5, sample="1.0"),
        string("lot", "LOTE", source="lot", sample="L20250310"),
        number(
            "year_lot_expiration",
            "AÑO DEL VENCIMIENTO DEL LOTE",
            digits=4,
            sample="2026",
            help="Módulo de lotes.",
        ),
        number(
            "month_lot_expiration",
            "MES DEL VENCIMIENTO DEL LOTE",
            digits=2,
            minimum="1",
            maximum="12",
            value_rule="habit",
            sample="3",
        ),
        number(
            "day_lot_expiration",
            "DÍA DEL VENCIMIENTO DEL LOTE",
            digits=2,
            minimum="1",
            maximum="31",
            value_rule="habit",
            sample="10",
        ),
        string("classification_1", "CLASIFICACIÓN 1", sample="Electrónica"),
        string("classification_2", "CLASIFICACIÓN 2", sample="Consumo"),
    ),
)
