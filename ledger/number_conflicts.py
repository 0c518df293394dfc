"""Movements whose number another document of the company already has."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import Q, QuerySet

from integrations.choices import Target
from integrations.models.syncable import Rival
from ledger.columns import MovementColumns

NumberKey = tuple[object, ...]
"""What must be one document in an ERP."""


def number_rivals(movements: Sequence[MovementColumns], target: Target) -> list[Rival]:
    """Each pair of a movement and another of the company with its number (`settled.md`, the row on one number)."""
    numbered = [(movement, key) for movement in movements if (key := number_key(movement, target)) is not None]
    if not numbered:
        return []
    taken = _by_number(movements[0], {movement.number for movement, _ in numbered}, target)
    return [
        _rival(movement, other, target) for movement, key in numbered for other in taken[key] if other.pk != movement.pk
    ]


def second_number_rivals(movements: Sequence[MovementColumns], target: Target) -> list[Rival]:
    """Each pair of movements with the same number 2, fuente and third party, which some fuentes of SAG forbid."""
    numbered = [movement for movement in movements if movement.number2 and movement.source_code]
    if target != Target.SAG or not numbered:
        return []
    taken = _by_second_number(numbered)
    return [
        Rival(movement.pk, "source_duplicado_dcto2_tercero", _second_number_taken(movement, other), movement.number2)
        for movement in numbered
        for other in taken[_second_key(movement)]
        if other.pk != movement.pk
    ]


def _by_second_number(movements: Sequence[MovementColumns]) -> dict[NumberKey, list[MovementColumns]]:
    numbers = {movement.number2 for movement in movements}
    others: QuerySet[MovementColumns] = type(movements[0])._default_manager.filter(
        ~Q(number2=""), company=movements[0].company_id, number2__among=numbers
    )
    taken: dict[NumberKey, list[MovementColumns]] = defaultdict(list)
    for other in others.exclude(sag_status="excluded"):
        taken[_second_key(other)].append(other)
    return taken


def _second_key(movement: MovementColumns) -> NumberKey:
    return (movement.source_code, movement.number2, movement.tax_id)


def _second_number_taken(movement: MovementColumns, other: MovementColumns) -> str:
    return f"El movimiento {other}{_dated(other)} del mismo tercero ya tiene el número 2 {movement.number2}."


def number_key(movement: MovementColumns, target: Target) -> NumberKey | None:
    """What tells a numbered document from all others in an ERP; None where it has no number."""
    if not movement.number:
        return None
    if target == Target.SIIGO:
        year = movement.process_year or (movement.date.year if movement.date else None)
        return (year, movement.voucher_type, movement.voucher_code, movement.number)
    return (movement.source_code, movement.prefix, movement.number)


def _by_number(
    sample: MovementColumns, numbers: Iterable[int | None], target: Target
) -> dict[NumberKey, list[MovementColumns]]:
    """The movements of the same company with these numbers that may go to `target`."""
    others: QuerySet[MovementColumns] = type(sample)._default_manager.filter(company=sample.company_id)
    others = others.filter(number__among=set(numbers))
    others = others.exclude(voucher_type="") if target == Target.SIIGO else others.exclude(source_code="")
    taken: dict[NumberKey, list[MovementColumns]] = defaultdict(list)
    for other in others.exclude(**{f"{target}_status": "excluded"}):
        if (key := number_key(other, target)) is not None:
            taken[key].append(other)
    return taken


def _rival(movement: MovementColumns, other: MovementColumns, target: Target) -> Rival:
    same_party = target == Target.SIIGO or movement.tax_id == other.tax_id
    return Rival(
        movement.pk,
        "number_taken" if same_party else "number_shared",
        f"El movimiento {other}{_dated(other)} ya tiene el número {movement.number}.",
        str(movement.number),
    )


def _dated(movement: MovementColumns) -> str:
    return f" del {movement.date:%d/%m/%Y}" if movement.date else ""
