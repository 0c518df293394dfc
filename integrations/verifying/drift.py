"""What a look at a sent record does to it: it is seen as it was sent, or it drifted (sync protocol, section 10.19).

Only what an answer or a read made `synced` drifts. Adopted documents are compared with what was adopted.
"""

from django.utils import timezone

from integrations.choices import Kind
from integrations.decisions import new_number
from integrations.erp.read_back import FoundRecord, Match, ReadBackResult, Weight
from integrations.erp.read_back_evidence import from_json
from integrations.models import SyncAttempt, SyncStanding
from integrations.models.attempt import SyncAttemptQuerySet
from integrations.sending import outcomes
from integrations.standings import learned_answers, transitions
from integrations.standings.batch_rows import record_on_batch
from integrations.standings.lifecycle import Event

DRIFTED = frozenset({Match.OTHER, Match.SEVERAL, Match.VOIDED, Match.ABSENT})
_SHOWN = 3
_DOCUMENT_MESSAGES = {
    Match.ABSENT: "Se había enviado, pero ya no está en {erp}: alguien lo borró o movió. Compare y decida.",
    Match.VOIDED: "Se había enviado, y alguien lo anuló en {erp}: compare y decida.",
    Match.OTHER: "Se había enviado, y en {erp} ahora dice otra cosa: compare y decida.",
}
_MASTER_GONE = (
    "Se había enviado, pero ya no está en {erp}. Si lo borraron allá, presione «Anulado en el ERP» y se podrá enviar "
    "otra vez."
)


def settle(row: SyncStanding, result: ReadBackResult) -> bool:
    """Apply a look to a LOCKED standing that is sent and has not moved on; whether it was seen as it should be."""
    if result.match is Match.EQUAL:
        return note_seen(row, result)
    if _is_as_adopted(row, result):
        transitions.note(row, seen_at=timezone.now(), look_at=None)
        return True
    if row.kind == Kind.MOVEMENT and result.match in DRIFTED and not _is_a_persons_word(row):
        if result.match is Match.ABSENT:
            learned_answers.note_outcome(row, is_there=False)
        event = Event.SECOND_DOCUMENT if result.match is Match.SEVERAL else Event.DRIFTED
        transitions.move(row, event, message=message_of(row, result), look_at=None, seen_at=None, content_held="")
        record_on_batch(row)
    return False


def message_of(row: SyncStanding, result: ReadBackResult) -> str:
    """What a read of a sent record found, in Spanish; never that it can be sent again."""
    erp = row.get_target_display()
    messages = _DOCUMENT_MESSAGES if row.kind == Kind.MOVEMENT else {Match.ABSENT: _MASTER_GONE}
    if result.match not in messages:
        return result.message(erp)
    return " ".join((messages[result.match].format(erp=erp), *result.differences[:_SHOWN]))


def note_seen(row: SyncStanding, result: ReadBackResult) -> bool:
    """Note on a LOCKED standing that a read found it as it was sent; False where the document is another record's."""
    event, changes = outcomes.with_reference(row, Event.FOUND_EQUAL, result.reference)
    if event is Event.SECOND_DOCUMENT:
        transitions.move(row, event, **changes, look_at=None)
        return False
    transitions.note(row, **changes, **outcomes.seen_as_sent(row, result))
    new_number.take(row)
    return True


def _decisions_since_sent(row: SyncStanding, *outcomes_of_decisions: str) -> SyncAttemptQuerySet:
    """The decisions about a record since the send that is in force, the newest first."""
    sent = SyncAttempt.objects.filter(pk=str(row.attempt)).values("started_at")
    decided = SyncAttempt.objects.of_life(row).filter(operation=SyncAttempt.Operation.DECIDE)
    decided = decided.filter(outcome__in=outcomes_of_decisions, started_at__gt=sent[:1])
    return decided.order_by("-started_at")


def _is_a_persons_word(row: SyncStanding) -> bool:
    """Whether a person said that it is there: no read brought that document, so none can miss it."""
    return _decisions_since_sent(row, "by_hand", "already_there").exists()


def _is_as_adopted(row: SyncStanding, result: ReadBackResult) -> bool:
    """Whether the one document that was found says what it said when a person adopted it."""
    if result.match is not Match.OTHER:
        return False
    adoption = _decisions_since_sent(row, "adopted").select_related("answer").first()
    if adoption is None or adoption.answer is None:
        return False
    adopted = from_json(adoption.answer.body).not_voided
    return len(adopted) == 1 and _proofs(adopted[0]) == _proofs(result.records[0])


def _proofs(record: FoundRecord) -> set[tuple[int, str, str]]:
    """Line, label and value of all that would prove another document."""
    return {(value.line, value.label, value.found) for value in record.compared if value.weight is Weight.PROOF}
