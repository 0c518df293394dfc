"""From a correction to a rule («Hacerlo siempre»), and from a rule to a correction of what is here already."""

from typing import Any

from django.db import transaction

from integrations.corrections import drafting
from integrations.corrections.applying import backward
from integrations.corrections.previewing import load
from integrations.models import Correction, CorrectionItem, FillingRule
from integrations.models.syncable import model_for
from integrations.payloads.changing import COPYING, KIND_OF_DOCUMENT, REPLACING, Mode, write
from integrations.payloads.record_fields import field_of
from integrations.standings import left_alone
from integrations.standings.requester import Requester

_MOST_LOOKED_AT = 1_000
_CONDITION = ("condition_field", "condition_value")


def rules_of(correction: Correction) -> list[FillingRule]:
    """The rules, not saved, that would have done what a correction did: the narrowest first; none for a replacement."""
    if correction.mode in REPLACING or not correction.field:
        return []
    if correction.condition_field:
        return [_rule(correction, correction.condition_field, correction.condition_value)]
    code = _common_code(correction)
    narrow = [_rule(correction, KIND_OF_DOCUMENT, code)] if code else []
    return [*narrow, _rule(correction, "", "")]


def _rule(correction: Correction, condition_field: str, condition_value: str) -> FillingRule:
    is_copy = correction.mode in COPYING
    return FillingRule(
        company=correction.company,
        kind=correction.kind,
        condition_field=condition_field,
        condition_value=condition_value,
        field=correction.field,
        value="" if is_copy else correction.value,
        copied_from=correction.copied_from if is_copy else "",
    )


def _common_code(correction: Correction) -> str:
    """What kind of document all corrected records are, as they were before; empty where they are of several."""
    items = list(correction.items.filter(outcome=CorrectionItem.Outcome.DONE).order_by("position")[:_MOST_LOOKED_AT])
    records, field = load(correction, [item.record_id for item in items]), field_of(correction.kind, correction.field)
    codes: list[tuple[str, ...]] = []
    for item in items:
        record = records.get(item.record_id)
        if record is not None and field is not None:
            write(record, field, backward(item))
            codes.append(record.policy_codes())
    return next((code for code in codes[0] if all(code in others for others in codes)), "") if codes else ""


def keep(rule: FillingRule, person: Any = None) -> FillingRule:
    """Save a rule; one that fills the same field under the same condition gets its value and is on again."""
    same = {name: getattr(rule, name) for name in ("company", "kind", *_CONDITION, "field")}
    what = {"value": rule.value, "copied_from": rule.copied_from, "is_on": True}
    return FillingRule.objects.update_or_create(**same, defaults=what, create_defaults={**what, "created_by": person})[
        0
    ]


def _ids_never_left(rule: FillingRule) -> list[int]:
    """The records of the rule's company and kind that are here and in no ERP."""
    model = model_for(rule.kind)
    records = model._default_manager.filter(left_alone.never_left(model), company=rule.company_id)
    return list(records.order_by("pk").values_list("pk", flat=True))


def correction_of(rule: FillingRule, requester: Requester) -> Correction:
    """Begin the correction that applies a rule to what is here and no ERP has; its preview is asked for.

    Raises: ChangeError, FieldError where the rule can't be carried out.
    """
    mode = Mode.FILL_COPY if rule.copied_from else Mode.FILL
    chosen = {name: getattr(rule, name) for name in (*_CONDITION, "field", "value", "copied_from")}
    with transaction.atomic():
        correction = drafting.begin(rule.company, rule.kind, _ids_never_left(rule), requester)
        return drafting.choose(correction.pk, rule=rule, mode=mode.value, **chosen)
