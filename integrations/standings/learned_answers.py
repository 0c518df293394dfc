"""What connections learn of the texts of their ERPs: which mean a success, and which that nothing was written.

A success is known once three of its documents were found, a refusal once three of its documents were proven absent
(sync protocol, section 10.11). One read settles a text of Siigo, whose reads are slow.
"""

import hashlib
from dataclasses import replace

from integrations.choices import Kind, Status, Target
from integrations.erp.causes import DOUBTED_SUCCESSES, NAMES_ANOTHER, UNKNOWN, call_causes, cause_with_code
from integrations.erp.receipts import AnswerText, Receipt, Verdict
from integrations.models import LearnedAnswer, SyncAttempt, SyncStanding
from integrations.queue.wake import wake
from integrations.standings.attempts import LONGEST_ANSWER_BYTES

PROOFS_NEEDED = 3
_MEANINGS = {
    Verdict.ACCEPTED: LearnedAnswer.Meaning.STORED,
    Verdict.AMBIGUOUS: LearnedAnswer.Meaning.STORED,
    Verdict.REFUSED: LearnedAnswer.Meaning.NOTHING_WRITTEN,
    Verdict.REFUSED_UNPROVEN: LearnedAnswer.Meaning.NOTHING_WRITTEN,
}


def operation_of(kind: Kind | str, text: AnswerText) -> str:
    """What was done when the ERP said this: a kind of record, and SAG's `a_s_tipo` or Siigo's `resource`."""
    return f"{kind} {text.operation}".strip()[:60]


def judge(attempt: SyncAttempt, receipt: Receipt) -> Receipt:
    """The receipt as its connection's experience has it: known texts count, a repeated answer does not."""
    text = receipt.text
    if text is None:
        return receipt
    is_success = receipt.verdict is Verdict.ACCEPTED or receipt.cause == UNKNOWN
    if is_success and text.names_document and _was_given_to_another(attempt, receipt):
        cause = cause_with_code(call_causes(attempt.get_target_display()), NAMES_ANOTHER)
        message = cause.message(text.original, attempt.get_target_display())
        return replace(receipt, verdict=cause.verdict, message=message, cause=cause.code, text=None)
    if receipt.cause == UNKNOWN and _is_known(attempt, receipt.verdict, text):
        return replace(receipt, verdict=Verdict.ACCEPTED, message=text.original, cause="")
    if receipt.verdict is Verdict.REFUSED_UNPROVEN and _is_known(attempt, receipt.verdict, text):
        return replace(receipt, verdict=Verdict.REFUSED)
    return receipt


def _is_known(attempt: SyncAttempt, verdict: Verdict, text: AnswerText) -> bool:
    return LearnedAnswer.objects.filter(
        connection=attempt.connection_id,
        operation=operation_of(attempt.kind, text),
        meaning=_MEANINGS[verdict],
        text=text.template,
        is_known=True,
    ).exists()


def _was_given_to_another(attempt: SyncAttempt, receipt: Receipt) -> bool:
    """Whether the connection got the same answer for another record, but for those of the same joint request."""
    digest = hashlib.sha256(receipt.body[:LONGEST_ANSWER_BYTES]).hexdigest()
    same = SyncAttempt.objects.sends().filter(connection=attempt.connection_id, answer=digest)
    others = same.exclude(kind=attempt.kind, record_id=attempt.record_id)
    request = SyncAttempt.objects.filter(pk=attempt.pk).values_list("request_hash", flat=True).first()
    return others.exclude(request_hash=request).exists() if request else others.exists()


def remember(attempt: SyncAttempt, receipt: Receipt) -> LearnedAnswer | None:
    """The row of a text that may be learned, made where it is new; None where the receipt has none."""
    text = receipt.text
    if text is None or not text.template or receipt.verdict not in _MEANINGS:
        return None
    if not receipt.cause and not _is_known(attempt, receipt.verdict, text):
        return None
    answer, is_new = LearnedAnswer.objects.get_or_create(
        connection_id=attempt.connection_id,
        operation=operation_of(attempt.kind, text),
        meaning=_MEANINGS[receipt.verdict],
        text=text.template,
    )
    if not is_new and not answer.is_known:
        answer.save(update_fields=["updated_at"])
    return answer


def what_was_answered(row: SyncStanding) -> str:
    """The ERP's own words to a doubted success, as a Spanish sentence; empty where there are none."""
    if row.cause not in DOUBTED_SUCCESSES or row.attempt is None:
        return ""
    message = SyncAttempt.objects.filter(pk=row.attempt).values_list("message", flat=True).first() or ""
    words = message.partition(" respondió: ")[2]
    return f" Al enviarlo, {row.get_target_display()} respondió: {words}" if words else ""


def wake_waiting_lane(row: SyncStanding) -> None:
    """Queue a drain of the lane that waited for what is decided about a LOCKED standing."""
    if row.status == Status.UNCERTAIN and row.cause in DOUBTED_SUCCESSES and row.connection_id is not None:
        wake([row.connection_id])


def note_outcome(row: SyncStanding, *, is_there: bool, by_person: bool = False) -> None:
    """Count what was found out about a LOCKED standing for, or against, the text that its last send was answered with.

    One proof against it, and the text is unknown again.
    """
    answers = LearnedAnswer.objects.select_for_update(of=("self",)).filter(attempts=row.attempt) if row.attempt else ()
    for answer in answers:
        means_stored = answer.meaning == LearnedAnswer.Meaning.STORED
        if means_stored is not is_there:
            answer.proofs, answer.is_known = [], False
        elif row.pk not in answer.proofs and not answer.is_known and (means_stored or not by_person):
            one_read_is_enough = means_stored and row.target == Target.SIIGO and not by_person
            answer.proofs = [*answer.proofs, row.pk]
            answer.is_known = one_read_is_enough or len(answer.proofs) >= PROOFS_NEEDED
        else:
            continue
        answer.save()
