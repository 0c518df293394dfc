"""What of a third party changed since what SAG is known to hold: tipo 4 takes the key and that. Pure."""

from collections.abc import Collection, Mapping
from decimal import Decimal, InvalidOperation

KEYS = ("documentoActual", "nitActual")


def only_changes(
    wanted: Mapping[str, str], held: Mapping[str, str], cleared_from: Collection[str] = ()
) -> dict[str, str]:
    """The key and the attributes whose value differs from `held`, in the order of `wanted`.

    `cleared_from` are the names that we once sent: one that is gone now goes out empty. Where nothing is
    known of SAG, or nothing differs, everything goes: whoever asked for it wants it there.
    """
    changed = {name: text for name, text in wanted.items() if name not in KEYS and not _same(text, held.get(name))}
    changed |= {name: "" for name in cleared_from if name not in wanted and held.get(name)}
    if not held or not changed:
        return dict(wanted)
    return {name: wanted[name] for name in KEYS if name in wanted} | changed


def _same(wanted: str, held: str | None) -> bool:
    """Equal as SAG keeps things: padded, numbers with or without decimals. Case matters: it may be the change."""
    left, right = wanted.strip(), (held or "").strip()
    if left == right:
        return True
    try:
        return left[:1] != "0" and right[:1] != "0" and Decimal(left) == Decimal(right)
    except InvalidOperation:
        return False
