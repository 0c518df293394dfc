"""What the queue was asked to do and has not ended well: waiting, running, failed or stopped by a person."""

from datetime import datetime

from django.db import models


class BackgroundJob(models.Model):
    """One piece of background work, by its task and what it is about. A row that ended well is deleted.

    `reason` says in Spanish why the last try failed, and `reference` is the word that the log has for it; both stay
    until a try ends well. `tries` counts the starts since it was asked for.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "En espera"
        RUNNING = "running", "En curso"
        FAILED = "failed", "Falló"
        STOPPED = "stopped", "Detenido"

    task = models.CharField("trabajo", max_length=80)
    key = models.CharField("sobre qué", max_length=80, blank=True)
    arguments = models.JSONField("datos", default=list, blank=True)
    state = models.CharField("estado", max_length=8, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField("intentos", default=0)
    failures = models.PositiveSmallIntegerField("fallas seguidas", default=0)
    asked_again = models.BooleanField("se pidió otra vez", default=False)
    """While it was running: it waits again when it ends."""
    asked_at = models.DateTimeField("pedido", auto_now_add=True)
    queued_at = models.DateTimeField("en cola desde", auto_now_add=True)
    started_at = models.DateTimeField("empezó", null=True, blank=True)
    alive_until = models.DateTimeField("en curso hasta", null=True, blank=True)
    """After that whoever ran it is dead: the queue ends a task that takes longer."""
    process = models.CharField("proceso", max_length=120, blank=True)
    token = models.UUIDField(null=True, blank=True, editable=False)
    """Of the run that is going on: another run neither ends nor fails it."""
    failed_at = models.DateTimeField("falló", null=True, blank=True)
    again_at = models.DateTimeField("se intenta solo", null=True, blank=True)
    reason = models.TextField("motivo", blank=True)
    reference = models.CharField("referencia", max_length=12, blank=True)

    class Meta:
        verbose_name = "trabajo en segundo plano"
        verbose_name_plural = "trabajos en segundo plano"
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["task", "key"], name="a_job_is_once_in_the_list")]

    def __str__(self) -> str:
        return f"{self.task.rpartition('.')[2]} {self.key}".strip()

    def rests(self, now: datetime) -> bool:
        """Whether nothing but a person starts it at `now`."""
        if self.state == self.State.STOPPED:
            return True
        return self.state == self.State.FAILED and (self.again_at is None or self.again_at > now)
