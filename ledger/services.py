"""What follows from a movement's content: its totals and the name of its third party."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.apps import apps

from ledger.columns import LineColumns, MovementColumns

CENT = Decimal("0.01")
_ZERO = Decimal(0)


def total_up(movement: MovementColumns, lines: Iterable[LineColumns]) -> None:
    """Set the totals in pesos: debits, credits, and what the document is worth.

    A voucher of accounting is worth its debits; a document of goods, its lines with VAT.
    """
    lines = list(lines)
    movement.total_debit = sum((line.amount or _ZERO for line in lines if line.side == "D"), _ZERO)
    movement.total_credit = sum((line.amount or _ZERO for line in lines if line.side == "C"), _ZERO)
    movement.party_tax_id = movement.tax_id or next((line.tax_id for line in lines if line.tax_id.strip("0")), "")
    goods = sum((_with_vat(line) for line in lines if line.article), _ZERO)
    movement.total = goods or max(movement.total_debit, movement.total_credit)


def _with_vat(line: LineColumns) -> Decimal:
    return (line.sale_value * (1 + (line.vat_percentage or _ZERO) / 100)).quantize(CENT)


def recompute_totals(movement: MovementColumns, lines: Iterable[LineColumns]) -> None:
    """Save the totals of these lines; inside `standing.editing`."""
    total_up(movement, lines)
    name_third_parties([movement])
    movement.save()


def name_third_parties(movements: Sequence[MovementColumns]) -> None:
    """Copy the names of clients and third parties onto the movements that name them only by NIT.

    A voucher without a NIT of its own is known by the first that its lines name (`total_up` noted it).
    """
    wanted = {movement.party_tax_id for movement in movements if movement.party_tax_id}
    if not wanted:
        return
    names: dict[str, str] = {}
    company = movements[0].company_id
    for model in ("ThirdParty", "Client"):
        known = apps.get_model("catalog", model)._default_manager.filter(company=company, tax_id__in=wanted)
        names |= dict(known.values_list("tax_id", "name"))
    for movement in movements:
        known_name = names.get(movement.party_tax_id, "")
        movement.third_party_name = known_name or movement.third_party_name or movement.party_tax_id
