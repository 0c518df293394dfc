"""What is computed from the content of a movement: its totals and the name of its third party."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.apps import apps

from ledger.columns import LineColumns, MovementColumns

CENT = Decimal("0.01")
_ZERO = Decimal(0)


def set_totals(movement: MovementColumns, lines: Iterable[LineColumns]) -> None:
    """Set, without saving, debits, credits and total in pesos, and the NIT that lists show.

    The total of an accounting voucher is its debits; that of a document of goods, its lines with VAT.
    """
    lines = list(lines)
    movement.total_debit = sum((line.amount or _ZERO for line in lines if line.side == "D"), _ZERO)
    movement.total_credit = sum((line.amount or _ZERO for line in lines if line.side == "C"), _ZERO)
    movement.party_tax_id = movement.tax_id or next((line.tax_id for line in lines if line.tax_id.strip("0")), "")
    goods = sum((_with_vat(line) for line in lines if line.article), _ZERO)
    movement.total = goods or max(movement.total_debit, movement.total_credit)


def _with_vat(line: LineColumns) -> Decimal:
    return (line.sale_value * (1 + (line.vat_percentage or _ZERO) / 100)).quantize(CENT)


def save_totals(movement: MovementColumns, lines: Iterable[LineColumns]) -> None:
    """Save a movement with the totals of these lines, inside `transitions.editing`."""
    set_totals(movement, lines)
    set_party_names([movement])
    movement.save()


def set_party_names(movements: Sequence[MovementColumns]) -> None:
    """Set, without saving, the name of the client or third party that `party_tax_id` belongs to."""
    tax_ids = {movement.party_tax_id for movement in movements if movement.party_tax_id}
    if not tax_ids:
        return
    names: dict[str, str] = {}
    for model in (apps.get_model("catalog", "ThirdParty"), apps.get_model("catalog", "Client")):
        parties = model._default_manager.filter(company=movements[0].company_id, tax_id__in=tax_ids)
        names |= dict(parties.values_list("tax_id", "name"))
    for movement in movements:
        name = names.get(movement.party_tax_id, "")
        movement.third_party_name = name or movement.third_party_name or movement.party_tax_id
