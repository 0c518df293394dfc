"""The row of Siigo's accounting movement: 132 names, each text or number, and what a row must satisfy.

Names and types: official text, «Datos a Enviar» (`day_release_date` is printed twice there, and
`inconterm` so). What a refusal says is assumed: the text documents only success.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

TEXT = frozenset(
    """
    voucher_type debit_or_credit sequence_description canceled_voucher
    electronic_invoice_to_debit_or_credit cufe order_reference_prefix consecutive_of_order_reference
    delivery_schedule_prefix release_number year_release_date month_release_date day_release_date
    third_party_revenues document_update_date document_update_time release_prefix2 release_number2
    year_release_date2 month_release_date2 day_release_date2 release_prefix3 release_number3
    year_release_date3 month_release_date3 day_release_date3 release_prefix4 release_number4
    year_release_date4 month_release_date4 day_release_date4 release_prefix5 release_number5
    year_release_date5 month_release_date5 day_release_date5 taxable_or_exempt_sequence lot
    classification_1 classification_2 addition_or_improvement supplier_document_prefix
    order_document_type comments_description long_description inconterm export_description
    transport_means net_measurement_unit gross_measurement_unit block_billing_concept
    establishment_data_local_or_office property_group property_number
    """.split()  # noqa: SIM905 - a list would be a screenful of quotes
)
NUMBER = frozenset(
    """
    voucher_code document_number accounting_account sequence_value document_year document_month
    document_day salesperson_code city_code zone_code sequence cost_center sub_cost_center nit branch
    check_number return_reason_code payment_method sequence_charge_1_value sequence_charge_2_value
    sequence_discount_1_value sequence_discount_2_value sequence_discount_3_value
    number_electronic_invoice_to_debit_or_credit ultra_processed_foods_percentage
    ultra_processed_foods_value sugary_beverages_value sequence_vat_percentage sequence_vat_value
    withholding_base vat_withholding_base_for_marked_accounts aiu_percentage aiu_vat_base
    sequence_total_excise_tax_value product_line product_group product_code quantity quantity_two
    warehouse_code location_code conversion_factor_quantity conversion_factor_operator
    conversion_factor_value year_lot_expiration month_lot_expiration day_lot_expiration asset_group
    asset_code additional_depreciation_times_for_improvement niif_depreciation_times
    supplier_document_number supplier_document_year supplier_document_month supplier_document_day
    order_voucher_code order_voucher_number order_sequence currency_type cross_voucher_type
    cross_document_number expiration_number cross_document_expiration_year
    cross_document_expiration_month cross_document_expiration_day associated_cash_register_number
    payroll_concept quantity_days_hours payment_type country_of_origin city_of_origin
    destination_country destination_city net_weight gross_weight establishment_number billing_concept
    property_subgroup
    """.split()  # noqa: SIM905 - a list would be a screenful of quotes
)
REQUIRED = ("voucher_type", "voucher_code", "accounting_account", "debit_or_credit", "sequence_value")

WHOLE = {
    "document_number": 99_999_999_999,
    "accounting_account": 9_999_999_999,
    "product_line": 999,
    "product_group": 9_999,
    "product_code": 999_999,
}
"""The numbers by which rows are found, and their largest (notes, section 1.4)."""

MovementRow = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class RowRefusal:
    """One thing wrong with one row; `row` counts from 1 (assumed)."""

    row: int
    field: str
    code: str
    message: str


def is_number(value: object) -> bool:
    """A JSON number: true and false are not."""
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def is_whole(value: object) -> bool:
    """5 and 5.0, not 5.5."""
    return isinstance(value, int | Decimal) and value == int(value)


def whole(row: MovementRow, name: str) -> int:
    """A number that the checks have found whole; 0 where there is none."""
    return int(Decimal(str(row.get(name) or 0)))


def schema_errors(row: object, position: int) -> Iterator[RowRefusal]:
    """Required names, unknown names, JSON types."""
    if not isinstance(row, Mapping):
        yield RowRefusal(position, "", "invalid_row", "La fila debe ser un objeto")
        return
    for name in REQUIRED:
        if row.get(name) in (None, ""):
            yield RowRefusal(position, name, "required", f"El campo {name} es obligatorio")
    for name, value in row.items():
        yield from _value_errors(name, value, position)


def _value_errors(name: str, value: object, position: int) -> Iterator[RowRefusal]:
    if name not in TEXT and name not in NUMBER:
        yield RowRefusal(position, name, "unknown_field", f"El campo {name} no existe")
    elif value is None:
        return
    elif name in NUMBER and not is_number(value):
        yield RowRefusal(position, name, "invalid_type", f"El campo {name} debe ser numérico")
    elif name in TEXT and not isinstance(value, str):
        yield RowRefusal(position, name, "invalid_type", f"El campo {name} debe ser texto")


def value_errors(row: MovementRow, position: int, refused_types: str = "VYZ") -> Iterator[RowRefusal]:
    """What Siigo's own import refuses in one row by itself."""
    kind = str(row["voucher_type"])
    if len(kind) != 1 or not "A" <= kind <= "Z" or kind in refused_types:
        yield RowRefusal(position, "voucher_type", "invalid_voucher_type", "Tipo de comprobante no válido")
    if not (_within(row["voucher_code"], 1, 999) and is_whole(row["voucher_code"])):
        yield RowRefusal(position, "voucher_code", "invalid_voucher_code", "Código de comprobante no válido")
    if row["debit_or_credit"] not in ("D", "C"):
        yield RowRefusal(position, "debit_or_credit", "invalid_side", "Debe ser D (débito) o C (crédito)")
    if not _within(row["sequence_value"], 0, 10**13):
        yield RowRefusal(position, "sequence_value", "invalid_value", "Valor de la secuencia no válido")
    for name, high in WHOLE.items():
        if row.get(name) is not None and not (_within(row[name], 0, high) and is_whole(row[name])):
            yield RowRefusal(position, name, "invalid_number", f"El campo {name} debe ser un número entero")
    if not _real_date(row):
        yield RowRefusal(position, "document_day", "invalid_date", "La fecha del documento no existe")


def _within(value: object, low: int, high: int) -> bool:
    return isinstance(value, int | Decimal) and low <= value <= high


def _real_date(row: MovementRow) -> bool:
    """No date at all is one that Siigo fills in (assumed)."""
    parts = [row.get(f"document_{part}") for part in ("year", "month", "day")]
    if all(part is None for part in parts):
        return True
    try:
        date(*(int(str(part)) for part in parts))
    except (ValueError, OverflowError):
        return False
    return True
