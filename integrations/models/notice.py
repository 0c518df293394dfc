"""What people are told by mail, and that it was told."""

from django.conf import settings
from django.db import models

from integrations.models.batch import SyncBatch


class NoticePreference(models.Model):
    """What one person wants by mail; who never chose has the defaults."""

    class Batches(models.TextChoices):
        ALWAYS = "always", "Siempre que termine un lote mío"
        PROBLEMS = "problems", "Solo si algo no salió"
        NEVER = "never", "Nunca"

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notice_preference", verbose_name="persona"
    )
    batches = models.CharField("aviso de lotes", max_length=8, choices=Batches.choices, default=Batches.PROBLEMS)
    daily = models.BooleanField("resumen diario", default=True)

    class Meta:
        verbose_name = "preferencia de avisos"
        verbose_name_plural = "preferencias de avisos"

    def __str__(self) -> str:
        return f"{self.person}: {self.get_batches_display()}"


class Notice(models.Model):
    """One mail: its row is taken before it leaves, so that nobody sends it twice."""

    class State(models.TextChoices):
        TAKEN = "taken", "Enviándose"
        WAITING = "waiting", "Se intenta de nuevo"
        SENT = "sent", "Enviado"
        SKIPPED = "skipped", "No hacía falta"
        FAILED = "failed", "No se pudo enviar"

    batch = models.OneToOneField(
        SyncBatch, models.CASCADE, null=True, blank=True, related_name="notice", verbose_name="lote"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+", verbose_name="persona"
    )
    day = models.DateField("resumen del día", null=True, blank=True)
    state = models.CharField("estado", max_length=8, choices=State.choices, default=State.TAKEN)
    told = models.CharField("qué pasó", max_length=300, blank=True)
    at = models.DateTimeField("cuándo", auto_now_add=True)

    class Meta:
        verbose_name = "aviso por correo"
        verbose_name_plural = "avisos por correo"
        constraints = [
            models.UniqueConstraint(fields=["person", "day"], name="one_daily_notice_per_person"),
        ]

    def __str__(self) -> str:
        return f"{self.batch or self.day}: {self.get_state_display()}"
