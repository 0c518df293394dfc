"""Match drafts to records of another origin; keep fields that the format lacks."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from integrations.choices import Target
from integrations.files import sag_xml, siigo_json
from integrations.files.drafts import Draft
from integrations.files.table_columns import attribute_of, catalogues
from integrations.models import Syncable

_TARGETS = {siigo_json.ORIGIN: Target.SIIGO, sag_xml.ORIGIN: Target.SAG}


def add_matches(model: type[Syncable], drafts: Sequence[Draft], stored: dict[tuple[Any, ...], Syncable]) -> None:
    """Add to `stored` records of another origin that match; their drafts take that origin and external id."""
    unmatched = {draft.record.natural_key(): draft for draft in drafts if draft.record.natural_key() not in stored}
    for key, existing in model.same_as([draft.record for draft in unmatched.values()]).items():
        draft = unmatched[key]
        record: Any = draft.record
        if draft.brings is None and record.origin in _TARGETS:
            draft.brings = _columns_of_format(model, _TARGETS[record.origin])
        record.origin, record.external_id = existing.origin, existing.external_id
        stored[record.natural_key()] = existing


@cache
def _columns_of_format(model: type[Syncable], target: Target) -> Mapping[str, frozenset[str]]:
    """Relation → the columns that an ERP's own format fills, as `Draft.brings` has them."""
    columns: dict[str, set[str]] = {}
    for part, catalogue in catalogues(model, target):
        for field in catalogue:
            columns.setdefault(part, set()).add(f"{field.sparse_in}/{field.name}")
            owner, attribute = attribute_of(part, field)
            columns.setdefault(owner, set()).add(attribute.partition(".")[0])
    return {part: frozenset(names) for part, names in columns.items()}
