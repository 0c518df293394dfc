"""An address that no link writes: an id that is none is not found, a question that can not be asked is left out."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.template.response import SimpleTemplateResponse

log = logging.getLogger(__name__)

View = Callable[..., HttpResponseBase]
_LARGEST_ID = 2**63 - 1
_IMPOSSIBLE = (ValueError, OverflowError, ValidationError, LookupError, DataError)
_TOLD = "La dirección pedía algo que no existe: se muestra la página sin filtros."


def checked(view: View) -> View:
    """The view, with an id that no record can have as 404, and without a query string that it can't answer."""
    model_admin = getattr(view, "__self__", None)

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        _refuse_impossible_ids(model_admin, kwargs)
        if request.method != "GET" or not request.GET:
            return view(request, *args, **kwargs)
        try:
            return _rendered(view(request, *args, **kwargs))
        except _IMPOSSIBLE:
            log.warning("the question of %s can't be answered", request.path, exc_info=True)
            messages.warning(request, _TOLD)
            return HttpResponseRedirect(request.path)

    return answer


def _rendered(response: HttpResponseBase) -> HttpResponseBase:
    """A list asks the database while it is rendered."""
    if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
        return response.render()
    return response


def _refuse_impossible_ids(model_admin: Any, arguments: dict[str, Any]) -> None:
    """Raises: Http404."""
    if any(isinstance(value, int) and value > _LARGEST_ID for value in arguments.values()):
        raise Http404
    object_id, model = arguments.get("object_id"), getattr(model_admin, "model", None)
    if object_id is None or model is None:
        return
    try:
        key = model._meta.pk.to_python(unquote(str(object_id)))
    except (ValidationError, ValueError) as impossible:
        raise Http404 from impossible
    if isinstance(key, int) and not 0 <= key <= _LARGEST_ID:
        raise Http404
