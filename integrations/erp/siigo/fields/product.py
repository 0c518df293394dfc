"""A product of Siigo. Every row is assumed: names are those that its read gives back, whose public list is cut.

Only `line`, `group` and `product` are known to be obligatory (notes, 1.4): 3, 4 and 6 digits that together name it.
"""

from integrations.erp.fields.conditions import always
from integrations.erp.fields.rows import Rows, assumed, flag, integer, number, section, series, text

PRODUCT_ROWS: Rows = assumed(
    *section(
        "Producto",
        integer(
            "line",
            "LÍNEA",
            3,
            minimum="1",
            required=always,
            sample="10",
            help="Con el grupo y el código forma el producto: 3 + 4 + 6 cifras.",
        ),
        integer("group", "GRUPO", 4, minimum="1", required=always, sample="20"),
        integer("product", "CÓDIGO DEL PRODUCTO", 6, minimum="1", required=always, sample="305"),
        text("description", "DESCRIPCIÓN", required=always, source="name", sample="TORNILLO DE 1/2"),
        text("factory_reference", "REFERENCIA DE FÁBRICA", source="reference", sample="TX-12"),
        text("barcode", "CÓDIGO DE BARRAS", source="barcode", sample="7701234567897"),
        text("unit", "UNIDAD DE MEDIDA", source="unit", sample="UND"),
        text("brand", "MARCA", source="line", sample="ACME"),
    ),
    *section(
        "Precios e IVA",
        number("price_1", "PRECIO 1", 13, 5, source="price", sample="15000"),
        *series(number("price_#", "PRECIO #", 13, 5, sample="14000"), range(2, 13)),
        flag("vat_included", "IVA INCLUIDO", sample="N"),
        number("vat_percentage", "PORCENTAJE DE IVA", 3, 4, source="vat_percentage", sample="19"),
        number("purchase_cost", "COSTO DE COMPRA", 13, 5, sample="9000"),
    ),
    *section(
        "Existencias",
        number("maximum_stock", "EXISTENCIA MÁXIMA", 10, 5, sample="100"),
        number("minimum_stock", "EXISTENCIA MÍNIMA", 10, 5, sample="5"),
        integer("replenishment_time", "TIEMPO DE REPOSICIÓN", 3, sample="8"),
        text("equivalent_product_code", "CÓDIGO DEL PRODUCTO EQUIVALENTE", sample="0010002000306"),
        text("equivalent_product_description", "DESCRIPCIÓN DEL PRODUCTO EQUIVALENTE", sample="TORNILLO DE 5/8"),
        flag("handles_conversion_factor", "MANEJA FACTOR DE CONVERSIÓN", sample="N"),
        text("conversion_factor_name_1", "NOMBRE DEL FACTOR DE CONVERSIÓN 1", sample="CAJA"),
    ),
)
