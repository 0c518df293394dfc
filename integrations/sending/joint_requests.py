"""Sending several vouchers in one call, and giving each its own outcome (sync protocol, sections 3 and 4)."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from integrations.erp.payload import Payload
from integrations.erp.receipts import Receipt, Verdict
from integrations.erp.siigo import joint_request
from integrations.erp.siigo.answers import complaints_in
from integrations.models.clock import elapsed_seconds
from integrations.payloads import grouping
from integrations.sending.claims import Claim, renew_slots
from integrations.standings import attempts

Call = Callable[[Claim], Receipt]
Finish = Callable[[Claim, Receipt], None]

_REFUSALS = frozenset({Verdict.REFUSED, Verdict.REFUSED_UNPROVEN, Verdict.DUPLICATE})
_NO_TIME = "El turno se acabó mientras se buscaba cuál comprobante rechazó Siigo: este no se envió y se reintenta solo."


def deliver(claims: Sequence[Claim], call: Call, call_alone: Call, finish: Finish) -> None:
    """Send claims of one connection in one request and finish each under its own attempt.

    `call` sends one payload and judges the answer; `call_alone` also reads the ERP where one record's answer asks for
    it. Where the connection says that a refused request wrote nothing, the claims are halved until the faulty one is
    alone; else every voucher of it is verified before it may leave again.
    """
    if len(claims) == 1:
        finish(claims[0], call_alone(claims[0]))
        return
    joint = _joint_claim(claims)
    receipt = call(joint)
    for claim in claims:
        claim.left_at = joint.left_at
    if receipt.verdict in _REFUSALS and grouping.refused_list_writes_nothing(claims[0].connection):
        _deliver_in_halves(claims, call, call_alone, finish)
        return
    for position, claim in enumerate(claims):
        is_refused = receipt.verdict in _REFUSALS
        finish(claim, _unproven_refusal(receipt, claims, position) if is_refused else receipt)


def _joint_claim(claims: Sequence[Claim]) -> Claim:
    """One claim with the vouchers of all; each attempt names the joint request."""
    payload = Payload(joint_request.joined([claim.payload.body for claim in claims]))
    attempts.record_request([claim.attempt.pk for claim in claims], payload, _rows_before(claims))
    start_ends = min(claim.start_ends for claim in claims)
    return replace(
        claims[0], payload=payload, start_ends=start_ends, lease_ends=min(claim.lease_ends for claim in claims)
    )


def _rows_before(claims: Sequence[Claim]) -> list[int]:
    """How many rows of the request stand before each voucher's first."""
    counts = [joint_request.rows_in(claim.payload.body) for claim in claims]
    return [sum(counts[:position]) for position in range(len(counts))]


def _deliver_in_halves(claims: Sequence[Claim], call: Call, call_alone: Call, finish: Finish) -> None:
    middle = len(claims) // 2
    for half in (claims[:middle], claims[middle:]):
        if _has_time(half[0]) and renew_slots(half):
            attempts.record_request([claim.attempt.pk for claim in half], None, [0] * len(half))
            deliver(half, call, call_alone, finish)
        else:
            for claim in half:
                finish(claim, Receipt(Verdict.NEVER_SENT, _NO_TIME, cause="lease_lost"))


def _has_time(claim: Claim) -> bool:
    """Whether a whole call still fits into the lease."""
    return elapsed_seconds() + claim.connection.deadline_seconds < claim.lease_ends


def _unproven_refusal(receipt: Receipt, claims: Sequence[Claim], position: int) -> Receipt:
    """The refusal of a joint request for one of its vouchers, which may be stored, whichever was at fault."""
    before = _rows_before(claims)[position]
    own_rows = range(before + 1, before + joint_request.rows_in(claims[position].payload.body) + 1)
    faulty_rows = {complaint.row for complaint in complaints_in(receipt.body) if complaint.row is not None}
    if not faulty_rows or faulty_rows & set(own_rows):
        message = f"Iba en una petición de {len(claims)} comprobantes que Siigo rechazó. {receipt.message}"
    else:
        message = (
            f"Iba en una petición de {len(claims)} comprobantes que Siigo rechazó por otro de ellos: puede haberse "
            "guardado. Verifíquelo antes de reintentar."
        )
    return replace(receipt.with_verdict(Verdict.REFUSED_UNPROVEN, message), text=None)
