"""What a company always writes the same: a field that a file or a person leaves empty is filled in by rule."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.signals import post_save
from django.dispatch import receiver

from integrations.choices import Kind
from integrations.models.company import Company
from integrations.models.correction import FieldChange

PARTY_OF_LINES = {
    "kind": Kind.MOVEMENT.value,
    "condition_field": "voucher_type",
    "condition_value": "*",
    "field": "lines.tax_id",
    "copied_from": "tax_id",
}
"""The rule that every company begins with: the third party of a voucher for Siigo is that of its lines."""


class FillingRule(FieldChange):
    """Where the condition is met and the field is empty, it gets `value`, or what `copied_from` holds."""

    is_on = models.BooleanField("se aplica", default=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="creó"
    )
    created_at = models.DateTimeField("creada el", auto_now_add=True)

    class Meta:
        verbose_name = "regla de llenado"
        verbose_name_plural = "reglas de llenado"
        ordering = ["company", "kind", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "kind", "condition_field", "condition_value", "field"],
                name="a_field_is_filled_by_one_rule_under_a_condition",
            )
        ]

    def __str__(self) -> str:
        return f"Regla de llenado {self.pk}"


@receiver(post_save, sender=Company)
def ship_rules(sender: Any, instance: Company, created: bool, raw: bool = False, **_facts: Any) -> None:  # noqa: ARG001
    """Give a new company the rules that it begins with; one that is deleted later stays deleted."""
    if created and not raw:
        FillingRule.objects.create(company=instance, **PARTY_OF_LINES)
