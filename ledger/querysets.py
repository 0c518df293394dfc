"""Questions about many movements at once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Max, Q, QuerySet

from integrations.choices import Kind, Target
from integrations.models.syncable import Need, Rival, SeriesKey
from ledger.columns import LineColumns, MovementColumns

NumberKey = tuple[object, ...]


def rivals(movements: Sequence[MovementColumns], target: Target) -> list[Rival]:
    """Movements whose number another movement of the company already has (`settled.md`, the row on one number)."""
    keyed = {movement.pk: (number_key(movement, target), movement) for movement in movements}
    numbers = {movement.number for key, movement in keyed.values() if key is not None}
    if not numbers:
        return []
    taken = _taken(movements[0], numbers, target)
    return [
        _rival(movement, other, target)
        for key, movement in keyed.values()
        if key is not None
        for other in taken[key]
        if other.pk != movement.pk
    ]


def second_number_rivals(movements: Sequence[MovementColumns], target: Target) -> list[Rival]:
    """Movements whose number 2 another of the same fuente and third party has: only some fuentes forbid it."""
    named = [movement for movement in movements if movement.number2 and movement.source_code]
    if target != Target.SAG or not named:
        return []
    wanted = {movement.number2 for movement in named}
    others = type(named[0])._default_manager.filter(~Q(number2=""), company=named[0].company_id, number2__among=wanted)
    held: dict[NumberKey, list[MovementColumns]] = defaultdict(list)
    for other in others.exclude(sag_status="excluded"):
        held[_second_key(other)].append(other)
    return [
        Rival(movement.pk, "source_duplicado_dcto2_tercero", _second_number_taken(movement, other), movement.number2)
        for movement in named
        for other in held[_second_key(movement)]
        if other.pk != movement.pk
    ]


def _second_key(movement: MovementColumns) -> NumberKey:
    return (movement.source_code, movement.number2, movement.tax_id)


def _second_number_taken(movement: MovementColumns, other: MovementColumns) -> str:
    return f"El movimiento {other}{_dated(other)} del mismo tercero ya tiene el número 2 {movement.number2}."


_WHO_BUYS = (Kind.CLIENT, Kind.THIRD_PARTY)
_WHO_IS_NAMED = (Kind.THIRD_PARTY, Kind.CLIENT)


def masters_named(movement: MovementColumns, lines: Iterable[LineColumns]) -> list[Need]:
    """Who and what a movement names: its party as a client first, its lines' parties, its articles."""
    lines = list(lines)
    needs = [Need(_WHO_BUYS, movement.tax_id)]
    needs += [Need(_WHO_IS_NAMED, line.tax_id) for line in lines if line.tax_id != movement.tax_id]
    needs += [Need((Kind.ARTICLE,), line.article) for line in lines]
    return [need for need in dict.fromkeys(needs) if need.code]


def number_key(movement: MovementColumns, target: Target) -> NumberKey | None:
    """What must be one document in `target`; None where nobody numbered it."""
    if not movement.number:
        return None
    if target == Target.SIIGO:
        year = movement.process_year or (movement.date.year if movement.date else None)
        return (year, movement.voucher_type, movement.voucher_code, movement.number)
    return (movement.source_code, movement.prefix, movement.number)


def series_of(movement: MovementColumns) -> SeriesKey | None:
    """Siigo's consecutive of a movement without number; None where it has one, or lacks type, code or date."""
    year = movement.process_year or (movement.date.year if movement.date else None)
    if movement.number or not movement.voucher_type or movement.voucher_code is None or year is None:
        return None
    return SeriesKey(movement.voucher_type, movement.voucher_code, year)


def highest_number(movements: QuerySet[Any], key: SeriesKey) -> int:
    """The highest number among movements of one type and code (and year, where the key has one); 0 for none."""
    found = movements.filter(voucher_type=key.voucher_type, voucher_code=key.voucher_code, number__isnull=False)
    if key.process_year:
        by_date = Q(process_year__isnull=True, date__year=key.process_year)
        found = found.filter(Q(process_year=key.process_year) | by_date)
    return found.order_by().aggregate(highest=Max("number"))["highest"] or 0


def _taken(
    sample: MovementColumns, numbers: Iterable[int | None], target: Target
) -> dict[NumberKey, list[MovementColumns]]:
    others: QuerySet[MovementColumns] = type(sample)._default_manager.filter(
        company=sample.company_id, number__among=set(numbers)
    )
    others = others.exclude(voucher_type="") if target == Target.SIIGO else others.exclude(source_code="")
    taken: dict[NumberKey, list[MovementColumns]] = defaultdict(list)
    for other in others.exclude(**{f"{target}_status": "excluded"}):
        key = number_key(other, target)
        if key is not None:
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
