"""Who may see which errors."""

from typing import Any

from integrations.models.syncable import syncable_models


def viewable_kinds(user: Any) -> tuple[str, ...]:
    """The kinds of record that a person may see."""
    return tuple(
        kind.value
        for kind, model in syncable_models().items()
        if user.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}")
    )
