"""The last number of a series, as the ERP showed it: a jump of one with matching content proves a commit."""

from django.db import models

from integrations.models.connection import Connection


class SeriesMark(models.Model):
    """One reading. `attempt` is the uncertain call that it followed; empty before a lane starts."""

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="+", verbose_name="conexión")
    series = models.CharField("serie en el ERP", max_length=60)
    number = models.BigIntegerField("último número")
    attempt = models.UUIDField("después del intento", null=True, blank=True)
    read_at = models.DateTimeField("leído", auto_now_add=True)

    class Meta:
        verbose_name = "último número de una serie"
        verbose_name_plural = "últimos números de las series"
        ordering = ["-read_at"]
        indexes = [models.Index(fields=["connection", "series", "-read_at"], name="mark_newest")]

    def __str__(self) -> str:
        return f"{self.series}: {self.number}"
