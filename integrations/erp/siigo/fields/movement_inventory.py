"""Products, quantities, warehouses and lots.

Names, labels and order are the official table's; widths and choices are notes, and only warn.
"""

from integrations.erp.fields.rows import Rows, code, integer, number, section, text

INVENTORY: Rows = (
    *section(
        "Inventario",
        integer(
            "product_line",
            "LÍNEA PRODUCTO",
            3,
            sample="10",
            help="Con el grupo y el código forma el producto: 3 + 4 + 6 cifras.",
        ),
        integer("product_group", "GRUPO PRODUCTO", 4, sample="20"),
        integer("product_code", "CÓDIGO PRODUCTO", 6, coded="article", sample="305"),
        number("quantity", "CANTIDAD", 10, 5, source="quantity", sample="3", help="Hasta 5 decimales."),
        number("quantity_two", "CANTIDAD DOS", 10, 5, sample="0"),
        code("warehouse_code", "CÓDIGO DE LA BODEGA", 4, source="warehouse", coded="warehouse", sample="1"),
        integer("location_code", "CÓDIGO DE LA UBICACIÓN", 3, sample="101"),
        number("conversion_factor_quantity", "CANTIDAD DE FACTOR DE CONVERSIÓN", 13, 5, sample="1"),
        integer(
            "conversion_factor_operator",
            "OPERADOR DE FACTOR DE CONVERSIÓN",
            1,
            minimum="0",
            maximum="5",
            sample="1",
        ),
        number("conversion_factor_value", "VALOR DEL FACTOR DE CONVERSIÓN", 5, 5, sample="1.0"),
        text(
            "lot",
            "LOTE",
            source="lot",
            sample="L20250310",
            help="Número del lote; necesita el módulo de lotes.",
        ),
        integer("year_lot_expiration", "AÑO DEL VENCIMIENTO DEL LOTE", 4, sample="2026"),
        integer("month_lot_expiration", "MES DEL VENCIMIENTO DEL LOTE", 2, minimum="0", maximum="12", sample="3"),
        integer("day_lot_expiration", "DÍA DEL VENCIMIENTO DEL LOTE", 2, minimum="0", maximum="31", sample="10"),
        text("classification_1", "CLASIFICACIÓN 1", sample="Electrónica"),
        text("classification_2", "CLASIFICACIÓN 2", sample="Consumo"),
    ),
)
