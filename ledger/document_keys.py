"""What tells one movement from another: the numbers that ERPs know it by and, without one, what it is about."""

from collections.abc import Iterable

from integrations.choices import Target
from integrations.models.document_key import DocumentKey
from ledger.columns import LineColumns, MovementColumns
from ledger.number_conflicts import number_key


def document_keys(movement: MovementColumns) -> tuple[DocumentKey, ...]:
    """The keys of a numbered movement, none without a number (`settled.md`, identity of a document).

    Siigo: year, type, code and number, whoever it names. SAG: fuente, prefix and number, of one third party.
    """
    keys = []
    if movement.voucher_type and (key := number_key(movement, Target.SIIGO)):
        keys.append(DocumentKey(("siigo", *key[1:]), key[0]))
    if movement.source_code and (key := number_key(movement, Target.SAG)):
        keys.append(DocumentKey(("sag", *key), "", movement.party_tax_id or movement.tax_id))
    return tuple(keys)


def second_key(movement: MovementColumns) -> tuple[object, ...]:
    """What names a movement where its number 2 does: its kind of document and number 2; empty without one."""
    return (*_kind(movement), movement.number2) if movement.number2 else ()


def likeness(movement: MovementColumns, lines: Iterable[LineColumns]) -> tuple[object, ...]:
    """What a movement without number still has in common with one that corrects its amounts or texts.

    Its number 2 where it has one; else its date, its third party and what its lines are about.
    """
    if movement.number2:
        return second_key(movement)
    about = sorted((line.account, line.article, line.size, line.color, line.side) for line in lines)
    return (*_kind(movement), movement.date, movement.party_tax_id or movement.tax_id, *about)


def _kind(movement: MovementColumns) -> tuple[object, ...]:
    return (movement.voucher_type, movement.voucher_code, movement.source_code, movement.prefix)
