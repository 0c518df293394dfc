"""*Mis avisos*: what each person wants by mail."""

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
    """Where the mails go, and which."""

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
    """The form; a POST keeps what the person chose."""
    user: Any = request.user
    held = preference_of(user)
    given = {"email": user.email, "batches": held.batches, "daily": held.daily}
    form = NoticesForm(request.POST if request.method == "POST" else None, initial=given)
    if request.method == "POST" and form.is_valid():
        _keep(user, form.cleaned_data)
        messages.success(request, _said(form.cleaned_data))
        return redirect("admin:notices")
    return render(request, "admin/notices.html", {**site.each_context(request), "title": "Mis avisos", "form": form})


def _keep(user: Any, chosen: dict[str, Any]) -> None:
    user.email = chosen["email"]
    user.save(update_fields=["email"])
    facts = {"batches": chosen["batches"], "daily": chosen["daily"]}
    NoticePreference.objects.update_or_create(person=user, defaults=facts)


def _said(chosen: dict[str, Any]) -> str:
    if not chosen["email"]:
        return "Guardado. Sin un correo no recibirá avisos."
    return f"Guardado. Los avisos llegan a {chosen['email']}."
