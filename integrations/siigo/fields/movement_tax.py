"""Taxes of the entry.

Names, labels and JSON types: official text, table of fields. Widths and habits: `siigo-movement-fields.csv`;
what only the notes say breaks a rule that warns.
"""

from integrations.fields.rows import in_section, number, string
from integrations.fields.spec import Field

FIELDS: tuple[Field, ...] = (
    *in_section(
        "Impuestos",
        number(
            "ultra_processed_foods_percentage",
            "PORCENTAJE ALIMENTOS ULTRAPROCESADOS",
            digits=2,
            decimals=2,
            sample="10",
        ),
        number(
            "ultra_processed_foods_value",
            "VALOR ALIMENTOS ULTRAPROCESADOS",
            digits=11,
            decimals=2,
            sample="2000",
        ),
        number("sugary_beverages_value", "VALOR BEBIDAS AZUCARADAS", digits=11, decimals=2, sample="1500"),
        number(
            "sequence_vat_percentage",
            "PORCENTAJE DEL IVA DE LA SECUENCIA",
            digits=2,
            decimals=2,
            source="vat_percentage",
            sample="19",
        ),
        number(
            "sequence_vat_value",
            "VALOR DE IVA DE LA SECUENCIA",
            digits=11,
            decimals=2,
            source="vat_amount",
            sample="1900",
        ),
        number(
            "withholding_base",
            "BASE DE RETENCIÓN",
            digits=13,
            decimals=2,
            source="withholding_base",
            sample="5000",
            help="En cuentas de retención.",
        ),
        number(
            "vat_withholding_base_for_marked_accounts",
            "BASE PARA CUENTAS MARCADAS COMO RETEIVA",
            digits=13,
            decimals=2,
            sample="1000",
        ),
        string(
            "taxable_or_exempt_sequence",
            "SECUENCIA GRAVADA O EXCENTA",
            length=1,
            allowed=("S", "N"),
            value_rule="habit",
            sample="S",
            help="S gravada, N exenta.",
        ),
        number("aiu_percentage", "PORCENTAJE AIU", decimals=None, sample="5"),
        number("aiu_vat_base", "BASE IVA AIU", digits=13, decimals=2, sample="500"),
        number(
            "sequence_total_excise_tax_value",
            "VALOR TOTAL IMPOCONSUMO DE LA SECUENCIA",
            digits=11,
            decimals=2,
            sample="300",
        ),
    ),
)
