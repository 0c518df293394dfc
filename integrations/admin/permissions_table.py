"""The permissions of a user or a group as a table: a row for each model, a column for each of Django's four verbs."""

from typing import Any

from django import forms
from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

from integrations.admin.asked_ids import id_in
from integrations.admin.site import site
from integrations.admin.typed_django import AnyMultipleChoice

_VERBS = {"view": "Ver", "add": "Agregar", "change": "Cambiar", "delete": "Eliminar"}
_APPS = ("ledger", "catalog", "integrations", "auth")


def shown_permissions() -> "QuerySet[Permission]":
    """The four verbs of every model that has a list or stands in a form here, and all of our own permissions."""
    of_ours = ~Q(codename__regex=rf"^({'|'.join(_VERBS)})_")
    offered = Q(content_type__model__in=_models_in_admin()) | of_ours
    permissions = Permission.objects.filter(offered, content_type__app_label__in=_APPS)
    return permissions.select_related("content_type").order_by("content_type__app_label", "codename")


def _models_in_admin() -> set[str]:
    inline_models = [inline.model for model_admin in site._registry.values() for inline in model_admin.inlines]
    return {str(model._meta.model_name) for model in [*site._registry, *inline_models]}


class PermissionsTable(forms.CheckboxSelectMultiple):
    """Checkboxes of permissions, laid out as a table."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = {str(permission_id) for permission_id in value or ()}
        table = render_to_string(
            "admin/permissions.html", {"name": name, "rows": _rows(chosen), "verbs": _VERBS.values()}
        )
        return mark_safe(table)  # noqa: S308 - a template of ours


def _rows(chosen: set[str]) -> list[dict[str, Any]]:
    """A row for each model, by label: `cells` in the order of the verbs, and the boxes of its `own` permissions."""
    rows: dict[Any, dict[str, Any]] = {}
    for permission in shown_permissions():
        model = permission.content_type.model_class()
        if model is not None:
            label = capfirst(str(model._meta.verbose_name_plural))
            cells = [{"verb": word} for word in _VERBS.values()]
            row = rows.setdefault(model, {"label": label, "cells": cells, "own": []})
            _add_box(row, permission, {"value": permission.pk, "checked": str(permission.pk) in chosen})
    return sorted(rows.values(), key=lambda row: str(row["label"]))


def _add_box(row: dict[str, Any], permission: Permission, box: dict[str, Any]) -> None:
    verb, _, model_name = permission.codename.partition("_")
    if verb in _VERBS and model_name == permission.content_type.model:
        row["cells"][list(_VERBS).index(verb)] |= box
    else:
        row["own"].append({**box, "label": permission.name.removeprefix("Puede ")})


class PermissionsField(AnyMultipleChoice):
    """Permissions chosen in a `PermissionsTable`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "queryset": shown_permissions(), "widget": PermissionsTable(), "help_text": ""})

    def clean(self, value: Any) -> Any:
        return super().clean([pk for pk in value or () if id_in(pk) is not None])


def with_hidden_permissions(chosen: Any, previous: Any) -> list[Permission]:
    """The chosen permissions, and those of `previous` that the table does not show: nobody could have removed them."""
    return [*chosen, *previous.exclude(pk__in=shown_permissions().values("pk"))]
