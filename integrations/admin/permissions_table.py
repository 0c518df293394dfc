"""What may be allowed, in words: a table with a row for each thing and a column for what one does with it."""

from typing import Any

from django import forms
from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from integrations.admin.site import site
from integrations.admin.typed_django import AnyMultipleChoice

_VERBS = {"view": "Ver", "add": "Agregar", "change": "Cambiar", "delete": "Eliminar"}
_APPS = ("ledger", "catalog", "integrations", "auth")


def offered() -> "QuerySet[Permission]":
    """Those over what has a list of its own or stands in a form; inner things have no verbs that a person uses."""
    own = ~Q(codename__regex=rf"^({'|'.join(_VERBS)})_")
    found = Permission.objects.filter(Q(content_type__model__in=_shown()) | own, content_type__app_label__in=_APPS)
    return found.select_related("content_type").order_by("content_type__app_label", "codename")


def _shown() -> set[str]:
    parts = [inline.model for one in site._registry.values() for inline in one.inlines]
    return {str(model._meta.model_name) for model in [*site._registry, *parts]}


class PermissionsTable(forms.CheckboxSelectMultiple):
    """The boxes as a table."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = {str(one) for one in value or ()}
        rows: dict[Any, dict[str, Any]] = {}
        for permission in offered():
            model = permission.content_type.model_class()
            if model is not None:
                about = rows.setdefault(
                    model, {"label": _capital(model._meta.verbose_name_plural), "boxes": {}, "own": []}
                )
                _place(about, permission, {"value": permission.pk, "checked": str(permission.pk) in chosen})
        told = [_row(about) for about in sorted(rows.values(), key=lambda one: str(one["label"]))]
        table = render_to_string("admin/permissions.html", {"name": name, "rows": told, "verbs": _VERBS.values()})
        return mark_safe(table)  # noqa: S308 - a template of ours


def _place(about: dict[str, Any], permission: Permission, box: dict[str, Any]) -> None:
    verb, _, rest = permission.codename.partition("_")
    if verb in _VERBS and rest == permission.content_type.model:
        about["boxes"][verb] = box
    else:
        about["own"].append({**box, "label": permission.name.removeprefix("Puede ")})


def _row(about: dict[str, Any]) -> dict[str, Any]:
    cells = [{"verb": word, **about["boxes"].get(verb, {})} for verb, word in _VERBS.items()]
    return {"label": about["label"], "cells": cells, "own": about["own"]}


def _capital(text: Any) -> str:
    return str(text)[:1].upper() + str(text)[1:]


class PermissionsField(AnyMultipleChoice):
    """Chosen permissions; those that the table does not offer stay with who had them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "queryset": offered(), "widget": PermissionsTable(), "help_text": ""})


def with_those_not_offered(chosen: Any, had: Any) -> list[Permission]:
    """What is kept: the chosen ones, and those that nobody could have unchosen."""
    return [*chosen, *had.exclude(pk__in=offered().values("pk"))]
