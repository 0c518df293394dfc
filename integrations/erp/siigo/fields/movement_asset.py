"""Fixed assets.

Names, labels and order are the official table's; widths and choices are notes, and only warn.
"""

from integrations.erp.fields.rows import Rows, integer, section, text

ASSET: Rows = (
    *section(
        "Activos fijos",
        integer("asset_group", "GRUPO ACTIVOS", 4, sample="5"),
        integer("asset_code", "CÓDIGO ACTIVO", 5, sample="5001"),
        text(
            "addition_or_improvement",
            "ADICIÓN O MEJORA",
            1,
            allowed=("A",),
            sample="A",
            help="A si es una adición o mejora; si no, vacío.",
        ),
        integer(
            "additional_depreciation_times_for_improvement",
            "VECES ADICIONALES A DEPRECIAR POR ADICIÓN O MEJORA",
            3,
            sample="0",
            help="Solo cuando es adición o mejora.",
        ),
        integer("niif_depreciation_times", "VECES A DEPRECIAR NIIF", 3, sample="5"),
    ),
)
