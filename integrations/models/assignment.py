"""Who looks after an error, and what stopped being one by itself."""

from django.conf import settings
from django.db import models

from integrations.models.standing import SyncStanding


class Assignment(models.Model):
    """The person who looks after one record in trouble with one ERP. It says nothing once the trouble is over."""

    standing = models.OneToOneField(SyncStanding, models.CASCADE, related_name="assignment", verbose_name="documento")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="assignments", verbose_name="responsable"
    )
    note = models.CharField("nota", max_length=300, blank=True)
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="asignado por"
    )
    assigned_at = models.DateTimeField("asignado el", auto_now=True)

    class Meta:
        verbose_name = "asignación"
        verbose_name_plural = "asignaciones"

    def __str__(self) -> str:
        return f"{self.standing} · {self.person}"


class Unblocking(models.Model):
    """One record that became sendable because what it waited for arrived, and what that was."""

    standing = models.ForeignKey(SyncStanding, models.CASCADE, related_name="unblockings", verbose_name="documento")
    reason = models.CharField("qué llegó", max_length=300)
    at = models.DateTimeField("cuándo", auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = "desbloqueo"
        verbose_name_plural = "desbloqueos"
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.standing}: {self.reason}"
