"""Drain a lane: claim, send, finish (sync protocol, section 4). Runs in the worker.

No transaction is open during the call; the finish names its attempt.
"""

import logging
import time

from django.db import DatabaseError

from integrations.connections import lanes
from integrations.erp.receipts import Receipt, Verdict
from integrations.errors import IntegrationError, PayloadError
from integrations.models.clock import elapsed_seconds
from integrations.queue import heartbeat
from integrations.queue.outbox import enqueue_drain
from integrations.sending import gateways, joint_requests, outcomes, series_marks
from integrations.sending.claims import Claim, LeaseLostError, claim_together

log = logging.getLogger(__name__)

DRAIN_SECONDS = 60
"""How long one task keeps a lane before it hands over to a fresh task."""
_FINISH_AGAIN_SECONDS = 1.0


def drain(connection_id: int, budget_seconds: float = DRAIN_SECONDS) -> int:
    """Send what is queued on a lane, one record after another, within a time budget. Returns how many left."""
    series_marks.before_a_lane_starts(connection_id)
    started, sent = elapsed_seconds(), 0
    while elapsed_seconds() - started < budget_seconds:
        claims = claim_together(connection_id)
        if not claims:
            left = budget_seconds - (elapsed_seconds() - started)
            if lanes.wait_for_pace(connection_id, left):
                continue
            return sent
        if len(claims) == 1:
            deliver(claims[0])
        else:
            joint_requests.deliver(claims, lambda joint: call(joint, alone=False), call, finish)
        heartbeat.alive()
        sent += len(claims)
    enqueue_drain(connection_id)
    return sent


def deliver(claim: Claim) -> None:
    """Send a claimed record and write down what came of it."""
    receipt = call(claim)
    finish(claim, receipt)
    series_marks.after_a_call(claim.connection, claim.attempt, receipt)


def call(claim: Claim, *, alone: bool = True) -> Receipt:
    """Send what was claimed and judge the answer; `alone` also reads what this record's own answer asks for."""
    try:
        gateway = gateways.gateway(claim.connection)
        receipt = gateway.send(claim.payload, claim.check_lease)
        return outcomes.look_again(receipt, claim.standing_id, claim.payload, gateway) if alone else receipt
    except LeaseLostError as late:
        return Receipt(Verdict.NEVER_SENT, str(late), cause="lease_lost")
    except PayloadError as impossible:
        return Receipt(Verdict.REFUSED, str(impossible), cause="payload")
    except IntegrationError as misconfigured:
        # Raised before a request existed: the connection itself is at fault, so the lane stops.
        return Receipt(Verdict.UNAUTHORIZED, str(misconfigured), cause="configuration")


def finish(claim: Claim, receipt: Receipt) -> None:
    """Write the outcome, again and again until the lease ends; after that the sweeper says `uncertain`."""
    while True:
        try:
            outcomes.settle(claim.standing_id, claim.attempt, receipt)
        except DatabaseError:
            log.warning("the outcome of attempt %s could not be saved yet", claim.attempt.pk)
            if elapsed_seconds() >= claim.lease_ends:
                raise
            time.sleep(_FINISH_AGAIN_SECONDS)
        else:
            return
