"""Drain a lane: claim, send, finish (sync protocol, section 4). Runs in the worker.

No transaction is open during the call. Finishing changes only the attempt that it names.
"""

import logging
import time
from collections.abc import Sequence
from functools import partial

from django.db import IntegrityError, InterfaceError, OperationalError

from integrations.connections import lanes
from integrations.erp.receipts import Receipt, Verdict
from integrations.errors import IntegrationError, PayloadError
from integrations.models import Connection
from integrations.models.clock import database_now, elapsed_seconds
from integrations.queue import heartbeat
from integrations.queue.outbox import enqueue_drain, enqueue_looks
from integrations.sending import gateways, joint_requests, outcomes, series_marks
from integrations.sending.claims import Claim, LeaseLostError, claim_together
from integrations.standings import answer_trials

log = logging.getLogger(__name__)

DRAIN_SECONDS = 60
"""How long one task drains a lane before it hands over to a new task."""
_SECONDS_BEFORE_SAVING_AGAIN = 1.0
_UNFORESEEN = "La respuesta del ERP no se pudo procesar: puede haberse guardado. Verifíquelo antes de reintentar."


def drain(connection_id: int, budget_seconds: float = DRAIN_SECONDS) -> int:
    """Send what is queued on a lane, one call after another, within a time budget; returns how many records."""
    series_marks.read_before_lane(connection_id)
    started, sent = elapsed_seconds(), 0
    while (left := budget_seconds - (elapsed_seconds() - started)) > 0:
        asked = elapsed_seconds()
        claims = claim_together(connection_id)
        if claims:
            _deliver_together(claims)
            sent += len(claims)
        elif not lanes.wait_to_start(connection_id, left, elapsed_seconds() - asked):
            if sent and not answer_trials.awaits_read(Connection.objects.get(pk=connection_id), database_now()):
                enqueue_looks(connection_id)
            return sent
    enqueue_drain(connection_id)
    return sent


def _deliver_together(claims: Sequence[Claim]) -> None:
    if len(claims) == 1:
        deliver(claims[0])
    else:
        joint_requests.deliver(claims, partial(call, reads_back=False), call, finish)
    heartbeat.alive()


def deliver(claim: Claim) -> None:
    """Send a claimed record and save the outcome."""
    receipt = call(claim)
    finish(claim, receipt)
    series_marks.read_after_call(claim.connection, claim.attempt, receipt)


def call(claim: Claim, *, reads_back: bool = True) -> Receipt:
    """Send what was claimed and judge the answer; never raises for what the ERP or the connection's settings did.

    With `reads_back`, an answer that leaves one record open is completed by one more read of the ERP.
    """
    try:
        gateway = gateways.gateway(claim.connection)
        receipt = gateway.send(claim.payload, claim.before_first_byte)
        return _completed(receipt, claim, gateway) if reads_back else receipt
    except LeaseLostError as late:
        return Receipt(Verdict.NEVER_SENT, str(late), cause="lease_lost")
    except PayloadError as impossible:
        return Receipt(Verdict.REFUSED, str(impossible), cause="payload")
    except IntegrationError as misconfigured:
        # Raised before a request existed: the connection itself is at fault, so the lane stops.
        return Receipt(Verdict.UNAUTHORIZED, str(misconfigured), cause="configuration")
    except Exception:
        log.exception("the call of attempt %s failed in an unforeseen way", claim.attempt.pk)
        return Receipt(Verdict.AMBIGUOUS, _UNFORESEEN, cause="no_answer")


def _completed(receipt: Receipt, claim: Claim, gateway: gateways.Gateway) -> Receipt:
    """The answer completed by a read, where it asks for one; as it came where that read fails in any way."""
    try:
        return outcomes.read_back(receipt, claim, gateway)
    except Exception:
        log.exception("the read after attempt %s failed in an unforeseen way", claim.attempt.pk)
        return receipt


def finish(claim: Claim, receipt: Receipt) -> None:
    """Save the outcome; where the database fails, again until the lease ends. Then the sweeper marks it `uncertain`.

    What can't be saved as it is, is saved without its texts: the answer itself is kept as bytes.
    """
    while True:
        try:
            outcomes.settle(claim, receipt)
        except (OperationalError, InterfaceError, IntegrityError):
            log.warning("the outcome of attempt %s could not be saved yet", claim.attempt.pk)
            if elapsed_seconds() >= claim.lease_ends:
                raise
            time.sleep(_SECONDS_BEFORE_SAVING_AGAIN)
        except Exception:
            if receipt.message == _UNFORESEEN:
                raise
            log.exception("the outcome of attempt %s could not be saved as it is", claim.attempt.pk)
            receipt = Receipt(
                Verdict.AMBIGUOUS, _UNFORESEEN, cause="unreadable", http_status=receipt.http_status, body=receipt.body
            )
        else:
            return
