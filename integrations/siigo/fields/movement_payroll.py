"""Payroll.

Names, labels and JSON types: official text, table of fields. Widths and habits: `siigo-movement-fields.csv`;
what only the notes say breaks a rule that warns.
"""

from integrations.fields.rows import in_section, number
from integrations.fields.spec import Field

FIELDS: tuple[Field, ...] = (
    *in_section(
        "Nómina",
        number(
            "payroll_concept",
            "CONCEPTO DE NÓMINA",
            digits=3,
            minimum="1",
            maximum="99",
            value_rule="habit",
            sample="50",
        ),
        number("quantity_days_hours", "CANTIDAD (DÍAS /HORAS. ETC)", digits=9, decimals=2, sample="8"),
        number(
            "payment_type",
            "TIPO DE PAGO",
            digits=1,
            minimum="1",
            maximum="5",
            value_rule="habit",
            sample="1",
            help="Número del pago de nómina, de 1 a 5.",
        ),
    ),
)
