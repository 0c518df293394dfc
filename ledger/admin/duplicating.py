"""*Duplicar*: asks for the date of the copy, creates it, and opens it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from integrations import decisions
from integrations.admin.number_date_inputs import DayField
from integrations.admin.record_pages import page_context, record_url
from integrations.payloads import judgement
from ledger.duplicating import duplicate
from ledger.models import Movement


class CopyForm(forms.Form):
    """The date of the copy: the only value that is not taken from the original."""

    date = DayField(label="Fecha del movimiento nuevo")


def page(record_admin: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """The form; a valid POST duplicates. Raises: PermissionDenied, Http404."""
    movement = get_object_or_404(Movement, pk=pk)
    if not (record_admin.has_view_or_change_permission(request, movement) and record_admin.has_add_permission(request)):
        raise PermissionDenied
    form = CopyForm(request.POST or None, initial={"date": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        copy = duplicate(movement, form.cleaned_data["date"], request.user)
        judgement.keep_verdicts(copy.company_id, copy.kind, [copy.pk])
        messages.success(request, f"Se duplicó {movement}. Este es el movimiento nuevo: revíselo y envíelo.")
        return redirect(record_url(copy.kind, copy.pk))
    context = page_context(record_admin, request, movement, "Duplicar el movimiento") | {
        "form": form,
        "media": record_admin.media + form.media,
        "annulled": decisions.in_force(movement.kind, [pk]),
    }
    return render(request, "admin/duplicate.html", context)
