"""Where a pass over many records stopped, so that the next one goes on from there."""

from django.db import models


class SweepCursor(models.Model):
    """One pass of the sweeper: the key of the last record that it looked at; 0 before the first one."""

    name = models.CharField("recorrido", max_length=120, unique=True)
    position = models.BigIntegerField("último registro visto", default=0)

    class Meta:
        verbose_name = "avance de un recorrido"
        verbose_name_plural = "avances de los recorridos"

    def __str__(self) -> str:
        return f"{self.name}: {self.position}"
