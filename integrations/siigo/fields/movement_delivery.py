"""Delivery orders, five of them.

Names, labels and JSON types: official text, table of fields. Widths and habits: `siigo-movement-fields.csv`;
what only the notes say breaks a rule that warns.
"""

from integrations.fields.rows import in_section, string
from integrations.fields.spec import Field

FIELDS: tuple[Field, ...] = (
    *in_section(
        "Orden de entrega",
        string("delivery_schedule_prefix", "PREFIJO ORDEN DE ENTREGA", length=10, sample="DS"),
        string("release_number", "NÚMERO ORDEN DE ENTREGA", length=40, sample="1001"),
        string("year_release_date", "AÑO FECHA DE ORDEN DE ENTREGA", length=4, sample="2025"),
        string("month_release_date", "MES FECHA DE ORDEN DE ENTREGA", length=2, sample="03"),
        string("day_release_date", "DÍA FECHA DE ORDEN DE ENTREGA", length=2, sample="10"),
        string("release_prefix2", "PREFIJO ORDEN DE ENTREGA2", length=10, sample="RP2"),
        string("release_number2", "NÚMERO ORDEN DE ENTREGA2", length=40, sample="2002"),
        string("year_release_date2", "AÑO FECHA DE ORDEN DE ENTREGA2", length=4, sample="2025"),
        string("month_release_date2", "MES FECHA DE ORDEN DE ENTREGA2", length=2, sample="03"),
        string("day_release_date2", "DÍA FECHA DE ORDEN DE ENTREGA2", length=2, sample="11"),
        string("release_prefix3", "PREFIJO ORDEN DE ENTREGA3", length=10, sample="RP3"),
        string("release_number3", "NÚMERO ORDEN DE ENTREGA3", length=40, sample="2003"),
        string("year_release_date3", "AÑO FECHA DE ORDEN DE ENTREGA3", length=4, sample="2025"),
        string("month_release_date3", "MES FECHA DE ORDEN DE ENTREGA3", length=2, sample="03"),
        string("day_release_date3", "DÍA FECHA DE ORDEN DE ENTREGA3", length=2, sample="11"),
        string("release_prefix4", "PREFIJO ORDEN DE ENTREGA4", length=10, sample="RP4"),
        string("release_number4", "NÚMERO ORDEN DE ENTREGA4", length=40, sample="2004"),
        string("year_release_date4", "AÑO FECHA DE ORDEN DE ENTREGA4", length=4, sample="2025"),
        string("month_release_date4", "MES FECHA DE ORDEN DE ENTREGA4", length=2, sample="03"),
        string("day_release_date4", "DÍA FECHA DE ORDEN DE ENTREGA4", length=2, sample="11"),
        string("release_prefix5", "PREFIJO ORDEN DE ENTREGA5", length=10, sample="RP5"),
        string("release_number5", "NÚMERO ORDEN DE ENTREGA5", length=40, sample="2005"),
        string("year_release_date5", "AÑO FECHA DE ORDEN DE ENTREGA5", length=4, sample="2025"),
        string("month_release_date5", "MES FECHA DE ORDEN DE ENTREGA5", length=2, sample="03"),
        string("day_release_date5", "DÍA FECHA DE ORDEN DE ENTREGA5", length=2, sample="11"),
    ),
)
