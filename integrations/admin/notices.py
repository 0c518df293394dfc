"""*Mis avisos*: which notices each person gets by mail."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from integrations.admin.site import site
from integrations.models import NoticePreference
from integrations.notices.delivery import preference_of


class NoticesForm(forms.Form):
    """The address, and which notices are sent to it."""

    email = forms.EmailField(label="Su correo", required=False, max_length=254)
    batches = forms.ChoiceField(
        label="Cuando termina un lote que usted envió",
        choices=NoticePreference.Batches.choices,
        widget=forms.RadioSelect,
    )
    daily = forms.BooleanField(label="Cada mañana, un resumen de lo que espera a una persona", required=False)


@site.page("avisos/", "notices")
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """The form of the person who is logged in; a POST saves it."""
    user: Any = request.user
    preference = preference_of(user)
    initial = {"email": user.email, "batches": preference.batches, "daily": preference.daily}
    form = NoticesForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        _save(user, form.cleaned_data)
        result = f"Los avisos llegan a {user.email}." if user.email else "Sin un correo no recibirá avisos."
        messages.success(request, f"Guardado. {result}")
        return redirect("admin:notices")
    return render(request, "admin/notices.html", {**site.each_context(request), "title": "Mis avisos", "form": form})


def _save(user: Any, chosen: dict[str, Any]) -> None:
    user.email = chosen["email"]
    user.save(update_fields=["email"])
    preference = {"batches": chosen["batches"], "daily": chosen["daily"]}
    NoticePreference.objects.update_or_create(person=user, defaults=preference)
