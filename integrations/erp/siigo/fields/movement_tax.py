"""Taxes and withholding bases.

Names, labels and order are the official table's; widths and choices are notes, and only warn.
"""

from integrations.erp.fields.rows import Rows, number, section, text

TAX: Rows = (
    *section(
        "Impuestos",
        number(
            "ultra_processed_foods_percentage",
            "PORCENTAJE ALIMENTOS ULTRAPROCESADOS",
            2,
            2,
            sample="10",
            help="Impuesto a los alimentos ultraprocesados (ICUI).",
        ),
        number("ultra_processed_foods_value", "VALOR ALIMENTOS ULTRAPROCESADOS", 11, 2, sample="2000"),
        number(
            "sugary_beverages_value",
            "VALOR BEBIDAS AZUCARADAS",
            11,
            2,
            sample="1500",
            help="Impuesto a las bebidas azucaradas (IBUA).",
        ),
        number(
            "sequence_vat_percentage",
            "PORCENTAJE DEL IVA DE LA SECUENCIA",
            2,
            2,
            source="vat_percentage",
            minimum="0",
            maximum="99.99",
            sample="19",
            help="Porcentaje de IVA, como 0, 5 o 19.",
        ),
        number("sequence_vat_value", "VALOR DE IVA DE LA SECUENCIA", 11, 2, source="vat_amount", sample="1900"),
        number(
            "withholding_base",
            "BASE DE RETENCIÓN",
            13,
            2,
            source="withholding_base",
            sample="5000",
            help="Base de las cuentas de retención.",
        ),
        number(
            "vat_withholding_base_for_marked_accounts",
            "BASE PARA CUENTAS MARCADAS COMO RETEIVA",
            13,
            2,
            sample="1000",
            help="Solo en cuentas marcadas como ReteIVA.",
        ),
        text(
            "taxable_or_exempt_sequence",
            "SECUENCIA GRAVADA O EXCENTA",
            1,
            allowed=("S", "N"),
            sample="S",
            help="S = gravada, N = exenta.",
        ),
        number("aiu_percentage", "PORCENTAJE AIU", sample="5"),
        number("aiu_vat_base", "BASE IVA AIU", 13, 2, sample="500"),
        number("sequence_total_excise_tax_value", "VALOR TOTAL IMPOCONSUMO DE LA SECUENCIA", 11, 2, sample="300"),
    ),
)
