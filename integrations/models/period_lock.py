"""Closed periods of a company: what is dated in one is not sent."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from integrations.models.company import Company


class PeriodLock(models.Model):
    """A closed period, both days included. Without a first day, everything up to the last one is closed."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="period_locks", verbose_name="empresa")
    since = models.DateField("desde", null=True, blank=True, help_text="Vacío: desde el comienzo.")
    until = models.DateField("hasta", help_text="Último día cerrado.")
    reason = models.CharField("motivo", max_length=200, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="cerró"
    )
    closed_at = models.DateTimeField("cerrado el", auto_now_add=True)

    class Meta:
        verbose_name = "período cerrado"
        verbose_name_plural = "períodos cerrados"
        ordering = ["company", "-until"]
        constraints = [
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(since__lte=F("until")), name="a_period_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company}: hasta el {self.until:%d/%m/%Y}"

    def clean(self) -> None:
        wrong: dict[str, Any] = {}
        if self.since and self.until and self.since > self.until:
            wrong["until"] = "El último día debe ser igual o posterior al primero."
        if wrong:
            raise ValidationError(wrong)
