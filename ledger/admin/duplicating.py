"""*Duplicar*: asks the date of the copy, makes it, and opens it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from integrations import decisions
from integrations.admin.number_date_inputs import DayField
from integrations.admin.record_pages import record_url
from integrations.payloads import judgement
from ledger.duplicating import duplicate
from ledger.models import Movement


class CopyForm(forms.Form):
    """The one thing that the copy does not take from the original."""

    date = DayField(label="Fecha del movimiento nuevo")


def page(record_admin: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """The question, and on POST the copy. Raises: PermissionDenied, Http404."""
    movement = get_object_or_404(Movement, pk=pk)
    may = record_admin.has_view_or_change_permission(request, movement) and record_admin.has_add_permission(request)
    if not may:
        raise PermissionDenied
    form = CopyForm(request.POST or None, initial={"date": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        made = duplicate(movement, form.cleaned_data["date"], request.user)
        judgement.keep_verdicts(made.company_id, made.kind, [made.pk])
        messages.success(request, f"Se duplicó {movement}. Este es el movimiento nuevo: revíselo y envíelo.")
        return redirect(record_url(made.kind, made.pk))
    context = {
        **record_admin.admin_site.each_context(request),
        "title": "Duplicar el movimiento",
        "subtitle": str(movement),
        "opts": record_admin.opts,
        "record": movement,
        "record_url": record_url(movement.kind, pk),
        "form": form,
        "media": record_admin.media + form.media,
        "annulled": decisions.in_force(movement.kind, [pk]),
    }
    return render(request, "admin/duplicate.html", context)
