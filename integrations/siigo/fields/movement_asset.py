"""Fixed assets.

Names, labels and JSON types: official text, table of fields. Widths and habits: `siigo-movement-fields.csv`;
what only the notes say breaks a rule that warns.
"""

from integrations.fields.rows import in_section, number, string
from integrations.fields.spec import Field

FIELDS: tuple[Field, ...] = (
    *in_section(
        "Activos fijos",
        number("asset_group", "GRUPO ACTIVOS", digits=4, sample="5"),
        number("asset_code", "CÓDIGO ACTIVO", digits=5, sample="5001"),
        string(
            "addition_or_improvement",
            "ADICIÓN O MEJORA",
            length=1,
            allowed=("A",),
            value_rule="habit",
            sample="A",
            help="A, o vacío.",
        ),
        number(
            "additional_depreciation_times_for_improvement",
            "VECES ADICIONALES A DEPRECIAR POR ADICIÓN O MEJORA",
            digits=3,
            sample="0",
        ),
        number("niif_depreciation_times", "VECES A DEPRECIAR NIIF", digits=3, sample="5"),
    ),
)
