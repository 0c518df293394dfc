"""Once a file is staged whole: which of its documents may be here already, and what a person must say about them."""

from collections import Counter
from collections.abc import Iterator

from integrations.files import unnumbered
from integrations.files.document_identity import Marks
from integrations.files.identity_questions import from_data
from integrations.files.importing.answering import asked, pieces
from integrations.files.making_records import highest_key, one_at_a_time
from integrations.files.unnumbered import Brought
from integrations.models import ImportFile, StagedDocument
from integrations.models.bulk_writes import update_many
from integrations.models.syncable import model_for

_Verdict = StagedDocument.Verdict
_AT_ONCE = 500


def settle(file: ImportFile) -> None:
    """Set what must be asked about the staged documents of a file, and count them; inside a transaction."""
    model = model_for(file.kind)
    one_at_a_time(file.company)
    file.seen_up_to = highest_key(model, file.company)
    questions = unnumbered.questions(model, file.company, list(_brought(file)), file_digest=file.digest)
    places = sorted(questions)
    for start in range(0, len(places), _AT_ONCE):
        rows = list(file.documents.filter(position__in=places[start : start + _AT_ONCE]).defer("source"))
        for row in rows:
            row.verdict, row.question = _Verdict.ASKED, questions[row.position].as_data()
        update_many(rows, ["verdict", "question"])
    _leave_out_claimed(file)
    count(file)


def _brought(file: ImportFile) -> Iterator[Brought]:
    new = file.documents.filter(verdict=_Verdict.NEW).exclude(digest="").order_by("position")
    columns = ("position", "row", "digest", "content", "likeness", "date", "number2")
    for position, row, digest, content, likeness, day, number2 in new.values_list(*columns).iterator():
        yield Brought(position, row, file.kind, Marks(digest, content, likeness), day, number2)


def _leave_out_claimed(file: ImportFile) -> None:
    """Another document of the file that is a record for certain leaves no doubt that this one is not."""
    for rows in pieces(asked(file)):
        questions = [question for row in rows if (question := from_data(row.question))]
        named = {pk for question in questions for pk in question.record_ids}
        claimed = {pk for pk in file.documents.filter(record_id__in=named).values_list("record_id", flat=True) if pk}
        changed = []
        for row, question in zip(rows, questions, strict=True):
            if question.record_ids & claimed:
                row.question = question.without(claimed).as_data()
                changed.append(row)
        update_many(changed, ["question"])


def count(file: ImportFile) -> None:
    """Set how many documents of a file there are with each verdict."""
    found = Counter(file.documents.order_by().values_list("verdict", flat=True).iterator())
    for verdict in _Verdict:
        setattr(file, verdict.value, found[verdict])
