"""What one person asks and another has to approve."""

from django.conf import settings
from django.db import models

from integrations.models.standing import SyncStanding


class DecisionRequest(models.Model):
    """«Confirmo que no existe» of a company that wants two people: the second one's approval makes it happen.

    `attempt` is the one that was judged: a request about another attempt frees nothing.
    """

    class State(models.TextChoices):
        OPEN = "open", "Por aprobar"
        APPROVED = "approved", "Aprobada"
        DENIED = "denied", "Negada"

    standing = models.ForeignKey(SyncStanding, models.CASCADE, related_name="+", verbose_name="documento o maestro")
    attempt = models.UUIDField("intento juzgado", null=True)
    reason = models.TextField("motivo")
    looked_at = models.DateTimeField("cuándo se miró en el ERP", null=True, blank=True)
    state = models.CharField("estado", max_length=8, choices=State.choices, default=State.OPEN)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="la pide")
    requested_at = models.DateTimeField("pedida", auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="la decide"
    )
    decided_at = models.DateTimeField("decidida", null=True, blank=True)

    class Meta:
        verbose_name = "decisión por aprobar"
        verbose_name_plural = "decisiones por aprobar"
        ordering = ["-requested_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["standing"], condition=models.Q(state="open"), name="one_open_request_per_standing"
            ),
        ]

    def __str__(self) -> str:
        return f"Confirmar que no existe: {self.standing}"
