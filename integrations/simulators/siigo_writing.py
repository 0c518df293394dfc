"""A list of movements on its way into Siigo: whose turn it is, and how much of a bad list is stored.

Nothing of this is documented: each is a switch.
"""

import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from integrations.simulators import siigo_vouchers as vouchers
from integrations.simulators.siigo_envelope import Envelope, RefusedError
from integrations.simulators.siigo_rows import RowRefusal
from integrations.simulators.store import Store

WHOLE_LIST, VOUCHER, ROW = "list", "voucher", "row"
ATOMICITIES = (WHOLE_LIST, VOUCHER, ROW)
REFUSE, QUEUE = "409", "queue"
AT_ONCE = ("", REFUSE, QUEUE)
QUEUE_SECONDS = 60.0
"""How long a queued request waits for its turn."""


class Turns:
    """One request at a time for each connection: Siigo's own program runs alone (notes, section 2)."""

    def __init__(self) -> None:
        self._locks: dict[str, threading.Lock] = defaultdict(threading.Lock)

    @contextmanager
    def turn(self, connection: str, at_once: str) -> Iterator[None]:
        """`at_once`: nothing lets all go, `409` refuses the second, `queue` lets it wait. Raises `RefusedError`."""
        if not at_once:
            yield
            return
        lock = self._locks[connection]
        if not lock.acquire(timeout=QUEUE_SECONDS if at_once == QUEUE else 0):
            raise RefusedError(409, "El conector está ocupado con otra solicitud de esta conexión")
        try:
            yield
        finally:
            lock.release()

    def hold(self, connection: str) -> object:
        """Somebody else's request is at work, until it is released."""
        return {"held": self._locks[connection].acquire(blocking=False)}

    def release(self, connection: str) -> object:
        """End the request that `hold` began. Raises ValueError where there is none."""
        lock = self._locks[connection]
        if not lock.locked():
            raise ValueError(f"{connection} is not held")
        lock.release()
        return {"held": False}


def envelope_in(envelope: Envelope, source: str) -> Envelope:
    """The envelope under another voucher code (digits) or type (a letter); as it is for no `source`."""
    if not source:
        return envelope
    other = {"voucher_code": int(source)} if source.isdecimal() else {"voucher_type": source[0]}
    return replace(envelope, rows=tuple({**row, **other} for row in envelope.rows))


def write(
    store: Store,
    envelope: Envelope,
    rules: vouchers.Rules,
    atomicity: str,
    copies: int,
    wrong_rows: Sequence[RowRefusal],
) -> list[RowRefusal]:
    """Store what is good of a list; what is wrong with the rest. `wrong_rows` are refused already."""
    gathered = vouchers.gather(envelope.connection, envelope.year, envelope.rows)
    wrong: list[RowRefusal] = []
    chart = vouchers.chart(store, envelope.connection, rules)
    with store.transaction() as db:
        db.execute("SAVEPOINT list")
        for voucher in gathered:
            refusals = [error for error in wrong_rows if error.row in dict(voucher.rows)]
            refusals += vouchers.rule_errors(voucher, rules, chart)
            good = voucher if not refusals else _before(voucher, refusals) if atomicity == ROW else None
            if good and (exists := vouchers.commit(db, good, replace_whole=envelope.modify, copies=copies)):
                refusals.append(exists)
            wrong += refusals
        if wrong and atomicity == WHOLE_LIST:
            db.execute("ROLLBACK TO list")
    return wrong


def _before(voucher: vouchers.VoucherRows, errors: Sequence[RowRefusal]) -> vouchers.VoucherRows | None:
    """What was written before anybody saw the first error; None where that is nothing.

    That a voucher does not balance is seen at its last row, that it is too long at its row 251.
    """
    positions = [position for position, _ in voucher.rows]
    seen = {"unbalanced": positions[-1], "too_many_lines": positions[min(vouchers.MAX_LINES, len(positions) - 1)]}
    first = min(seen.get(error.code, error.row) for error in errors)
    rows = tuple((position, row) for position, row in voucher.rows if position < first)
    return replace(voucher, rows=rows) if rows else None
