"""What a person had written when their session was over: kept for them alone, and given back after they enter again.

It waits in the session of the same browser, for whoever last worked there, and is given back once. Neither files nor
what looks like a password is kept.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django import forms
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.csrf import csrf_failure as refuse

MOST_BYTES = 1_000_000
"""Of a form as it is sent: a voucher of 250 lines has a tenth of it."""
MOST_SECONDS = 12 * 3600
WHO_COOKIE = "quien"
_WHO_SECONDS = 30 * 86_400
_SALT, _KEY = "integrations.admin.kept_forms", "lo_escrito"
_SECRETS = ("password", "credential", "clave", "secret", "token")
GIVEN_BACK = "Su sesión terminó antes de guardar. Esto es lo que había escrito: revíselo y guárdelo."
FILE_AGAIN = "Su sesión terminó. Los archivos no se conservan: elíjalo de nuevo."
_TOO_LONG = "Su sesión terminó y lo que había escrito era demasiado largo para conservarlo."
_MOST_SHOWN = 20
_View = TypeVar("_View", bound=Callable[..., Any])


@dataclass(frozen=True)
class KeptForm:
    """A form as a person sent it to a path, at a moment in seconds of the epoch. `back` is the page it was on."""

    user: str
    path: str
    body: str
    back: str
    at: float

    @property
    def data(self) -> QueryDict:
        """The fields and what was written in them."""
        return QueryDict(self.body)


def fills_in_again(view: _View) -> _View:
    """Mark a view that shows a form filled in, and saves nothing, where `is_given_back`."""
    view.given_back = True  # type: ignore[attr-defined]
    return view


def can_fill_in_again(view: Any) -> bool:
    """Whether a view, or what a partial calls, is marked so."""
    while isinstance(view, partial):
        view = view.func
    return bool(getattr(view, "given_back", False))


def is_given_back(request: HttpRequest) -> bool:
    """Whether a request brings what was kept, so that it is shown and not saved."""
    return bool(getattr(request, "given_back", False))


def remember_who(request: HttpRequest, response: Any) -> Any:
    """Leave in the browser who works there, signed, so that it is known whose form comes after their session."""
    if request.user.is_authenticated and _who_was(request) != str(request.user.pk):
        response.set_signed_cookie(
            WHO_COOKIE, request.user.pk, salt=_SALT, max_age=_WHO_SECONDS, httponly=True, secure=request.is_secure(),
            samesite="Lax",
        )  # fmt: skip
    return response


def keep_and_ask_who(request: HttpRequest) -> HttpResponse:
    """Keep what an unknown person sent, and ask them to enter. Without anything to keep, they go where they were."""
    back = _page_before(request)
    page = reverse("admin:kept_form") if _keep(request, _who_was(request), back) else back
    return redirect_to_login(page, reverse("admin:login"))


def _who_was(request: HttpRequest) -> str:
    """The key of the person who last worked in this browser; empty where nobody did, or the cookie was changed."""
    return request.get_signed_cookie(WHO_COOKIE, "", salt=_SALT, max_age=_WHO_SECONDS) or ""


def _keep(request: HttpRequest, who: str, back: str) -> bool:
    if request.FILES:
        messages.warning(request, FILE_AGAIN)
        return False
    fields = request.POST.copy()
    for name in [name for name in fields if any(secret in name.lower() for secret in _SECRETS)]:
        del fields[name]
    body = fields.urlencode()
    if len(body) > MOST_BYTES:
        messages.warning(request, _TOO_LONG)
        return False
    if not (who and fields):
        return False
    kept = KeptForm(who, request.get_full_path(), body, back, time.time())
    request.session[_KEY] = vars(kept)
    return True


def _page_before(request: HttpRequest) -> str:
    """The page of ours that the form was on, without its host; the front page where that is unknown."""
    page = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}):
        return "/admin/"
    parts = urlsplit(page)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def waiting(request: HttpRequest) -> KeptForm | None:
    """What waits for this person. What another person wrote, or long ago, is dropped."""
    kept = request.session.get(_KEY) if request.user.is_authenticated else None
    if kept is None:
        return None
    form = KeptForm(**kept)
    if form.user == str(request.user.pk) and time.time() - form.at < MOST_SECONDS:
        return form
    del request.session[_KEY]
    return None


def take(request: HttpRequest, path: str) -> KeptForm | None:
    """What waits for this person on a page, once."""
    form = waiting(request)
    if form is None or form.path != path:
        return None
    del request.session[_KEY]
    return form


def as_sent(request: HttpRequest, kept: KeptForm) -> HttpRequest:
    """The request as if the kept form had just been sent, for a view that then only shows it."""
    request.method = request.META["REQUEST_METHOD"] = "POST"
    request.POST = kept.data  # type: ignore[assignment]
    # Else Django would read the body, which is empty, as soon as a form asks for files.
    request._files = MultiValueDict()  # type: ignore[attr-defined]
    # Nothing is saved of it: there is nothing for another site to bring about.
    request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
    request.given_back = True  # type: ignore[attr-defined]
    return request


_NOT_SHOWN = ("csrfmiddlewaretoken", "intento", "_")


def ask_again(request: HttpRequest, kept: KeptForm, context: dict[str, Any]) -> HttpResponse:
    """The page that shows what was asked for when the session was over, with a button that does it now."""
    pairs = [(name, value) for name, values in kept.data.lists() for value in values if name != "csrfmiddlewaretoken"]
    shown = [value for name, value in pairs if value and not name.startswith(_NOT_SHOWN)]
    page = {"title": "Su sesión terminó antes de hacerlo", "kept": kept, "pairs": pairs, "shown": shown[:_MOST_SHOWN]}
    return render(request, "admin/kept_form.html", {**context, **page})


def told_in_the_form(form: Any) -> Any:
    """A class of form that says why it is shown, and is never valid."""

    class GivenBackForm(form):  # type: ignore[misc]
        def clean(self) -> Any:
            cleaned = super().clean()
            self.add_error(None, forms.ValidationError(GIVEN_BACK))
            return cleaned

    return GivenBackForm


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's page for a form that did not come from here; one that came from a page before the last login is kept."""
    origin = f"{request.scheme}://{request.get_host()}"
    if request.headers.get("Origin") != origin or not request.path.startswith("/admin/"):
        return refuse(request, reason)
    who = str(request.user.pk) if request.user.is_authenticated else _who_was(request)
    back = _page_before(request)
    return redirect(reverse("admin:kept_form") if _keep(request, who, back) else back)
