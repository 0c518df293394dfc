"""What a connection has learned of its ERP's texts: shown on its page, and removable there."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from integrations.admin.asked_ids import by_id_or_404
from integrations.choices import Kind
from integrations.models import Connection, LearnedAnswer
from integrations.standings.learned_answers import PROOFS_NEEDED


@dataclass(frozen=True)
class LearnedText:
    """One row of the table, in Spanish."""

    pk: int
    text: str
    meaning: str
    operation: str
    progress: str


def learned_texts(connection: Connection) -> list[LearnedText]:
    """The texts that a connection has learned, or is learning, the newest first."""
    answers = LearnedAnswer.objects.filter(connection=connection).order_by("-updated_at")
    return [
        LearnedText(answer.pk, answer.text, answer.get_meaning_display(), _operation(answer), _progress(answer))
        for answer in answers
    ]


def _operation(answer: LearnedAnswer) -> str:
    kind, _, operation = answer.operation.partition(" ")
    return f"{Kind(kind).label} ({operation})" if kind in Kind.values else answer.operation


def _progress(answer: LearnedAnswer) -> str:
    if answer.is_known:
        return "Ya se conoce"
    return f"Comprobado {len(answer.proofs)} de {PROOFS_NEEDED} veces"


def forget(model_admin: Any, request: HttpRequest, pk: int, answer_pk: int) -> HttpResponse:
    """Forget one text: documents that are answered with it are looked for again, one at a time."""
    answer = by_id_or_404(LearnedAnswer.objects.all(), answer_pk)
    if answer.connection_id != pk:
        raise Http404
    if not model_admin.has_change_permission(request, answer.connection):
        raise PermissionDenied
    answer.delete()
    messages.success(
        request,
        "El mensaje se olvidó: los documentos que respondan con él se buscan en el ERP antes de darse por enviados.",
    )
    return redirect("admin:integrations_connection_change", pk)
