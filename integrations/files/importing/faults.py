"""What is wrong with the documents of a file before they are records: of their reading, and for the ERPs they go to."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from integrations.choices import Kind, Target
from integrations.connections import record_kinds
from integrations.connections.sending_policy import why_elsewhere
from integrations.erp.fields.validation import Problem
from integrations.erp.sag import rules as sag_rules
from integrations.erp.siigo import rules as siigo_rules
from integrations.files.comparing import Compared
from integrations.models import Company, Connection, StagedDocument, StagedFault, Syncable
from integrations.payloads import builder
from integrations.payloads.context import context_for

_TITLES: dict[str, dict[str, str]] = {
    Target.SIIGO: {rule.id: rule.title for rule in siigo_rules.RULES},
    Target.SAG: {rule.id: rule.title for rule in sag_rules.RULES},
}
_MAX_TITLE, _MAX_CAUSE = 200, 120
_QUOTED, _NUMBER = re.compile(r"«[^»]*»"), re.compile(r"\d+")


def reading_faults(document: StagedDocument) -> Iterator[StagedFault]:
    """One fault for each kind of error that a document was refused for."""
    seen = set()
    for error in document.errors:
        title = _general(error["column"], error["message"])
        if title not in seen:
            seen.add(title)
            cause = f"reading:{hashlib.sha256(title.encode()).hexdigest()[:16]}"
            yield _fault(document, cause, title, error["line"], blocks=True)


def _general(column: str, message: str) -> str:
    """A message without what only this row says, so that the same error of other rows is the same text."""
    text = _NUMBER.sub("#", _QUOTED.sub("…", message.partition(" Escriba")[0])).strip(" ….")
    return f"{column}: {text}" if column else text


def _fault(document: StagedDocument, cause: str, title: str, message: str, **facts: Any) -> StagedFault:
    cut = {"cause": cause[:_MAX_CAUSE], "title": title[:_MAX_TITLE], "message": message}
    return StagedFault(file_id=document.file_id, document=document, **cut, **facts)


class LocalChecks:
    """The local checks of a company's live connections, on documents that are no records yet."""

    def __init__(self, company: Company, kind: Kind | str) -> None:
        live = Connection.objects.live().filter(company=company)
        self._connections = [connection for connection in live if record_kinds.takes(connection, kind)]

    def faults(self, rows: Sequence[tuple[StagedDocument, Compared]]) -> Iterator[StagedFault]:
        """The faults of documents that can be read, for each ERP that they go to; one for each rule and field."""
        documents = {}
        for number, (document, compared) in enumerate(rows, 1):
            pk = compared.existing.pk if compared.existing is not None else -number
            documents[pk] = (document, _as_if_saved(compared, pk))
        for connection in self._connections:
            yield from self._of_connection(connection, documents)

    def _of_connection(
        self, connection: Connection, documents: dict[int, tuple[StagedDocument, Syncable]]
    ) -> Iterator[StagedFault]:
        records = [record for _, record in documents.values() if self._goes_to(connection, record)]
        context = context_for(connection, records)
        records = [record for record in records if not why_elsewhere(context.policy, record, connection.target)]
        rivals = builder.rival_problems(records, connection, context)
        for record in records:
            problems = [*builder.check(record, connection, context), *rivals.get(record.pk, [])]
            yield from _of_rules(documents[record.pk][0], connection, problems)

    def _goes_to(self, connection: Connection, record: Syncable) -> bool:
        """Whether a document is meant for this ERP, or for none of those that the company is connected to."""
        meant = [each for each in self._connections if record.is_meant_for(each.target)]
        return connection in meant or not meant


def _as_if_saved(compared: Compared, pk: int) -> Syncable:
    """The record of a draft with its parts, as if it had been read from the database with this key."""
    draft: Any = compared.draft
    draft.record.pk = pk
    draft.record._prefetched_objects_cache = {
        relation: _read(getattr(draft.record, relation).model, draft.parts.get(relation, []))
        for relation in draft.record.part_relations
    }
    record: Syncable = draft.record
    return record


def _read(model: Any, rows: list[Any]) -> Any:
    """A QuerySet that has these rows already."""
    queryset = model._default_manager.all()
    queryset._result_cache = rows
    return queryset


def _of_rules(document: StagedDocument, connection: Connection, problems: Iterable[Problem]) -> Iterator[StagedFault]:
    by_cause: dict[str, list[Problem]] = {}
    for problem in problems:
        by_cause.setdefault(f"{connection.target}:{problem.rule}:{problem.field_name}", []).append(problem)
    for cause, same in by_cause.items():
        first, more = same[0], len(same) - 1
        label = f": {first.field_label}" if first.field_label else ""
        title = f"{_TITLES[connection.target].get(first.rule, first.rule)}{label}"
        message = first.message + (f" Y otras {more} veces en el documento." if more else "")
        yield _fault(document, cause, title, message, target=connection.target, blocks=any(one.blocks for one in same))
