"""Which field puts a cause right: «falta la fuente» of fifty documents is one field of one correction."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from integrations.choices import ItemVerdict, Kind, Target
from integrations.models import Connection, SyncBatch
from integrations.payloads.judgement import Judge
from integrations.payloads.record_fields import key_of_wire_name

_MOST_LOOKED_AT = 500
_MOST_ITEMS = 5_000


@dataclass(frozen=True)
class Cause:
    """What stops records of a batch: a rule and, where it is about one, the wire name and label of a field."""

    rule: str
    name: str
    label: str


def causes_of(batch: SyncBatch) -> dict[Cause, list[int]]:
    """Each cause that stops records of a draft → their ids, what stops most of them first."""
    found: dict[Cause, list[int]] = {}
    for record_id, problems in _blocked(batch):
        for cause in dict.fromkeys(_cause(problem) for problem in problems if problem["severity"] == "block"):
            found.setdefault(cause, []).append(record_id)
    return dict(sorted(found.items(), key=lambda pair: -len(pair[1])))


def _blocked(batch: SyncBatch) -> Iterable[tuple[int, list[dict[str, str]]]]:
    items = batch.items.filter(kind=batch.kind, position__gt=0, verdict=ItemVerdict.BLOCKED).order_by("position")
    return items.values_list("record_id", "problems")[:_MOST_ITEMS]


def _cause(problem: dict[str, str]) -> Cause:
    return Cause(problem["rule"], problem.get("name", ""), problem["field"])


def fields_of_rule(connection: Connection, kind: Kind | str, record_ids: Sequence[int], rule: str) -> list[str]:
    """Keys of the fields that break a rule in these records, the most frequent first; looks at some of them only."""
    ids = list(record_ids)[:_MOST_LOOKED_AT]
    judge = Judge(connection, kind, ids)
    keys: Counter[str] = Counter()
    for record in judge.records.values():
        names = {problem.field_name for problem in judge.problems_of(record) if problem.rule == rule}
        keys.update(key for name in names if (key := key_of_wire_name(kind, Target(connection.target), name)))
    return [key for key, _ in keys.most_common()]
