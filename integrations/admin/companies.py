"""The company of what was selected in a list."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest

from integrations.models import Company


def only_company(request: HttpRequest, queryset: "QuerySet[Any]") -> Company | None:
    """The company of all these records; None, and a message, where there are several or none."""
    companies = list(Company.objects.filter(pk__in=queryset.order_by().values("company").distinct())[:2])
    if len(companies) == 1:
        return companies[0]
    messages.error(request, "Seleccione los de una sola empresa.")
    return None
