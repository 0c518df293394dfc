"""The keys by which our documents are found in an ERP: drawn at random, kept with the record, never a sequence.

A sequence that goes back, as after a restore from backup, would issue the same key twice (sync protocol, section
10.1). A whole key is `IC`, nine random symbols and one for the life of the record: twelve characters, upper case,
without the letters and digits that people mix up.
"""

import re
import secrets
from collections.abc import Collection, Sequence

from integrations.models import SyncStanding

SYMBOLS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
PREFIX = "IC"
_RANDOM_SYMBOLS = 9
LENGTH = len(PREFIX) + _RANDOM_SYMBOLS + 1
FORM = re.compile(f"{PREFIX}[{SYMBOLS}]{{{_RANDOM_SYMBOLS + 1}}}")
"""What a whole key looks like, exactly."""
MOST_LIVES = len(SYMBOLS)


def draw() -> str:
    """The part of a key that stays with a record through all its lives."""
    return PREFIX + "".join(secrets.choice(SYMBOLS) for _ in range(_RANDOM_SYMBOLS))


def draw_unused(company_id: int, count: int) -> list[str]:
    """So many different keys that no record of the company has. The table's constraint holds it against a race."""
    drawn: dict[str, None] = {}
    while len(drawn) < count:
        fresh = [draw() for _ in range(count - len(drawn))]
        used = SyncStanding.objects.filter(company=company_id, search_key__among=fresh)
        drawn |= dict.fromkeys(fresh)
        for key in used.values_list("search_key", flat=True):
            drawn.pop(key, None)
    return list(drawn)


def key_of(standing: SyncStanding, life: int | None = None) -> str:
    """The whole key of a record in one of its lives, the present one by default.

    Records that were sent before keys were drawn keep the key that they were given then.
    """
    life = life or standing.life
    if not standing.search_key:
        return f"{PREFIX}{standing.pk}" if life == 1 else f"{PREFIX}{standing.pk}-{life}"
    return standing.search_key + SYMBOLS[(life - 1) % MOST_LIVES]


def without_record(company_id: int, keys: Collection[str]) -> list[str]:
    """Those of `keys`, as found in an ERP, that have the form of ours and that no record of the company has."""
    ours = [key for key in keys if FORM.fullmatch(key)]
    known = SyncStanding.objects.filter(company=company_id, search_key__among=[key[:-1] for key in ours])
    stems = set(known.values_list("search_key", flat=True)) if ours else set()
    return [key for key in ours if key[:-1] not in stems]


def next_keys(standing: SyncStanding, count: int) -> Sequence[str]:
    """The keys of the lives that follow: a restored copy may not know of lives that began after it."""
    return [key_of(standing, standing.life + further) for further in range(1, count + 1)]
