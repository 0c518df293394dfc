"""What an update of a third party sends (tipo 4): its key, and what differs from what SAG holds. Pure."""

from collections.abc import Collection, Mapping
from decimal import Decimal, InvalidOperation

from integrations.erp.sag.fields.third_party import NEW_NUMBER

KEYS = ("documentoActual", "nitActual")


def addressed(wanted: Mapping[str, str], number_in_sag: str, *, is_update: bool) -> dict[str, str]:
    """The attributes under the number by which SAG has the third party now, `number_in_sag`; empty: as `wanted` says.

    A change of number that SAG already made is no change any more, and one that is created has none.
    """
    number = number_in_sag or wanted.get(KEYS[0], "")
    result = {name: number if name in KEYS else text for name, text in wanted.items()} if is_update else dict(wanted)
    if NEW_NUMBER in result and (is_update == _is_same(result[NEW_NUMBER], number)):
        del result[NEW_NUMBER]
    return result


def only_changes(wanted: Mapping[str, str], in_sag: Mapping[str, str], sent: Collection[str] = ()) -> dict[str, str]:
    """The key and the attributes whose value differs from `in_sag`, in the order of `wanted`.

    `sent` are the names that we once sent: one that is gone now goes out empty. Where nothing is
    known of SAG, or nothing differs, everything goes: whoever asked for it wants it there.
    """
    changed = {name: text for name, text in wanted.items() if name not in KEYS and not _is_same(text, in_sag.get(name))}
    changed |= {name: "" for name in sent if name not in (*wanted, NEW_NUMBER) and in_sag.get(name)}
    changed |= {NEW_NUMBER: wanted[NEW_NUMBER]} if NEW_NUMBER in wanted else {}
    if not in_sag or not changed:
        return dict(wanted)
    return {name: wanted[name] for name in KEYS if name in wanted} | changed


def _is_same(wanted: str, in_sag: str | None) -> bool:
    """Equal as SAG keeps things: padded, numbers with or without decimals. Case matters: it may be the change."""
    left, right = wanted.strip(), (in_sag or "").strip()
    if left == right:
        return True
    try:
        return left[:1] != "0" and right[:1] != "0" and Decimal(left) == Decimal(right)
    except InvalidOperation:
        return False
