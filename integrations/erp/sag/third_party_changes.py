"""What an update of a third party sends (tipo 4): its key, and what differs from what SAG holds. Pure."""

from collections.abc import Collection, Mapping
from decimal import Decimal, InvalidOperation

KEYS = ("documentoActual", "nitActual")


def only_changes(wanted: Mapping[str, str], in_sag: Mapping[str, str], sent: Collection[str] = ()) -> dict[str, str]:
    """The key and the attributes whose value differs from `in_sag`, in the order of `wanted`.

    `sent` are the names that we once sent: one that is gone now goes out empty. Where nothing is
    known of SAG, or nothing differs, everything goes: whoever asked for it wants it there.
    """
    changed = {name: text for name, text in wanted.items() if name not in KEYS and not _is_same(text, in_sag.get(name))}
    changed |= {name: "" for name in sent if name not in wanted and in_sag.get(name)}
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
