"""A draft of a document that is held under another origin: it takes its place, and leaves what its format can't say."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from integrations.choices import Target
from integrations.files import sag_xml, siigo_json
from integrations.files.drafts import Draft
from integrations.files.table_columns import catalogues, place_of
from integrations.models import Syncable

_TARGETS = {siigo_json.ORIGIN: Target.SIIGO, sag_xml.ORIGIN: Target.SAG}


def join(model: type[Syncable], drafts: Sequence[Draft], held: dict[tuple[Any, ...], Syncable]) -> None:
    """Add to `held` the records that the other drafts are, under the drafts' own keys."""
    new = {draft.record.natural_key(): draft for draft in drafts if draft.record.natural_key() not in held}
    for key, existing in model.same_as([draft.record for draft in new.values()]).items():
        draft = new[key]
        record: Any = draft.record
        if draft.brings is None and record.origin in _TARGETS:
            draft.brings = _carried_by(model, _TARGETS[record.origin])
        record.origin, record.external_id = existing.origin, existing.external_id
        held[record.natural_key()] = existing


@cache
def _carried_by(model: type[Syncable], target: Target) -> Mapping[str, frozenset[str]]:
    """Relation → the columns that an ERP's own format fills, as `Draft.brings` has them."""
    found: dict[str, set[str]] = {}
    for part, catalogue in catalogues(model, target):
        for row in catalogue:
            found.setdefault(part, set()).add(f"{row.sparse_in}/{row.name}")
            place, attribute = place_of(part, row)
            found.setdefault(place, set()).add(attribute.partition(".")[0])
    return {part: frozenset(names) for part, names in found.items()}
