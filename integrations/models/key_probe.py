"""A trial on a test company: in which field does our key come back?"""

from django.conf import settings
from django.db import models

from integrations.choices import Kind
from integrations.models.connection import Connection


class KeyProbe(models.Model):
    """One document sent to learn it. `results` is wire field → `intact`, `lost` or `unread`."""

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="+", verbose_name="conexión")
    kind = models.CharField("tipo", max_length=12, choices=Kind.choices, default=Kind.MOVEMENT)
    record_id = models.BigIntegerField("documento que sirvió de modelo")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="usuario"
    )
    requested_at = models.DateTimeField("pedida", auto_now_add=True)
    finished_at = models.DateTimeField("terminada", null=True, blank=True)
    results = models.JSONField("resultados", default=dict, blank=True)
    message = models.TextField("mensaje", blank=True)

    class Meta:
        verbose_name = "prueba de clave"
        verbose_name_plural = "pruebas de clave"
        ordering = ["-requested_at"]

    def __str__(self) -> str:
        return f"Prueba de clave {self.pk}"
