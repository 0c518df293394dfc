"""*Reglas* of a connection: the severity of each local check, and how many records it blocks now."""

from collections import Counter
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from integrations.choices import Target
from integrations.erp.fields.severity import Severity
from integrations.erp.fields.validation import Rule, severities_in_force
from integrations.erp.sag import rules as sag_rules
from integrations.erp.siigo import rules as siigo_rules
from integrations.models import Connection
from integrations.standings import verdicts

RULES_OF: dict[str, tuple[Rule, ...]] = {Target.SIIGO: siigo_rules.RULES, Target.SAG: sag_rules.RULES}
WORDS = {Severity.BLOCK: "Bloquea", Severity.WARN: "Avisa", Severity.OFF: "No se revisa"}
_CHOICES = [(str(severity), word) for severity, word in WORDS.items()]


class SeveritiesForm(forms.Form):
    """One choice for each rule of the connection's ERP."""

    def __init__(self, connection: Connection, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        severities = severities_in_force(RULES_OF[connection.target], connection.severities)
        for rule in RULES_OF[connection.target]:
            field = forms.ChoiceField(label=rule.title, choices=_CHOICES, initial=str(severities[rule.id]))
            field.widget.attrs["aria-label"] = rule.title
            self.fields[rule.id] = field


def rules_page(connection_admin: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """For who may see connections; a POST changes severities, for who may change them.

    Raises: Http404, PermissionDenied.
    """
    connection = get_object_or_404(Connection.objects.select_related("company"), pk=pk)
    if not connection_admin.has_view_or_change_permission(request, connection):
        raise PermissionDenied
    may_change = connection_admin.has_change_permission(request, connection)
    form = SeveritiesForm(connection, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if not may_change:
            raise PermissionDenied
        if form.is_valid():
            _save(connection_admin, request, connection, form)
            return redirect("admin:connection_rules", pk)
    context = {
        **connection_admin.admin_site.each_context(request),
        "title": f"Reglas de {connection}",
        "connection": connection,
        "may_change": may_change,
        "form": form,
        "rows": _rows(connection, form),
    }
    return render(request, "admin/connection_rules.html", context)


def _rows(connection: Connection, form: SeveritiesForm) -> list[dict[str, Any]]:
    stopped = stopped_by_rule(connection)
    severities = severities_in_force(RULES_OF[connection.target], connection.severities)
    return [
        {
            "rule": rule,
            "usual": WORDS[rule.severity],
            "present": WORDS[severities[rule.id]],
            "changed": severities[rule.id] is not rule.severity,
            "stopped": stopped[rule.id],
            "field": form[rule.id],
        }
        for rule in RULES_OF[connection.target]
    ]


def stopped_by_rule(connection: Connection) -> Counter[str]:
    """Rule id → number of records that it keeps from being sent, by their stored verdicts: one query."""
    return Counter(rule for rules in verdicts.stopped(connection).values_list("rule_ids", flat=True) for rule in rules)


def _save(connection_admin: Any, request: HttpRequest, connection: Connection, form: SeveritiesForm) -> None:
    with transaction.atomic():
        locked = Connection.objects.select_for_update().get(pk=connection.pk)
        changes = _apply(form, locked)
        if not changes:
            messages.info(request, "No cambió ninguna regla.")
            return
        locked.save(update_fields=["severities"])
        verdicts.forget(locked.company_id, locked.target)
        connection_admin.log_change(request, locked, " ".join(changes))
    messages.success(request, f"Reglas cambiadas: {len(changes)}. Lo que espera se revisa de nuevo.")


def _apply(form: SeveritiesForm, connection: Connection) -> list[str]:
    """Set the chosen severities, storing those that differ from the rule's own. Returns a sentence for each change."""
    before = severities_in_force(RULES_OF[connection.target], connection.severities)
    changes = []
    for rule in RULES_OF[connection.target]:
        chosen = Severity(form.cleaned_data[rule.id])
        if rule.id in form.changed_data and chosen is not before[rule.id]:
            changes.append(f"«{rule.title}»: de {WORDS[before[rule.id]].lower()} a {WORDS[chosen].lower()}.")
            connection.severities.pop(rule.id, None)
            if chosen is not rule.severity:
                connection.severities[rule.id] = str(chosen)
    return changes
