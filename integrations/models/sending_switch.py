"""What stands above every lane, and the proof that the queue runs tasks."""

from datetime import datetime

from django.db import models


class SendingSwitch(models.Model):
    """One row. While it is stopped or draining no worker claims anything, on any connection."""

    ONLY = 1

    stopped_at = models.DateTimeField("envíos detenidos desde", null=True, blank=True)
    stop_reason = models.CharField("motivo", max_length=300, blank=True)
    draining_since = models.DateTimeField("vaciando desde", null=True, blank=True)

    class Meta:
        verbose_name = "interruptor de envíos"
        verbose_name_plural = "interruptor de envíos"
        permissions = [("stop_sendingswitch", "Puede detener y reanudar todos los envíos")]

    @property
    def is_on(self) -> bool:
        """Whether nothing may be claimed."""
        return bool(self.stopped_at or self.draining_since)

    @property
    def since(self) -> datetime | None:
        """Since when nothing may be claimed; None while it may."""
        return self.stopped_at or self.draining_since

    def __str__(self) -> str:
        return "Todos los envíos están detenidos" if self.is_on else "Envíos en marcha"


class Heartbeat(models.Model):
    """When a task last really ran in one running cluster; processes that are alive prove nothing."""

    process = models.CharField("proceso", max_length=120, primary_key=True)
    cluster = models.CharField("cola", max_length=40, db_index=True)
    beaten_at = models.DateTimeField("último latido")
    busy_until = models.DateTimeField("ocupado hasta", null=True, blank=True)

    class Meta:
        verbose_name = "latido"
        verbose_name_plural = "latidos"

    @property
    def alive_until(self) -> datetime:
        """Up to when it was, or said that it would be, at work."""
        return max(self.beaten_at, self.busy_until or self.beaten_at)

    def __str__(self) -> str:
        return f"{self.process}: {self.beaten_at:%Y-%m-%d %H:%M:%S}"
