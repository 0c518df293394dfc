"""Property management.

Names, labels and order are the official table's; widths and choices are notes, and only warn.
"""

from integrations.erp.fields.rows import Rows, integer, section, text

PROPERTY: Rows = (
    *section(
        "Propiedad horizontal",
        text("block_billing_concept", "CONCEPTO FACTURACION EN BLOQUE", sample="No aplica"),
        text(
            "establishment_data_local_or_office",
            "DATOS ESTABLEC. (L=LOCAL O=OFICINA)",
            1,
            allowed=("L", "O"),
            sample="L",
            help="L = local, O = oficina.",
        ),
        integer("establishment_number", "NÚMERO ESTABLECIMIENTO", sample="3"),
        integer("billing_concept", "CONCEPTO DE FACTURACIÓN", sample="45"),
        text("property_group", "GRUPO DEL INMUEBLE", sample="Comercial"),
        integer("property_subgroup", "SUBGRUPO DEL INMUEBLE", sample="1"),
        text("property_number", "NÚMERO DEL INMUEBLE", sample="LOC2025"),
    ),
)
