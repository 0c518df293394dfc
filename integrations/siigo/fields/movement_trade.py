"""Foreign trade.

Names, labels and JSON types: official text, table of fields. Widths and habits: `siigo-movement-fields.csv`;
what only the notes say breaks a rule that warns.
"""

from integrations.fields.rows import in_section, number, string
from integrations.fields.spec import Field

FIELDS: tuple[Field, ...] = (
    *in_section(
        "Comercio exterior",
        string("inconterm", "INCONTERM", length=10, sample="FOB", help="El nombre va escrito así en el conector."),
        string(
            "export_description",
            "DESCRIPCIÓN EXPORTACIÓN",
            length=50,
            sample="Envío de productos electrónicos",
        ),
        string("transport_means", "MEDIO DE TRANSPORTE", length=50, sample="Aéreo"),
        number("country_of_origin", "PAÍS DE ORIGEN", digits=3, sample="170"),
        number("city_of_origin", "CIUDAD DE ORIGEN", digits=4, sample="5001"),
        number("destination_country", "PAIS DESTINO", digits=3, sample="840"),
        number("destination_city", "CIUDAD DESTINO", digits=4, sample="3651"),
        number("net_weight", "PESO NETO", decimals=None, sample="5"),
        number("gross_weight", "PESO BRUTO", decimals=None, sample="6"),
        string("net_measurement_unit", "UNIDAD DE MEDIDA NETO", length=10, sample="kg"),
        string("gross_measurement_unit", "UNIDAD DE MEDIDA BRUTO", length=10, sample="kg"),
    ),
)
