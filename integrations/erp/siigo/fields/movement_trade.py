"""Foreign trade.

Names, labels and order are the official table's; widths and choices are notes, and only warn.
"""

from integrations.erp.fields.rows import Rows, integer, number, section, text

TRADE: Rows = (
    *section(
        "Comercio exterior",
        text("inconterm", "INCONTERM", 10, sample="FOB"),
        text("export_description", "DESCRIPCIÓN EXPORTACIÓN", 50, sample="Envío de productos electrónicos"),
        text("transport_means", "MEDIO DE TRANSPORTE", 50, sample="Aéreo"),
        integer("country_of_origin", "PAÍS DE ORIGEN", 3, sample="170", help="Código de país de Siigo, 3 cifras."),
        integer(
            "city_of_origin",
            "CIUDAD DE ORIGEN",
            4,
            coded="city",
            sample="1001",
            help="Código de ciudad de Siigo, 4 cifras.",
        ),
        integer("destination_country", "PAIS DESTINO", 3, sample="840", help="Código de país de Siigo, 3 cifras."),
        integer(
            "destination_city",
            "CIUDAD DESTINO",
            4,
            coded="city",
            sample="3651",
            help="Código de ciudad de Siigo, 4 cifras.",
        ),
        number("net_weight", "PESO NETO", sample="5"),
        number("gross_weight", "PESO BRUTO", sample="6"),
        text("net_measurement_unit", "UNIDAD DE MEDIDA NETO", 10, sample="kg"),
        text("gross_measurement_unit", "UNIDAD DE MEDIDA BRUTO", 10, sample="kg"),
    ),
)
