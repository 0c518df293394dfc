"""Property management.

Names, labels and JSON types: official text, table of fields. Widths and habits: `siigo-movement-fields.csv`;
what only the notes say breaks a rule that warns.
"""

from integrations.fields.rows import in_section, number, string
from integrations.fields.spec import Field

FIELDS: tuple[Field, ...] = (
    *in_section(
        "Inmuebles",
        string("block_billing_concept", "CONCEPTO FACTURACION EN BLOQUE", sample="No aplica"),
        string(
            "establishment_data_local_or_office",
            "DATOS ESTABLEC. (L=LOCAL O=OFICINA)",
            length=1,
            allowed=("L", "O"),
            value_rule="habit",
            sample="L",
        ),
        number("establishment_number", "NÚMERO ESTABLECIMIENTO", decimals=None, sample="3"),
        number("billing_concept", "CONCEPTO DE FACTURACIÓN", decimals=None, sample="45"),
        string("property_group", "GRUPO DEL INMUEBLE", sample="Comercial"),
        number("property_subgroup", "SUBGRUPO DEL INMUEBLE", decimals=None, sample="1"),
        string("property_number", "NÚMERO DEL INMUEBLE", sample="LOC2025"),
    ),
)
