"""Which vouchers may leave in one request: never part of one, never two that Siigo would take for one."""

from dataclasses import dataclass, field

from integrations.choices import Target
from integrations.erp.payload import Payload
from integrations.erp.siigo import dialect as siigo_dialect
from integrations.erp.siigo import joint_request
from integrations.models import Connection, SyncStanding


def most_together(connection: Connection) -> int:
    """How many vouchers one request of this connection may carry."""
    if connection.target != Target.SIIGO:
        return 1
    return int(siigo_dialect.build(connection.settings).settings["vouchers_per_request"])


def refused_list_writes_nothing(connection: Connection) -> bool:
    """What the connection's people say of a list that Siigo refuses."""
    return bool(siigo_dialect.build(connection.settings).settings["refused_list_writes_nothing"])


@dataclass
class Group:
    """The vouchers of one request, gathered in the order of the queue until one does not fit."""

    most: int
    is_closed: bool = False
    _envelope: str = ""
    _names: set[str] = field(default_factory=set)

    def admits(self, row: SyncStanding, payload: Payload) -> bool:
        """Whether it joins; what does not join closes the group, so that nothing overtakes it."""
        if self.is_closed:
            return False
        if self.most == 1 or not self._fits(row, payload):
            # The first one leaves anyway, alone.
            self.is_closed = True
            return not self._names
        self._names.add(payload.reference.identifier)
        self.is_closed = len(self._names) == self.most
        return True

    def _fits(self, row: SyncStanding, payload: Payload) -> bool:
        name = payload.reference.identifier
        if row.tries or not name or name in self._names:
            # What was tried before goes alone, and what Siigo is to number would melt into its neighbour.
            return False
        envelope = joint_request.envelope(payload.body)
        self._envelope = self._envelope or envelope
        return envelope == self._envelope
