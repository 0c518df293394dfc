"""Sending several vouchers in one call, and giving each its own outcome (sync protocol, sections 3 and 4)."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from integrations.erp.payload import Payload
from integrations.erp.receipts import Receipt, Verdict
from integrations.erp.siigo import joint_request
from integrations.erp.siigo.answers import complaints_in
from integrations.models.clock import elapsed_seconds
from integrations.payloads import grouping
from integrations.sending.claims import Claim
from integrations.standings import attempts

Call = Callable[[Claim], Receipt]
Finish = Callable[[Claim, Receipt], None]

_REFUSALS = frozenset({Verdict.REFUSED, Verdict.REFUSED_UNPROVEN, Verdict.DUPLICATE})
_NO_TIME = "El turno se acabó mientras se buscaba cuál comprobante rechazó Siigo: este no se envió y se reintenta solo."


def deliver(claims: Sequence[Claim], call: Call, call_alone: Call, finish: Finish) -> None:
    """Send claims of one connection in one request; each is finished by itself, fenced by its own attempt.

    `call` sends a claim's payload and judges the answer; `call_alone` also reads what one record's answer asks for.
    A refused list is halved until the guilty one is alone, only where the connection says that it wrote nothing;
    else every voucher of it is to be verified first, and one wide read settles all.
    """
    if len(claims) == 1:
        finish(claims[0], call_alone(claims[0]))
        return
    receipt = call(_joint(claims))
    if receipt.verdict not in _REFUSALS:
        for claim in claims:
            finish(claim, receipt)
    elif grouping.refused_list_writes_nothing(claims[0].connection):
        _search(claims, call, call_alone, finish)
    else:
        for position, claim in enumerate(claims):
            finish(claim, _unproven(receipt, claims, position))


def _joint(claims: Sequence[Claim]) -> Claim:
    """One claim that carries the vouchers of all; its request is written down beside each attempt."""
    payload = Payload(joint_request.joined([claim.payload.body for claim in claims]))
    attempts.sent_together([claim.attempt.pk for claim in claims], payload, _rows_before(claims))
    return replace(claims[0], payload=payload, lease_ends=min(claim.lease_ends for claim in claims))


def _rows_before(claims: Sequence[Claim]) -> list[int]:
    """Lines of the request before each voucher's first one."""
    counts = [joint_request.rows_in(claim.payload.body) for claim in claims]
    return [sum(counts[:position]) for position in range(len(counts))]


def _search(claims: Sequence[Claim], call: Call, call_alone: Call, finish: Finish) -> None:
    half = len(claims) // 2
    for part in (claims[:half], claims[half:]):
        if _has_time(part[0]):
            attempts.sent_together([claim.attempt.pk for claim in part], None, [0] * len(part))
            deliver(part, call, call_alone, finish)
        else:
            for claim in part:
                finish(claim, Receipt(Verdict.NEVER_SENT, _NO_TIME, cause="lease_lost"))


def _has_time(claim: Claim) -> bool:
    """Whether a whole call still fits into the lease."""
    return elapsed_seconds() + claim.connection.deadline_seconds < claim.lease_ends


def _unproven(receipt: Receipt, claims: Sequence[Claim], position: int) -> Receipt:
    """The refusal of a list as one voucher of it must take it: it may be stored, whoever was at fault."""
    before = _rows_before(claims)[position]
    rows = range(before + 1, before + joint_request.rows_in(claims[position].payload.body) + 1)
    named = {one.row for one in complaints_in(receipt.body) if one.row is not None}
    if named & set(rows) or not named:
        told = f"Iba en una petición de {len(claims)} comprobantes que Siigo rechazó. {receipt.message}"
    else:
        told = (
            f"Iba en una petición de {len(claims)} comprobantes que Siigo rechazó por otro de ellos: puede haberse "
            "guardado. Verifíquelo antes de reintentar."
        )
    return receipt.with_verdict(Verdict.REFUSED_UNPROVEN, told)
