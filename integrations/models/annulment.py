"""What was annulled in an ERP: who said so, why, and what took its place."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from integrations.choices import Kind, Target
from integrations.models.querysets import RecordRowQuerySet


class AnnulmentQuerySet(RecordRowQuerySet["Annulment"]):
    """Annulments by whether they count."""

    def in_force(self) -> Self:
        """Those that nobody lifted."""
        return self.filter(lifted_at__isnull=True)


class Annulment(models.Model):
    """One document of a record that its ERP annulled. `integrations.decisions.annulling` alone writes it.

    In force until it is lifted: then the record may be sent again, as another document. `replacement_id` is the
    record of the same kind that was made in its place.
    """

    kind = models.CharField("qué es", max_length=12, choices=Kind.choices)
    record_id = models.BigIntegerField("registro")
    target = models.CharField("ERP", max_length=10, choices=Target.choices)
    reference = models.CharField("número en el ERP", max_length=80, blank=True)
    reason = models.TextField("motivo")
    annulled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="quién lo marcó"
    )
    annulled_at = models.DateTimeField("marcado el", auto_now_add=True)
    replacement_id = models.BigIntegerField("lo reemplaza", null=True, blank=True, db_index=True)
    lifted_at = models.DateTimeField("sin efecto desde", null=True, blank=True)

    objects = AnnulmentQuerySet.as_manager()

    class Meta:
        verbose_name = "anulación"
        verbose_name_plural = "anulaciones"
        ordering = ["-annulled_at", "-pk"]
        indexes = [models.Index(fields=["kind", "record_id"], name="annulment_record")]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "record_id", "target"],
                condition=Q(lifted_at__isnull=True),
                name="one_annulment_in_force_per_record_and_erp",
            ),
        ]

    def __str__(self) -> str:
        return f"Anulado en {self.get_target_display()}: {self.reference}".strip(": ")
