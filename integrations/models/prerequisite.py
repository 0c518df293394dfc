"""What must be in the ERP before a record may leave: the masters that go first."""

from django.db import models

from integrations.models.standing import SyncStanding


class Prerequisite(models.Model):
    """`standing` waits for `needs`: written when a batch is confirmed, read by every claim."""

    standing = models.ForeignKey(SyncStanding, models.CASCADE, related_name="prerequisites", verbose_name="espera")
    needs = models.ForeignKey(SyncStanding, models.CASCADE, related_name="dependents", verbose_name="necesita")

    class Meta:
        verbose_name = "requisito de un envío"
        verbose_name_plural = "requisitos de un envío"
        constraints = [
            models.UniqueConstraint(fields=["standing", "needs"], name="a_prerequisite_is_once_in_a_standing"),
        ]

    def __str__(self) -> str:
        return f"{self.standing_id} espera a {self.needs_id}"
