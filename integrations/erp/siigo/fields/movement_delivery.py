"""Delivery orders two to five.

Names, labels and order are the official table's; widths and choices are notes, and only warn.
"""

from integrations.erp.fields.rows import Rows, section, text

DELIVERY: Rows = (
    *section(
        "Órdenes de entrega",
        text("release_prefix2", "PREFIJO ORDEN DE ENTREGA2", 10, sample="RP2"),
        text("release_number2", "NÚMERO ORDEN DE ENTREGA2", 40, sample="2002"),
        text("year_release_date2", "AÑO FECHA DE ORDEN DE ENTREGA2", 4, pattern="0|[0-9]{4}", sample="2025"),
        text(
            "month_release_date2",
            "MES FECHA DE ORDEN DE ENTREGA2",
            2,
            pattern="0|0?[1-9]|1[0-2]",
            sample="03",
        ),
        text(
            "day_release_date2",
            "DÍA FECHA DE ORDEN DE ENTREGA2",
            2,
            pattern="0|0?[1-9]|[12][0-9]|3[01]",
            sample="11",
        ),
        text("release_prefix3", "PREFIJO ORDEN DE ENTREGA3", 10, sample="RP3"),
        text("release_number3", "NÚMERO ORDEN DE ENTREGA3", 40, sample="3003"),
        text("year_release_date3", "AÑO FECHA DE ORDEN DE ENTREGA3", 4, pattern="0|[0-9]{4}", sample="2025"),
        text(
            "month_release_date3",
            "MES FECHA DE ORDEN DE ENTREGA3",
            2,
            pattern="0|0?[1-9]|1[0-2]",
            sample="03",
        ),
        text(
            "day_release_date3",
            "DÍA FECHA DE ORDEN DE ENTREGA3",
            2,
            pattern="0|0?[1-9]|[12][0-9]|3[01]",
            sample="12",
        ),
        text("release_prefix4", "PREFIJO ORDEN DE ENTREGA4", 10, sample="RP3"),
        text("release_number4", "NÚMERO ORDEN DE ENTREGA4", 40, sample="3003"),
        text("year_release_date4", "AÑO FECHA DE ORDEN DE ENTREGA4", 4, pattern="0|[0-9]{4}", sample="2025"),
        text(
            "month_release_date4",
            "MES FECHA DE ORDEN DE ENTREGA4",
            2,
            pattern="0|0?[1-9]|1[0-2]",
            sample="03",
        ),
        text(
            "day_release_date4",
            "DÍA FECHA DE ORDEN DE ENTREGA4",
            2,
            pattern="0|0?[1-9]|[12][0-9]|3[01]",
            sample="12",
        ),
        text("release_prefix5", "PREFIJO ORDEN DE ENTREGA5", 10, sample="RP3"),
        text("release_number5", "NÚMERO ORDEN DE ENTREGA5", 40, sample="3003"),
        text("year_release_date5", "AÑO FECHA DE ORDEN DE ENTREGA5", 4, pattern="0|[0-9]{4}", sample="2025"),
        text(
            "month_release_date5",
            "MES FECHA DE ORDEN DE ENTREGA5",
            2,
            pattern="0|0?[1-9]|1[0-2]",
            sample="03",
        ),
        text(
            "day_release_date5",
            "DÍA FECHA DE ORDEN DE ENTREGA5",
            2,
            pattern="0|0?[1-9]|[12][0-9]|3[01]",
            sample="12",
        ),
    ),
)
